"""Reads the taggers' word lists from `data/`. Files that people edit; a list is a block of words between spaces."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "data"


@cache
def load_wordlist(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """The mapping in `data/NAME.yaml`, or in another folder. Read once, so do not change it.

    Raises ValueError naming the file when it holds no mapping.
    """
    path = folder / f"{name}.yaml"
    content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)  # safe, and ten times faster
    if not isinstance(content, dict):
        raise ValueError(f"{path.name} must hold a mapping")
    return content


def word_set(block: str | list[str]) -> frozenset[str]:
    """The words of a block; a list's entries may hold spaces."""
    return frozenset(block.split() if isinstance(block, str) else block)
