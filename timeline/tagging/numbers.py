"""Finds what a text counts: killed, wounded, troops, missiles, money … with value, kind and offsets. Pure.

text → words → a number's value (`number_values`) → what is counted: the noun behind it, or the word of doing that
stands nearest and says what happened to whom is counted ("killing 12", "12 were killed", "a death toll of 40").
A number without either, in a name, a date, an age or a share gets none and is left out.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from timeline.tagging.date_words import fold_word, load_date_words
from timeline.tagging.number_values import DIGITS, Amount, Word, read_amount
from timeline.tagging.number_words import THINGS, NumberWords, load_number_words
from timeline.tagging.records import DateMention, Document, NumberMention, Sentence
from timeline.tagging.surface import find_masked, is_within
from timeline.tagging.wordlists import load_wordlist

_TOKEN = re.compile(
    r"(?P<code>[A-Za-z\u0400-\u04ff]+\d\w*|\d+(?!(?:bn|mn|tn|m)\b)[A-Za-z\u0400-\u04ff]\w*|\d{1,2}:\d\d)"
    rf"|(?P<sign>[A-Z]{{0,2}}\$)|(?P<digits>{DIGITS})|(?P<word>[^\W\d_]+)|(?P<mark>[^\w\s\u200c])"
)
_ZERO_WIDTH = "\u200c"  # divides the parts of a Persian word
_ENDS = frozenset('.;:!?…()[]"“”«»—–')
NOUN_WORDS, CUE_WORDS, FAR = 7, 12, 3
MANY = 10  # "over two villages" is no "more than two"
FORCE = 100  # so many "men" or "police" are a force
SURE_CUE, LOOSE_CUE, CLEAR_CUE = (
    4,
    6,
    9,
)  # costs up to which a cue overrules a noun's own kind, counts without one, with one
_ARMED, _PEOPLE, _OUTCOMES = "armed", "people", ("killed", "wounded")
_DESIGNATION = re.compile("[A-Za-z\u0400-\u04ff]\\Z")


class NumberFinder:
    def find(
        self, document: Document, sentences: Sequence[Sentence], dates: Sequence[DateMention] = ()
    ) -> tuple[NumberMention, ...]:
        """Every count of a known kind in reading order; none inside a date."""
        lists = load_number_words(document.lang)
        masked = find_masked(document.text)
        found: list[NumberMention] = []
        for sentence in sentences:
            inside = [d for d in dates if sentence.begin <= d.begin < sentence.end and d.precision != "duration"]
            words = _Line(document, sentence, lists, inside)
            found += [mention for mention in words.mentions() if not is_within(masked, mention.begin)]
        return tuple(found)


def fitting(numbers: Sequence[NumberMention], type_: str, begin: int, end: int) -> tuple[NumberMention, ...]:
    """The counts in a stretch of text whose kind an event of this type may have (`types` in the data)."""
    kinds = str(load_wordlist("numbers")["types"].get(type_, "")).split()
    return tuple(n for n in numbers if begin <= n.begin and n.end <= end and n.kind in kinds)


def read_value(text: str, lang: str) -> float | None:
    """The value that words alone say ("some two dozen", "$1.2 billion"), None when they hold no number."""
    lists = load_number_words(lang)
    words = list(_words(text, 0, len(text), lists))
    amounts = (read_amount(words, at, lists) for at in range(len(words)))
    return next((amount.value for amount in amounts if amount and not amount.is_article), None)


def _words(text: str, begin: int, end: int, lists: NumberWords) -> Iterator[Word]:
    last = begin
    for match in _TOKEN.finditer(text, begin, end):
        group, written = match.lastgroup, match.group()
        folded = written if group == "digits" else written.lower() if group == "sign" else fold_word(written)
        part = lists.parts.get(folded) if group == "word" else None
        yield Word(folded, match.start(), match.end(), part, group == "digits", match.start() == last)
        last = match.end() + text.startswith(_ZERO_WIDTH, match.end())


class _Line:
    """A sentence's words, and what can be asked of them."""

    def __init__(
        self, document: Document, sentence: Sentence, lists: NumberWords, dates: Sequence[DateMention]
    ) -> None:
        self.source, self.lang, self.lists = document.text, document.lang, lists
        self.words = list(_joined(list(_words(document.text, sentence.begin, sentence.end, lists)), lists))
        self.dated = set[int]()
        begins = [word.begin for word in self.words]
        for date in dates:
            self.dated.update(range(bisect_left(begins, date.begin), bisect_left(begins, date.end)))

    def mentions(self) -> Iterator[NumberMention]:
        at, self.last_kind = 0, ""
        while at < len(self.words):
            mention, at = self._mention(at)
            if mention:
                self.last_kind = mention.kind
                yield mention

    def _mention(self, at: int) -> tuple[NumberMention | None, int]:
        dual = self.lists.duals.get(self.text(at))
        if dual and at not in self.dated:
            return self._dual(at, dual), at + 1
        amount = read_amount(self.words, at, self.lists)
        if amount is None:
            return None, at + 1
        if self.dated & set(range(amount.first, amount.last)) or self._is_designation(amount):
            return None, amount.last
        high = self._high(amount)
        behind = high or amount
        first, is_about = self._about(amount)
        kind, unit, last = self._kind(amount, behind, first)
        if not kind:
            return None, behind.last
        begin = self.words[min(first, amount.first)].begin
        if kind == "money" and self._is_currency(amount.first - 1) and first == amount.first:
            begin = self.words[amount.first - 1].begin
        end = self.words[last - 1].end
        is_about = is_about or amount.is_vague or self._is_about_behind(behind.last)
        upper = high.value if high else None
        return NumberMention(begin, end, self.source[begin:end], amount.value, upper, is_about, kind, unit), behind.last

    def _dual(self, at: int, kind: str) -> NumberMention | None:
        word = self.words[at]
        unit = self._unit(at) if kind == "days" else ""
        if kind not in THINGS:
            cue, cost = self._cue(at, at + 1)
            kind = cue if cue and cost <= SURE_CUE else kind
        return NumberMention(word.begin, word.end, self.source[word.begin : word.end], 2.0, None, False, kind, unit)

    def text(self, at: int) -> str:
        return self.words[at].text if 0 <= at < len(self.words) else ""

    def _is_close(self, at: int) -> bool:
        return 0 <= at < len(self.words) and self.words[at].is_close

    def _is_designation(self, amount: Amount) -> bool:
        """F-35, Resolution 2231, two-thirds, one of, 3-1, 40-year-old: no counts."""
        first, before = self.words[amount.first], self.text(amount.first - 1)
        if first.is_digits and before in ("-", "/") and first.is_close and self._is_close(amount.first - 1):
            return bool(_DESIGNATION.search(self.text(amount.first - 2))) or self.words[amount.first - 2].is_digits
        if first.is_digits and (before in ("#", "№") or self.lists.has("designators", before)):
            return not self._is_currency(amount.last)
        if self.text(amount.last) in ("%", "/", "٪", "°"):
            return True
        if self.lists.has("of", before) and self.lists.has("not_counted", self.text(amount.first - 2)):
            return True
        return amount.is_article and amount.last == amount.first + 1

    def _high(self, amount: Amount) -> Amount | None:
        """The upper end of "10 to 15", "between 10 and 15" and "10-15"."""
        at, text = amount.last, self.text(amount.last)
        is_between = self.lists.has("between", self.text(amount.first - 1)) and self.lists.has("and", text)
        is_between = is_between or (self.lists.has("between", self.text(amount.first - 1)) and text in ("و", "ו"))
        if not (text in ("-", "–") or self.lists.has("range", text) or is_between):
            return None
        high = read_amount(self.words, at + 1, self.lists) if at + 1 < len(self.words) else None
        if high is None or high.is_vague:
            return None
        if high.value >= 1000 > amount.value and self.words[high.last - 1].part:  # "two to three million"
            scale = self.words[high.last - 1].part.value  # type: ignore[union-attr]
            if scale >= 1000 and amount.value * scale < high.value:
                return high
        return high if amount.value < high.value <= amount.value * 10 else None

    def _about(self, amount: Amount) -> tuple[int, bool]:
        """Where the number with its approximators begins, and whether it has any."""
        first = amount.first - self._is_currency(amount.first - 1)
        begin, is_found = first, True
        while is_found:
            is_found = False
            phrases = (*self.lists.about, *(self.lists.about_many if amount.value >= MANY else ()))
            for phrase in phrases:
                at = begin - len(phrase)
                if at >= 0 and tuple(word.text for word in self.words[at:begin]) == phrase:
                    begin, is_found = at, True
                    break
        return (begin, True) if begin < first else (amount.first, False)

    def _is_about_behind(self, at: int) -> bool:
        ahead = [word.text for word in self.words[at : at + NOUN_WORDS]]
        return any(tuple(ahead[: len(phrase)]) == phrase or tuple(ahead[1 : 1 + len(phrase)]) == phrase
                   for phrase in self.lists.about_behind)  # fmt: skip

    def _is_currency(self, at: int) -> bool:
        return self.text(at) in self.lists.currencies

    def _kind(self, amount: Amount, behind: Amount, first: int) -> tuple[str, str, int]:
        """Kind, unit and the last word (end exclusive) of the mention; no kind: it counts nothing that we know."""
        money = self._money(amount, behind)
        if money:
            return "money", money[0], money[1]
        noun, at, last = self._noun(behind.last)
        if noun == "not_counted":
            return "", "", last
        if noun == "days":
            if at > behind.last + 1 + (self.text(behind.last) == "-"):
                return "", "", last
            return ("days", self._unit(at), at + 1) if not self._is_old(at) else ("", "", last)
        if noun in THINGS:
            return noun, "", behind.last
        kind = self._person_kind(amount, first, noun, last)
        is_more = self.lists.has("more", self.text(behind.last)) or self.lists.has("more", self.text(amount.first - 1))
        if not noun and is_more and (not kind or self.last_kind in THINGS):
            kind = "" if self.last_kind in ("money", "days") else self.last_kind
        return kind, "", behind.last

    def _person_kind(self, amount: Amount, first: int, noun: str, last: int) -> str:
        """What happened to those counted, if a word near says so; else what the noun itself says."""
        cue, cost = self._cue(first, last)
        if noun in _OUTCOMES or (noun == "prisoners" and cue in ("detained", "prisoners")):
            return noun
        if noun and noun not in (_PEOPLE, _ARMED):
            is_overruled = cost <= SURE_CUE and cue not in ("", "troops", "protesters")
            return cue if is_overruled else noun
        is_bare = not noun and last < len(self.words) and self._ends_noun(last)
        if cue == "troops" and noun != _ARMED and not (is_bare and cost <= 2):
            cue = ""
        if amount.value == 1 and not noun and cost > 1:
            return ""
        if noun == _ARMED and amount.value >= FORCE and (not cue or cost > SURE_CUE):
            return "troops"
        return cue if cost <= (CLEAR_CUE if noun else LOOSE_CUE) else ""

    def _money(self, amount: Amount, behind: Amount) -> tuple[str, int] | None:
        before = self.lists.currencies.get(self.text(amount.first - 1))
        if before and not self.text(amount.first - 1).isalpha():
            is_million = self.text(behind.last) == "m" and self._is_close(behind.last)
            return before, behind.last + is_million
        at = behind.last
        for _ in range(4):
            text = self.text(at)
            if text in self.lists.currencies:
                return self.lists.currencies[text], at + 1
            if not (text in ("-", "'") or self.lists.has("of", text) or (text.isalpha() and at == behind.last)):
                return None
            at += 1
        return None

    def _unit(self, at: int) -> str:
        letter, unit = load_date_words(self.lang).words.get(self.text(at), ("", ""))
        return str(unit).lstrip("+") if letter in ("U", "B") else "D"

    def _is_old(self, at: int) -> bool:
        return self.lang == "en" and "old" in (self.text(at + 1), self.text(at + 2))

    def _noun(self, begin: int) -> tuple[str, int, int]:
        """(kind of the noun counted or "", its index, end of what was looked at)."""
        at = begin
        if self.lists.has("captive", self.text(at)) and at + 1 < len(self.words) and not self._ends_noun(at + 1):
            return "prisoners", at, at + 1
        while at < min(len(self.words), begin + NOUN_WORDS):
            text = self.text(at)
            if self.lists.has("not_counted", text):
                return "not_counted", at, at
            if self.lists.has("of", self.text(at - 1)) and self.lists.has("owners", text):
                at += 1
                continue
            kind = self._noun_at(at)
            if kind:
                while self.lang == "en" and self._noun_at(at + 1) and at + 1 < begin + NOUN_WORDS:
                    at += 1  # "police stations", "fighter jets": the last of the row counts
                return self._noun_at(at), at, at + 1
            if self._ends_noun(at):
                break
            at += 1
        return "", at, at

    def _noun_at(self, at: int) -> str:
        text = self.text(at)
        if self.lists.has("models", text) and self.text(at + 1) == "-" and self._is_close(at + 2):
            return "aircraft" if self.text(at + 2)[:1].isdecimal() else ""
        return self.lists.nouns.get(text, "")

    def _ends_noun(self, at: int) -> bool:
        word = self.words[at]
        is_number = word.is_digits or (word.part is not None and word.part.role in ("value", "scale", "vague"))
        is_compound = word.is_close and self.text(at - 1) == "-" and self._is_close(at - 1)  # surface-to-surface
        is_end = word.text in _ENDS or word.text in (",", "،") or self.lists.has("stops", word.text)
        is_end = is_end and not is_compound
        return is_end or is_number or word.text in self.lists.cues or self.lists.has("and", word.text)

    def _cue(self, first: int, last: int) -> tuple[str, float]:
        """The kind that the nearest word of doing gives, and its cost: words between, dearer across commas."""
        found = [*self._cues_before(first), *self._cues_behind(last)]
        cost, _, kind = min(found, default=(99.0, 0, ""))
        return kind, cost

    def _cues_before(self, first: int) -> Iterator[tuple[float, int, str]]:
        cost = FAR if self.lists.far == "after" else 0.0
        if self.lists.far == "after" and self.text(first - 1) in self.lists.cues:
            cost = 0.0
        for at in range(first - 1, max(-1, first - 1 - CUE_WORDS), -1):
            text = self.text(at)
            if text in _ENDS:
                return
            for side, kind in self.lists.cues.get(text, ()):
                is_age = self.lists.has("at", self.text(first - 1)) and not self.lists.has("tolls", text)
                if not is_age and (side == "before" or (side == "either" and not self._is_passive(at))):
                    yield cost, 0, kind
            cost += self._step(at)

    def _cues_behind(self, last: int) -> Iterator[tuple[float, int, str]]:
        cost = FAR if self.lists.far == "before" else 0.0
        for at in range(last, min(len(self.words), last + CUE_WORDS)):
            text = self.text(at)
            if text in _ENDS:
                return
            for side, kind in self.lists.cues.get(text, ()):
                if side == "either" and self._is_passive(at):
                    yield cost / 2, 1, kind
                elif side == "after" or (side == "either" and self._is_reduced(at, last)):
                    yield cost, 1, kind
            word = self.words[at]
            if self.lists.far != "after" and (word.is_digits or (word.part and word.part.role == "value")):
                cost += FAR
            cost += self._step(at)

    def _step(self, at: int) -> float:
        text = self.text(at)
        if self.lists.has("be", text):
            return 0.5
        return 2.0 if text in (",", "،") or self.lists.has("stops", text) else 1.0

    def _is_passive(self, at: int) -> bool:
        if not self.lists.sets["be"]:
            return False
        return any(self.lists.has("be", self.text(before)) for before in range(max(0, at - 3), at))

    def _is_reduced(self, at: int, last: int) -> bool:
        """ "12 soldiers killed in an ambush", not "12 soldiers killed two farmers"; languages without "be": always."""
        if not self.lists.sets["be"]:
            return True
        after = self.words[at + 1] if at + 1 < len(self.words) else None
        is_object = after is not None and (
            after.is_digits
            or after.part is not None
            or after.text in ("the", "their", "its", "his", "les", "des", "le")
        )
        return at == last and not is_object


def _joined(words: Sequence[Word], lists: NumberWords) -> Iterator[Word]:
    """Puts together what a list has as one word: "plates-formes", or Persian parts with a zero-width space between."""
    at = 0
    while at < len(words):
        word = words[at]
        for size in (3, 2):
            some = words[at : at + size]
            whole = "".join(w.text for w in some)
            is_one = len(some) == size and all(w.is_close for w in some[1:])
            if is_one and (whole in lists.nouns or whole in lists.parts or whole in lists.cues):
                word = Word(whole, word.begin, some[-1].end, lists.parts.get(whole), False, word.is_close)
                at += size - 1
                break
        yield word
        at += 1
