"""The flow of periodic reports: what ended is compiled once, a campaign on its days."""

from flows.compile_report import CompileRequest, compile_report
from tests.offices import reported


def test_what_ended_is_compiled_once_and_a_campaign_on_its_days(run, home, sqlite_office):
    reported(sqlite_office)
    request = CompileRequest(template="monthly", as_of="2026-04-01T01:00+08:00")
    campaign = CompileRequest(template="bullying", period="2026-03-01..2026-03-31")

    first, shown = run(compile_report, request)
    second, nothing = run(compile_report, request)
    third, _ = run(compile_report, campaign)
    unknown, _ = run(compile_report, CompileRequest(template="nonsense"))

    assert first.message == "汇编 1 期，新编 6 份"
    assert "monthly 2026-03" in shown["filing-summary"].data
    assert (second.message, nothing) == ("汇编 0 期，新编 0 份", {})
    assert third.message == "汇编 1 期，新编 6 份"
    assert unknown.is_failed()
    assert "nonsense" in unknown.message
