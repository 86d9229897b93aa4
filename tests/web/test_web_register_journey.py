"""On a phone: a bus is added, shows when it runs out, and is a case on its last day."""

from datetime import timedelta

import pytest

from casework.events import Door
from casework.registers.checking import check_registers
from tests.offices import MONDAY_9AM
from tests.web.browsing import a_page, barriers, is_as_wide_as_its_window
from tests.web.conftest import PASSWORD, a_site
from web.serving import running_app

TYPED = {
    "plate": "苏E12345", "vehicle_owner": "某客运公司", "seats": "36",
    "first_registered_on": "2020-03-01", "inspected_on": "2026-01-10",
    "insured_until": "2026-12-31", "permit_until": "2026-03-04", "contact_phone": "13812345678",
}  # fmt: skip


@pytest.fixture
def served(sqlite_office, hashed):
    site = a_site(sqlite_office, hashed)
    with running_app(site.app, host="127.0.0.1", port=8870) as site.address:
        yield site


def test_a_bus_is_added_and_runs_out(chromium, served):
    with a_page(chromium, served, "head1", width=390) as page:
        page.goto(f"{served.address}/registers")
        page.click("section[aria-labelledby=kind-bus] a:has-text('登记')")
        page.select_option("#field-model", "dedicated")
        for name, value in TYPED.items():
            page.fill(f"#field-{name}", value)
        page.click("main form button:has-text('登记')")

        page.wait_for_selector("text=已登记")
        assert page.locator("text=还有 2 天").count() >= 1
        assert page.locator("text=138****5678").count() == 1

        page.goto(f"{served.address}/registers/expiring?days=7")
        assert page.locator(".item:has-text('苏E12345')").count() == 1
        assert (barriers(page), is_as_wide_as_its_window(page)) == ([], True)

        served.clock.at = MONDAY_9AM + timedelta(days=2)
        check_registers(
            served.office, as_of=served.clock.at, ran_at=served.clock.at, door=Door.FLOW
        )
        _sign_in(page, served)
        page.goto(f"{served.address}/registers/bus")
        page.click("text=苏E12345")

        page.wait_for_selector("text=今天到期")
        page.click("aside a.number")
        page.wait_for_selector("h1:has-text('校车标牌有效至 2026-03-04')")


def _sign_in(page, site):
    """Two days on the session has ended."""
    page.goto(f"{site.address}/login")
    page.fill("[name=code]", "head1")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_selector("h1")
