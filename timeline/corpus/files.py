"""Corpus files: what people write → GoldSentence. Refuses a mistake by file and line. Pure. Notation: GUIDELINES.md."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from articles.registry.files import MalformedFile
from timeline.corpus.records import GoldEvent, GoldSentence, Span
from timeline.tagging.codebook import Kind, load_codebook

FOLDER = Path(__file__).parent
LANGUAGES = frozenset({"en", "fr", "ar", "fa", "ru"})
SPLITS = frozenset({"train", "dev", "test"})
MODALITIES = frozenset({"asserted", "planned", "conditional", "denied", "historical"})
CONTEXTS = frozenset(
    {
        "military", "diplomatic", "nuclear", "cyber", "economic", "energy", "legal", "intelligence", "humanitarian",
        "territory", "maritime", "elections", "terrorism", "human-rights", "media",
    }
)  # fmt: skip
COUNTED = frozenset(
    {
        "killed", "wounded", "detained", "abducted", "displaced", "protesters", "troops", "missiles", "drones",
        "aircraft", "ships", "sites", "prisoners", "money", "days",
    }
)  # fmt: skip
MANY = frozenset({"A", "R", "N"})
FIELDS = frozenset("ARVMSDPNX")
_HEAD = re.compile(r"#\s*(topic|lang|split|author)\s*:\s*(.+)")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def load_corpus(paths: Iterable[Path] | None = None) -> tuple[GoldSentence, ...]:
    """Every sentence of the files (all of the corpus when none is named), in order. Raises MalformedFile."""
    files = sorted(FOLDER.glob("*/*.txt")) if paths is None else list(paths)
    return tuple(sentence for path in files for sentence in parse_file(path))


def parse_file(path: Path) -> Iterator[GoldSentence]:
    """The sentences of one file. Raises MalformedFile with the line of the first mistake."""
    lines = path.read_text(encoding="utf-8").split("\n")
    head = {m[1]: m[2] for line in lines if (m := _HEAD.fullmatch(line.strip()))}
    _check_head(path, head)
    day: date | None = None
    article, paragraph, number = "", 0, 0
    at = 0
    while at < len(lines):
        line, here = lines[at].strip(), at + 1
        at += 1
        if not line or line.startswith("#"):
            paragraph += bool(article) and not line
            continue
        if line.startswith("@"):
            text = line.lstrip("@").strip()
            day_text, _, title = (part.strip() for part in text.partition("|"))
            day = _day(path, here, day_text)
            article, paragraph = "", 0
            if not line.startswith("@@"):
                continue
            if not title:
                raise MalformedFile(path, here, "an article needs a title: @@ DAY | Title")
            article = line = title
        if line.startswith(">"):
            raise MalformedFile(path, here, "an event without a sentence above it")
        if day is None:
            raise MalformedFile(path, here, "a sentence before the first @ DAY")
        codes = []
        while at < len(lines) and lines[at].lstrip().startswith(">"):
            codes.append((at + 1, lines[at].strip()[1:].strip()))
            at += 1
        if not codes and not article:
            raise MalformedFile(path, here, "a sentence needs > TYPE … or > NONE: reason")
        number += 1
        events, reason = _events(path, line, codes, day)
        yield GoldSentence(
            f"{path.parent.name}/{path.stem}/{number:03}",
            line,
            head["lang"],
            day,
            head["topic"],
            head["split"],
            head["author"],
            events,
            reason,
            article,
            paragraph,
        )


def find_look_alikes(sentences: Iterable[GoldSentence], share: float = 0.5) -> list[tuple[str, str, float]]:
    """Pairs of ids whose sets of word triples overlap by more than `share` (Jaccard)."""
    triples: dict[str, set[tuple[str, ...]]] = {}
    holders: dict[tuple[str, ...], list[str]] = {}
    found = []
    for sentence in sentences:
        words = re.findall(r"\w+", sentence.text.lower())
        own = {tuple(words[i : i + 3]) for i in range(len(words) - 2)}
        shared = Counter(other for triple in own for other in holders.get(triple, ()))
        for other, n in shared.items():
            overlap = n / len(own | triples[other])
            if overlap > share:
                found.append((other, sentence.id, round(overlap, 2)))
        triples[sentence.id] = own
        for triple in own:
            holders.setdefault(triple, []).append(sentence.id)
    return found


def _check_head(path: Path, head: dict[str, str]) -> None:
    for name in ("topic", "lang", "split", "author"):
        if name not in head:
            raise MalformedFile(path, 1, f"the head lacks '# {name}:'")
    if head["lang"] not in LANGUAGES:
        raise MalformedFile(path, 1, f"unknown language {head['lang']!r}")
    if head["split"] not in SPLITS:
        raise MalformedFile(path, 1, f"split must be train, dev or test, not {head['split']!r}")


def _day(path: Path, line: int, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise MalformedFile(path, line, f"{text!r} is no day such as 2014-05-07") from None


def _events(path: Path, text: str, codes: list[tuple[int, str]], day: date) -> tuple[tuple[GoldEvent, ...], str]:
    if codes and codes[0][1].startswith("NONE"):
        if len(codes) > 1:
            raise MalformedFile(path, codes[1][0], "NONE and an event below one sentence")
        return (), codes[0][1].partition(":")[2].strip() or "no event"
    kinds = load_codebook().kinds
    return tuple(_event(path, line, text, code, kinds, day) for line, code in codes), ""


def _event(path: Path, line: int, text: str, code: str, kinds: Mapping[str, Kind], day: date) -> GoldEvent:
    head, *parts = re.split(r"\s+\|\s+", code)
    type_, _, mode = head.strip().partition("/")
    if type_ not in kinds:
        raise MalformedFile(path, line, f"unknown event type {type_!r}")
    if mode and mode not in kinds[type_].modes:
        raise MalformedFile(path, line, f"{type_} has no mode {mode!r}")
    fields: dict[str, list[str]] = {}
    for part in parts:
        name, colon, value = part.partition(":")
        if not colon or name.strip() not in FIELDS or not value.strip():
            raise MalformedFile(path, line, f"{part!r} is no field")
        fields.setdefault(name.strip(), []).append(value.strip())
    for name, values in fields.items():
        if len(values) > 1 and name not in MANY:
            raise MalformedFile(path, line, f"{name} is given twice")

    def spans(name: str) -> tuple[Span, ...]:
        return tuple(_span(path, line, text, value) for value in fields.get(name, ()))

    if "V" not in fields:
        raise MalformedFile(path, line, "an event needs V: the word that carries it")
    if not fields.keys() & {"A", "R"}:
        raise MalformedFile(path, line, "an event needs an actor or a recipient")
    modality = fields.get("M", ["asserted"])[0]
    contexts = tuple(sorted(x.strip() for x in fields.get("X", [""])[0].split(",") if x.strip()))
    _check_words(path, line, "modality", {modality} - MODALITIES)
    _check_words(path, line, "context", set(contexts) - CONTEXTS)
    numbers = spans("N")
    _check_words(path, line, "count", {n.value for n in numbers} - COUNTED)
    dates = spans("D")
    for span in dates:
        _check_date(path, line, span, modality, day)
    one = {name: (spans(name) or (None,))[0] for name in "SP"}
    return GoldEvent(
        type_,
        mode,
        modality,
        spans("V")[0],
        spans("A"),
        spans("R"),
        one["S"],
        dates[0] if dates else None,
        one["P"],
        numbers,
        contexts,
    )


def _span(path: Path, line: int, text: str, value: str) -> Span:
    words, _, meant = (part.strip() for part in value.partition(" = "))
    words, _, nth = words.partition("#")
    bound = "" if _ARABIC.search(words) else r"\b"  # Arabic writes "and", "for" and "the" onto the word
    before = bound if words[:1].isalnum() else ""
    after = bound if words[-1:].isalnum() else ""
    starts = [m.start() for m in re.finditer(before + re.escape(words) + after, text)]
    if not starts:
        raise MalformedFile(path, line, f"{words!r} does not stand in the sentence")
    if nth and (not nth.isdecimal() or not 1 <= int(nth) <= len(starts)):
        raise MalformedFile(path, line, f"{words!r} stands {len(starts)} times in the sentence, not {nth}")
    begin = starts[int(nth) - 1 if nth else 0]
    return Span(begin, begin + len(words), words, meant)


def _check_words(path: Path, line: int, what: str, unknown: set[str]) -> None:
    if unknown:
        raise MalformedFile(path, line, f"unknown {what} {', '.join(sorted(map(repr, unknown)))}")


def _check_date(path: Path, line: int, span: Span, modality: str, day: date) -> None:
    ends = span.value.split("/")
    if not all(_DAY.fullmatch(end) for end in ends) or len(ends) > 2:
        raise MalformedFile(path, line, f"{span.text!r} needs its day: = 2014-05-06, 2014-05, 2014 or a span a/b")
    first = ends[0]
    if len(first) == 10:
        try:
            when = date.fromisoformat(first)
        except ValueError:
            raise MalformedFile(path, line, f"{first!r} is no day") from None
        named = [n for n, name in enumerate(WEEKDAYS) if re.search(rf"\b{name}\b", span.text.lower())]
        if named and len(ends) == 1 and when.weekday() not in named:
            raise MalformedFile(path, line, f"{first} is a {WEEKDAYS[when.weekday()].title()}, not {span.text}")
        if when > day and modality in ("asserted", "historical", "denied"):
            raise MalformedFile(path, line, f"{first} lies after publication; it cannot be {modality}")
