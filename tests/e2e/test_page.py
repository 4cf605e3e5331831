"""The page as a reader meets it: the real Hugo builds it, a real browser shows it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.tool import Blog, installed
from tests.upstream import Upstream

pytestmark = pytest.mark.figures

IMAGES = "[...document.querySelectorAll('main img')].map(i => i.complete && i.naturalWidth)"
OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Silent, directory=str(folder)))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The Chromium on the path; missing, it fails the test in CI and skips it elsewhere."""
    program = installed("chromium", "google-chrome")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(blog: Blog, upstream: Upstream, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The day's post of the example site, open in the browser."""
    ran = blog.run("new", environ=upstream.environ())
    assert ran.code == 0, ran.err
    built = blog.build(tmp_path / "public")
    assert built.code == 0, built.err
    with _served(tmp_path / "public") as url:
        opened = browser.new_page()
        opened.goto(f"{url}/llm-papers-2026-02-27/")
        opened.wait_for_load_state("networkidle")
        yield opened
        opened.close()


def test_a_reader_sees_five_figures_and_folded_abstracts(page: Page) -> None:
    """All images have loaded; the abstracts are folded under their label and open on a click; nothing overflows."""
    assert len(page.evaluate(IMAGES)) == 5
    assert all(page.evaluate(IMAGES))
    folded = page.locator("details")
    assert folded.count() == 5
    for n in range(5):
        assert folded.nth(n).locator("summary").inner_text() == "原文Abstract"
        assert folded.nth(n).get_attribute("open") is None
        folded.nth(n).locator("summary").click()
        assert folded.nth(n).get_attribute("open") is not None
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERFLOW) <= 0


def test_text_of_papers_stays_text(page: Page) -> None:
    """What looked like markup or a shortcode in a title or an abstract is there to the letter, and LaTeX is readable."""
    text = page.inner_text("main")
    assert "τ-Retrieve" in text
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert "{state, action, result} entries & the hazards it met, each in < 60 tokens" in page.inner_text("main")


def test_the_page_asks_nobody_else(blog: Blog, upstream: Upstream, browser: Browser, tmp_path: Path) -> None:
    """No font, script or image from another host."""
    assert blog.run("new", environ=upstream.environ()).code == 0
    assert blog.build(tmp_path / "public").code == 0
    with _served(tmp_path / "public") as url:
        opened, asked = browser.new_page(), []
        opened.on("request", lambda request: asked.append(request.url))
        opened.goto(f"{url}/llm-papers-2026-02-27/")
        opened.wait_for_load_state("networkidle")
        opened.close()
    assert len(asked) >= 6
    assert all(address.startswith(url) for address in asked)
