"""docker-compose.yml and Dockerfile: nothing is open, privileged or unset by default."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {"SECRET_KEY": "k" * 64, "POSTGRES_PASSWORD": "p" * 64, "REDIS_PASSWORD": "r" * 64}
SERVICES = ("db", "redis", "migrate", "web", "worker", "beat")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def run_config(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("docker-compose")
    command = [tool, "--env-file", os.devnull, "-f", ROOT / "docker-compose.yml", "config", "-q"]
    clean = {name: value for name, value in os.environ.items() if name not in SECRETS}
    return subprocess.run(command, env=clean | env, capture_output=True, text=True, timeout=60)


def sample_env() -> str:
    return (ROOT / ".env.example").read_text()


def test_it_is_valid_with_all_secrets() -> None:
    done = run_config(SECRETS)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("missing", sorted(SECRETS))
def test_it_names_the_secret_that_is_missing(missing: str) -> None:
    done = run_config({name: value for name, value in SECRETS.items() if name != missing})
    assert done.returncode != 0
    assert f"required variable {missing} is missing" in done.stderr


def test_it_has_the_six_services(compose: dict[str, Any]) -> None:
    assert sorted(compose["services"]) == sorted(SERVICES)


def test_it_publishes_the_web_port_alone_and_on_localhost(compose: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert published == {"web": ["${BIND:-127.0.0.1:8000}:8000"]}


@pytest.mark.parametrize("name", ["db", "redis", "migrate", "beat"])
def test_it_keeps_what_needs_no_internet_on_the_inner_network(compose: dict[str, Any], name: str) -> None:
    assert compose["services"][name]["networks"] == ["inner"]
    assert compose["networks"]["inner"] == {"internal": True}


@pytest.mark.parametrize("name", SERVICES)
def test_it_gives_no_service_rights_it_does_not_need(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].split(":")[0] not in {"0", "root"}
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", ["db", "redis", "web", "worker", "beat"])
def test_it_checks_the_health_of_what_stays_up(compose: dict[str, Any], name: str) -> None:
    assert compose["services"][name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_it_starts_after_the_migrations(compose: dict[str, Any], name: str) -> None:
    waits = compose["services"][name]["depends_on"]
    assert waits["migrate"] == {"condition": "service_completed_successfully"}
    assert waits["redis"] == {"condition": "service_healthy"}


def test_it_uses_exact_tags(compose: dict[str, Any]) -> None:
    images = [compose["services"][name]["image"] for name in ("db", "redis")]
    assert all(re.fullmatch(r"[a-z/]+:\d+\.\d+", image) for image in images)


def test_it_has_no_secret_with_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert not re.findall(r"\$\{(?:SECRET_KEY|\w*PASSWORD):?-", text)
    given = re.findall(r"^(SECRET_KEY|POSTGRES_PASSWORD|REDIS_PASSWORD)=(.*)$", sample_env(), re.MULTILINE)
    assert given == [("SECRET_KEY", ""), ("POSTGRES_PASSWORD", ""), ("REDIS_PASSWORD", "")]


def test_it_keeps_redis_durable_and_closed(compose: dict[str, Any]) -> None:
    command = compose["services"]["redis"]["command"][-1]
    for line in ("requirepass", "appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction"):
        assert line in command


def test_it_passes_hadolint() -> None:
    tool = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([tool, ROOT / "Dockerfile"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")


def test_it_runs_the_image_as_an_ordinary_user() -> None:
    last = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("USER ")][-1]
    assert last == "USER 10001:10001"
