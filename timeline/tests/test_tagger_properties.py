"""What holds for every text that the tagger reads; the texts are sentences of our corpus that test nothing else."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.corpus import GoldSentence, load_corpus
from timeline.tagging import Document, Tagger, Tags, load_codebook
from timeline.tagging.canonical import canonical
from timeline.tagging.records import EventTag
from timeline.tagging.registry_files import load_registry

few = settings(max_examples=15, derandomize=True, deadline=None, database=None)
SENTENCES: dict[str, list[GoldSentence]] = {}
for _sentence in load_corpus():
    if _sentence.split != "test":
        SENTENCES.setdefault(_sentence.lang, []).append(_sentence)
UNRELATED = {
    "en": "The bakery on the corner sells bread and cakes until late.",
    "fr": "La boulangerie du coin vend du pain et des gâteaux.",
    "ar": "كان الخبز رخيصا والتفاح حلوا.",
    "fa": "نان ارزان بود و سیب شیرین.",
    "ru": "Хлеб был дешевым, а яблоки сладкими.",
}
SPELLINGS: dict[str, Callable[[str], str]] = {
    "curly quotes": lambda t: re.sub(r"(?<=\w)'", "’", re.sub(r'"([^"]*)"', r"“\1”", t)),
    "straight quotes": lambda t: t.translate(str.maketrans("“”‘’", "\"\"''")),
    "hyphens between words": lambda t: re.sub(" [–—] ", " - ", t),
    "en dashes between words": lambda t: re.sub(" [-—] ", " – ", t),
    "em dashes between words": lambda t: re.sub(" [-–] ", " — ", t),
    "en dashes inside words": lambda t: re.sub(r"(?<=\w)-(?=\w)", "–", t),
    "no-break hyphens": lambda t: re.sub(r"(?<=\w)-(?=\w)", "‑", t),
    "no-break spaces": lambda t: re.sub(r"(?<!\d) | (?!\d)", "\u00a0", t),
    "thin spaces": lambda t: re.sub(r"(?<!\d) | (?!\d)", "\u2009", t),
    "accents apart": lambda t: unicodedata.normalize("NFD", t),
    "accents in one": lambda t: unicodedata.normalize("NFC", t),
    "soft hyphens": lambda t: re.sub(r"(\w{4})(\w{4})", "\\1\u00ad\\2", t),
}


@cache
def the_tagger() -> Tagger:
    return Tagger(load_codebook(), load_registry())


def documents(most: int = 2) -> st.SearchStrategy[Document]:
    """One to `most` sentences of a language, a line each, published when the first was."""

    def joined(sentences: list[GoldSentence]) -> Document:
        first = sentences[0]
        return Document("\n".join(s.text for s in sentences), first.published_on, first.lang)

    return (
        st.sampled_from(sorted(SENTENCES))
        .flatmap(lambda lang: st.lists(st.sampled_from(SENTENCES[lang]), min_size=1, max_size=most))
        .map(joined)
    )


def quoted(tags: Tags) -> Iterator[tuple[int, int, str]]:
    spans = [span for event in tags.events for span in (*event.spans, *event.numbers)]
    for one in (*tags.actors, *tags.places, *tags.dates, *tags.numbers, *spans):
        yield one.begin, one.end, one.text


def coded(tags: Tags) -> list[tuple[object, ...]]:
    return [(e.type, e.mode, e.actors, e.recipients, e.modality, e.occurred) for e in tags.events]


def moved(event: EventTag, by: int, sentences: int) -> EventTag:
    return replace(
        event,
        sentence_no=event.sentence_no + sentences,
        begin=event.begin + by,
        end=event.end + by,
        spans=tuple(replace(one, begin=one.begin + by, end=one.end + by) for one in event.spans),
        numbers=tuple(replace(one, begin=one.begin + by, end=one.end + by) for one in event.numbers),
    )


@given(documents())
@few
def test_every_event_stands_on_words_of_the_text_and_none_asserted_is_still_to_come(document: Document) -> None:
    tags = the_tagger().tag(document)
    assert all(document.text[begin:end] == words for begin, end, words in quoted(tags))
    for event in tags.events:
        refs = {role: tuple(s.ref for s in event.spans if s.role == role) for role in ("actor", "recipient", "verb")}
        assert refs == {"actor": event.actors, "recipient": event.recipients, "verb": (event.type,)}
        assert event.actors or event.recipients
        assert all(event.begin <= s.begin < s.end <= event.end for s in event.spans if s.role in refs)
        assert event.modality != "asserted" or event.occurred.on <= document.published_on
    assert the_tagger().tag(document) == tags


@given(documents(1), st.sampled_from(sorted(SPELLINGS)))
@settings(few, max_examples=30)
def test_how_a_text_is_spelt_does_not_matter(document: Document, spelling: str) -> None:
    spelt = replace(document, text=SPELLINGS[spelling](document.text))
    tags = the_tagger().tag(spelt)
    assert all(spelt.text[begin:end] == words for begin, end, words in quoted(tags))
    assert coded(tags) == coded(the_tagger().tag(document))


@given(documents())
@few
def test_an_unrelated_paragraph_changes_no_event(document: Document) -> None:
    events = the_tagger().tag(document).events
    unrelated = UNRELATED[document.lang]
    assert the_tagger().tag(replace(document, text=f"{document.text}\n{unrelated}")).events == events
    behind = the_tagger().tag(replace(document, text=f"{unrelated}\n{document.text}")).events
    assert behind == tuple(moved(event, len(unrelated) + 1, 1) for event in events)


@given(documents(1), st.sampled_from([str.upper, str.lower, lambda text: text[:1].lower() + text[1:]]))
@few
def test_a_headline_in_any_case_is_read(document: Document, recased: Callable[[str], str]) -> None:
    title = recased(document.text)
    shouted = replace(document, text=f"{title}\n{UNRELATED[document.lang]}", title_end=len(title))
    tags = the_tagger().tag(shouted)
    assert tags.outcome in ("coded", "no-event")
    assert all(shouted.text[begin:end] == words for begin, end, words in quoted(tags))


@given(st.text(alphabet="aé’'\"“ -–—\u00a0\u2009\u0301\u00ad1٥ًا\n", max_size=40))
@settings(few, max_examples=200)
def test_each_letter_finds_its_way_back(text: str) -> None:
    one = canonical(text)
    assert canonical(one.text).text == one.text
    spans = [one._span(at, at + 1) for at in range(len(one.text))]
    assert all(begin < end <= len(text) for begin, end in spans)
    assert all(first[0] <= second[0] and first[1] <= second[1] for first, second in pairwise(spans))
    assert one.at(len(text)) == len(one.text)


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("Iran’s “red line”", 'Iran\'s "red line"'),
        ("US–Iran talks — a first", "US-Iran talks – a first"),
        ("he said—and left", "he said—and left"),
        ("5\u00a0000 men,\u00a0all", "5\u00a0000 men, all"),
        ("l\u2019Élysée".replace("É", "E\u0301"), "l'Élysée"),
        ("zero\u00adwidth\ufeff", "zerowidth"),
        ("« oui »", "« oui »"),
    ],
)
def test_one_spelling(printed: str, text: str) -> None:
    assert canonical(printed).text == text
