"""What of the articles is wanted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Outlet
from timeline.filters.query import Chip, QueryReader

_CURSOR = re.compile(r"(\d{1,16})_(\d{1,12})\Z")  # microseconds since 1970, id
_LANGUAGE = re.compile(r"[a-z]{2}\Z")


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Empty fields filter nothing; days are inclusive and UTC."""

    from_on: date | None = None
    to_on: date | None = None
    outlet: str = ""
    bloc: str = ""
    lang: str = ""
    tag: str = ""
    q: str = ""
    after: str = ""
    notices: tuple[str, ...] = ()

    @classmethod
    def parse(cls, query: QueryDict, today: date) -> "ArticleFilter":
        reader = QueryReader(query, today)
        found = cls(
            from_on=reader.day("from"),
            to_on=reader.day("to"),
            outlet=reader.slug("outlet"),
            bloc=reader.choice("bloc", Outlet.Bloc.values),
            lang=reader.matching("lang", _LANGUAGE),
            tag=reader.words("tag", 60),
            q=reader.words("q"),
            after=reader.matching("after", _CURSOR),
        )
        if found.from_on and found.to_on and found.from_on > found.to_on:
            reader.notices.append(_("“from” lies after “to”: they were swapped."))
            found = replace(found, from_on=found.to_on, to_on=found.from_on)
        reader.name_unknown_keys({f.name.replace("_on", "") for f in fields(cls)})
        return replace(found, notices=tuple(reader.notices))

    def articles(self) -> QuerySet[Article]:
        found = Article.objects.select_related("outlet", "story").order_by("-published_at", "-pk")
        if self.from_on:
            found = found.filter(published_at__date__gte=self.from_on)
        if self.to_on:
            found = found.filter(published_at__date__lte=self.to_on)
        plain = {"outlet__slug": self.outlet, "outlet__bloc": self.bloc, "lang": self.lang, "tags__name": self.tag}
        found = found.filter(**{name: value for name, value in plain.items() if value})
        if self.q:
            found = found.filter(Q(title__icontains=self.q) | Q(text__icontains=self.q))
        return found

    def page(self, articles: QuerySet[Article]) -> QuerySet[Article]:
        """The slice that `after` asks for: older than that article."""
        match = _CURSOR.match(self.after)
        if not match:
            return articles
        at = datetime.fromtimestamp(int(match[1]) / 1_000_000, tz=UTC)
        return articles.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=int(match[2])))

    def query(self, **changes: object) -> str:
        """The canonical query string of this filter with changes; an empty value takes a field away."""
        now = replace(self, **changes)  # type: ignore[arg-type]
        values = ((f.name.replace("_on", ""), getattr(now, f.name)) for f in fields(self) if f.name != "notices")
        return urlencode([(name, str(value)) for name, value in values if value])

    def chips(self) -> list[Chip]:
        shown: dict[str, str] = {"bloc": str(Outlet.Bloc(self.bloc).label)} if self.bloc else {}
        if self.outlet:
            shown["outlet"] = (
                Outlet.objects.filter(slug=self.outlet).values_list("name", flat=True).first() or self.outlet
            )
        return [
            Chip(name, str(label), shown.get(name) or str(getattr(self, name)), self._query_without(name))
            for name, label in _LABELS.items()
            if getattr(self, name)
        ]

    def _query_without(self, name: str) -> str:
        return self.query(**{name: None if name.endswith("_on") else "", "after": ""})


_LABELS: Mapping[str, object] = {
    "q": gettext_lazy("Words"),
    "from_on": gettext_lazy("From"),
    "to_on": gettext_lazy("To"),
    "outlet": gettext_lazy("Outlet"),
    "bloc": gettext_lazy("Bloc"),
    "lang": gettext_lazy("Language"),
    "tag": gettext_lazy("Tag"),
}
