"""The one reading of the query string: pages, exports and charts that list events or articles all take these filters.

Bad values are dropped or clamped and named in `notices`, so that a page can say so and an export can refuse.
"""

from timeline.filters.articles import ArticleFilter
from timeline.filters.events import BINS, ROLES, EventFilter
from timeline.filters.query import EARLIEST, Chip, QueryReader

__all__ = ["BINS", "EARLIEST", "ROLES", "ArticleFilter", "Chip", "EventFilter", "QueryReader"]
