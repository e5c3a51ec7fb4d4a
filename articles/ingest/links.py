"""Canonical web addresses: one form for each page, however it was linked. Pure and idempotent."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from articles.ingest.hosts import host_name

LONGEST = 4_096
DEFAULT_PORTS = {"http": "80", "https": "443"}
# Names that tell a site where its reader came from and never which page to show.
TRACKING = re.compile(
    r"(?i)((utm|itm|mtm|pk|piwik|matomo|ga|gs|hsa|at|ns|wt|mc|ml|mkt|oly|vero|guce|trk|ads?|aftr)_\w+|"
    r"(fbc|gc|dc|twc|yc|ysc|ttc|fbc|irc)lid|(gbra|wbra|msclk|igsh|click|irclick|partner|affiliate)id|li_fat_id|epik|"
    r"\w+_(ref(err?er)?|affi?(liate)?|campaign|medium|source|s?cid|xtor)|s_cid|s_kwcid|gad_campaignid|"
    r"ref(err?er)?|ref_(src|url)|source|affi?(liate)?|xtor|cmp(id)?|ocid|icid|ncid|ito|smid|smtyp|partner|"
    r"_hs(enc|mi|fp|tc)|hsctatracking|_ga|_gl|guccounter|traffic_source|wt_?mc|sr_share|"
    r"__twitter_impression|spm|share|feature)\Z"
)
_AMPERSAND = re.compile(r"&(?:amp|#0*38);")  # escaped once more than the feed needs
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
_ESCAPE_OR_ODD = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]")


@dataclass(frozen=True, slots=True)
class _Parts:
    scheme: str
    authority: str
    path: str
    query: str


def canonical_url(url: str, base: str = "") -> str:
    """The canonical form of an absolute http(s) address, or "" when it is none.

    Lower-case scheme and host (IDNA), no default port, no fragment, no credentials, no tracking parameters, no dots
    in the path. `base` must itself be canonical; without one only absolute addresses are taken.
    """
    url = _AMPERSAND.sub("&", re.sub(r"[\t\r\n]", "", url.strip("".join(map(chr, range(33))))))
    parts = _split(url, base)
    if parts is None or len(url) > LONGEST:
        return ""
    host, is_right = _host_and_port(parts)
    if not is_right:
        return ""
    pairs = [pair for pair in parts.query.split("&") if pair and not TRACKING.match(unquote(pair.partition("=")[0]))]
    query = "&".join(pairs)
    path = _without_dots(_escaped(parts.path.replace("\\", "/")))
    found = f"{parts.scheme}://{host}{path}" + (f"?{_escaped(query)}" if query else "")
    return found if len(found) <= 3 * LONGEST else ""


def is_front_page(url: str) -> bool:
    """Whether a canonical address names a host and no page of it."""
    return url != "" and url.partition("://")[2].partition("/")[2] == ""


def has_same_host(url: str, other: str) -> bool:
    """Whether two canonical addresses are of one host; "www." makes no other one of it."""
    host, _, _ = url.partition("://")[2].partition("/")
    return host != "" and host.removeprefix("www.") == other.partition("://")[2].partition("/")[0].removeprefix("www.")


def believed_url(url: str, claimed: str) -> str:
    """What a page is known by: the address that it claims where that is of the host that answered, else its own.

    Both are canonical or empty. A page can claim to be any page of the world; of its own host alone it may speak, and
    a claim of the bare host is a careless template's, not a page's.
    """
    return claimed if has_same_host(claimed, url) and not is_front_page(claimed) else url


def _split(url: str, base: str) -> _Parts | None:
    """As browsers do it: backslashes are slashes, and any number of them stands before the host."""
    url = url.partition("#")[0]
    known = _absolute(base) if base else None
    named = _SCHEME.match(url)
    if named:
        scheme = named[1].lower()
        if scheme not in DEFAULT_PORTS:
            return None
        rest = url[named.end() :]
        if known is None or known.scheme != scheme or rest[:2].replace("\\", "/") == "//":
            return _absolute(f"{scheme}:{rest}")
        return _relative(rest, known)
    return _relative(url, known) if known else None


def _absolute(url: str) -> _Parts | None:
    scheme, _, rest = url.partition(":")
    if scheme.lower() not in DEFAULT_PORTS:
        return None
    before, _, query = rest.partition("?")
    authority, slash, path = before.replace("\\", "/").lstrip("/").partition("/")
    return _Parts(scheme.lower(), authority, slash + path, query)


def _relative(rest: str, base: _Parts) -> _Parts | None:
    path, mark, query = rest.partition("?")
    path = path.replace("\\", "/")
    if path.startswith("//"):
        return _absolute(f"{base.scheme}:{rest}")
    if path.startswith("/"):
        return _Parts(base.scheme, base.authority, path, query)
    if not path:
        return _Parts(base.scheme, base.authority, base.path, query if mark else base.query)
    return _Parts(base.scheme, base.authority, f"{base.path.rpartition('/')[0]}/{path}", query)


def _host_and_port(parts: _Parts) -> tuple[str, bool]:
    address = parts.authority.rpartition("@")[2]
    found = re.fullmatch(r"(\[.*\]|[^:]*)(?::(\d*))?", address, re.ASCII)
    host = host_name(found[1]) if found else ""
    if not found or not host or int(found[2] or 0) > 65535:
        return "", False
    port = (found[2] or "").lstrip("0") or ("0" if found[2] else "")
    return (f"{host}:{port}" if port and port != DEFAULT_PORTS[parts.scheme] else host), True


def _escaped(text: str) -> str:
    """Percent signs only where they must be: escapes of plain letters are undone, odd characters escaped."""
    return _ESCAPE_OR_ODD.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    text = found[0]
    if len(text) == 3:
        letter = chr(int(text[1:], 16))
        return letter if _UNRESERVED.match(letter) else text.upper()
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")[1:]
    for position, segment in enumerate(segments):
        is_last = position == len(segments) - 1
        if segment == "..":
            kept = kept[:-1]
        if segment in {".", ".."}:
            kept += [""] if is_last else []
        else:
            kept.append(segment)
    return "/" + "/".join(kept)
