"""Browser tests: Debian's Chromium, no way out of the machine, and a loud line where there is no browser.

A test that asks for `page` (or `new_context`, `browser`) is a browser test. It fails when the page asked another origin
for anything, threw an error, or met the Content-Security-Policy. A test that provokes one clears `browser_faults`.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.apps import AppConfig
from django.apps import apps as global_apps
from django.db.models.signals import post_migrate
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None
)
IS_BROWSER_REQUIRED = os.environ.get("CRISISBOARD_REQUIRE_BROWSER") == "1"
NO_BROWSER = "no Chromium on this machine: a browser test did not run"
BROWSER_FIXTURES = {"page", "context", "new_context", "browser", "launch_browser"}
SANDBOX_ARGUMENTS = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
QUIET_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # Second wall behind the guard below: names resolve to nothing, addresses go to a proxy that is not there.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--proxy-server=127.0.0.1:9",
]


@pytest.fixture(autouse=True, scope="session")
def groups_survive_a_flush() -> Iterator[None]:
    """A test with real transactions empties every table behind it, the groups of the migration among them."""
    migration = import_module("timeline.migrations.0003_groups")

    def grant(app_config: AppConfig, **kwargs: Any) -> None:
        if app_config.label in ("articles", "timeline", "auth") and kwargs.get("plan") is None:
            migration.grant_rights(global_apps)

    post_migrate.connect(grant, weak=False)
    yield
    post_migrate.disconnect(grant)


# The same examples in every run; `--hypothesis-profile=default` looks for new ones.
hypothesis.settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("fixed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM and not IS_BROWSER_REQUIRED:
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    for reason in (NO_BROWSER, "CRISISBOARD_CORPORA"):
        count = sum(reason in text for text in skipped)
        if count:
            terminalreporter.write_sep("!", f"{count} TESTS DID NOT RUN: {reason}", red=True, bold=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if not CHROMIUM:
        pytest.fail("CRISISBOARD_REQUIRE_BROWSER=1, but no Chromium was found")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": SANDBOX_ARGUMENTS + QUIET_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "UTC"}


@pytest.fixture
def browser_faults() -> list[str]:
    """What went wrong in the browser so far; must be empty when the test ends."""
    return []


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], browser_faults: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """pytest-playwright's factory, with every context watched. The first page opened says which origin is home."""

    def watched(**options: Any) -> BrowserContext:
        context = new_context(**options)
        _watch(context, browser_faults)
        return context

    yield watched
    assert not browser_faults, "in the browser: " + "; ".join(browser_faults)


def _watch(context: BrowserContext, faults: list[str]) -> None:
    home: list[str] = []

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if parts.scheme in {"data", "blob"}:
            return
        if not home:
            home.append(origin)
        if origin not in home:
            faults.append(f"asked another origin: {request.url[:200]}")

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            faults.append(message.text[:300])

    def on_error(error: WebError) -> None:
        faults.append(str(error.error)[:300])

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", on_error)
