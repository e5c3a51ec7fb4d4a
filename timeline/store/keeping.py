"""What becomes of the interpretation when an article's text is cut, or comes later. Called by `articles` by name."""

from collections.abc import Collection, Iterable

from django.db import transaction

from articles.models import Article
from timeline.models import Evidence, Reading

LONGEST_STEP = 80  # letters of a reason that names a rule and its cue, and quotes no sentence


def cut_quotes(article_ids: Collection[int], most: int) -> int:
    """Takes away quotes that stand in no kept text, and the words marked there; returns how many quotes.

    Of each article, quotes of `most` characters together stay. Events and their codes stay, with the offsets; their
    pages say that the text is not kept.
    """
    n_cut = 0
    with transaction.atomic():
        for article in Article.objects.filter(pk__in=article_ids):
            n_kept = len(article.document)
            n_cut += _cut(Evidence.objects.filter(article=article, end__gt=n_kept).order_by("begin", "pk"), most)
            for reading in Reading.objects.filter(article=article):
                reading.spans = [span for span in reading.spans if span["end"] <= n_kept]
                reading.save(update_fields=["spans"])
    return n_cut


def read_anew(article_ids: Collection[int]) -> int:
    """Has articles read again whose text is another now; returns how many had been read."""
    return Reading.objects.filter(article__in=article_ids).delete()[0]


def _cut(quotes: Iterable[Evidence], most: int) -> int:
    n_cut, room, seen = 0, most, set[str]()
    for evidence in quotes:
        if evidence.quote in seen:
            continue
        if len(evidence.quote) <= room:
            room -= len(evidence.quote)
            seen.add(evidence.quote)
            continue
        n_cut += bool(evidence.quote)
        evidence.quote = ""
        evidence.spans = [{**span, "text": ""} for span in evidence.spans]
        evidence.why = [step for step in evidence.why if len(step) <= LONGEST_STEP]
        evidence.save(update_fields=["quote", "spans", "why"])
    return n_cut
