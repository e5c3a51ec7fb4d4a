"""Feeds in every charset that outlets use, declared, undeclared and declared wrongly."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.ingest.charsets import as_utf8
from articles.ingest.feeds import parse_feed

ARABIC = "قال الوزير إن العبارة ستبحر غدا"
RUSSIAN = "Министр сказал, что паром отправится завтра утром из старого порта"
HEBREW = "השר אמר כי המעבורת תפליג מחר"
FRENCH = "Le ferry a quitté le port à l'été"
TURKISH = "Bakan feribotun yarın şehirden ayrılacağını söyledi"
CHINESE = "部长表示渡轮将于明天早上从旧港口出发前往对岸的城市"
JAPANESE = "大臣はフェリーが明日の朝に古い港から出発すると述べた"
KOREAN = "장관은 여객선이 내일 아침 옛 항구에서 출발할 것이라고 말했다"
THAI = "รัฐมนตรีกล่าวว่าเรือข้ามฟากจะออกเดินทางในวันพรุ่งนี้"
GREEK = "Ο υπουργός είπε ότι το πλοίο θα αποπλεύσει αύριο"
POLISH = "Minister powiedział, że prom odpłynie jutro z żółtej wyspy"

WRITTEN = [
    (ARABIC, "ar", "windows-1256"), (ARABIC, "ar", "iso-8859-6"), (RUSSIAN, "ru", "windows-1251"),
    (RUSSIAN, "ru", "koi8-r"), (HEBREW, "he", "windows-1255"), (FRENCH, "fr", "iso-8859-1"),
    (FRENCH, "fr", "windows-1252"), (TURKISH, "tr", "iso-8859-9"), (CHINESE, "zh", "gb2312"), (CHINESE, "zh", "gbk"),
    (JAPANESE, "ja", "shift_jis"), (JAPANESE, "ja", "euc-jp"), (JAPANESE, "ja", "iso-2022-jp"),
    (KOREAN, "ko", "euc-kr"), (THAI, "th", "tis-620"),
    (GREEK, "el", "iso-8859-7"), (POLISH, "pl", "iso-8859-2"), (ARABIC, "ar", "utf-8"),
]  # fmt: skip


def feed(title: str, charset: str, declared: str = "", lang: str = "") -> bytes:
    declaration = f' encoding="{declared}"' if declared else ""
    language = f"<language>{lang}</language>" if lang else ""
    item = f"<item><title>{title}</title><link>https://a.example/1</link></item>"
    whole = f'<?xml version="1.0"{declaration}?><rss version="2.0"><channel>{language}{item}</channel></rss>'
    return whole.encode(charset)


def title_of(body: bytes, content_type: str = "") -> str:
    return parse_feed(body, "https://a.example/feed", content_type).entries[0].title


@pytest.mark.parametrize(("title", "lang", "charset"), WRITTEN, ids=lambda value: value if value.isascii() else "")
def test_it_believes_the_document(title: str, lang: str, charset: str) -> None:
    assert title_of(feed(title, charset, charset, lang), "text/xml") == title


@pytest.mark.parametrize(("title", "lang", "charset"), WRITTEN, ids=lambda value: value if value.isascii() else "")
def test_it_believes_the_server(title: str, lang: str, charset: str) -> None:
    assert title_of(feed(title, charset), f'application/rss+xml; charset="{charset}"') == title


@pytest.mark.parametrize(("title", "lang", "charset"), WRITTEN, ids=lambda value: value if value.isascii() else "")
def test_it_believes_sound_utf_8_whatever_is_said(title: str, lang: str, charset: str) -> None:
    assert title_of(feed(title, "utf-8", charset), f"text/xml; charset={charset}") == title


@pytest.mark.parametrize(("title", "lang", "charset"), WRITTEN, ids=lambda value: value if value.isascii() else "")
def test_a_server_that_only_says_the_default_knows_less_than_the_document(title: str, lang: str, charset: str) -> None:
    assert title_of(feed(title, charset, charset), "text/xml; charset=ISO-8859-1") == title


@pytest.mark.parametrize(
    ("title", "lang", "charset"),
    [
        row
        for row in WRITTEN
        if row[2] not in {"iso-8859-6", "koi8-r", "euc-jp", "iso-2022-jp", "iso-8859-7", "iso-8859-2"}
    ],
)
@pytest.mark.parametrize("said", ["", "utf-8", "no-such-charset"])
def test_the_language_of_a_feed_tells_the_charset_that_nobody_declared(
    title: str, lang: str, charset: str, said: str
) -> None:
    found = parse_feed(feed(title, charset, said, lang), "https://a.example/feed")
    assert found.entries[0].title == title
    assert charset == "utf-8" or "charset was not declared or is wrong" in found.note


@pytest.mark.parametrize(
    ("title", "charset"),
    [(RUSSIAN, "windows-1251"), (RUSSIAN, "koi8-r"), (CHINESE, "gbk"), (JAPANESE, "euc-jp"), (FRENCH, "iso-8859-1")],
)
def test_letters_tell_the_charset_of_a_feed_that_says_nothing(title: str, charset: str) -> None:
    assert title_of(feed(title, charset)) == title


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("declared", ["utf-16", "utf-8", ""])
@pytest.mark.parametrize("has_mark", [True, False])
def test_wide_letters_are_seen_with_and_without_a_mark(charset: str, declared: str, has_mark: bool) -> None:
    mark = "\ufeff".encode(charset) if has_mark else b""
    assert title_of(mark + feed(ARABIC, charset, declared), "text/xml; charset=utf-8") == ARABIC


@pytest.mark.parametrize("body", [b'{"items": [{"title": "Ferry", "id": 1}]}', feed("Ferry", "utf-8", "utf-8")])
@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, b"\n " + b""])
def test_a_mark_or_blanks_in_front_hide_no_feed(body: bytes, mark: bytes) -> None:
    assert title_of(mark + body) == "Ferry"


def test_a_mark_goes_before_what_is_said() -> None:
    assert title_of(codecs.BOM_UTF8 + feed(FRENCH, "utf-8", "koi8-r"), "text/xml; charset=koi8-r") == FRENCH


def test_ebcdic_is_read_by_its_declaration() -> None:
    assert title_of(feed("Fähre fährt", "cp500", "cp500")) == "Fähre fährt"


def test_a_letter_cut_in_half_does_not_garble_the_others() -> None:
    found = parse_feed(feed(RUSSIAN + "!", "utf-8").replace(b"!", b"\xd0"), "https://a.example/feed", "charset=latin1")
    assert found.entries[0].title == RUSSIAN + "\ufffd" and found.note == "1 of its characters are broken utf-8"


@pytest.mark.parametrize("label", ["utf-7", "rot13", "hex", "zlib", "idna", "unicode_escape", "undefined", "\u0131"])
def test_labels_of_other_things_are_no_charsets(label: str) -> None:
    assert title_of(feed(FRENCH, "utf-8", label), f"text/xml; charset={label}") == FRENCH


@given(st.binary(max_size=200), st.sampled_from(["", "charset=utf-16", "charset=gbk", "charset=hz", "charset=cp037"]))
def test_any_bytes_become_utf_8(body: bytes, content_type: str) -> None:
    for whole in (body, b"<?xml encoding='shift_jis'?>" + body, b"\0<\0?" + body):
        as_utf8(whole, content_type).body.decode("utf-8")
