"""From our readings to ACLED's sub-events: what each is told by, on sentences of our own."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from timeline.evaluation.case21 import LABELS
from timeline.tagging.codebook import load_codebook
from timeline.tagging.crosswalk import load_crosswalk
from timeline.tagging.encoder.reading import load_reader

CROSSWALK = load_crosswalk()


@pytest.mark.parametrize(
    ("text", "types", "expected"),
    [
        ("Soldiers and rebels clashed near the pass; nine died.", {"ASSAULT": 1}, "Armed clash"),
        ("The army recaptured the town from militants.", {"ASSAULT": 1}, "Government regains territory"),
        ("Rebels seized the hill town after two days.", {"ASSAULT": 1}, "Non-state actor overtakes territory"),
        (
            "Police opened fire on peaceful protesters, killing two.",
            {"PROTEST": 1},
            "Excessive force against protesters",
        ),
        ("Police used water cannon to disperse the marchers.", {"PROTEST": 1}, "Protest with intervention"),
        ("Teachers marched through the capital with banners.", {"PROTEST": 1}, "Peaceful protest"),
        ("Demonstrators threw stones at a ministry and torched cars.", {"PROTEST/riot": 1}, "Violent demonstration"),
        ("A mob beat two herders to death.", {}, "Mob violence"),
        ("Inspectors say sarin was used in the attack.", {"ASSAULT/unconventional": 1}, "Chemical weapon"),
        ("Warplanes bombed a depot.", {"ASSAULT/aerial": 1}, "Air/drone strike"),
        ("It was hit from above overnight.", {"ASSAULT/drone": 1}, "Air/drone strike"),
        ("A suicide bomber killed four guards.", {"ASSAULT": 1}, "Suicide bomb"),
        ("Mortars fell on the harbour.", {"ASSAULT/heavy-weapons": 1}, "Shelling/artillery/missile attack"),
        ("A lorry hit a landmine on the border road.", {}, "Remote explosive/landmine/IED"),
        ("A hand grenade was thrown into the yard.", {"ASSAULT": 1}, "Grenade"),
        ("Guards are charged with sexual violence in the camp.", {}, "Sexual violence"),
        ("Gunmen shot villagers at a market.", {"ASSAULT": 1}, "Attack"),
        ("Two engineers were kidnapped from a dam.", {"COERCE": 1}, "Abduction/forced disappearance"),
        ("The ministry and the rebels signed a ceasefire.", {"RETREAT/ceasefire": 1}, "Agreement"),
        ("Dozens of opposition members were arrested overnight.", {"COERCE": 1}, "Arrests"),
        ("The brigade redeployed to the north.", {"MOBILIZE/troops": 1, "MOBILIZE": 1}, "Change to group/activity"),
        ("Customs officers found a cache of rifles.", {}, "Disrupted weapons use"),
        ("The army set up a new base by the lake.", {"MOBILIZE": 1}, "Headquarters or base established"),
        ("Shops were looted in the old quarter.", {}, "Looting/property destruction"),
        ("The town was handed over without a fight.", {"RETREAT": 1}, "Non-violent transfer of territory"),
        ("Families fled the valley.", {}, "Other"),
        ("The council imposed sanctions on three banks.", {"SANCTION": 1}, "Diplomatic measure"),
        ("The group claimed responsibility for the blast.", {"ACCUSE": 1}, "Attribution of responsibility"),
        ("Smugglers hid cocaine in a container.", {}, "Organised crime"),
        ("An earthquake shook the coast.", {}, "Natural disaster"),
        ("A train derailed outside the port.", {}, "Man-made disaster"),
    ],
)
def test_a_sub_event_is_told_by_words_and_readings(text: str, types: dict[str, float], expected: str) -> None:
    assert CROSSWALK.cross(text, types).name == expected


def test_nothing_said_is_other() -> None:
    crossed = CROSSWALK.cross("The concert begins at eight.", {"NONE": 1.0})
    assert (crossed.name, crossed.event) == ("Other", "Strategic developments")


def test_acled_alone_has_no_earthquakes() -> None:
    assert CROSSWALK.cross("An earthquake shook the coast.", {}).event == ""
    assert CROSSWALK.cross("An earthquake shook the coast.", {}, is_acled=True).name == "Other"


def test_it_has_acleds_25_sub_events_of_six_types_and_the_set_has_a_label_for_each() -> None:
    acled = [one for one in CROSSWALK.sub_events if one.event]
    assert len(acled) == 25 and len({one.event for one in acled}) == 6
    assert {one.name for one in CROSSWALK.sub_events} == LABELS.keys()


def test_its_types_and_modes_are_the_codebooks() -> None:
    kinds = load_codebook().kinds
    known = {*kinds, *(f"{kind.name}/{mode}" for kind in kinds.values() for mode in kind.modes)}
    named = {type_ for one in CROSSWALK.sub_events for type_ in one.types}
    assert named <= known
    assert named <= {*load_reader().labels.types, *load_reader().labels.modes}


def test_a_crosswalk_with_an_unknown_list_is_refused(tmp_path: Path) -> None:
    row = "{name: Other, event: x, means: x, types: {}, cues: [1 $nobody]}"
    (tmp_path / "broken.yaml").write_text(f"least: 1\notherwise: Other\nwords: {{}}\nsub_events: [{row}]")
    with pytest.raises(ValueError, match="nobody"):
        load_crosswalk("broken", folder=tmp_path)


def test_evaluate_case21_prints_its_figures_and_writes_every_label(tmp_path: Path) -> None:
    path, out, answers = tmp_path / "rows.jsonl", io.StringIO(), tmp_path / "answers.jsonl"
    rows = [{"id": "a", "text": "A suicide bomber struck.", "label": "SUIC_BOMB"}]
    rows += [{"id": "b", "text": "Warplanes bombed a depot.", "label": "ARREST"}]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    call_command("evaluate", "case21", str(path), "--predictions", str(answers), stdout=out)
    assert "weighted F1 0.500" in out.getvalue() and "ARREST taken for AIR_STRIKE" in out.getvalue()
    assert [json.loads(line)["label"] for line in answers.read_text().splitlines()] == ["SUIC_BOMB", "AIR_STRIKE"]
