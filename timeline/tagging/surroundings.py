"""What a name does where it stands, told by the words around it: acts, tells where, describes, or is another's. Pure.

Every rule looks at one line, at most 90 characters to each side. Word lists: `data/mentions.yaml`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from timeline.tagging.wordlists import load_wordlist, word_set

_REACH = 90
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+){0,3}|[^\w\s]")
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_][^\W\d_]{1,20}(?:[ /.'’-]{1,2}[^\W\d_]{1,20}){0,5}(?:, [^\W\d_][\w .'’-]{1,30}){0,3}?)"
    r"(?P<date>,? [^\W\d_]{3,9}\.? \d{1,2}(?:, \d{4})?)?\s{0,2}(?P<agency>\([^()\n]{1,60}\))?\s{0,2}(?:[-–—_]|--)\s"
)
_HYPHENED = re.compile(r"[-‐‑–](?P<word>[^\W\d_]{2,24})")
_DATELINE_LETTERS = 3
_TOWN_WORDS = ("capital", "city", "town")
_HYPHENS = str.maketrans("‐‑", "--")  # one hyphen, however it was typed


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists, as sets."""

    locative: frozenset[str]
    directional: frozenset[str]
    motion: frozenset[str]
    town_nouns: frozenset[str]
    preceding_town_nouns: frozenset[str]
    prefixes: frozenset[str]
    topic_nouns: frozenset[str]
    topic_adjectives: frozenset[str]
    verb_like: frozenset[str]
    participles: frozenset[str]
    people_nouns: frozenset[str]
    goods_nouns: frozenset[str]
    behind_goods: frozenset[str]
    titles: frozenset[str]
    given_names: frozenset[str]
    also_given_names: frozenset[str]
    behind_states: frozenset[str]
    name_suffixes: frozenset[str]
    former: frozenset[str]
    deputy: frozenset[str]
    bodies: frozenset[str]


@lru_cache(maxsize=1)
def load_words() -> Words:
    return Words(**{name: word_set(block) for name, block in load_wordlist("mentions").items()})


class Surroundings:
    """The words before and behind a stretch of text, within its line, nearest first."""

    def __init__(self, text: str, begin: int, end: int) -> None:
        line_begin = text.rfind("\n", max(0, begin - _REACH), begin) + 1
        line_end = text.find("\n", end, end + _REACH)
        self.before = text[max(line_begin, begin - _REACH) : begin].translate(_HYPHENS)
        self.after = text[end : line_end if line_end >= 0 else end + _REACH].translate(_HYPHENS)
        self.name = text[begin:end]
        self.words_before = [word for word in _WORD.findall(self.before)][::-1]
        self.words_after = _WORD.findall(self.after)

    def previous(self, index: int = 0) -> str:
        return self.words_before[index] if index < len(self.words_before) else ""

    def next(self, index: int = 0) -> str:
        return self.words_after[index] if index < len(self.words_after) else ""


def datelines(text: str, begin: int) -> tuple[tuple[int, int], ...]:
    """Where the place of a dateline stands ("DOHA, June 23 (X) –"): at the head of the first lines of the body."""
    found = []
    at = begin
    for _ in range(_DATELINE_LETTERS):
        while at < len(text) and text[at].isspace():
            at += 1
        match = _DATELINE.match(text, at, at + 140)
        if match and _is_dateline(match):
            found.append(match.span("place"))
        at = text.find("\n", at)
        if at < 0:
            break
    return tuple(found)


def _is_dateline(match: re.Match[str]) -> bool:
    """In capitals, or with an agency in brackets or a date: a plain "Iran – " is a headline's style."""
    city = match["place"].split(",")[0]
    if city.isupper():
        return len(city) >= _DATELINE_LETTERS
    return city.istitle() and bool(match["agency"] or match["date"])


def is_compound(around: Surroundings) -> bool:
    """ "Iran-backed", "anti-Iran": joined by a hyphen to a word that is no name of its own."""
    hyphened = _HYPHENED.match(around.after)
    if hyphened and (hyphened["word"][0].islower() or hyphened["word"].lower() in load_words().participles):
        return True
    before = around.before[-24:]
    if before.endswith(("-", "‐", "‑")):
        joined = before[:-1].split()[-1:] or [""]
        return joined[0].lower().strip("\"'“‘(") in load_words().prefixes
    return False


def is_dual_national(around: Surroundings) -> bool:
    """ "an Iranian-American journalist": two demonyms joined, and a person behind them."""
    words = load_words()
    hyphened = _HYPHENED.match(around.after)
    rest = around.words_after[2:4] if hyphened else around.words_after[:2]
    is_joined = hyphened is not None and hyphened["word"][0].isupper()
    is_behind = around.before[-1:] in "-–‑" and around.before[-2:-1].isalpha() if around.before else False
    return (is_joined or is_behind) and any(word.lower() in words.people_nouns for word in rest)


def is_topic(around: Surroundings) -> bool:
    """ "the Iran war", "Iran nuclear talks": the name says what the noun is about."""
    words = load_words()
    if around.after[:1] != " " or around.before[-1:] in ("-", "–", "‑"):
        return False
    for index in range(3):
        head = around.next(index).lower()
        if head in words.topic_nouns:
            return around.next(index + 1).lower() != "to" or head not in words.verb_like
        if head not in words.topic_adjectives:
            break
    return False


def is_people(around: Surroundings) -> bool:
    """As in "Iranian protesters", "ethnic Serbians": not acting for the country. One adjective may stand between."""
    nouns = load_words().people_nouns
    if around.previous().lower() == "ethnic":
        return True
    if around.after[:1] != " ":
        return False
    first, second = around.next(0).lower(), around.next(1).lower()
    return first in nouns or (first.isalpha() and second in nouns and _may_describe(first))


def is_goods(around: Surroundings) -> bool:
    """As in "US stocks" or "Saudi crude", where the goods are not themselves part of a longer name ("oil refinery")."""
    words = load_words()
    if around.after[:1] != " " or around.next(0).lower() not in words.goods_nouns:
        return False
    following = around.next(1)
    return not (following.isalpha() and following.islower() and following not in words.behind_goods)


def is_plural_people(name: str, lang: str) -> bool:
    """ "Iranians", "Americans": the people, unless the name is the adjective too ("Chinese", "Swiss")."""
    return lang == "en" and name.endswith("s") and not name.endswith("ss")


def is_place(around: Surroundings) -> bool:
    """Whether a capital or building tells where something is: "in Moscow", "flew to Moscow", "Moscow residents"."""
    words = load_words()
    if around.before[-1:] in ("ב", "מ", "ب"):
        return True
    index = 1 if around.previous().lower() == "the" else 0
    before = around.previous(index).lower()
    if (around.previous(index + 1).lower() if before == "," else before) in _TOWN_WORDS:
        return True
    if before in words.locative:
        return True
    if before in words.directional and any(
        w.lower() in words.motion for w in around.words_before[index + 1 : index + 8]
    ):
        return True
    if before == "of" and any(
        w.lower() in words.preceding_town_nouns for w in around.words_before[index + 1 : index + 3]
    ):
        return True
    if _HYPHENED.match(around.after):
        return False
    following = around.next(2) if around.next(0) in ("'", "’") else around.next(0)
    if around.name.endswith(("'s", "’s")) or around.after.startswith(("'s ", "’s ")):
        following = around.words_after[2] if len(around.words_after) > 2 else ""
    return following.lower() in words.town_nouns


def is_other_person(around: Surroundings, own_given_names: frozenset[str], is_title_case: bool) -> bool:
    """Whether a surname is part of another person's name ("Melania Trump") or of a thing's ("Trump Tower")."""
    words = load_words()
    if around.after[:1] == " " and around.next(0).lower() in words.name_suffixes and around.next(0)[:1].isupper():
        return True
    if around.after[:1] == "." and around.after[1:2].isalpha():
        return True
    previous = around.previous()
    if around.before[-1:] != " " or not previous[:1].isupper() or len(previous) < 3:
        return False
    lowered = previous.lower().strip(".>")
    if lowered in words.titles or lowered in own_given_names:
        return False
    if lowered in words.given_names:
        return True
    is_sentence_start = len(around.words_before) < 2 or around.previous(1) in ".!?:;“\"‘'—–-|/"
    return not (is_title_case or is_sentence_start or previous.isupper())


def is_given_name(around: Surroundings, is_title_case: bool) -> bool:
    """ "Georgia O'Keeffe", "Jordan Spieth": a state's or capital's name that is a given name, with a surname behind."""
    words = load_words()
    if is_title_case or around.name.lower() not in words.also_given_names or around.after[:1] != " ":
        return False
    following = around.next()
    is_name = following[:1].isupper() and not following.isupper()
    return is_name and following.lower() not in words.titles | words.behind_states


def has_title_before(around: Surroundings) -> bool:
    return around.previous().lower().rstrip(".") in load_words().titles and around.previous()[:1].isupper()


def is_former(around: Surroundings) -> bool:
    """ "former Iranian foreign minister", "ex-President"."""
    words = load_words()
    return any(word.lower() in words.former for word in around.words_before[:3] if word.isalpha()) or (
        around.before[-3:].lower() == "ex-"
    )


def is_title_case(line: str) -> bool:
    """Whether a headline capitalises (nearly) all its words, so that a capital tells no name."""
    words = [word for word in re.findall(r"[^\W\d_]{4,}", line[:300])]
    return len(words) >= 3 and sum(word[0].isupper() for word in words) * 4 >= len(words) * 3


def _may_describe(word: str) -> bool:
    return (
        len(word) > 2
        and not word.endswith("s")
        and word not in ("and", "the", "for", "with", "says", "hits", "will", "has")
    )
