"""manage.py tag: what it prints for people and for programs, without a database."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

TEXT = "The United States bombed three nuclear sites in Iran on Sunday. Iran condemned the strikes."


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("tag", *args, stdout=out)
    return out.getvalue()


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_it_shows_events_with_their_words(tmp_path: Path) -> None:
    shown = run(write(tmp_path, "one.txt", TEXT), "--published", "2025-06-23")
    assert "ASSAULT/aerial  united-states → iran  asserted, 2025-06-22 (day)" in shown
    assert "[verb: bombed]" in shown


def test_json_offsets_cut_out_the_words(tmp_path: Path) -> None:
    row = json.loads(run(write(tmp_path, "one.txt", TEXT), "--published", "2025-06-23", "--json"))
    spans = [span for event in row["events"] for span in event["spans"]]
    assert len(spans) >= 3
    assert all(TEXT[span["begin"] : span["end"]] == span["text"] for span in spans)


def test_jsonl_of_many_keeps_their_ids(tmp_path: Path) -> None:
    rows = [{"id": f"n{n}", "text": TEXT, "published": "2025-06-23T10:00:00Z", "lang": "en"} for n in range(2)]
    path = write(tmp_path, "many.jsonl", "\n".join(map(json.dumps, rows)))
    assert [json.loads(line)["id"] for line in run(path, "--json").splitlines()] == ["n0", "n1"]


def test_many_give_what_each_gives_alone(tmp_path: Path) -> None:
    other = "Russia offered on Monday to mediate between Iran and Israel."
    alone = run(write(tmp_path, "one.txt", TEXT), "--published", "2025-06-23", "--json")
    rows = [{"text": text, "published": "2025-06-23", "lang": "en"} for text in (other, TEXT)]
    path = write(tmp_path, "many.jsonl", "\n".join(map(json.dumps, rows)))
    together = json.loads(run(path, "--json").splitlines()[1])
    assert {**together, "id": ""} == {**json.loads(alone), "id": ""}


def test_a_language_that_is_not_coded_says_so(tmp_path: Path) -> None:
    text = "El ministro viajó el lunes a Moscú para pedir ayuda después de los ataques contra las instalaciones."
    assert "events are not coded in es" in run(write(tmp_path, "one.txt", text), "--published", "2025-06-23")


@pytest.mark.parametrize(
    ("name", "text", "args", "said"),
    [
        ("one.txt", TEXT, (), "give --published"),
        ("many.jsonl", '{"text": "War."}', (), "line 1 has no published day"),
        ("many.jsonl", '{"text": "War.", "published": "2025-06-23"}\n{', (), "line 2"),
        ("many.jsonl", '{"published": "2025-06-23"}', (), "text"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, name: str, text: str, args: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(write(tmp_path, name, text), *args)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(CommandError, match="nowhere"):
        run("nowhere.txt", "--published", "2025-06-23")
