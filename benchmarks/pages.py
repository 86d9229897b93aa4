"""Server time of pages among very many cases; the floor is a page that asks nothing of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from cryptography.fernet import Fernet
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from benchmarks.lives import fill_with_lives
from benchmarks.measures import Figure, percentile, seconds
from benchmarks.offices import START, an_office
from casework.accounts.passwords import hash_password
from casework.office import Office
from models.tables import ACCOUNTS, CASES, PEOPLE
from notifications.sealing import Keys
from web.app import make_app
from web.settings import Settings

PASSWORD = "bench-only-and-long-enough"  # noqa: S105 — it opens nothing
READS = 60
CASE_MS, LIST_MS = 30.0, 60.0
LISTS: Mapping[str, tuple[str, str, float]] = {
    "cases, all of them": ("committee", "/cases", LIST_MS),
    "cases of a cluster, rectifying": ("cluster", "/cases?state=rectifying", LIST_MS),
    "cases of a category, by due day": ("committee", "/cases?category=food&order=due", LIST_MS),
    "home of a cluster": ("cluster", "/", LIST_MS),
    "home of a school": ("owner", "/", LIST_MS),
    "home of the committee": ("committee", "/", LIST_MS),
    "supervision board": ("committee", "/orders", LIST_MS),
    "escalations": ("cluster", "/escalations", LIST_MS),
    "heat": ("committee", "/heat", LIST_MS),
    "dashboard": ("committee", "/dashboard", LIST_MS),
}


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield the 95th percentile of server time, in milliseconds, of a case page and of lists."""
    with an_office(kind) as office:
        fill_with_lives(office, size, until=START)
        let_in(office)
        numbers = some_numbers(office, size)
        app = make_app(office, Settings(Keys([Fernet.generate_key().decode()]), now=now))
        browsers = {code: signed_in(app, code) for code in ("committee", "cluster", "owner")}
        floor = _p95(browsers["committee"], ["/more"])
        yield Figure(f"page that asks nothing of cases, p95, {kind}", floor, "ms", None)
        shown = _p95(browsers["committee"], [f"/case/{number}" for number in numbers])
        yield Figure(f"case page, p95, {kind}", shown, "ms", CASE_MS, f"{size:,} cases")
        for name, (code, address, goal) in LISTS.items():
            taken = _p95(browsers[code], [address])
            yield Figure(f"page: {name}, p95, {kind}", taken, "ms", goal, f"{taken / floor:.1f} ×")


def now() -> datetime:
    return START


def let_in(office: Office) -> None:
    """Give every person of the office an account."""
    hashed = hash_password(PASSWORD, code="")
    with office.writing() as connection:
        rows = [
            {"person_id": person, "password": hashed, "password_at": START, "totp": "",
             "totp_step": 0}
            for person in connection.execute(select(PEOPLE.c.id)).scalars()
        ]  # fmt: skip
        connection.execute(insert(ACCOUNTS), rows)


def some_numbers(office: Office, size: int) -> list[str]:
    """Return the numbers of cases from all over the table."""
    wanted = [1 + size * share // (READS + 1) for share in range(1, READS + 1)]
    with office.reading() as connection:
        found = select(CASES.c.number).where(CASES.c.id.in_(wanted))
        return list(connection.execute(found).scalars())


def signed_in(app: object, code: str) -> TestClient:
    browser = TestClient(
        app, base_url="http://localhost", headers={"Sec-Fetch-Site": "same-origin"}
    )  # type: ignore[arg-type] — FastAPI is an ASGI application
    browser.post("/login", data={"code": code, "password": PASSWORD}, follow_redirects=False)
    return browser


def _p95(browser: TestClient, addresses: list[str]) -> float:
    def ask(address: str) -> None:
        answer = browser.get(address)
        assert answer.status_code == 200, (address, answer.status_code)  # noqa: S101 — a benchmark

    ask(addresses[0])
    return percentile(
        [seconds(lambda n=n: ask(addresses[n % len(addresses)])) * 1_000 for n in range(READS)],
        0.95,
    )
