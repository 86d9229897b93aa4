"""``bihuan responsibility``: how many units are covered, and which are not."""

from tests.casework.registers.buses import added

YEAR = ("responsibility", "coverage", "--year", "2026", "--as", "committee1")


def test_coverage_is_told_by_cluster_and_unit(bihuan, office):
    added(office, "responsibility")

    told = bihuan(*YEAR)
    missing = bihuan(*YEAR, "--missing", "--json").json

    assert "2026 年：3 个单位，已全覆盖 1 个（33%）" in told.out
    assert "50%" in told.out
    assert [each["code"] for each in missing["units"]] == ["S2", "S3"]
    assert (missing["covered"], missing["units_in_all"]) == (1, 3)


def test_a_year_that_is_none_is_refused(bihuan, office):
    answer = bihuan("responsibility", "coverage", "--year", "1999", "--as", "committee1")

    assert (answer.code, answer.out) == (1, "")
