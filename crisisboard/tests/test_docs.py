"""What the documents say is there, is there."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from articles.registry import BLOCS, CONTROLS
from timeline.tagging import load_codebook
from timeline.tagging.codebook import CUES, FLAGS
from timeline.tagging.registry_files import ALIAS_KINDS, ALIAS_RULES, KINDS, LANGUAGES, PLACE_KINDS, PRECISIONS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_it_names_only_paths_that_exist_in_the_readmes_tree() -> None:
    tree = (ROOT / "README.md").read_text().split("## The tree")[1].split("##")[0]
    paths = re.findall(r"^    (\S+)  ", tree, re.MULTILINE)
    assert len(paths) >= 10
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_links_only_to_files_that_exist(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)|srcset=\"([^\"]+)\"|src=\"([^\"]+)\"", document.read_text())
    local = [link for found in links for link in found if link and "://" not in link]
    assert [link for link in local if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("note", sorted(ROOT.glob("docs/decisions/*.md")), ids=lambda path: path.name)
def test_it_keeps_decisions_short(note: Path) -> None:
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", note.name)
    assert len(note.read_text().splitlines()) <= 40


def test_it_lists_every_command_that_we_wrote() -> None:
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py") if path.stem != "__init__"}
    told = (ROOT / "docs/operations.md").read_text()
    assert sorted(command for command in commands if f"| `{command}" not in told) == []


def test_it_explains_every_event_type_and_mode() -> None:
    told = (ROOT / "docs/codebook.md").read_text()
    kinds = load_codebook().kinds.values()
    assert [kind.name for kind in kinds if f"| {kind.name} | {kind.quad} " not in told] == []
    assert [mode for kind in kinds for mode, value in kind.modes.items() if f"{mode} {value:+.1f}" not in told] == []


def test_it_explains_every_context_and_mark_of_the_codebook() -> None:
    told = (ROOT / "docs/codebook.md").read_text()
    assert [context for context in load_codebook().contexts if context not in told] == []
    assert [flag for flag in FLAGS if f"| `%{flag}` |" not in told] == []
    assert [cue for cue in CUES if f"| `{cue}` |" not in told] == []


def test_it_names_every_word_that_the_registry_knows() -> None:
    told = (ROOT / "docs/registry.md").read_text()
    words = KINDS | ALIAS_KINDS | ALIAS_RULES | set(LANGUAGES) | PLACE_KINDS | PRECISIONS | BLOCS | CONTROLS
    assert sorted(word for word in words if not re.search(rf"(?<![\w-]){word}(?![\w-])", told)) == []


def test_it_names_every_part_of_the_tree_in_the_readme() -> None:
    tree = (ROOT / "README.md").read_text().split("## The tree")[1].split("##")[0]
    kept = {".py", ".html", ".css", ".md"}
    folders = [path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")]
    ours = [path.name for path in folders if any(file.suffix in kept for file in path.rglob("*"))]
    assert {"articles", "timeline", "crisisboard", "templates", "static", "docs"} <= set(ours)
    assert [name for name in ours if f"    {name}/ " not in tree] == []


def test_it_lists_changes_under_a_version() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text().splitlines()
    assert "## Unreleased" in lines
    assert {line for line in lines if line.startswith("### ")} <= {
        *("### Added", "### Changed", "### Deprecated", "### Removed", "### Fixed", "### Security"),
    }


def test_it_names_every_target_of_make() -> None:
    told = (ROOT / "docs/operations.md").read_text()
    assert [target for target in _targets() if f"| `make {target}` |" not in told] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_names_only_commands_and_targets_that_exist(document: Path) -> None:
    told = document.read_text()
    targets = re.findall(r"(?:`|^    |[A-Z]=\S+ )make ([a-z][a-z-]*)", told, re.MULTILINE)
    commands = re.findall(r"manage\.py ([a-z_]+)", told)
    assert sorted(set(targets) - set(_targets())) == []
    assert sorted(set(commands) - {"help", *get_commands()}) == []


def _targets() -> list[str]:
    return re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
