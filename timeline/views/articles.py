"""The evidence: articles that were read, and the reader with every span that was marked."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Outlet
from timeline import analytics
from timeline.filters import ArticleFilter
from timeline.views.files import export, refuse

PAGE = 50
COLUMNS = ("id", "published_at", "outlet", "bloc", "lang", "title", "url", "n_events", "reading")


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    found = ArticleFilter.parse(request.GET, timezone.now().date())
    rows = analytics.article_rows(found.page(found.articles()), PAGE + 1, request.user)
    older = rows[PAGE - 1] if len(rows) > PAGE else None
    context = {
        "filter": found,
        "rows": rows[:PAGE],
        "n_articles": found.articles().count(),
        "older": found.query(after=older.cursor) if older else "",
        "outlets": analytics.outlet_names(),
        "blocs": Outlet.Bloc.choices,
        "languages": [(lang, lang) for lang in analytics.article_languages()],
        "is_empty_board": not rows and not found.chips(),
    }
    return render(request, "timeline/articles.html", context)


@require_safe
def export_articles(request: HttpRequest, kind: str) -> HttpResponseBase:
    found = ArticleFilter.parse(request.GET, timezone.now().date())
    if found.notices:
        return refuse(found.notices)
    rows = analytics.article_rows(found.page(found.articles()), 50_000, request.user)
    values = (
        {"id": r.id, "published_at": r.published_at.isoformat(), "outlet": r.outlet_name, "bloc": r.bloc,
         "lang": r.lang, "title": r.title, "url": r.url, "n_events": r.n_events, "reading": r.reading}
        for r in rows
    )  # fmt: skip
    return export(request, "articles", kind, values, len(rows), COLUMNS)


@require_safe
def reader(request: HttpRequest, article_id: int) -> HttpResponse:
    page = analytics.reader_page(article_id, request.user)
    if page is None:
        raise Http404
    return render(request, "timeline/reader.html", {"page": page, "article": page.article})
