"""Fetches and parses each address of standard input as a worker does; prints how each ended, one JSON line each.

Names resolve to nothing but themselves and one public address: a test sends nothing to a name server.
"""

import json
import os
import sys

from articles.ingest.children import POOL, apart
from articles.ingest.extract import NotAPage, extract_page
from articles.ingest.feeds import NotAFeed, parse_feed
from articles.ingest.fetch import Limits, Refused, fetch
from articles.ingest.scan import TooComplex
from articles.tests.loopback import public_names

LIMITS = Limits(permit=frozenset(os.environ["FETCH_TEST_PERMIT"].split(",")), resolve=public_names, deadline_s=5)


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(ending(json.loads(line))), flush=True)
    apart(extract_page, b"", "")  # a child, if no answer needed one
    POOL.close()


def ending(url: str) -> str:
    try:
        page = fetch(url, LIMITS)
    except Refused as refused:
        return f"refused: {refused.refusal.name}"
    try:
        apart(extract_page, page.body, page.url)
        return f"HTTP {page.status}, {len(apart(parse_feed, page.body, page.url).entries)} entries"
    except (NotAFeed, NotAPage, TooComplex) as error:
        return f"HTTP {page.status}, {error}"


if __name__ == "__main__":
    main()
