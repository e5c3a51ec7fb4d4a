"""ACLED sub-event labels of news snippets (CASE 2021, task 2), given by the crosswalk without training. Pure."""

from collections.abc import Mapping
from pathlib import Path

from timeline.evaluation.field import Coder
from timeline.evaluation.figures import confusion, figure, macro_f1, weighted_f1
from timeline.evaluation.gold import load_labels
from timeline.evaluation.scores import WORST, Score
from timeline.tagging.crosswalk import load_crosswalk
from timeline.tagging.encoder.answers import NONE
from timeline.tagging.encoder.reading import SentenceReader

# What the set calls ACLED's sub-events, and five kinds of its own.
LABELS = {
    "Armed clash": "ARMED_CLASH",
    "Government regains territory": "GOV_REGAINS_TERIT",
    "Non-state actor overtakes territory": "NON_STATE_ACTOR_OVERTAKES_TER",
    "Excessive force against protesters": "FORCE_AGAINST_PROTEST",
    "Protest with intervention": "PROTEST_WITH_INTER",
    "Peaceful protest": "PEACE_PROTEST",
    "Violent demonstration": "VIOL_DEMONSTR",
    "Mob violence": "MOB_VIOL",
    "Chemical weapon": "CHEM_WEAP",
    "Air/drone strike": "AIR_STRIKE",
    "Suicide bomb": "SUIC_BOMB",
    "Shelling/artillery/missile attack": "ART_MISS_ATTACK",
    "Remote explosive/landmine/IED": "REM_EXPLOS",
    "Grenade": "GRENADE",
    "Sexual violence": "SEX_VIOL",
    "Attack": "ATTACK",
    "Abduction/forced disappearance": "ABDUCT_DISSAP",
    "Agreement": "AGREEMENT",
    "Arrests": "ARREST",
    "Change to group/activity": "CHANGE_TO_GROUP_ACT",
    "Disrupted weapons use": "DISR_WEAP",
    "Headquarters or base established": "HQ_ESTABLISHED",
    "Looting/property destruction": "PROPERTY_DISTRUCT",
    "Non-violent transfer of territory": "NON_VIOL_TERRIT_TRANSFER",
    "Other": "OTHER",
    "Diplomatic measure": "DIPLO",
    "Attribution of responsibility": "ATTRIB",
    "Organised crime": "ORG_CRIME",
    "Natural disaster": "NATURAL_DISASTER",
    "Man-made disaster": "MAN_MADE_DISASTER",
}


def score_case21(path: Path, coder: Coder) -> Score:
    crosswalk = load_crosswalk()
    rows = [
        (item, crosswalk.cross(item.text, read_types(coder.reader, item.text))) for item in load_labels(path, "label")
    ]
    pairs = [(item.label, LABELS[crossed.name]) for item, crossed in rows]
    wrong = [(item, crossed) for item, crossed in rows if item.label != LABELS[crossed.name]]
    wrong.sort(key=lambda row: row[1].points[1][1] - row[1].points[0][1])
    return Score(
        (figure("weighted F1", pairs, weighted_f1), figure("macro-F1", pairs, macro_f1)),
        tuple(confusion(pairs)),
        tuple(f"{item.id} {item.label} taken for {LABELS[c.name]}: {item.text}" for item, c in wrong[:WORST]),
        tuple({"id": item.id, "label": LABELS[c.name], "points": round(c.points[0][1], 3)} for item, c in rows),
    )


def read_types(reader: SentenceReader, text: str) -> Mapping[str, float]:
    """Probabilities of types for the whole text, and of the modes at its surest word that carries an event."""
    plain = reader.read_plain([text])[0]
    if not plain.triggers:
        return plain.types
    surest = max(plain.triggers, key=lambda trigger: trigger.share)
    modes = reader.read_words([(text, (surest.begin, surest.end))])[0].modes
    return {**plain.types, **{mode: share for mode, share in modes.items() if mode != NONE}}
