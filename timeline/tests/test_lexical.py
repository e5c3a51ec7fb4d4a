"""Events in languages without a parser: few, sure of their sides, each with its words."""

from datetime import date

import pytest

from timeline.corpus import load_corpus
from timeline.evaluation.whole import judge
from timeline.tagging import Document, Tagger, load_codebook
from timeline.tagging.registry_files import load_registry

DAY = date(2025, 6, 23)
CASES = [
    ("fr", "Les États-Unis ont bombardé l'Iran dimanche.", "ASSAULT", "united-states", "iran"),
    ("ru", "США обвинили Иран в нарушении договора.", "ACCUSE", "united-states", "iran"),
    ("fa", "روسیه آمریکا را محکوم کرد.", "ACCUSE", "russia", "united-states"),
    ("ar", "أدانت روسيا إسرائيل.", "ACCUSE", "russia", "israel"),
    ("he", "רוסיה גינתה את ישראל.", "ACCUSE", "russia", "israel"),
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_codebook(), load_registry())


@pytest.mark.parametrize(("lang", "text", "type_", "actor", "recipient"), CASES)
def test_it_codes_a_plain_sentence(
    tagger: Tagger, lang: str, text: str, type_: str, actor: str, recipient: str
) -> None:
    (event,) = tagger.tag(Document(text, DAY, lang)).events
    assert (event.type, event.actors, event.recipients) == (type_, (actor,), (recipient,))
    assert all(text[span.begin : span.end] == span.text for span in event.spans)


def test_a_language_without_lexicon_says_so(tagger: Tagger) -> None:
    tags = tagger.tag(Document("Russland verurteilte Israel.", DAY, "de"))
    assert tags.outcome == "unsupported"
    assert not tags.events


@pytest.mark.parametrize("lang", ["fr", "ar", "fa", "ru"])
def test_what_it_codes_of_the_corpus_is_mostly_right(tagger: Tagger, lang: str) -> None:
    """Development and test sentences, which taught the lexicons nothing."""
    sentences = [s for s in load_corpus() if s.lang == lang and s.split != "train"]
    judged, _ = judge(sentences, tagger)
    assert len(judged) >= 5
    assert sum(j.is_right for j in judged) / len(judged) >= 0.6, [(j.text, j.right) for j in judged if not j.is_right]
    for j in judged:
        assert all(j.text.find(span.text) >= 0 for span in j.tag.spans if span.role == "verb")
