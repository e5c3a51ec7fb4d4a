"""What web server and beat carry: not the language parser, which they never use."""

import subprocess
import sys

import pytest

from crisisboard.tests.running import ROOT, clean_env

SETUP = (
    "import sys, django; django.setup(); import crisisboard.urls, crisisboard.beat, articles.tasks, timeline.tasks; "
)


@pytest.mark.parametrize("heavy", ["spacy", "trafilatura", "plotly"])
def test_it_loads_no_heavy_package_before_it_is_needed(tmp_path_factory: pytest.TempPathFactory, heavy: str) -> None:
    env = clean_env(
        DJANGO_SETTINGS_MODULE="crisisboard.settings", CRISISBOARD_DATA=str(tmp_path_factory.mktemp("data"))
    )
    code = f"{SETUP} print({heavy!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("False\n", "")
