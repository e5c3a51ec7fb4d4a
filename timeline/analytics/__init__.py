"""Group and count. Takes querysets, returns rows; the number of queries does not grow with the rows."""

from timeline.analytics.articles import ArticleRow, ReaderPage, article_rows, reader_page
from timeline.analytics.dyads import NamedDyad, count_dyads, named, nodes_of, roll_up
from timeline.analytics.events import (
    actors_within,
    busiest_actors,
    count_articles_by_bin,
    count_by_field,
    count_events_by_bin,
    event_rows,
    events_stamp,
    first_and_last_day,
    recent_days,
)
from timeline.analytics.frame import (
    Freshness,
    actor_names,
    article_languages,
    freshness,
    outlet_names,
    registry_counts,
    situation_names,
)
from timeline.analytics.pages import (
    ActorPage,
    EventPage,
    actor_page,
    count_memberships,
    event_page,
    situation,
    situations,
)

__all__ = [
    "ActorPage",
    "ArticleRow",
    "EventPage",
    "Freshness",
    "NamedDyad",
    "ReaderPage",
    "actor_names",
    "actor_page",
    "actors_within",
    "article_languages",
    "article_rows",
    "busiest_actors",
    "count_articles_by_bin",
    "count_by_field",
    "count_dyads",
    "count_events_by_bin",
    "count_memberships",
    "event_page",
    "event_rows",
    "events_stamp",
    "first_and_last_day",
    "freshness",
    "named",
    "nodes_of",
    "outlet_names",
    "reader_page",
    "recent_days",
    "registry_counts",
    "roll_up",
    "situation",
    "situation_names",
    "situations",
]
