"""Russian: conjugation by the infinitive's ending, case by the ending of a noun, the verb group. Pure.

A verb is written "perfective/imperfective": the present forms of a perfective mean the future.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from timeline.tagging.lexical.forms import (
    ACTIVE,
    CONDITIONAL,
    FUTURE,
    GERUND,
    INFINITIVE,
    PARTICIPLE,
    PASSIVE,
    PAST,
    PRESENT,
    Form,
    Group,
    Use,
)
from timeline.tagging.surface import stem_russian

_SOFTENED = (("ст", "щ"), ("ск", "щ"), ("б", "бл"), ("в", "вл"), ("п", "пл"), ("м", "мл"), ("ф", "фл"), ("д", "ж"),
             ("з", "ж"), ("с", "ш"), ("т", "ч"), ("д", "жд"), ("т", "щ"))  # fmt: skip
_BE = {
    **dict.fromkeys(("был", "была", "было", "были"), PAST),
    **dict.fromkeys(("будет", "будут"), FUTURE),
}
_AGENT_ENDINGS = ("ом", "ем", "ой", "ей", "ью", "ами", "ями", "ым", "им", "ыми", "ими", "ою", "ею")
_OTHER_ENDINGS = ("у", "ю", "ого", "его", "ому", "ему", "ах", "ях", "ам", "ям", "ых", "их", "ов")
_MODALITIES = {"planned": "planned", "possible": "conditional", "done": "asserted"}


class Russian:
    order = "SVO"
    is_head_last = False
    has_cases = True

    def fold(self, word: str) -> str:
        return word.lower().replace("ё", "е").replace("\u0301", "")

    def base(self, word: str) -> str:
        return stem_russian(word.replace("й", "и")) if len(word) > 3 else word

    def splits(self, word: str) -> tuple[tuple[str, str], ...]:
        return (("", word),)

    def likeliest(self, splits: tuple[tuple[str, str], ...]) -> tuple[str, str]:
        return splits[0]

    def prepositions_in(self, particles: str) -> str:
        return ""

    def has_conjunction(self, particles: str) -> bool:
        return False

    def has_relative(self, particles: str) -> bool:
        return False

    def case_of(self, line: Any, at: int) -> str:
        """By the word's own ending, against the nominatives that registry and lexicon have."""
        token = line.tokens[at]
        if token.actor is not None:
            return self._case_of_name(line, token.actor, token.folded)
        if token.folded in line.vocabulary.lists["acting"]:
            return ""
        return _by_ending(token.folded)

    def _case_of_name(self, line: Any, mention: Any, folded: str) -> str:
        names = line.nominatives(mention.actor)
        whole = self.fold(mention.text)
        if whole in names:
            return "subject" if whole.endswith(("ия", "ва", "да", "на", "ка", "ша")) and " " not in whole else ""
        first = whole.split()[0]
        if first in line.vocabulary.lists["acting"] or any(name.split()[0] == first for name in names):
            return ""
        return _by_ending(first)

    def conjugate(self, verb: str, irregular: Mapping[str, tuple[str, ...]]) -> Iterator[Form]:
        """`irregular`: infinitive → past he, he will, they will, passive participle (or -)."""
        perfective, slash, imperfective = verb.partition("/")
        yield from self._one(perfective, verb, irregular, FUTURE if slash else PRESENT)
        if imperfective:
            yield from self._one(imperfective, verb, irregular, PRESENT)

    def _one(self, infinitive: str, name: str, irregular: Mapping[str, tuple[str, ...]], tense: str) -> Iterator[Form]:
        is_reflexive = infinitive.endswith(("ся", "сь"))
        plain = infinitive[:-2] if is_reflexive else infinitive
        past, present, participles, gerunds = _parts(plain, irregular)
        stem = past.removesuffix("л")

        def form(text: str, tense: str, voice: str = ACTIVE) -> Form:
            tail = "" if not is_reflexive else "сь" if text[-1] in "аеиоуыэюя" else "ся"
            return Form(self.fold(text + tail), tense, voice, name)

        for text in (past, stem + "ла", stem + "ло", stem + "ли"):
            yield form(text, PAST)
        for text in present:
            yield form(text, tense)
        yield form(plain, INFINITIVE)
        for text in gerunds:
            yield form(text, GERUND)
        if is_reflexive:
            return
        for text in present if tense == PRESENT else ():
            yield Form(self.fold(text + "ся"), tense, PASSIVE, name)
        for participle in participles:
            for ending in ("", "а", "о", "ы"):
                yield Form(self.fold(participle + ending), PARTICIPLE, PASSIVE, name)

    def group(self, line: Any, at: int, use: Use) -> Group | None:
        tense = use.form.tense
        left = at - 1
        while left >= 0 and line.tokens[left].lists & {"adverbs"} and not line.tokens[left].actor:
            left -= 1
        before = line.tokens[left].folded if left >= 0 else ""
        is_negated = bool(left >= 0 and "negations" in line.tokens[left].lists)
        if tense == INFINITIVE:
            return self._infinitive(line, at, left, use)
        begin = left if is_negated else at
        if tense == GERUND:
            return Group(begin, at + 1, ACTIVE, "" if is_negated else "asserted", inherits=True)
        if tense == PARTICIPLE:
            modality = "asserted"
            if before in _BE:
                begin, modality = left, "planned" if _BE[before] == FUTURE else "asserted"
                is_negated = line.is_in(left - 1, "negations")
            return Group(begin, at + 1, PASSIVE, "" if is_negated else modality)
        modality = {FUTURE: "planned", CONDITIONAL: "conditional"}.get(tense, "asserted")
        if (line.token(at + 1) and line.tokens[at + 1].folded == "бы") or before == "бы":
            modality = "conditional"
        if is_negated:
            modality = ""
        return Group(begin, at + 1, use.form.voice, modality)

    def _infinitive(self, line: Any, at: int, left: int, use: Use) -> Group | None:
        """An infinitive counts behind "будет", or a verb that says that it will, may or did happen."""
        for index in range(at - 1, max(-1, at - 4), -1):
            token = line.tokens[index]
            if token.kind == "mark":
                return None
            if _BE.get(token.folded) == FUTURE:
                return None if line.is_in(index - 1, "negations") else Group(index, at + 1, ACTIVE, "planned")
            if "future" in token.lists:
                return None if line.is_in(index - 1, "negations") else Group(index, at + 1, ACTIVE, "planned")
            for outer in token.uses:
                name = next((n for n in ("planned", "possible", "done") if n in line.cues(index, outer)), "")
                if name and outer.form.tense not in (INFINITIVE, GERUND):
                    group = self.group(line, index, outer)
                    if group is None or not group.modality:
                        return None
                    return Group(group.begin, at + 1, ACTIVE, _MODALITIES[name])
        return None


def _parts(verb: str, irregular: Mapping[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...], list[str], list[str]]:
    """Past he; he and they of the present; short passive participles (he); gerunds."""
    if verb in irregular:
        past, he, they, participle = irregular[verb]
        return past, (he, they), [] if participle == "-" else [participle], [past.removesuffix("л") + "в"]
    stem = verb[:-2]  # without -ть
    past, gerund = stem + "л", stem + "в"
    if verb.endswith(("овать", "евать")) and len(verb) > 6:
        root = verb[:-5] + "у"
        return past, (root + "ет", root + "ют"), [stem + "н"], [gerund, root + "я"]
    if verb.endswith(("ать", "ять")):
        return past, (stem + "ет", stem + "ют"), [stem + "н"], [gerund, stem + "я"]
    if verb.endswith("ить"):
        root = stem[:-1]
        they = root + ("ат" if root[-1] in "жшщч" else "ят")
        soft = {root[: -len(old)] + new for old, new in _SOFTENED if root.endswith(old)} or {root}
        return past, (root + "ит", they), sorted(s + "ен" for s in soft), [gerund, root + "я"]
    if verb.endswith("нуть"):
        return past, (stem[:-1] + "ет", stem[:-1] + "ут"), [stem + "т"], [gerund]
    if verb.endswith("еть"):
        return past, (stem + "ет", stem + "ют"), [], [gerund]
    return past, (stem + "ет", stem + "ют"), [], [gerund]


def _by_ending(word: str) -> str:
    if word.endswith(_AGENT_ENDINGS):
        return "agent"
    return "other" if word.endswith(_OTHER_ENDINGS) else ""
