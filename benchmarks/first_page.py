"""What a phone fetches and shows first: bytes, layout that moves, and a photo of 12 megapixels.

Bytes are those on the wire, headers included, with nothing kept from before; the sum of all shifts
of a page that is scrolled to its end is stricter than the CLS of https://web.dev/articles/cls. The
photo's server time is the processor time of the process that serves; the client's own is in it.
"""

import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from time import perf_counter, process_time, sleep

import httpx
from cryptography.fernet import Fernet
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.lives import fill_with_lives
from benchmarks.measures import Figure, percentile
from benchmarks.offices import START, an_office
from benchmarks.pages import PASSWORD, let_in, now
from notifications.sealing import Keys
from web.app import make_app
from web.serving import running_app
from web.settings import Settings

MOST_KB, MOST_SHIFT, MOST_SECONDS = 150.0, 0.0, 1.0
WAITS_MS = 300.0
"""What a page may take beside an upload: as long as beside a crowd."""
WIDTHS = {390: 844, 1280: 900}
PAGES: Mapping[str, str] = {
    "sign-in": "/login", "home": "/", "report": "/report", "list": "/cases", "case": "{case}",
}  # fmt: skip
MEGAPIXELS = (4000, 3000)
OURS = {"Sec-Fetch-Site": "same-origin"}
TOLD = {"unit": "O1000", "category": "fire", "again": "1"}
_WATCH = """
window.moved = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.moved += each.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield all of it on SQLite: to a phone no database makes a difference."""
    if kind != "sqlite":
        return
    with an_office(kind) as office:
        fill_with_lives(office, size, until=START)
        let_in(office)
        app = make_app(office, Settings(Keys([Fernet.generate_key().decode()]), now=now))
        with running_app(app, host="127.0.0.1", port=8860) as address:
            case = yield from _upload(address)
            yield from _shown(address, case)


def _upload(address: str) -> Iterator[Figure]:
    """Yield what a photo costs, and what a page beside it waits; return the case's address."""
    with httpx.Client(base_url=address, headers=OURS, timeout=60) as client:
        client.post("/login", data={"code": "owner", "password": PASSWORD})
        idle = [_asked(client) for _ in range(20)]
        photo = _photo()
        with ThreadPoolExecutor(1) as beside:
            begun, used = perf_counter(), process_time()
            sending = beside.submit(_report, client, photo)
            waited = []
            while not sending.done():
                waited.append(_asked(client))
                sleep(0.02)
            taken, used = perf_counter() - begun, process_time() - used
    note = f"{len(photo) / 1e6:.1f} MB, {taken:.2f} s by the clock"
    yield Figure("photo of 12 megapixels, processor time", used, "s", MOST_SECONDS, note)
    worst, usual = max(waited), percentile(idle, 0.5)
    note = f"{len(waited)} pages, {usual:.0f} ms alone"
    yield Figure("page asked for while it is taken in, worst", worst, "ms", WAITS_MS, note)
    return sending.result()


def _asked(client: httpx.Client) -> float:
    begun = perf_counter()
    client.get("/more").raise_for_status()
    return (perf_counter() - begun) * 1_000


def _report(client: httpx.Client, photo: bytes) -> str:
    told = TOLD | {"description": "楼梯间应急灯不亮"}
    files = {"photo": ("灯.jpg", photo, "image/jpeg")}
    return client.post("/report", data=told, files=files).headers["location"]


def _photo() -> bytes:
    """Return a picture as large and as full of detail as a phone's."""
    grain = [Image.effect_noise((1000, 750), 60).resize(MEGAPIXELS) for _ in "RGB"]
    kept = BytesIO()
    Image.merge("RGB", grain).save(kept, "JPEG", quality=90)
    return kept.getvalue()


def _shown(address: str, case: str) -> Iterator[Figure]:
    """Yield bytes and shifts of each page, at both widths, in a browser that has nothing yet."""
    with sync_playwright() as driver:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, path in PAGES.items():
            for width in WIDTHS:
                kb, moved = _look(browser, address, path.format(case=case), width)
                yield Figure(f"{name} at {width}, first time, compressed", kb, "KB", MOST_KB)
                yield Figure(f"{name} at {width}, layout shift", moved, "", MOST_SHIFT)
        browser.close()


def _look(browser: Browser, address: str, path: str, width: int) -> tuple[float, float]:
    window = {"width": width, "height": WIDTHS[width]}
    context = browser.new_context(viewport=window)  # type: ignore[arg-type] — a typed dict of theirs
    if path != "/login":
        _sign_in(context, address)
    page = context.new_page()
    page.add_init_script(_WATCH)
    heard = _bytes_of(context, page)
    page.goto(address + path, wait_until="networkidle")
    kb = sum(heard) / 1_000
    page.mouse.wheel(0, 100_000)
    page.wait_for_timeout(500)
    moved = float(page.evaluate("window.moved"))
    context.close()
    return kb, moved


def _sign_in(context: BrowserContext, address: str) -> None:
    sent = {"code": "owner", "password": PASSWORD}
    context.request.post(f"{address}/login", form=sent, headers=OURS, max_redirects=0)


def _bytes_of(context: BrowserContext, page: Page) -> list[float]:
    """Return a list that each answer's bytes on the wire are added to."""
    heard: list[float] = []
    devtools = context.new_cdp_session(page)
    devtools.on("Network.loadingFinished", lambda told: heard.append(told["encodedDataLength"]))
    devtools.send("Network.enable")
    return heard
