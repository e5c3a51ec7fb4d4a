"""Arabic: particles written onto words, the forms of a verb from its past and present, the verb group. Pure.

A verb is written "past/present" (هاجم/يهاجم).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from timeline.tagging.lexical.forms import ACTIVE, FUTURE, PAST, PRESENT, Form, Group, Use
from timeline.tagging.surface import fold

_CONJUNCTIONS = ("و", "ف")
_PREPOSITIONS = ("ب", "ل", "ك")
_ARTICLE, _FOR_THE = "ال", "لل"
_OBJECTS = ("", "ه", "ها", "هم", "هما")
_ENDINGS = ("ات", "ون", "ين", "ان", "ه", "ت")
_SHORTEST = 3
_NO_PAST = frozenset(("لم",))
_FUTURE = frozenset(("سوف",))
_MODALITIES = {"planned": "planned", "possible": "conditional", "done": "asserted"}


class Arabic:
    order = "VSO"
    is_head_last = False
    has_cases = False

    def fold(self, word: str) -> str:
        return fold(word).strip()

    def base(self, word: str) -> str:
        if word.startswith(_ARTICLE) and len(word) > 4:
            word = word[2:]
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
                return word[: -len(ending)]
        return word

    def splits(self, word: str) -> tuple[tuple[str, str], ...]:
        found = [("", word)]
        for conjunction in ("", *_CONJUNCTIONS):
            if not word.startswith(conjunction) or len(word) - len(conjunction) < 2:
                continue
            rest = word[len(conjunction) :]
            if conjunction:
                found.append((conjunction, rest))
            if rest.startswith(_FOR_THE) and len(rest) > 3:
                found.append((conjunction + "ل", _ARTICLE + rest[2:]))
            found += [(conjunction + p, rest[1:]) for p in _PREPOSITIONS if rest.startswith(p) and len(rest) > 3]
        return tuple(found)

    def likeliest(self, splits: tuple[tuple[str, str], ...]) -> tuple[str, str]:
        """With a preposition before an article it is one; an "and" before an article, too."""
        for particles, rest in splits:
            if particles and rest.startswith(_ARTICLE) and len(rest) > 4:
                return particles, rest
        return splits[0]

    def prepositions_in(self, particles: str) -> str:
        for particle in particles.removesuffix(_ARTICLE).replace("لل", "ل"):
            if particle in _PREPOSITIONS:
                return particle
        return ""

    def has_conjunction(self, particles: str) -> bool:
        return particles.startswith(_CONJUNCTIONS)

    def has_relative(self, particles: str) -> bool:
        return False

    def case_of(self, line: Any, at: int) -> str:
        return ""

    def conjugate(self, verb: str, irregular: Mapping[str, tuple[str, ...]]) -> Iterator[Form]:
        past, _, present = verb.partition("/")
        weak = past.endswith(("ى", "ا"))
        stem = self.fold(past[:-1] if weak else past)
        pasts = {self.fold(past), stem + "ت", stem + "وا", stem + "تا"}  # the dual in ا looks like a noun's case
        yield from (
            Form(text + o, PAST, ACTIVE, verb, has_object=bool(o)) for text in pasts for o in self._objects(text)
        )
        if not present:
            return
        root = self.fold(present)[1:]
        short = root[:-1] if root.endswith(("ي", "و", "ا")) else root
        for prefix in ("ي", "ت"):
            texts = {prefix + root, prefix + short + "ون", prefix + short + "ان"}
            for text in texts:
                yield from (Form(text + o, PRESENT, ACTIVE, verb, has_object=bool(o)) for o in self._objects(text))
            yield from (Form("س" + text, FUTURE, ACTIVE, verb) for text in texts)
            yield from (Form(prefix + short + e, PRESENT, ACTIVE, verb) for e in ("", "وا", "ا") if short != root or e)

    def _objects(self, text: str) -> tuple[str, ...]:
        return _OBJECTS if text[-1] not in "وا" else ("",)

    def group(self, line: Any, at: int, use: Use) -> Group | None:
        before = line.token(at - 1)
        word = before.folded if before is not None else ""
        bare = word[1:] if word[:1] in _CONJUNCTIONS else word
        if (before is not None and "negations" in before.lists) or bare in line.vocabulary.lists["negations"]:
            return Group(at - 1, at + 1, ACTIVE, "")
        if use.form.tense == FUTURE or bare in line.vocabulary.lists["future"]:
            return Group(at - (bare in line.vocabulary.lists["future"]), at + 1, ACTIVE, "planned")
        if use.form.tense == PRESENT and bare in ("ان", "لان", "لكي", "كي", "حتي"):
            return self._content(line, at)
        if use.form.tense == PRESENT and bare in line.vocabulary.lists["possible"]:
            return Group(at - 1, at + 1, ACTIVE, "conditional")
        if use.form.tense == PRESENT and line.tokens[at].folded[:1] == "ل" != use.form.text[:1]:
            return None  # "in order to"
        return Group(at, at + 1, ACTIVE, "asserted")

    def _content(self, line: Any, at: int) -> Group | None:
        """Behind "that it …": planned or possible where the verb before says so, else no event of its own."""
        for index in range(at - 2, max(-1, at - 7), -1):
            for outer in line.tokens[index].uses:
                name = next((n for n in ("planned", "possible", "done") if n in line.cues(index, outer)), "")
                if name:
                    return Group(at - 1, at + 1, ACTIVE, _MODALITIES[name], inherits=True)
        return None
