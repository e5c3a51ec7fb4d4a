"""How well page text and dates are found, beside others who do the same. Pure but for the files it reads.

Text is scored as a bag of words: precision, recall and F1 of each page, and their means over pages (macro). Scripts
without spaces count each letter. Intervals are the middle 95 % over 1,000 resamples of the pages.
"""

import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import trafilatura

from articles.ingest.extract import extract_page

RESAMPLES = 1_000
_WORD = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page whose text or time of publication people wrote down; what they did not is empty."""

    name: str
    url: str
    body: bytes
    text: str
    published: str


@dataclass(frozen=True, slots=True)
class Found:
    text: str
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TextScore:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Sheet:
    """What one reader of pages reached: by page, in the order of the pages; `cpu_s` of its own work."""

    reader: str
    texts: dict[str, TextScore] = field(default_factory=dict)
    has_found: dict[str, bool] = field(default_factory=dict)
    is_right: dict[str, bool] = field(default_factory=dict)
    cpu_s: float = 0.0
    failed: list[str] = field(default_factory=list)


Reader = Callable[[bytes, str], Found]


def load_pages(folder: Path) -> Iterator[KnownPage]:
    """Pages of `folder`: html.jsonl (file, url, gt, text, published) and html/*.html.gz beside it. Raises OSError."""
    for line in (folder / "html.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        known = row.get("gt") or ""
        body = gzip.decompress((folder / "html" / Path(row["file"]).name).read_bytes())
        yield KnownPage(
            Path(row["file"]).name.removesuffix(".html.gz"), row.get("url") or "", body,
            (row.get("text") or "") if "text" in known else "",
            (row.get("published") or "") if "published" in known else "",
        )  # fmt: skip


def score(reader: str, read: Reader, pages: Iterable[KnownPage]) -> Sheet:
    """A page on which the reader fails counts as one where it found nothing."""
    sheet = Sheet(reader)
    for page in pages:
        began = time.process_time()
        try:
            found = read(page.body, page.url)
        except Exception as error:  # whatever a reader of others raises is its answer
            sheet.failed.append(f"{page.name}: {type(error).__name__}: {str(error)[:120]}")
            found = Found("")
        sheet.cpu_s += time.process_time() - began
        if page.text:
            sheet.texts[page.name] = score_text(found.text, page.text)
        if page.published:
            sheet.has_found[page.name] = found.published_at is not None
            sheet.is_right[page.name] = is_right_day(found.published_at, page.published)
    return sheet


def score_text(found: str, wanted: str) -> TextScore:
    have, want = (Counter(_WORD.findall(text.lower())) for text in (found, wanted))
    right = (have & want).total()
    return TextScore(right / have.total() if have else 0.0, right / want.total() if want else 1.0)


def is_right_day(found: datetime | None, known: str) -> bool:
    """Whether the day is right, in UTC or in the zone that the page is known in."""
    if found is None:
        return False
    if len(known) <= 10:
        return found.date() == date.fromisoformat(known)
    wanted = datetime.fromisoformat(known)
    wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
    return found.date() == wanted.astimezone(UTC).date() or found.astimezone(wanted.tzinfo).date() == wanted.date()


def interval(values: Sequence[float], seed: int = 1) -> tuple[float, float, float]:
    """Mean, and the middle 95 % of the means of resamples (Efron & Tibshirani 1993); the same numbers each time."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    n = len(values)
    if not n:
        return 0.0, 0.0, 0.0
    means = sorted(sum(chance.choices(values, k=n)) / n for _ in range(RESAMPLES))
    return sum(values) / n, means[RESAMPLES // 40], means[-1 - RESAMPLES // 40]


def readers() -> dict[str, Reader]:
    """Ours first. Those of others that are not installed are left out."""
    found: dict[str, Reader] = {
        "crisisboard": _ours,
        "trafilatura": lambda body, url: _trafilatura(body, url),
        "trafilatura fast": lambda body, url: _trafilatura(body, url, fast=True),
    }
    for name, package, read in (("newspaper4k", "newspaper", _newspaper), ("readability", "readability", _readability)):
        try:
            import_module(package)
        except ImportError:
            continue
        found[name] = read
    return found


def _ours(body: bytes, url: str) -> Found:
    page = extract_page(body, url)
    return Found(page.text, page.published_at)


def _trafilatura(body: bytes, url: str, **options: Any) -> Found:
    found = trafilatura.bare_extraction(body, url=url or None, with_metadata=True, include_comments=False, **options)
    fields = found if isinstance(found, dict) else found.as_dict() if found is not None else {}
    return Found(fields.get("text") or "", _day(fields.get("date")))


def _newspaper(body: bytes, url: str) -> Found:
    module = import_module("newspaper")
    try:
        article = _parsed(module, body, url)
    except ImportError:  # it cuts some languages into words by packages that it does not bring: read as English
        article = _parsed(module, body, url, language="en")
    when = article.publish_date
    if isinstance(when, datetime):
        return Found(article.text, (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC))
    return Found(article.text)


def _parsed(module: Any, body: bytes, url: str, **options: Any) -> Any:
    article = module.Article(url or "https://page.example/", fetch_images=False, **options)
    article.download(input_html=body.decode("utf-8", "replace"))
    article.parse()
    return article


def _readability(body: bytes, _: str) -> Found:
    summary = import_module("readability").Document(body).summary()
    return Found(import_module("lxml.html").fromstring(summary).text_content())


def _day(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
