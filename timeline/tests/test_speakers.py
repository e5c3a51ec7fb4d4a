"""Who says so: the speaker of an event, by table. Sentences of our own; published on Monday 23 June 2025."""

from datetime import date

import pytest

from timeline.tagging import Document, Tagger, load_codebook
from timeline.tagging import tagger as composed
from timeline.tagging.records import UNNAMED, EventTag, SpeakerMention, speaker_of
from timeline.tagging.registry_files import load_registry

MONDAY = date(2025, 6, 23)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_codebook(), load_registry())


def strike(tagger: Tagger, text: str) -> EventTag:
    (event,) = [e for e in tagger.tag(Document(text, MONDAY)).events if e.type == "ASSAULT"]
    return event


@pytest.mark.parametrize(
    ("text", "words", "slug"),
    [
        ("Israel attacked Iran, residents of Tehran said.", "residents of Tehran", ""),
        ("Israel attacked Iran, the Kremlin said after midnight.", "the Kremlin", "russia"),
        ("The Kremlin said that Israel had attacked Iran.", "The Kremlin", "russia"),
        ("Israel, the Kremlin said, attacked Iran.", "the Kremlin", "russia"),
        ("Israel attacked Iran, according to witnesses.", "witnesses", ""),
        ("Israel attacked Iran, the mayor said by telephone.", "the mayor", ""),
        ("Israel attacked Iran, a spokesman for the Kremlin said.", "a spokesman for the Kremlin", "dmitry-peskov"),
        ("Israel attacked Iran, Araghchi was quoted by an agency as saying.", "Araghchi", "abbas-araghchi"),
        ("Israel attacked Iran, two senior Iranian officials said.", UNNAMED, ""),
        (
            "Israel attacked Iran, according to a senior official at the Iranian foreign ministry.",
            "a senior official at the Iranian foreign ministry",
            "iran-mfa",
        ),
        ("“Israel attacked Iran,” said Putin, who spoke in Moscow.", "Putin", "vladimir-putin"),
    ],
)
def test_it_names_who_says_so(text: str, words: str, slug: str, tagger: Tagger) -> None:
    event = strike(tagger, text)
    assert (event.speaker_text, event.speaker) == (words, slug)


@pytest.mark.parametrize(
    "text",
    [
        "Israel attacked Iran.",
        "It was reported that Israel attacked Iran.",
        "Putin condemned the Israeli attack on Iran.",
        "Iran said that it attacked Israel.",
        "Israel attacked Iran; the Kremlin denied that it had known.",
    ],
)
def test_it_names_nobody_where_nobody_else_says_so(text: str, tagger: Tagger) -> None:
    event = strike(tagger, text)
    assert (event.speaker_text, event.speaker) == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "“Israel attacked Iran. It was a crime,” said Putin.",
        "“It was a crime,” Putin said. “Israel attacked Iran on Friday.”",
        "“It was a crime,” Putin said. “Nobody may do so. Israel attacked Iran on Friday.”",
        "“It was a crime,” Putin said. “We warned them.\n“Israel attacked Iran on Friday.”",
        "Putin spoke in Moscow.\n“It was a crime,” he said. “Israel attacked Iran on Friday.”",
        "Putin spoke in Moscow.\nIsrael attacked Iran, he said.",
    ],
)
def test_the_speaker_may_stand_in_another_sentence(text: str, tagger: Tagger) -> None:
    assert strike(tagger, text).speaker == "vladimir-putin"


def test_a_quotation_that_is_closed_does_not_reach_into_the_next_paragraph(tagger: Tagger) -> None:
    event = strike(tagger, "“It was a crime,” Putin said.\n“Israel attacked Iran,” a banner read.")
    assert event.speaker != "vladimir-putin"


def test_it_is_nobody_who_is_named_in_what_he_says(tagger: Tagger) -> None:
    event = strike(tagger, "Trump attacked Iran, he said.")
    assert event.speaker != "donald-trump"


def test_it_marks_the_speaker_and_the_cue(tagger: Tagger) -> None:
    event = strike(tagger, "Israel attacked Iran, residents of Tehran said.")
    marked = {(span.role, span.text) for span in event.spans}
    assert {("speaker", "residents of Tehran"), ("cue", "said")} <= marked


def test_no_sentence_is_parsed_twice(tagger: Tagger, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    parse = composed.parse
    monkeypatch.setattr(composed, "parse", lambda texts: parse(seen.append(text) or text for text in texts))
    tagger.tag(Document("The day was long. “Israel attacked Iran. It was wrong,” he said. Shops closed.", MONDAY))
    assert seen == ['"Israel attacked Iran.', 'It was wrong," he said.']


def test_of_several_speakers_the_nearest_has_it() -> None:
    agency = SpeakerMention(0, 7, "Reuters", "", 8, 12, ((13, 60),))
    ministry = SpeakerMention(13, 25, "the ministry", "", 26, 30, ((31, 60),))
    assert speaker_of((agency, ministry), 40) == ministry
    assert speaker_of((agency, ministry), 20) == agency
    assert speaker_of((agency, ministry), 5) is None
