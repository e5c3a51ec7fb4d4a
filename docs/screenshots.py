"""Makes the README's pictures from a running board: python docs/screenshots.py http://127.0.0.1:8000 [docs/images].

Needs requirements-dev.txt and a Chromium (CHROMIUM names it; else it is looked for).
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PAGES = {"timeline": "/timeline/", "actors": "/actors/"}
SIZE = {"width": 1360, "height": 900}


def take(browser: Browser, site: str, folder: Path, scheme: str) -> None:
    context = browser.new_context(viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    for name, path in PAGES.items():
        page.goto(site + path)
        page.wait_for_selector(".js-plotly-plot .main-svg", timeout=30_000)
        page.screenshot(path=folder / f"{name}-{scheme}.png")
    context.close()


def main(site: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for scheme in ("light", "dark"):
            take(browser, site, folder, scheme)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2] if len(sys.argv) > 2 else "docs/images"))
