"""French: conjugation, and the verb group around a form ("n'a pas été", "s'apprête à"). Pure."""

from collections.abc import Iterator, Mapping

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
from timeline.tagging.lexical.line import Line

_QUOTES = str.maketrans("’ʼ", "''")
_HAVE = {
    **dict.fromkeys(("a", "ont", "avait", "avaient", "eut", "eurent", "ayant", "avoir"), PAST),
    **dict.fromkeys(("aura", "auront"), FUTURE),
    **dict.fromkeys(("aurait", "auraient"), CONDITIONAL),
}
_BE = {
    **dict.fromkeys(("est", "sont", "étant", "être", "été"), PRESENT),
    **dict.fromkeys(("était", "étaient", "fut", "furent"), PAST),
    **dict.fromkeys(("sera", "seront"), FUTURE),
    **dict.fromkeys(("serait", "seraient"), CONDITIONAL),
}
_SELF = frozenset(("se", "s'"))
_CLITICS = frozenset(("ne", "n'", "se", "s'", "l'", "le", "la", "les", "lui", "leur", "y", "en"))
_SUBJECT_CLITICS = frozenset(("il", "elle", "ils", "elles", "on"))
_NOUN_SIGNS = frozenset(("de", "d'", "du", "des", "un", "une", "cette", "ce", "cet", "ces", "son", "sa", "ses", "leurs",
                         "à", "au", "aux", "en", "sans", "sous", "par", "pour", "nouvelle", "première"))  # fmt: skip
_MODALITIES = {"planned": "planned", "possible": "conditional", "denying": "denied", "done": "asserted"}


class French:
    order = "SVO"
    is_head_last = False
    has_cases = False

    def fold(self, word: str) -> str:
        return word.lower().translate(_QUOTES)

    def base(self, word: str) -> str:
        if len(word) > 4 and word.endswith("aux"):
            return word[:-3] + "al"
        return word[:-1] if len(word) > 3 and word[-1] in "sx" and not word.endswith(("ss", "ys")) else word

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

    def case_of(self, line: Line, at: int) -> str:
        return ""

    def conjugate(self, verb: str, irregular: Mapping[str, tuple[str, ...]]) -> Iterator[Form]:
        """`irregular`: ending of the infinitive → present he, present they, imperfect stem, past he, past they,
        future stem, participle."""
        verb = verb.removeprefix("se_").removeprefix("s'")
        ending = max((e for e in irregular if verb.endswith(e)), key=len, default="")
        if ending:
            front = verb[: -len(ending)]
            he, they, imperfect, past_he, past_they, future, participle = (front + p for p in irregular[ending])
        elif verb.endswith("er"):
            he, they, imperfect, past_he, past_they, future, participle = _first_group(verb)
        elif verb.endswith("ir"):
            stem = verb[:-1]
            he, they, imperfect = stem + "t", stem + "ssent", stem + "ss"
            past_he, past_they, future, participle = stem + "t", stem + "rent", verb, stem
        else:  # -dre, -pre
            stem = verb[:-2]
            he, they, imperfect = stem, stem + "ent", stem
            past_he, past_they, future, participle = stem + "it", stem + "irent", verb[:-1], stem + "u"
        name = verb
        yield Form(he, PRESENT, ACTIVE, name)
        yield Form(they, PRESENT, ACTIVE, name)
        simple = () if verb.endswith("er") and not ending else (past_he,)  # "visa", "plaça": rare, and nouns
        for text in (imperfect + "ait", imperfect + "aient", *simple, past_they):
            yield Form(text, PAST, ACTIVE, name)
        for text in (future + "a", future + "ont"):
            yield Form(text, FUTURE, ACTIVE, name)
        for text in (future + "ait", future + "aient"):
            yield Form(text, CONDITIONAL, ACTIVE, name)
        yield Form(verb, INFINITIVE, ACTIVE, name)
        yield Form(imperfect + "ant", GERUND, ACTIVE, name)
        plural = participle if participle.endswith("s") else participle + "s"
        for text in (participle, participle + "e", plural, participle + "es"):
            yield Form(text, PARTICIPLE, PASSIVE, name)

    def group(self, line: Line, at: int, use: Use) -> Group | None:
        tense = use.form.tense
        if tense == PARTICIPLE:
            return self._participle(line, at, use)
        if tense == INFINITIVE:
            return self._infinitive(line, at, at, is_past=False)
        left, is_negated, is_reflexive = self._clitics(line, at - 1)
        if tense == GERUND:
            return Group(left + 1, at + 1, ACTIVE, "" if is_negated else "asserted", inherits=True)
        before = line.token(left)
        if tense == PRESENT and before is not None and before.folded in _NOUN_SIGNS:
            return None  # "de menace", "une attaque"
        if tense == PRESENT and left < at - 1 and line.tokens[at - 1].folded in ("l'", "le", "la", "les", "leur"):  # noqa: SIM102  # reads in two steps
            if before is None or before.preposition or before.is_stop or before.is_comma or before.kind != "word":
                return None  # "la menace"
        if tense == PRESENT and before is None:
            return None
        modality = {FUTURE: "planned", CONDITIONAL: "conditional"}.get(tense, "asserted")
        return Group(left + 1, at + 1, ACTIVE, self._unless(line, at, is_negated, modality), is_reflexive=is_reflexive)

    def _clitics(self, line: Line, at: int) -> tuple[int, bool, bool]:
        """The first token left of the little words before a verb; whether it is negated, whether reflexive."""
        is_negated = is_reflexive = False
        while at >= 0 and line.tokens[at].folded in _CLITICS and not line.tokens[at].actor:
            is_negated |= line.tokens[at].folded in ("ne", "n'")
            is_reflexive |= line.tokens[at].folded in _SELF
            at -= 1
        return at, is_negated, is_reflexive

    def _participle(self, line: Line, at: int, use: Use) -> Group | None:
        left = self._skip(line, at - 1)
        word = line.tokens[left].folded if left >= 0 else ""
        if word in _HAVE:
            return self._with_have(line, at, left)
        if word in _BE:
            return self._with_be(line, at, left, use)
        return Group(at, at + 1, PASSIVE, "asserted", is_bare=True)

    def _skip(self, line: Line, at: int) -> int:
        """Over adverbs, days and words of negation, to the auxiliary."""
        for _ in range(5):
            token = line.token(at)
            if token is None or not (
                token.is_day or token.folded.endswith("ment") or token.lists & {"adverbs", "negations"}
            ):
                break
            at -= 1
        return at

    def _with_have(self, line: Line, at: int, left: int) -> Group | None:
        word = line.tokens[left].folded
        if word == "avoir":
            return self._infinitive(line, left, at, is_past=True)
        first, is_negated, _ = self._clitics(line, left - 1)
        modality = {FUTURE: "planned", CONDITIONAL: "conditional"}.get(_HAVE[word], "asserted")
        return Group(first + 1, at + 1, ACTIVE, self._unless(line, at, is_negated, modality), inherits=word == "ayant")

    def _with_be(self, line: Line, at: int, left: int, use: Use) -> Group | None:
        word, first = line.tokens[left].folded, left
        tense = _BE[word]
        if word == "été":
            first = self._skip(line, left - 1)
            have = line.tokens[first].folded if first >= 0 else ""
            if have not in _HAVE:
                return None
            if have == "avoir":
                group = self._infinitive(line, first, at, is_past=True)
                return group and group.as_passive()
            tense = _HAVE[have]
        if word == "être":
            group = self._infinitive(line, left, at, is_past=False)
            return group and (group if self._is_active_with_be(use) else group.as_passive())
        first, is_negated, is_reflexive = self._clitics(line, first - 1)
        voice = ACTIVE if is_reflexive or self._is_active_with_be(use) else PASSIVE
        modality = {FUTURE: "planned", CONDITIONAL: "conditional"}.get(tense, "asserted")
        modality = self._unless(line, at, is_negated, modality)
        return Group(first + 1, at + 1, voice, modality, is_reflexive=is_reflexive, inherits=word == "étant")

    def _is_active_with_be(self, use: Use) -> bool:
        return any("be" in entry.flags for entry in use.entries)

    def _unless(self, line: Line, at: int, is_negated: bool, modality: str) -> str:
        return "" if is_negated or line.is_in(at + 1, "negations") else modality

    def _infinitive(self, line: Line, begin: int, at: int, *, is_past: bool) -> Group | None:
        """An infinitive counts behind a verb that says that it will, may, did or did not happen."""
        first, is_negated, is_reflexive = self._clitics(line, begin - 1)
        if line.is_in(first, "prepositions") or line.is_in(first, "links"):
            first -= 1
        first = self._skip(line, first)
        token = line.token(first)
        if token is None or is_negated:
            return None
        for use in token.uses:
            name = next((n for n in ("denying", "planned", "possible", "done") if n in line.cues(first, use)), "")
            if not name or (name == "denying") != is_past or use.form.tense in (INFINITIVE, GERUND):
                continue
            outer = self.group(line, first, use)
            if outer is None or outer.voice == PASSIVE:
                continue
            if not outer.modality:
                return None
            modality = _MODALITIES[name]
            if outer.modality == "conditional" and name != "denying":
                modality = "conditional"
            return Group(outer.begin, at + 1, ACTIVE, modality, is_reflexive=is_reflexive)
        return None


def _first_group(verb: str) -> tuple[str, ...]:
    """Principal parts of a verb in -er, with the changes that its spelling needs before a mute e and before a."""
    stem = verb[:-2]
    soft = stem + "e" if stem.endswith("g") else stem[:-1] + "ç" if stem.endswith("c") else stem
    mute, future = stem, verb
    if stem.endswith(("oy", "uy", "ay")):
        mute = stem[:-1] + "i"
        future = mute + "er" if not verb.endswith("envoyer") else verb[:-5] + "verr"
    elif stem[-2:-1] == "é" or (stem[-3:-2] == "é" and stem[-1:] in "grlc"):
        cut = -2 if stem[-2:-1] == "é" else -3
        mute = stem[:cut] + "è" + stem[cut + 1 :]
    elif stem.endswith(("appel", "jet", "renouvel", "rappel")):
        mute = stem + stem[-1]
        future = mute + "er"
    elif stem[-2:-1] == "e" and stem[-1:] in "vtnmls":
        mute = stem[:-2] + "è" + stem[-1]
        future = mute + "er"
    return mute + "e", mute + "ent", soft, soft + "a", stem + "èrent", future, stem + "é"
