"""Which language is a text in? By script where that decides, else by letter statistics. Unsure is ""."""

import re
from collections import Counter
from functools import cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

LATIN = ("ENGLISH", "FRENCH", "SPANISH", "GERMAN", "ITALIAN", "TURKISH", "PORTUGUESE", "POLISH")
ENOUGH, FEWEST_LETTERS = 0.5, 12
_SCRIPTS = {
    "he": re.compile("[א-ת]"),
    "arabic": re.compile("[\u0620-\u064a\u066e-\u06d3]"),
    "cyrillic": re.compile("[а-яёіїєґ]", re.IGNORECASE),
    "latin": re.compile("[a-zà-žğış]", re.IGNORECASE),
    "cjk": re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"),
}
_PERSIAN = re.compile("[پچژگکیۀ]")
_ARABIC = re.compile("[ةىيكأإؤئ]")
_UKRAINIAN, _RUSSIAN = re.compile("[іїєґ]", re.IGNORECASE), re.compile("[ыэёъ]", re.IGNORECASE)
_KANA, _HANGUL = re.compile("[\u3040-\u30ff]"), re.compile("[\uac00-\ud7af]")
_URDU = re.compile("[ٹڈڑںےھہ]")


def detect_language(text: str, declared: str = "") -> str:
    """ISO 639-1 code, "" when unsure. `declared` is what the feed or page says, believed when the text is not clear."""
    sample = text[:1000]
    counts = Counter({name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS.items()})
    script, n_letters = counts.most_common(1)[0]
    if n_letters < 3:
        return declared
    if script == "arabic":
        return _arabic_script(sample, declared)
    if script == "cyrillic":
        return "uk" if len(_UKRAINIAN.findall(sample)) > len(_RUSSIAN.findall(sample)) else "ru"
    if script == "cjk":
        return "ja" if _KANA.search(sample) else "ko" if _HANGUL.search(sample) else "zh"
    if script == "latin":
        return _latin(sample, declared) if n_letters >= FEWEST_LETTERS else declared
    return script


def _arabic_script(sample: str, declared: str) -> str:
    n_urdu, n_persian, n_arabic = (len(p.findall(sample)) for p in (_URDU, _PERSIAN, _ARABIC))
    if n_urdu > 1 and n_urdu * 4 > n_persian:
        return "ur"
    if n_persian == n_arabic and declared in {"ar", "fa", "ur", "ps", "ckb"}:
        return declared
    return "fa" if n_persian > n_arabic else "ar"


def _latin(sample: str, declared: str) -> str:
    values = _detector().compute_language_confidence_values(sample)
    best = values[0]
    code = str(best.language.iso_code_639_1.name).lower()
    if declared and code != declared and best.value < 0.9:
        return declared
    return code if best.value >= ENOUGH else declared


@cache
def _detector() -> LanguageDetector:
    """34 MB: its tables of single letters and trigrams only, for the languages that share the Latin script."""
    languages = [Language.from_str(name) for name in LATIN]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
