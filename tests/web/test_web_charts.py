"""Charts as geometry: what is longest fills its place, what is unknown is drawn as nothing."""

from web.charts import draw_bars, draw_lines


def test_the_largest_bar_fills_its_place_and_an_unknown_one_is_empty():
    chart = draw_bars([("甲", 10, "10"), ("乙", 5, "5"), ("丙", None, "—"), ("丁", 0, "0")])

    assert [each["length"] for each in chart.bars] == [chart.span, chart.span / 2, 0, 0]
    assert chart.bars[2]["said"] == "—"


def test_a_rate_is_drawn_against_the_whole():
    chart = draw_bars([("甲", 0.5, "50.0%")], most=1)

    assert chart.bars[0]["length"] == chart.span / 2


def test_a_long_name_is_cut():
    assert draw_bars([("第一实验小学东校区", 1, "1")]).bars[0]["name"] == "第一实验小学…"


def test_nothing_at_all_is_drawn_as_nothing():
    assert draw_bars([]).bars == []
    assert draw_lines([], []).lines == []


def test_a_line_leaves_out_what_is_unknown_and_stands_on_the_floor_at_zero():
    chart = draw_lines(["一月", "二月", "三月"], [("", [4, None, 0])])

    (line,) = chart.lines
    assert [dot["y"] for dot in line["dots"]] == [14, chart.floor]


def test_one_period_stands_in_the_middle_and_many_are_named_now_and_then():
    alone = draw_lines(["一月"], [("", [1])])
    many = draw_lines([str(n) for n in range(24)], [("", [1] * 24)])

    assert alone.names[0]["at"] == 224.0
    assert len(many.names) == 5
