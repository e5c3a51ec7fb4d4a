"""What an outlet lets us keep, applied: to a text that comes, and to all that is stored after the policy changed."""

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from articles.ingest.keeping import excerpt
from articles.models import Article, Outlet, RawCopy

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken away. `quotes` are those of the interpretation."""

    articles: int = 0
    characters: int = 0
    copies: int = 0
    quotes: int = 0

    def __str__(self) -> str:
        if self == Removed():
            return _("Nothing had to be removed.")
        words = _(
            "Removed: %(characters)s characters of text of %(articles)s articles, %(copies)s raw copies, %(quotes)s"
            " quotes."
        )
        return words % {name: f"{n:,}" for name, n in asdict(self).items()}


def kept(outlet: Outlet, text: str, kind: str) -> tuple[str, str]:
    """The text that may be kept, and what kind of text that is."""
    if not text or outlet.allowance == Outlet.Storage.FULL:
        return text, kind
    if outlet.allowance == Outlet.Storage.NONE:
        return "", Article.TextKind.NOT_KEPT
    short = excerpt(text, settings.EXCERPT_LENGTH)
    return short, (kind if short == text else Article.TextKind.EXCERPT)


def text_changed(article_ids: Collection[int]) -> None:
    """Has articles read anew whose text is another now."""
    read_anew: Callable[[Collection[int]], int] = import_string(settings.ON_TEXT_CHANGED)
    read_anew(article_ids)


def apply_policy(outlets: QuerySet[Outlet], now: datetime) -> Removed:
    """Takes away what these outlets do not let us keep: texts, raw copies, and quotes beyond an excerpt.

    Safe to repeat and to break off: articles are cut a few hundred at a time.
    """
    removed = Removed()
    for outlet in outlets:
        if outlet.allowance == Outlet.Storage.FULL:
            continue
        copies = RawCopy.objects.filter(outlet=outlet).delete()[0]
        removed = replace(removed, copies=removed.copies + copies)
        while ids := list(_too_long(outlet).values_list("pk", flat=True)[:AT_ONCE]):
            removed = _cut(outlet, ids, removed, now)
    return removed


def _too_long(outlet: Outlet) -> QuerySet[Article]:
    texts = Article.objects.filter(outlet=outlet).annotate(n_letters=Length("text")).order_by("pk")
    if outlet.allowance == Outlet.Storage.NONE:
        return texts.filter(n_letters__gt=0)
    return texts.filter(n_letters__gt=settings.EXCERPT_LENGTH)


def _cut(outlet: Outlet, ids: Collection[int], removed: Removed, now: datetime) -> Removed:
    with transaction.atomic():
        articles = list(Article.objects.select_for_update(no_key=True).filter(pk__in=ids))
        n_letters = 0
        for article in articles:
            before = len(article.text)
            article.text, article.text_kind = kept(outlet, article.text, article.text_kind)
            article.text_cut_at = now
            n_letters += before - len(article.text)
        Article.objects.bulk_update(articles, ["text", "text_kind", "text_cut_at"])
        most = settings.EXCERPT_LENGTH if outlet.allowance == Outlet.Storage.EXCERPT else 0
        cut_quotes: Callable[[Collection[int], int], int] = import_string(settings.ON_TEXTS_CUT)
        n_quotes = cut_quotes([article.pk for article in articles], most)
    return replace(
        removed, articles=removed.articles + len(articles), characters=removed.characters + n_letters,
        quotes=removed.quotes + n_quotes,
    )  # fmt: skip
