"""Who did what to whom, by table. Sentences of our own; published on Monday 23 June 2025."""

from datetime import date

import pytest

from timeline.tagging import Document, Tagger, load_codebook
from timeline.tagging.records import EventTag
from timeline.tagging.registry_files import load_registry

MONDAY = date(2025, 6, 23)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_codebook(), load_registry())


def code(tagger: Tagger, text: str) -> list[str]:
    """Each event as "TYPE actor,actor > recipient modality"."""
    return [line(event) for event in tagger.tag(Document(text, MONDAY)).events]


def line(event: EventTag) -> str:
    return f"{event.type} {','.join(event.actors)} > {','.join(event.recipients) or '-'} {event.modality}"


FOUND = [
    ("The United States bombed Iran on Sunday.", "ASSAULT united-states > iran asserted"),
    ("Iran was attacked by Israel overnight.", "ASSAULT israel > iran asserted"),
    ("Israeli strikes on Iran went on.", "ASSAULT israel > iran asserted"),
    ("Tehran fired missiles at Israel.", "ASSAULT iran > israel asserted"),
    ("Washington imposed new sanctions on Iran.", "SANCTION united-states > iran asserted"),
    ("The Kremlin condemned the US strikes on Iran.", "ASSAULT united-states > iran asserted"),
    ("Moscow condemned Israel.", "ACCUSE russia > israel asserted"),
    ("Iran's foreign minister travelled to Moscow.", "CONSULT abbas-araghchi > russia asserted"),
    ("Putin met Araghchi in Moscow.", "CONSULT vladimir-putin,abbas-araghchi > - asserted"),
    ("Putin will meet Araghchi next week.", "CONSULT vladimir-putin,abbas-araghchi > - planned"),
    ("Russia urged Israel to halt its attacks.", "REQUEST russia > israel asserted"),
    ("Qatar thanked the United States.", "SUPPORT qatar > united-states asserted"),
    ("Iran threatened to attack Israel.", "THREATEN iran > israel asserted"),
    ("Iran rejected the American proposal.", "REJECT iran > united-states asserted"),
    ("The United States accused Iran of hiding uranium.", "ACCUSE united-states > iran asserted"),
    ("Trump withdrew from the nuclear agreement with Iran in 2018.", "REJECT donald-trump > iran historical"),
    ("Iran and Israel exchanged fire.", "ASSAULT iran,israel > - asserted"),
    ("Israel said it launched strikes on Hezbollah.", "ASSAULT israel > hezbollah asserted"),
    ("The US-Israel war on Iran went on.", "ASSAULT israel,united-states > iran asserted"),
    ("Iran's UN ambassador rejected Israel's demand.", "REJECT iran > israel asserted"),
    ("The joint U.S.-Israeli attack on Iran went on for days.", "ASSAULT israel,united-states > iran asserted"),
    ("The U.S.-Israeli strikes on Iran went on for days.", "ASSAULT israel,united-states > iran asserted"),
    ("Israel must stop its strikes, the Kremlin said.", "REQUEST russia > israel asserted"),
    ("Iran called on Israel to halt its strikes.", "REQUEST iran > israel asserted"),
    ("Egypt deplored threats from Israel against Lebanon.", "THREATEN israel > lebanon asserted"),
    ("Argentina offered two of its destroyers on the spot.", "AGREE argentina > - asserted"),
]


@pytest.mark.parametrize(("text", "event"), FOUND)
def test_it_codes_who_did_what_to_whom(text: str, event: str, tagger: Tagger) -> None:
    assert event in code(tagger, text)


@pytest.mark.parametrize(
    "text",
    [
        "Putin declined to speculate on whether Israel would target Iran.",
        "Israel did not attack Russia.",
        "Russia remained silent on the strikes.",
        "Would the United States attack Iran?",
        "Shares in Iran fell as oil prices hit a record high.",
        "Iran's national football team beat Qatar 2-0.",
        "Iranian students in Qatar asked for help.",
        "Hopes of a deal between Iran and the United States lifted markets.",
        "Trump called off strikes on Iran.",
        "Experts in Israel discussed the weather.",
        "The history of Iran is long.",
    ],
)
def test_it_codes_nothing_where_nothing_happened(text: str, tagger: Tagger) -> None:
    assert [event for event in code(tagger, text) if event.endswith("asserted")] == []


CONTENT = [
    ("Russia urged Israel to halt its attacks.", "RETREAT"),
    ("The United States and Iran have reached an agreement to extend a truce and lift the blockade.", "CONCEDE"),
    ("Macron and Starmer held a summit on reopening the Strait of Hormuz.", "CONCEDE"),
    ("Iran intercepted three missiles over Isfahan.", "ASSAULT"),
]


@pytest.mark.parametrize(("text", "type_"), CONTENT)
def test_it_asserts_nothing_that_is_only_asked_promised_or_spoken_of(text: str, type_: str, tagger: Tagger) -> None:
    assert not [coded for coded in code(tagger, text) if coded.startswith(type_) and coded.endswith("asserted")]


def test_it_takes_a_headline_passive_for_no_deed_of_its_subject(tagger: Tagger) -> None:
    assert not [coded for coded in code(tagger, "Israel urged to rule out Iran strike") if "israel >" in coded]


def test_nobody_does_anything_to_their_own_side(tagger: Tagger) -> None:
    coded = code(tagger, "Trump is warning the United States could step in.")
    assert not [event for event in coded if "donald-trump > united-states" in event]


def test_it_takes_a_topic_for_no_recipient(tagger: Tagger) -> None:
    events = tagger.tag(Document("Rubio said that the United States agreed with Qatar on Iran.", MONDAY)).events
    assert all("iran" not in event.recipients for event in events)


def test_fighters_of_a_country_do_not_act_for_it(tagger: Tagger) -> None:
    assert code(tagger, "Yemeni fighters struck two Saudi tankers.") == []
    assert code(tagger, "Houthi fighters struck two Saudi tankers.") == ["ASSAULT houthis > saudi-arabia asserted"]


def test_a_date_that_owns_a_noun_dates_it_alone(tagger: Tagger) -> None:
    text = "Mexico condemned last week's American strikes on Iran."
    on = {event.type: event.occurred.precision for event in tagger.tag(Document(text, MONDAY)).events}
    assert on == {"ACCUSE": "unknown", "ASSAULT": "week"}


def test_it_accuses_but_does_not_code_the_accusation_as_a_fact(tagger: Tagger) -> None:
    events = code(tagger, "Trump accused Iran of attacking Israel.")
    assert events == ["ACCUSE donald-trump > iran asserted"]


def test_it_never_dates_an_assertion_in_the_future(tagger: Tagger) -> None:
    text = "Putin and Trump met on Friday, 27 June 2025."
    events = tagger.tag(Document(text, MONDAY)).events
    assert [event.modality for event in events] == ["planned"]


def test_it_cuts_every_span_from_the_text(tagger: Tagger) -> None:
    text = "On Sunday the United States bombed Fordow in Iran, the Kremlin said."
    (event,) = tagger.tag(Document(text, MONDAY)).events
    assert all(text[span.begin : span.end] == span.text for span in event.spans)
    assert {span.role for span in event.spans} >= {"actor", "recipient", "verb", "date", "place"}
    assert event.occurred.on == date(2025, 6, 22) and event.place == "fordow" and event.speaker == "russia"


def test_it_gives_the_same_tags_alone_and_among_others(tagger: Tagger) -> None:
    documents = [Document(text, MONDAY) for text, _ in FOUND]
    assert list(tagger.tag_many(documents)) == [tagger.tag(document) for document in documents]


def test_it_says_why_a_language_is_not_coded(tagger: Tagger) -> None:
    tags = tagger.tag(Document("Die USA griffen den Iran an.", MONDAY, "de"))
    assert tags.outcome == "unsupported" and "de" in tags.reason and {m.actor for m in tags.actors} >= {"iran"}


def test_whose_side_a_noun_takes(tagger: Tagger) -> None:
    """A movement's fighters act for it; a country's private people do not act for the country."""
    assert "ASSAULT houthis > israel asserted" in code(tagger, "Houthi fighters attacked Israel.")
    assert not any("iraq" in event for event in code(tagger, "An Iraqi influencer attacked Israel."))
