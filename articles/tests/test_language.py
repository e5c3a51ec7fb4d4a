"""Which language is a text in? Unsure is an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.ingest.language import detect_language


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The delegates met on Tuesday to talk about the ferry", "en"),
        ("Les délégués se sont réunis mardi pour parler du bac", "fr"),
        ("Los delegados se reunieron el martes en el puerto", "es"),
        ("Die Delegierten trafen sich am Dienstag im Hafen", "de"),
        ("I delegati si sono incontrati martedì al porto", "it"),
        ("Delegeler salı günü limanda bir araya geldi", "tr"),
        ("Os delegados reuniram-se na terça-feira no porto", "pt"),
        ("Delegaci spotkali się we wtorek w porcie", "pl"),
        ("اجتمع مندوبو البلدتين في مدينة الميناء", "ar"),
        ("نمایندگان دو شهر روز سه‌شنبه در بندر گفتگو کردند", "fa"),
        ("دونوں شہروں کے مندوبین نے منگل کو بندرگاہ میں ملاقات کی", "ur"),
        ("Делегаты встретились во вторник в порту, чтобы обсудить паром", "ru"),
        ("Делегати зустрілися у вівторок у порту, щоб обговорити пором", "uk"),
        ("הצירים נפגשו ביום שלישי בנמל", "he"),
        ("代表们星期二在港口会面", "zh"),
        ("代表団は火曜日に港で会った", "ja"),
        ("대표단은 화요일 항구에서 만났다", "ko"),
        ("Port: הצירים נפגשו ביום שלישי בנמל", "he"),
    ],
)
def test_it_knows_the_language(text: str, lang: str) -> None:
    assert detect_language(text) == lang == detect_language(text, lang)


@pytest.mark.parametrize("text", ["", "123 — 456", "ok", "🚢🚢🚢", "Reuters"])
def test_a_text_that_says_nothing_is_what_it_is_declared_to_be(text: str) -> None:
    assert (detect_language(text), detect_language(text, "fr")) == ("", "fr")


def test_a_clear_text_outweighs_what_is_declared() -> None:
    assert detect_language("The delegates met on Tuesday to talk about the ferry and the harbour", "fr") == "en"


def test_letters_that_two_languages_share_are_what_they_are_declared_to_be() -> None:
    assert (detect_language("تهران و مشهد"), detect_language("تهران و مشهد", "fa")) == ("ar", "fa")


@given(st.text(max_size=200))
def test_any_text_has_a_code_or_none(text: str) -> None:
    assert len(detect_language(text)) in {0, 2}
