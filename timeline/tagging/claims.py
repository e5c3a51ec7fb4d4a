"""Who says so: speakers with the stretch of text that is attributed to them. Pure."""

import re
from collections.abc import Mapping, Sequence

from timeline.tagging.records import ActorMention, Document, Sentence, SpeakerMention
from timeline.tagging.wordlists import load_wordlist, word_set

_WORDS = {name: "|".join(sorted(word_set(block))) for name, block in load_wordlist("claims").items()}
_VERB = re.compile(rf"\b(?:{_WORDS['saying']}|did (?:{_WORDS['did']}))\b")
_ACCORDING = re.compile(r"\baccording to\s+(?P<who>[^,.;:]{2,100})", re.IGNORECASE)
_UNNAMED = re.compile(
    rf"\b(?:(?:\w+\s+){{0,2}}sources?|(?:{_WORDS['unnamed_before']})\s+(?:\w+\s+){{0,3}}(?:{_WORDS['unnamed']}))\b"
    r"(?:\s+(?:familiar|close|briefed)[^,.;]{0,60})?",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"[Hh]e|[Ss]he")
UNNAMED = "unnamed sources"


class ClaimFinder:
    def find(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        actors: Sequence[ActorMention],
        carried: Mapping[int, str],
    ) -> tuple[SpeakerMention, ...]:
        """`carried`: sentence number → the person that "he" or "she" in it means."""
        found = []
        for sentence in sentences:
            mention = self._according(document, sentence, actors) or self._said(
                document, sentence, actors, carried.get(sentence.number, "")
            )
            if mention:
                found.append(mention)
        return tuple(found)

    def _according(
        self, document: Document, sentence: Sentence, actors: Sequence[ActorMention]
    ) -> SpeakerMention | None:
        match = _ACCORDING.search(document.text, sentence.begin, sentence.end)
        if not match:
            return None
        actor, text = _who(document, match.start("who"), match.end("who"), actors)
        return SpeakerMention(sentence.begin, sentence.end, text, actor, match.start(), match.end())

    def _said(
        self, document: Document, sentence: Sentence, actors: Sequence[ActorMention], carried: str
    ) -> SpeakerMention | None:
        for verb in _VERB.finditer(document.text, sentence.begin, sentence.end):
            actor, text = _who(document, max(sentence.begin, verb.start() - 90), verb.start(), actors, is_before=True)
            before = document.text[max(sentence.begin, verb.start() - 12) : verb.start()].split()
            if not text and carried and before and _PRONOUN.fullmatch(before[-1]):
                actor, text = carried, before[-1]
            if text:
                # What follows the verb is attributed; with the speaker at the sentence's end, what stands before.
                follows = document.text[verb.end() : sentence.end].strip(" .,")
                begin, end = (verb.end(), sentence.end) if len(follows) > 25 else (sentence.begin, verb.start())
                return SpeakerMention(begin, end, text, actor, verb.start(), verb.end())
        return None


def _who(
    document: Document, begin: int, end: int, actors: Sequence[ActorMention], *, is_before: bool = False
) -> tuple[str, str]:
    """The registry actor nearest to the verb, or "unnamed sources", or nothing."""
    unnamed = list(_UNNAMED.finditer(document.text, begin, end))
    inside = [m for m in actors if begin <= m.begin and m.end <= end]
    if unnamed and (not inside or unnamed[-1].end() >= inside[-1].end):
        return "", UNNAMED
    if not inside:
        return "", "" if is_before else document.text[begin:end].strip()
    return inside[-1].actor, inside[-1].text
