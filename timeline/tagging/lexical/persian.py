"""Persian: the forms of simple and light verbs, split words joined, the verb group at the clause's end. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from timeline.tagging.lexical.forms import ACTIVE, PASSIVE, PAST, PRESENT, SUBJUNCTIVE, Form, Group, Use
from timeline.tagging.surface import fold

_ENDINGS = ("هاي", "ها", "ان", "ي")
_SHORTEST = 3
_FUTURE = ("خواهد", "خواهند")
_NOT_FUTURE = ("نخواهد", "نخواهند")
_PERFECT = ("است", "اند")
_MODALITIES = {"planned": "planned", "possible": "conditional", "done": "asserted"}
_GOVERNOR_REACH = 14


class Persian:
    order = "SOV"
    is_head_last = True
    has_cases = False

    def fold(self, word: str) -> str:
        """With the zero-width space dropped: "می‌کند" and "کرده‌اند" are one word each."""
        return fold(word.replace("\u200c", "")).strip()

    def base(self, word: str) -> str:
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
                return word[: -len(ending)]
        return word

    def splits(self, word: str) -> tuple[tuple[str, str], ...]:
        return (("", word),)

    def likeliest(self, splits: tuple[tuple[str, str], ...]) -> tuple[str, str]:
        return splits[0]

    def prepositions_in(self, particles: str) -> str:
        return ""

    def has_conjunction(self, particles: str) -> bool:
        return particles == "و"

    def has_relative(self, particles: str) -> bool:
        return False

    def case_of(self, line: Any, at: int) -> str:
        return ""

    def conjugate(self, verb: str, irregular: Mapping[str, tuple[str, ...]]) -> Iterator[Form]:
        """`irregular`: infinitive → past stem, present stem. A verb with کردن has its passive with شدن."""
        past, present = self._stems(verb, irregular)
        yield from self._forms(past, present, verb, ACTIVE)
        if verb in ("کردن", "نمودن", "ساختن", "دادن"):
            yield from self._forms(*self._stems("شدن", irregular), verb, PASSIVE)
        elif verb != "شدن":
            yield from (Form(self.fold(past + "ه"), PAST, PASSIVE, verb) for _ in (0,))

    def _stems(self, verb: str, irregular: Mapping[str, tuple[str, ...]]) -> tuple[str, str]:
        if verb in irregular:
            past, present = irregular[verb]
            return past, present
        past = verb.removesuffix("ن")
        return past, past.removesuffix("ید").removesuffix("د").removesuffix("ت")

    def _forms(self, past: str, present: str, verb: str, voice: str) -> Iterator[Form]:
        for negation in ("", "ن"):
            no = bool(negation)
            for ending in ("", "ند", "م", "یم"):
                yield Form(self.fold(negation + past + ending), PAST, voice, verb, no)
                yield Form(self.fold(negation + "می" + past + ending), PAST, voice, verb, no)
            for ending in ("ه", "هاند", "هاست"):
                yield Form(self.fold(negation + past + ending), PAST, voice, verb, no)
            for ending in ("د", "ند", "م", "یم"):
                yield Form(self.fold(negation + "می" + present + ending), PRESENT, voice, verb, no)
        for ending in ("د", "ند", "یم"):
            yield Form(self.fold("ب" + present + ending), SUBJUNCTIVE, voice, verb)
            yield Form(self.fold(present + ending), SUBJUNCTIVE, voice, verb)

    def group(self, line: Any, at: int, use: Use) -> Group | None:
        form = use.form
        begin, end = at, at + 1
        modality = "" if form.is_negated else "asserted"
        voice = form.voice
        after, before = line.token(at + 1), line.token(at - 1)
        if before is not None and before.folded in ("مي", "نمي"):
            begin -= 1
            modality = "" if before.folded == "نمي" else modality
        if before is not None and before.folded in _FUTURE + _NOT_FUTURE:
            begin -= 1
            modality = "" if before.folded in _NOT_FUTURE else "planned"
        if form.text.endswith("ه") and form.tense == PAST:
            verbs = self._auxiliaries(line, at + 1)
            if verbs is None:
                return None
            end, is_passive, is_future, is_negated = verbs
            if is_passive != (voice == PASSIVE and form.verb not in ("کردن", "نمودن", "ساختن", "دادن")):
                return None
            modality = "" if is_negated or form.is_negated else "planned" if is_future else modality
        if form.tense == SUBJUNCTIVE:
            return self._content(line, at, begin, end, voice)
        if after is None and begin < 0:
            return None
        return Group(begin, end, voice, modality)

    def _auxiliaries(self, line: Any, at: int) -> tuple[int, bool, bool, bool] | None:
        """Behind a participle: (end, whether passive, whether future, whether negated); None for a participle alone."""
        token = line.token(at)
        if token is None or token.kind == "mark" or "conjunctions" in token.lists:
            return at, False, False, False  # "کشته" at a clause's end, as headlines write it
        word = token.folded
        if word in _PERFECT or word in ("بود", "بودند", "باشد", "باشند"):
            return at + 1, False, False, False
        if word in ("شد", "شدند", "شده", "ميشود", "ميشوند", "شدهاند", "شدهاست"):
            last = line.token(at + 1)
            more = last is not None and (last.folded in _PERFECT or last.folded in ("بود", "بودند"))
            return at + 1 + more, True, False, False
        if word in ("نشد", "نشدند", "نشده", "نميشود", "نميشوند"):
            return at + 1, True, False, True
        if word in _FUTURE:
            return at + 2, True, True, False
        return None

    def _content(self, line: Any, at: int, begin: int, end: int, voice: str) -> Group | None:
        """A subjunctive counts behind a word that says that it will or may happen."""
        for index in range(at - 1, max(-1, at - _GOVERNOR_REACH), -1):
            token = line.tokens[index]
            if token.is_stop:
                return None
            if "future" in token.lists:
                return Group(begin, end, voice, "planned")
            for outer in token.uses:
                name = next((n for n in ("planned", "possible", "done") if n in line.cues(index, outer)), "")
                if name and not outer.form.is_negated and outer.form.tense != SUBJUNCTIVE:
                    return Group(begin, end, voice, _MODALITIES[name])
        return None
