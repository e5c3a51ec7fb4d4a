"""One spelling of a text for all taggers, with the way back to what was printed. Pure.

Made alike: curly and straight quotes, the dashes between two words and those inside one, no-break and thin spaces,
letters with their accents apart (Unicode NFD) or in one. Soft hyphens and other characters that nobody sees go. What
differs in meaning stays: an em dash without spaces, a no-break space between thousands, guillemets.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from timeline.tagging.records import (
    UNNAMED,
    ActorMention,
    DateMention,
    EntityMention,
    EventTag,
    NumberMention,
    PlaceMention,
    RoleSpan,
    Sentence,
    SpeakerMention,
    Tags,
)

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SPACE = re.compile(rf"(?<!\d)(?P<thousands>\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?!\d))|[{_SPACES}]")
_ALIKE = str.maketrans(dict.fromkeys("“”„‟", '"') | dict.fromkeys("‘’‛ʼ", "'"))
_APART = re.compile(r"(?<=\s)[-‐‑–—−](?=\s)")
_INSIDE = re.compile(r"(?<=\w)[‐‑–−](?=\w)")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_CLUSTER = re.compile(
    r"(?s:.)[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u00ad\u200b\u2060\ufeff]*"
)

Mention = TypeVar("Mention", ActorMention, PlaceMention, DateMention, NumberMention, EntityMention, RoleSpan)
Stretch = TypeVar("Stretch", Sentence, EventTag)


@dataclass(frozen=True, slots=True)
class Canonical:
    """`text` is what taggers read. `begins` and `ends`: the printed offsets of each of its characters; None: the same.

    A tagger's mention goes back with `restore`: its offsets then count the printed text, its words are cut out of that.
    """

    text: str
    printed: str
    begins: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def at(self, printed_at: int) -> int:
        """Where a printed offset is in `text`."""
        if self.ends is None:
            return printed_at
        return sum(end <= printed_at for end in self.ends)

    def restore(self, tags: Tags) -> Tags:
        return replace(
            tags,
            sentences=tuple(map(self._stretch, tags.sentences)),
            actors=tuple(map(self.mention, tags.actors)),
            places=tuple(map(self.mention, tags.places)),
            dates=tuple(map(self.mention, tags.dates)),
            numbers=tuple(map(self.mention, tags.numbers)),
            events=tuple(map(self._event, tags.events)),
            speakers=tuple(map(self._speaker, tags.speakers)),
        )

    def mention(self, one: Mention) -> Mention:
        begin, end = self._span(one.begin, one.end)
        return replace(one, begin=begin, end=end, text=self.printed[begin:end])

    def _speaker(self, one: SpeakerMention) -> SpeakerMention:
        begin, end = self._span(one.begin, one.end)
        cue_begin, cue_end = self._span(one.cue_begin, one.cue_end)
        text = one.text if one.text == UNNAMED else self.printed[begin:end]
        told = tuple(self._span(*stretch) for stretch in one.told)
        return SpeakerMention(begin, end, text, one.actor, cue_begin, cue_end, told)

    def _event(self, event: EventTag) -> EventTag:
        spans, numbers = tuple(map(self.mention, event.spans)), tuple(map(self.mention, event.numbers))
        verb = next((span.text for span in spans if span.role == "verb"), event.verb)
        speaker = next((span.text for span in spans if span.role == "speaker"), event.speaker_text)
        if event.speaker_text in ("", UNNAMED):
            speaker = event.speaker_text
        return replace(self._stretch(event), spans=spans, numbers=numbers, verb=verb, speaker_text=speaker)

    def _stretch(self, one: Stretch) -> Stretch:
        begin, end = self._span(one.begin, one.end)
        return replace(one, begin=begin, end=end)

    def _span(self, begin: int, end: int) -> tuple[int, int]:
        if self.begins is None or self.ends is None or begin >= end:
            return begin, end
        return self.begins[begin], self.ends[end - 1]


def canonical(text: str) -> Canonical:
    """The text itself when it is spelt so already."""
    if text.isascii():
        alike = _APART.sub("–", text) if " - " in text else text
        return Canonical(alike, text)
    begins, ends = None, None
    composed = text
    if _UNSEEN.search(text) or not unicodedata.is_normalized("NFC", text):
        composed, begins, ends = _composed(text)
    alike = _SPACE.sub(lambda match: match["thousands"] or " ", composed.translate(_ALIKE))
    return Canonical(_INSIDE.sub("-", _APART.sub("–", alike)), text, begins, ends)


def _composed(text: str) -> tuple[str, list[int], list[int]]:
    """Letter by letter with its marks, so that each character knows where it stood."""
    parts: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    for match in _CLUSTER.finditer(text):
        part = unicodedata.normalize("NFC", _UNSEEN.sub("", match.group()))
        last = len(part) - 1
        is_same = len(part) == len(match.group())
        for index in range(len(part)):
            begins.append(match.start() + (index if is_same else 0))
            ends.append(match.start() + index + 1 if is_same and index < last else match.end())
        parts.append(part)
    return "".join(parts), begins, ends
