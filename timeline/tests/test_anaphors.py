""" "The ministry": the one body of its sort named before, or nobody. Sentences of our own."""

from datetime import date

import pytest

from timeline.tagging import Document, Tagger, load_codebook
from timeline.tagging.registry_files import load_registry

MONDAY = date(2025, 6, 23)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_codebook(), load_registry())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Iran's foreign ministry spoke. The ministry condemned Israel.", {"ministry": "iran-mfa"}),
        ("The IAEA met. The agency urged Iran to talk.", {"agency": "iaea"}),
        ("Norway's parliament sat. The parliament condemned Iran.", {"parliament": "norway"}),
        ("The Russian government met. The government urged Israel to stop.", {"government": "russia"}),
        ("The Russian army and the Israeli army met. The army fired.", {}),
        ("Israel's military met. The military warned Lebanon.", {"military": "idf"}),
        ("Israel's military met. The military campaign hurt Lebanon.", {}),
        ("Iran spoke. The ministry condemned Israel.", {}),
        ("Iran's foreign ministry spoke. The ministry of Qatar condemned it.", {}),
        ("Iran's foreign ministry spoke." + " Rain fell." * 7 + " The ministry condemned Israel.", {}),
    ],
)
def test_a_body_named_by_its_noun_is_the_one_named_before(tagger: Tagger, text: str, expected: dict[str, str]) -> None:
    tags = tagger.tag(Document(text, MONDAY))
    assert {m.text: m.actor for m in tags.actors if m.rule == "anaphor"} == expected
    assert all(text[m.begin : m.end] == m.text for m in tags.actors)


def test_its_deeds_are_coded(tagger: Tagger) -> None:
    tags = tagger.tag(Document("Iran's foreign ministry spoke. The ministry condemned Israel.", MONDAY))
    assert [(e.type, e.actors, e.recipients) for e in tags.events] == [("ACCUSE", ("iran-mfa",), ("israel",))]
