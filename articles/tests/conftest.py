"""What the tests of evidence share."""

import os
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from articles.ingest.fetch import Limits
from articles.tests.loopback import Loopback

CORPORA = os.environ.get("CRISISBOARD_CORPORA", "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        is_ours = item.path.is_relative_to(Path(__file__).parent)
        if is_ours and item.get_closest_marker("corpora") and not CORPORA:
            item.add_marker(
                pytest.mark.skip(reason="CRISISBOARD_CORPORA is not set: a set of hostile input was not run")
            )


@pytest.fixture
def hostile() -> Path:
    folder = Path(CORPORA) / "hostile"
    assert folder.is_dir(), f"CRISISBOARD_CORPORA={CORPORA} holds no hostile set"
    return folder


@pytest.fixture
def captured() -> list[Path]:
    """Feeds as outlets served them, gzipped."""
    return sorted((Path(CORPORA) / "real" / "feeds").glob("*.gz"))


@pytest.fixture
def bombs(hostile: Path) -> dict[str, Callable[..., bytes]]:
    """Generators of hostile bodies, by name."""
    return runpy.run_path(str(hostile / "generators" / "bombs.py"))["G"]


@pytest.fixture
def outlet_server() -> Iterator[Loopback]:
    server = Loopback()
    yield server
    server.close()


@pytest.fixture
def limits_for() -> Callable[..., Limits]:
    """Limits that let exactly one server through."""

    def make(server: Loopback, **other: object) -> Limits:
        return Limits(permit=frozenset({server.host}), **other)

    return make


@pytest.fixture
def permitted(outlet_server: Loopback, settings: object) -> Loopback:
    """The loopback server, reachable for whatever reads the settings."""
    settings.FETCH_TEST_PERMIT = [outlet_server.host]
    return outlet_server
