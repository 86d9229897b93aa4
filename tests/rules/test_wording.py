import pytest

from rules.wording import NOTHING, Trouble, Wording


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("期限已过", "期限已过。请改期。"),
        ("期限已过。", "期限已过。请改期。"),
        ("期限已过！", "期限已过！请改期。"),
        ("改到哪天？", "改到哪天？请改期。"),
    ],
)
def test_a_sentence_is_closed_once_in_chinese(problem, said):
    assert Trouble(Wording(problem, ""), remedy=Wording("请改期。", "")).say("zh") == said


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("it is late", "due: it is late. Choose a day."),
        ("It is late.", "due: It is late. Choose a day."),
        ("It is late!", "due: It is late! Choose a day."),
        ("Which day?", "due: Which day? Choose a day."),
    ],
)
def test_a_sentence_is_closed_once_in_english_and_says_where(problem, said):
    remedy = Wording("", "Choose a day.")
    assert Trouble(Wording("", problem), remedy=remedy, where="due").say("en") == said


def test_without_a_remedy_the_problem_stands_alone():
    assert Trouble(Wording("期限已过", "late"), remedy=NOTHING).say("en") == "late."
