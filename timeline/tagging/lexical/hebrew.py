"""Hebrew: particles written onto words, the forms of a verb from its principal parts, the verb group. Pure.

A verb is written "past/present/future/infinitive" in the third person (תקף/תוקף/יתקוף/לתקוף).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from timeline.tagging.lexical.forms import ACTIVE, FUTURE, INFINITIVE, PASSIVE, PAST, PRESENT, Form, Group, Use
from timeline.tagging.surface import fold

_PREPOSITIONS = "בלמכ"
_ENDINGS = ("יות", "ים", "ות", "ה", "ת")
_FINALS = str.maketrans("םןךףץ", "מנכפצ")
_TO_FINAL = dict(zip("מנכפצ", "םןךףץ", strict=True))
_SHORTEST = 3
_MODALITIES = {"planned": "planned", "possible": "conditional", "done": "asserted"}


class Hebrew:
    order = "SVO"
    is_head_last = False
    has_cases = False

    def fold(self, word: str) -> str:
        return fold(word).strip()

    def base(self, word: str) -> str:
        if word.startswith("ה") and len(word) > _SHORTEST:
            word = word[1:]
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST - (ending in ("ים", "ות")):
                return word[: -len(ending)].translate(_FINALS)
        return word.translate(_FINALS)

    def splits(self, word: str) -> tuple[tuple[str, str], ...]:
        found = [("", word)]
        for front in ("", "ו", "ש", "וש", "כש", "וכש"):
            if not word.startswith(front) or len(word) - len(front) < 2:
                continue
            rest = word[len(front) :]
            if front:
                found.append((front, rest))
            found += [(front + p, rest[1:]) for p in _PREPOSITIONS if rest.startswith(p) and len(rest) > 3]
        return tuple(found)

    def likeliest(self, splits: tuple[tuple[str, str], ...]) -> tuple[str, str]:
        return splits[0]

    def prepositions_in(self, particles: str) -> str:
        last = particles.removesuffix("ה")[-1:]
        return last if last and last in _PREPOSITIONS and particles != "כש" else ""

    def has_conjunction(self, particles: str) -> bool:
        return particles.startswith("ו")

    def has_relative(self, particles: str) -> bool:
        return "ש" in particles

    def case_of(self, line: Any, at: int) -> str:
        return ""

    def conjugate(self, verb: str, irregular: Mapping[str, tuple[str, ...]]) -> Iterator[Form]:
        """`irregular`: past he → past she, past they, where the endings are not simply written on."""
        past, present, future, infinitive = (*(part for part in verb.split("/")), "", "", "")[:4]
        voice = PASSIVE if "passive" in irregular.get(verb, ()) else ACTIVE
        she, they = irregular.get(past, (_open(past) + "ה", _open(past) + "ו"))[:2]
        for text in (past, she, they):
            yield Form(self.fold(text), PAST, voice, verb)
        if present and present != "-":
            stem = _open(present)
            feminine = [stem] if stem.endswith("ה") else [stem + "ת", stem + "ה"]
            plural = stem.removesuffix("ה")
            for text in (present, *feminine, plural + "ים", plural + "ות"):
                yield Form(self.fold(text), PRESENT, voice, verb)
        if future and future != "-":
            stem = _open(future).removesuffix("ה")
            for text in (future, "ת" + future[1:], stem + "ו"):
                yield Form(self.fold(text), FUTURE, voice, verb)
        if infinitive and infinitive != "-":
            yield Form(self.fold(infinitive), INFINITIVE, voice, verb)

    def group(self, line: Any, at: int, use: Use) -> Group | None:
        begin, modality = at, "asserted"
        if line.is_in(at - 1, "negations"):
            return Group(at - 1, at + 1, use.form.voice, "")
        if use.form.tense == INFINITIVE:
            return self._infinitive(line, at, use)
        if use.form.tense == FUTURE:
            modality = "planned"
        return Group(begin, at + 1, use.form.voice, modality)

    def _infinitive(self, line: Any, at: int, use: Use) -> Group | None:
        """An infinitive counts behind a word that says that it will, may or did happen ("צפוי", "עלול", "החל")."""
        for index in range(at - 1, max(-1, at - 4), -1):
            token = line.tokens[index]
            if token.kind == "mark":
                return None
            for outer in token.uses:
                name = next((n for n in ("planned", "possible", "done") if n in line.cues(index, outer)), "")
                if name and outer.form.tense != INFINITIVE:
                    if line.is_in(index - 1, "negations"):
                        return None
                    return Group(index, at + 1, use.form.voice, _MODALITIES[name])
        return None


def _open(word: str) -> str:
    """The word as it is written before an ending: no final letter."""
    return word[:-1] + word[-1].translate(_FINALS)
