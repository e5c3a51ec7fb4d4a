# The commands and nothing behind them; docs/operations.md shows each without make.
PYTHON ?= python3
PIP := .venv/bin/python -m pip --disable-pip-version-check
SHELL := /bin/sh
.PHONY: setup run test lint faults real bench venv setup-dev

setup: venv
	@cmp -s requirements.txt .venv/requirements.txt || { \
	  echo "Installing what requirements.txt names: about a minute, this once." && \
	  $(PIP) install --quiet -r requirements.txt && cp requirements.txt .venv/requirements.txt; }

run: setup
	@exec .venv/bin/python manage.py up

test: setup-dev lint
	.venv/bin/python -m pytest -n 2 --dist loadfile -m "not slow"

lint: setup-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy .

# The main job on captured feeds from loopback; needs CRISISBOARD_CORPORA and prints what came of it.
real: setup-dev
	.venv/bin/python -m pytest -s -m slow crisisboard/tests/test_real_input.py

# Speed and memory beside a peer in the same run.
bench: setup
	.venv/bin/python manage.py bench tagging

# Faults that take minutes: killed again and again, full disks, long waits.
faults: setup-dev
	.venv/bin/python -m pytest -s -m "slow and not corpora"

setup-dev: setup
	@cat requirements.txt requirements-dev.txt | cmp -s - .venv/requirements-dev.txt || { \
	  echo "Installing what requirements-dev.txt names: about a minute, this once." && \
	  $(PIP) install --quiet -r requirements-dev.txt && \
	  cat requirements.txt requirements-dev.txt > .venv/requirements-dev.txt; }

venv:
	@test -x .venv/bin/python || { \
	  $(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Crisisboard needs Python 3.11 or newer: make PYTHON=python3.11 …")' && \
	  $(PYTHON) -m venv .venv; }
