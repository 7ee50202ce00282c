"""Pictures of the top of a report, as a browser shows it: docs/images/report-en.png and -ar.png.

`python docs/report_picture.py` makes them anew; it needs Chromium (`sh tools/chromium.sh`). Nobody
compares them with what would be made now: fonts differ from one machine to the next.
"""

import shutil
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

ROOT = Path(__file__).parents[1]
WIDTH, HEIGHT = 1280, 1240


def report_picture(html: str) -> bytes:
    """The top of a page as a PNG.

    Args:
        html: the page.

    Raises:
        FileNotFoundError: there is no Chromium on this machine.
    """
    from playwright.sync_api import sync_playwright  # the rest of the documentation needs none

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise FileNotFoundError("no chromium here: `sh tools/chromium.sh` installs it")
    with TemporaryDirectory() as folder, sync_playwright() as driver:
        path = Path(folder) / "report.html"
        path.write_text(html, encoding="utf-8")
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(path.as_uri())
        shot = page.screenshot()
        browser.close()
    return _small(shot)


def _small(png: bytes) -> bytes:
    out = BytesIO()
    with Image.open(BytesIO(png)) as picture:
        picture.convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Writes the picture of each language."""
    sys.path.insert(0, str(ROOT / "tests"))
    from automod.report.evaluation_html import report
    from automod.report.labels import LANGS
    from evaluations import evaluation
    from worlds import CODE_TITLES

    for lang in LANGS:
        png = report_picture(report(evaluation(), lang, titles=CODE_TITLES[lang]))
        (ROOT / f"docs/images/report-{lang}.png").write_bytes(png)


if __name__ == "__main__":
    main()
