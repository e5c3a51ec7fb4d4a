"""Serves chosen files of installed packages as static files, so that no third-party script lies in the repository."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

PACKAGE_FILES = {"vendor/plotly.min.js": ("plotly", "package_data/plotly.min.js")}


class _PackageStorage(FileSystemStorage):
    def __init__(self, files: dict[str, Path]) -> None:
        super().__init__(location="/")
        self._files = files

    def path(self, name: str) -> str:
        return str(self._files[name])


class PackageFinder(BaseFinder):
    """Finds `vendor/plotly.min.js` in the installed plotly wheel."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._files = {name: _package_folder(package) / path for name, (package, path) in PACKAGE_FILES.items()}
        self._storage = _PackageStorage(self._files)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [path for path in self._files.values() if not path.is_file()]
        return [Error(f"{path} is missing: is the package installed?", id="crisisboard.E001") for path in missing]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = self._files.get(path)
        if find_all:
            return [str(found)] if found else []
        return str(found) if found else None

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in self._files:
            yield name, self._storage


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return Path(package)
    return Path(spec.origin).parent
