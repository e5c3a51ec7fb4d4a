"""Host names in one form, read as browsers read them (WHATWG URL): what was checked is what is connected to. Pure."""

import re
import unicodedata
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import unquote_to_bytes

LONGEST = 253
_FORBIDDEN = re.compile(r"[\x00-\x20#/:<>?@\[\\\]^|%\x7f]")
_IGNORED = re.compile("[\u00ad\u034f\u180b-\u180d\u180f\u200b\u2060\ufe00-\ufe0f\ufeff]")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_NEVER = {"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"}  # categories no host name holds


def host_name(raw: str) -> str:
    """Lower-case ASCII name, dotted IPv4 address or bracketed IPv6 address; "" when `raw` is none of these."""
    if raw.startswith("[") or raw.endswith("]"):
        return _ipv6(raw)
    try:
        name = _mapped(unquote_to_bytes(raw).decode("utf-8"))
        labels = [_label(label) for label in name.removesuffix(".").split(".")]
    except UnicodeError:
        return ""
    name = ".".join(labels)
    if not all(labels) or len(name) > LONGEST or _FORBIDDEN.search(name):
        return ""
    return _ipv4(labels) if _NUMBER.fullmatch(labels[-1]) else name


def _mapped(name: str) -> str:
    """Full-width, circled and upper-case letters as the plain ones; ß, ς stay what they are."""
    plain = unicodedata.normalize("NFKC", _IGNORED.sub("", name)).lower()
    return unicodedata.normalize("NFKC", plain).replace("。", ".")


def _label(label: str) -> str:
    """A label as ASCII. Raises UnicodeError for one that may not stand in a name."""
    if label.isascii():
        return label
    _check(label)
    return "xn--" + label.encode("punycode").decode("ascii")


def _check(label: str) -> None:
    categories = [unicodedata.category(letter) for letter in label]
    if categories[0].startswith("M") or _NEVER.intersection(categories) or "\ufffd" in label:
        raise UnicodeError(label)


def _ipv4(labels: list[str]) -> str:
    """`labels` as the C library would read them: fewer than four parts, octal and hexadecimal ones too."""
    if len(labels) > 4 or not all(_NUMBER.fullmatch(label) for label in labels):
        return ""
    try:
        *heads, last = (_integer(label) for label in labels)
    except ValueError:
        return ""
    if any(head > 255 for head in heads) or last >= 256 ** (4 - len(heads)):
        return ""
    return str(IPv4Address(sum(head << 8 * (3 - i) for i, head in enumerate(heads)) + last))


def _integer(text: str) -> int:
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if text.startswith("0") else 10)


def _ipv6(raw: str) -> str:
    if "%" in raw or not (raw.startswith("[") and raw.endswith("]")):
        return ""
    try:
        address = IPv6Address(raw[1:-1])
    except AddressValueError:
        return ""
    if address.ipv4_mapped:  # written alike by every version of Python
        low = int(address.ipv4_mapped)
        return f"[::ffff:{low >> 16:x}:{low & 0xFFFF:x}]"
    return f"[{address.compressed}]"
