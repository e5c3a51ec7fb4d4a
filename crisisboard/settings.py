"""Every setting, from the environment alone. docs/settings.md describes each; a test insists.

A secret NAME may also be given as NAME_FILE, the path of a file that holds it.
"""

import hashlib
import os
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from crisisboard import environment as env
from crisisboard.embedded.addresses import broker_url, postgres_url, redis_url
from crisisboard.schedule import BEAT

django_stubs_ext.monkeypatch()  # Django's classes take type arguments: ModelAdmin[Outlet]

BASE_DIR = Path(__file__).resolve().parent.parent


def _data_folder() -> Path:
    given = env.text("CRISISBOARD_DATA")
    if given:
        return Path(given).resolve()
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        checkout = hashlib.sha256(str(BASE_DIR).encode()).hexdigest()[:12]
        return Path("/var/lib/crisisboard") / checkout
    return BASE_DIR / ".crisisboard"


# --- where things lie -------------------------------------------------------------------------------------------

DATA_DIR = _data_folder()
DEMO_REMOVED = DATA_DIR / "demo.removed"  # an operator took it away: no start plays it again
DATABASE_URL = env.secret("DATABASE_URL")
REDIS_URL = env.secret("REDIS_URL") and env.redis_address(env.secret("REDIS_URL"))
IS_DATABASE_EMBEDDED = not DATABASE_URL
IS_REDIS_EMBEDDED = not REDIS_URL

# --- how this board is reached ----------------------------------------------------------------------------------

HOST = env.text("HOST", "127.0.0.1")  # where `up` listens
PORT = env.port("PORT")  # None: 8000 or the next free one
PRODUCTION = env.flag("PRODUCTION", False)  # Compose sets it: secrets must be given, nothing is open by default
DEBUG = env.flag("DEBUG", False)
IS_LAPTOP = not PRODUCTION
IS_LOOPBACK = HOST in {"127.0.0.1", "localhost", "::1"}
SITE_URL = env.web_address("SITE_URL", f"http://localhost:{PORT or 8000}")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or [urlsplit(SITE_URL).hostname or "", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
PUBLIC_READ = env.flag("PUBLIC_READ", IS_LAPTOP and IS_LOOPBACK)
SHOW_UNREVIEWED = env.flag("SHOW_UNREVIEWED", True)
DEMO = env.flag("DEMO", IS_LAPTOP)
TRUST_PROXY = env.flag("TRUST_PROXY", False)
TESTING = env.flag("CRISISBOARD_TESTING", False)

SECRET_KEY = env.secret("SECRET_KEY") or (env.kept_secret(DATA_DIR / "secret_key") if IS_LAPTOP else "")
if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG=1 shows settings to visitors: not with PRODUCTION=1.")
    env.require_secret("SECRET_KEY", SECRET_KEY)
    env.require_password_in("DATABASE_URL", DATABASE_URL)
    env.require_password_in("REDIS_URL", REDIS_URL)

# --- Django -----------------------------------------------------------------------------------------------------

ROOT_URLCONF = "crisisboard.urls"
WSGI_APPLICATION = "crisisboard.wsgi.application"
INSTALLED_APPS = [
    "timeline",  # before the admin: its templates may extend the admin's
    "articles",
    "crisisboard",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    *([] if PUBLIC_READ else ["django.contrib.auth.middleware.LoginRequiredMiddleware"]),
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "timeline.views.context.board",
            ],
        },
    },
]
STATEMENT_TIMEOUT_S = env.number("STATEMENT_TIMEOUT_S", 30, 1)
DATABASES = {"default": env.database(DATABASE_URL or postgres_url(DATA_DIR), STATEMENT_TIMEOUT_S)}
if TESTING:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL or redis_url(DATA_DIR),
        "KEY_PREFIX": "crisisboard",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية"), ("fa", "فارسی")]
USE_I18N = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "crisisboard.finders.PackageFinder",
]
# A laptop serves from the finders (collectstatic takes 20 s); the image has collected and hashed files.
_HAS_COLLECTED = (STATIC_ROOT / "staticfiles.json").is_file()
WHITENOISE_USE_FINDERS = not _HAS_COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _HAS_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- security headers -------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        # Plotly makes one empty style element and fills it through the CSSOM (first hash); plotly.js 4.1.1 carries
        # MapLibre's style (second hash, changes with the version: a browser test asserts that nothing is blocked).
        "style-src": [
            SELF,
            "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
            "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='",
        ],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "form-action": [SELF],
    }
}
IS_HTTPS = SITE_URL.startswith("https://")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains: they are not ours to decide about
    "security.W021",  # the preload list: the same, and hard to leave
]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"

# --- fetching ---------------------------------------------------------------------------------------------------

FETCH_TEST_PERMIT = env.words("FETCH_TEST_PERMIT")  # "127.0.0.1:PORT" only, and only for tests
FETCH_ALLOWED_PORTS = [int(port) for port in env.words("FETCH_ALLOWED_PORTS", "80,443")]
ON_ARTICLES_STORED = env.text("ON_ARTICLES_STORED", "timeline.tasks.tag_unread")

# --- Celery: PostgreSQL rows are the queue; every line has its reason in docs/architecture.md ---------------------

CELERY_BROKER_URL = broker_url(REDIS_URL or redis_url(DATA_DIR))
CELERY_BEAT_SCHEDULE = BEAT
WORKER_ROLE = env.one_of("WORKER_ROLE", ("all", "fetch", "tag"))
TAG_QUEUE, FETCH_QUEUE = "celery", "fetch"
CELERY_TASK_ROUTES = {"articles.tasks.*": {"queue": FETCH_QUEUE}}
CELERY_TASK_QUEUES = [
    Queue(name) for name in {"all": (TAG_QUEUE, FETCH_QUEUE), "fetch": (FETCH_QUEUE,), "tag": (TAG_QUEUE,)}[WORKER_ROLE]
]
CELERY_IMPORTS = [] if WORKER_ROLE == "fetch" else ["crisisboard.warm_up"]
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 40
CELERY_TASK_TIME_LIMIT = 50
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 15,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_VISIBILITY_TIMEOUT = 120
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_CONCURRENCY = env.number("WORKER_CONCURRENCY", 1, 1, 64)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000 if WORKER_ROLE == "fetch" else 1_500_000  # kB; the parser is large
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# --- logging ----------------------------------------------------------------------------------------------------

LINES = {
    "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s", "datefmt": "%H:%M:%S"},
    "bare": {"format": "%(levelname)s %(name)s: %(message)s"},  # for a reader that writes the hour itself
}
LOG_FORMAT = env.text("LOG_FORMAT", "line")
LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
if LOG_FORMAT not in LINES or LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured("LOG_FORMAT must be line or bare, LOG_LEVEL one of DEBUG INFO WARNING ERROR CRITICAL.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": LINES[LOG_FORMAT]},
    "filters": {"outage": {"()": "crisisboard.outage.ShortForOutage"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["outage"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django.request": {"level": "ERROR"}, "trafilatura": {"level": "CRITICAL"}},
}
