"""The web page in headless Chromium, against the real server with Lean and the shipped model."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mathlm.api.serving import KEY, Running
from tests.mathlm.client.contract import OTHER_WAY, TWO_WAYS, ContractServer

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
BROWSER = next(
    filter(
        None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))
    ),
    None,
)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome on the PATH")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ACCEPTED, REFUSED = "#verdict[data-state=good]", "#verdict[data-state=bad]"
SHOTS = os.environ.get("MATHLM_SCREENSHOTS", "")
"""A folder that keeps pictures of the page, for people to look at."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A tab whose scripts must not fail; nothing may be loaded from elsewhere."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None,
    )
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith(("http://127.0.0.1:", "data:")) else wrong.append(asked.url)
        ),
    )
    yield page
    context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def contract() -> Iterator[ContractServer]:
    with ContractServer() as server:
        yield server


def write(page: Any, text: str) -> None:
    """Type a text into the empty editor, as a person does."""
    page.click(".cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)


def shown(page: Any, selector: str) -> str:
    return str(page.inner_text(selector))


def enter(page: Any, server: Running) -> None:
    """Open the page of a server that wants a key, and give it."""
    page.goto(server.url)
    page.wait_for_selector("#key-form:visible")
    page.fill("#key", KEY)
    page.keyboard.press("Enter")
    page.wait_for_selector(ACCEPTED)


def test_a_theorem_is_typed_refused_mended_and_accepted(page: Any, server: Running) -> None:
    enter(page, server)
    write(page, "theorem t : \\forall n : Nat, n + 0 = n := by\nintro n\nexact wrong")
    page.wait_for_selector(REFUSED)
    assert "∀ n : Nat" in shown(page, ".cm-content")
    assert "at line 3" in shown(page, "#verdict")
    assert "Unknown identifier `wrong`" in shown(page, "#messages")
    assert page.inner_text(".cm-lintRange-error") == "wrong"
    page.wait_for_selector(".goal")
    assert "⊢ n + 0 = n" in shown(page, "#goals")
    for _ in "wrong":
        page.keyboard.press("Backspace")
    page.keyboard.type("rfl")
    page.wait_for_selector(ACCEPTED)
    certificate = shown(page, "#certificate")
    assert "theorem t (n : Nat) : n + 0 = n" in certificate
    assert "Lean 4" in certificate and "kernel" in certificate and "none" in certificate
    assert page.query_selector(".cm-lintRange-error") is None


def test_a_theorem_is_proved(page: Any, server: Running) -> None:
    enter(page, server)
    write(page, "theorem swap (a b c : Nat) : a + b + c = c + b + a := by\n  sorry")
    page.wait_for_selector("#verdict[data-state=warn]")
    page.click("#prove")
    page.wait_for_selector("#attempts li")
    page.wait_for_selector("text=Proved (")
    page.wait_for_selector(ACCEPTED)
    assert "swap" in shown(page, ".cm-content") and "sorry" not in shown(page, ".cm-content")
    assert "theorem swap (a b c : Nat)" in shown(page, "#certificate")


def test_a_proof_that_needs_an_import_says_so(page: Any, server: Running) -> None:
    enter(page, server)
    write(page, "theorem sums (a b : Int) : 0 ≤ a ^ 2 + b ^ 2 + 1 := by\n  sorry")
    page.wait_for_selector("#verdict[data-state=warn]")
    page.click("#prove")
    page.wait_for_selector("text=the statement was read without it")
    page.wait_for_selector(ACCEPTED)
    assert "import Mathlib" in shown(page, ".cm-content")


def test_a_question_is_solved_and_its_proof_opened(page: Any, server: Running) -> None:
    enter(page, server)
    page.click("#tab-ask")
    page.fill("#question", "What is the greatest common divisor of 84 and 126?")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#answer .big")
    assert shown(page, "#answer .big") == "42"
    assert "lean" in shown(page, "#answer") and "Nat.gcd 84 126 = 42" in shown(page, "#answer")
    assert "gcd" in page.text_content("#drafts")
    page.click("text=Open in the editor")
    page.wait_for_selector(ACCEPTED)
    assert "Nat.gcd 84 126 = 42" in shown(page, "#certificate")


def test_both_programs_of_a_python_certificate_are_shown(page: Any, contract: ContractServer) -> None:
    page.goto(contract.url)
    page.click("#tab-ask")
    page.fill("#question", TWO_WAYS)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#answer .big")
    answer = shown(page, "#answer")
    assert answer.index("from math import gcd") < answer.index("Second program") < answer.index(OTHER_WAY)
    page.fill("#question", "gcd?")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#answer dl")
    assert "beyond the library's" in shown(page, "#answer")
    assert "Second program" not in shown(page, "#answer")


def test_a_link_carries_the_source_and_the_history_brings_it_back(
    page: Any, contract: ContractServer
) -> None:
    source = "theorem shared (n : Nat) : n = n := by\n  rfl -- ∀ ⟨⟩"
    page.goto(contract.url)
    write(page, source)
    page.wait_for_selector(ACCEPTED)
    page.click("#share")
    page.wait_for_selector("#toast:not(:empty)")
    link = page.url
    assert "#lean=" in link and "shared" not in link
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector(".cm-content:has-text('theorem shared')")
    page.select_option("#examples", "Induction")
    page.wait_for_selector(".cm-content:has-text('zero_add')")
    page.click("#history-part summary")
    page.click("#history button:has-text('shared')")
    page.wait_for_selector(".cm-content:has-text('∀ ⟨⟩')")
    page.click("#forget")
    assert "Nothing yet" in shown(page, "#history")


def test_a_damaged_link_says_so(page: Any, contract: ContractServer) -> None:
    page.goto(f"{contract.url}/#lean=abcdef")
    page.wait_for_selector("text=This link is damaged")


@pytest.mark.parametrize(
    ("status", "said"),
    [(429, "The server is busy"), (503, "cannot do it now (no room just now)"), (413, "too long")],
)
def test_trouble_is_said_in_words_and_tried_again(
    page: Any, contract: ContractServer, status: int, said: str
) -> None:
    page.goto(contract.url)
    page.wait_for_selector(ACCEPTED)
    contract.failures.append(("/v1/judge", status, {"retry-after": "1"}))
    page.click("#check")
    page.wait_for_selector(f"#verdict:has-text('{said}')")
    if status != 413:
        page.wait_for_selector(ACCEPTED)  # by itself


def test_a_server_that_is_gone_is_said_in_words(page: Any) -> None:
    with ContractServer() as server:
        page.goto(server.url)
        page.wait_for_selector(ACCEPTED)
    page.click("#check")
    page.wait_for_selector("#verdict:has-text('cannot be reached')")


def test_a_broken_stream_is_said_in_words(page: Any, contract: ContractServer) -> None:
    page.goto(contract.url)
    contract.breaks_off = True
    try:
        page.click("#prove")
        page.wait_for_selector("#search-state:has-text('broke off')")
    finally:
        contract.breaks_off = False


def test_a_server_without_a_model_proves_by_automation(page: Any, contract: ContractServer) -> None:
    page.goto(contract.url)
    page.wait_for_selector(ACCEPTED)
    contract.failures.append(("/v1/prove", 503, {"retry-after": "1"}))
    page.click("#prove")
    page.wait_for_selector("text=Proved (")
    assert contract.bodies("/v1/prove")[-1]["search"] == "automation,mathlib,disprove"


def test_the_page_is_used_by_keyboard(page: Any, contract: ContractServer) -> None:
    page.goto(contract.url)
    page.wait_for_selector(ACCEPTED)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "tab-lean"
    page.keyboard.press("ArrowRight")
    assert page.is_visible("#question") and not page.is_visible("#editor")
    page.keyboard.press("ArrowLeft")
    assert page.is_visible("#editor")
    page.click(".cm-content")
    page.keyboard.press("Tab")  # leaves the editor: it is no trap
    assert not page.evaluate("document.activeElement.id == 'editor'")


def test_every_control_has_a_name(page: Any, contract: ContractServer) -> None:
    page.goto(contract.url)
    nameless = page.evaluate(
        """[...document.querySelectorAll('button, input, select, textarea')].filter(
          (e) => !e.textContent.trim() && !e.getAttribute('aria-label') && !(e.labels && e.labels.length)
        ).map((e) => e.id)"""
    )
    assert nameless == []
    assert page.get_attribute(".cm-content", "aria-label")
    assert page.get_attribute("#verdict", "aria-live") == "polite"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_it_fits_phones_and_desktops(
    chromium: Any, contract: ContractServer, width: int, scheme: str
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(contract.url)
    page.wait_for_selector(ACCEPTED)
    picture(page, f"{width}-{scheme}-accepted")
    write(page, "theorem t (n : Nat) : n + 0 = n := by\nwrong")
    page.wait_for_selector(REFUSED)
    picture(page, f"{width}-{scheme}-refused")
    page.click("#prove")
    page.wait_for_selector("text=Proved (")
    page.wait_for_selector(ACCEPTED)
    picture(page, f"{width}-{scheme}-proved")
    page.click("#tab-ask")
    page.fill("#question", "What is the greatest common divisor of 84 and 126?")
    page.click("#solve")
    page.wait_for_selector("#answer .big")
    page.click("#history-part summary")
    picture(page, f"{width}-{scheme}-solved")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def picture(page: Any, name: str) -> None:
    """Keep a picture where somebody asked for them; the page never scrolls sideways."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.skipif(
    not (Path(__file__).parents[3] / "mathlm/api/web/node_modules").is_dir() or shutil.which("node") is None,
    reason="the page's tools are not installed: npm ci in mathlm/api/web",
)
def test_the_files_are_what_the_source_builds(tmp_path: Path) -> None:
    web = Path(__file__).parents[3] / "mathlm/api/web"
    subprocess.run(["node", "build.mjs", str(tmp_path)], cwd=web, check=True, timeout=120)
    for built in tmp_path.iterdir():
        assert built.read_bytes() == (web.parent / "static" / built.name).read_bytes(), built.name
