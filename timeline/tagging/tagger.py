"""The whole reading of a document, step by step. Pure: same text, same codebook, same registry, same tags.

one spelling (`canonical`) → sentences → body without its sidebar → actors → places → dates → numbers → parse of the
sentences that may hold an event or say who tells of it → who says so → events, each with the words it was coded from.
Languages without a parser have a lexicon of verbs instead.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from timeline.tagging.actors import ActorFinder
from timeline.tagging.candidates import Mentions, Parsed
from timeline.tagging.canonical import canonical
from timeline.tagging.codebook import Codebook
from timeline.tagging.dates import DateFinder
from timeline.tagging.encoder.reading import Reader, load_reader
from timeline.tagging.entities import EntityFinder
from timeline.tagging.events import EventFinder
from timeline.tagging.lexical import LexicalEventFinder
from timeline.tagging.numbers import NumberFinder, fitting
from timeline.tagging.parser import parse
from timeline.tagging.places import PlaceFinder
from timeline.tagging.records import (
    ActorMention,
    Document,
    EntityMention,
    EventTag,
    Registry,
    Sentence,
    SpeakerMention,
    Tags,
)
from timeline.tagging.sentences import SentenceFinder
from timeline.tagging.speakers import SpeakerFinder

PARSED_LANGUAGES = frozenset({"en"})


class Tagger:
    def __init__(self, codebook: Codebook, registry: Registry, reader: Reader | None = None) -> None:
        """`reader`: another trained coder than the one that ships."""
        self.registry = registry
        self.sentences = SentenceFinder()
        self.actors = ActorFinder(registry)
        self.places = PlaceFinder(registry)
        self.dates = DateFinder()
        self.numbers = NumberFinder()
        self.speakers = SpeakerFinder(codebook, registry)
        self.entities = EntityFinder(registry)
        self.events = EventFinder(codebook, registry, reader or load_reader())
        self.lexical = LexicalEventFinder(codebook, registry)

    def find_entities(self, document: Document) -> tuple[EntityMention, ...]:
        """All that an English text names and describes; `tag` does not need it and does not do it."""
        spelt = canonical(document.text)
        document = replace(document, text=spelt.text, title_end=spelt.at(document.title_end))
        sentences = self.sentences.find(document)
        actors = self.actors.find(document, sentences)
        places = self.places.find(document, sentences, actors)
        places = (*places, *self.places.find_everywhere(document))
        return tuple(map(spelt.mention, self.entities.find(document, sentences, actors, places)))

    def tag(self, document: Document) -> Tags:
        spelt = canonical(document.text)
        if spelt.text == document.text:
            return self._tag(document)
        document = replace(document, text=spelt.text, title_end=spelt.at(document.title_end))
        return spelt.restore(self._tag(document))

    def _tag(self, document: Document) -> Tags:
        sentences = self.sentences.find(document)
        body_end = self.sentences.find_boilerplate(document)
        mentions = self._mentions(document, sentences)
        numbers = self.numbers.find(document, sentences, mentions.dates)
        more = self.places.find_more(document, mentions.places, mentions.actors)
        places = tuple(sorted((*mentions.places, *more), key=lambda m: m.begin))
        found = Tags("no-event", sentences, mentions.actors, places, mentions.dates, numbers=numbers)
        if document.lang not in PARSED_LANGUAGES | self.lexical.languages:
            reason = f"events are not coded in {document.lang}" if document.lang else "its language was not recognised"
            return replace(found, outcome="unsupported", reason=reason)
        body = [s for s in sentences if s.end <= body_end]
        if document.lang in PARSED_LANGUAGES:
            parsed = self._parsed(document, body, mentions)
            speakers = self.speakers.find(document, parsed)
            coded = self._events(document, parsed, speakers)
        else:
            speakers, coded = (), self._lexical_events(document, body, mentions)
        events = tuple(replace(event, numbers=fitting(numbers, event.type, event.begin, event.end)) for event in coded)
        return replace(found, outcome="coded" if events else "no-event", events=events, speakers=speakers)

    def tag_many(self, documents: Iterable[Document]) -> Iterator[Tags]:
        """The same tags as `tag` gives one by one, in order."""
        return map(self.tag, documents)

    def _mentions(self, document: Document, sentences: tuple[Sentence, ...]) -> Mentions:
        actors = self.actors.find(document, sentences)
        places = self.places.find(document, sentences, actors)
        dates = self.dates.find(document, sentences)
        carried = {sentence.number: self._carried(sentence, sentences, actors) for sentence in sentences}
        return Mentions(actors, places, dates, carried=carried)

    def _parsed(self, document: Document, sentences: list[Sentence], mentions: Mentions) -> list[Parsed]:
        """The sentences that may hold an event, and those that may say who tells of it, each parsed once."""
        inside = {s.number: mentions.within(s.begin, s.end) for s in sentences}
        worth = {s.number for s in sentences if self._is_worth(document, s, inside[s.number])}
        wanted = worth | self.speakers.find_beside(document.text, sentences, worth)
        chosen = [s for s in sentences if s.number in wanted]
        docs = parse(document.text[s.begin : s.end] for s in chosen)
        return [
            Parsed(s, doc, inside[s.number], mentions.carried.get(s.number, ""))
            for s, doc in zip(chosen, docs, strict=True)
        ]

    def _events(
        self, document: Document, parsed: list[Parsed], speakers: tuple[SpeakerMention, ...]
    ) -> Iterator[EventTag]:
        return self.events.find(
            document,
            (
                replace(one, mentions=replace(one.mentions, speakers=speakers))
                for one in parsed
                if self._is_worth(document, one.sentence, one.mentions)
            ),
        )

    def _is_worth(self, document: Document, sentence: Sentence, inside: Mentions) -> bool:
        return self.events.is_worth_parsing(document.text[sentence.begin : sentence.end], inside)

    def _lexical_events(self, document: Document, sentences: list[Sentence], mentions: Mentions) -> Iterator[EventTag]:
        for sentence in sentences:
            yield from self.lexical.find(document, sentence, mentions.within(sentence.begin, sentence.end))

    def _carried(self, sentence: Sentence, sentences: Sequence[Sentence], actors: Sequence[ActorMention]) -> str:
        """Whom "he" or "she" means: the person whom the nearest sentence before, of three, names first."""
        people = [m for m in actors if self.registry.actors[m.actor].kind == "person"]
        for earlier in reversed(sentences[max(0, sentence.number - 3) : sentence.number]):
            for mention in people:
                if earlier.begin <= mention.begin < earlier.end:
                    return mention.actor
        return ""
