"""What a message says of each notice, and that nothing it is given can say more than itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from notifications.messages import Item, Letter, compose
from notifications.wordings import FOLDER, KINDS, SAMPLES, BadWording, Worded, check, shipped, word

IN_TIME, LATE = SAMPLES
LETTER = Letter("王芳", "https://bihuan.example.cn/", "2003.1.7.sig")
LOCALES = ("zh", "en")


def item(said=LATE, *, kind="overdue", notice=7):
    return Item(notice, f"1:2:{kind}:{notice}", kind, f"{said.number}/3/1f2e3d4c", said)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_our_own_wordings_could_be_adopted(kind, locale):
    check(shipped(kind, locale))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_wording_is_a_file_and_every_file_a_wording(locale):
    files = {path.stem for path in (FOLDER / locale).glob("*.txt")}

    assert files == {*KINDS, "frame"}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "kind",
    [
        each
        for each in KINDS
        if each not in {"duty", "filing", "filing_asked", "guard_check", "bus_bulletin", "head"}
    ],
)
@pytest.mark.parametrize("said", SAMPLES)
def test_every_notice_says_which_case_what_by_when_with_link_and_receipt(kind, locale, said):
    message = compose([item(said, kind=kind)], LETTER, locale)

    asked = {"zh": "请", "en": "lease"}[locale]
    for form in (message.text, message.html, message.markdown):
        assert said.number in form
        assert asked in form
        assert said.due in form
        assert f"https://bihuan.example.cn/case/{said.number}" in form
        assert "https://bihuan.example.cn/acknowledge/2003.1.7.sig" in form
        assert f"{said.number}/3/1f2e3d4c" in form
    assert said.number in message.subject
    assert message.keys == (f"1:2:{kind}:7",)


def test_without_an_address_of_ours_there_are_no_links_but_a_command():
    message = compose([item()], Letter("王芳", "", "2003.1.7.sig"), "zh")

    forms = message.text + message.html + message.markdown
    assert "http" not in forms
    assert forms.count("bihuan notice ack 7") == 3


@pytest.mark.parametrize(
    ("locale", "subject"),
    [
        ("zh", "【隐患整改】3 条通知，其中逾期 2 条"),
        ("en", "[Hazards] 3 notices, 2 of them late"),
    ],
)
def test_several_notices_make_a_digest(locale, subject):
    items = [item(), item(IN_TIME, kind="remind", notice=8), item(kind="list", notice=9)]

    message = compose(items, LETTER, locale)

    assert message.subject == subject
    assert [message.text.count(f"{n}. ") for n in (1, 2, 3)] == [1, 1, 1]
    assert len(message.keys) == 3


@pytest.mark.parametrize("locale", LOCALES)
def test_a_digest_carries_the_newest_head_and_a_single_notice_none(locale):
    letter = replace(LETTER, head="96 ZeJayysrLYwv8rDeOSCZfjoIomt4DR9OgDYb5WmLAG8=")

    digest = compose([item(), item(notice=8)], letter, locale)
    single = compose([item()], letter, locale)

    for form in (digest.text, digest.html, digest.markdown):
        assert " 96 ZeJayysrLYwv8rDeOSCZfjoIomt4DR9OgDYb5WmLAG8=" in form
    assert "ZeJay" not in single.text + single.html + single.markdown


def test_an_unknown_kind_is_told_all_the_same():
    message = compose([item(kind="something_new")], LETTER, "zh")

    assert message.subject == f"【通知】{LATE.number} 整改"


PAYLOADS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "[点我](http://evil.example)", "http://evil.example/login", "**粗** _斜_ `码` # 题", "<@all>",
    "@所有人", "a\r\nBcc: b@evil.example", "a\n\n案件 YH2026-000001 已销号", "\u202e反向\u200b",
    "~~x~~ |x|",
)  # fmt: skip

MARKS = ("<script", "<img", "<@", "](http://evil", "http://evil", "**粗", "`码", "@所", "\u202e")


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("field", ["description", "unit", "words", "order"])
def test_what_somebody_typed_is_inert_in_every_form(payload, field):
    clean = compose([item()], LETTER, "zh")

    message = compose([item(replace(LATE, **{field: payload}))], LETTER, "zh")

    assert payload not in message.text + message.html + message.markdown
    assert "\n" not in message.subject
    said = message.text + message.html + message.markdown + message.subject
    assert [mark for mark in MARKS if mark in said] == []
    assert len(message.text.splitlines()) == len(clean.text.splitlines())


def test_a_long_description_is_cut():
    message = compose([item(replace(LATE, description="长" * 5_000))], LETTER, "zh")

    assert "长" * 199 + "…" in message.text
    assert "长" * 200 not in message.text


CHANGED = Worded(
    "{{ number }} 逾期了", "{{ unit }}{% if late %}已逾期 {{ days_late }} 天{% endif %}"
)


def test_an_administrators_wording_goes_before_ours():
    message = compose([item()], LETTER, "zh", {"overdue": CHANGED})

    assert message.subject == f"{LATE.number} 逾期了"
    assert "第一小学已逾期 3 天" in message.text
    assert word("overdue", IN_TIME, "zh", CHANGED).text == "第一小学"


@pytest.mark.parametrize(
    ("subject", "text", "where", "says"),
    [
        ("{{ nubmer }}", "x", "subject", "nubmer"),
        ("x", "{{ case.number }}", "text", "Getattr"),
        ("x", "{{ number.__class__ }}", "text", "Getattr"),
        ("x", "{{ number['x'] }}", "text", "Getitem"),
        ("x", "{{ range(9) }}", "text", "Call"),
        ("x", "{{ number * 10 ** 9 }}", "text", "Mul"),
        ("x", "{% for a in number %}{% endfor %}", "text", "For"),
        ("x", "{% set a = 1 %}", "text", "Assign"),
        ("x", "{% include 'frame.txt' %}", "text", "Include"),
        ("x", "{% raw %}{{ number }}", "text", ""),
        ("x", "{{ number", "text", ""),
        ("{% if late %}x{% endif %}", "x", "subject", "empty"),
        ("", "x", "subject", "empty"),
        ("x", "{{ days_late < number }}", "text", ""),
        ("x", "{{ number | upper }}", "text", "Filter"),
    ],
)
def test_a_wording_that_cannot_be_said_is_refused_naming_what_is_wrong(subject, text, where, says):
    with pytest.raises(BadWording) as refused:
        check(Worded(subject, text))

    assert refused.value.where == where
    assert says in refused.value.say("en")
    assert "number" in refused.value.remedy.en


SSTI = (
    (Path(__file__).with_name("data") / "ssti_jinja.txt").read_text(encoding="utf-8").splitlines()
)


@pytest.mark.parametrize("payload", SSTI)
def test_what_somebody_typed_is_never_run(payload):
    said = replace(LATE, description=payload, words=payload)

    text = word("list", said, "zh").text

    assert "49" not in text.replace(payload, "")
    assert "7777777" not in text.replace("would result in 7777777", "")


def test_of_all_injections_into_a_wording_only_a_plain_word_is_adopted():
    marked = [payload for payload in SSTI if "{{" in payload or "{%" in payload]
    adopted = [payload for payload in marked if adoptable(payload)]

    assert adopted == ["{{ '<script>alert(3)</script>' }}"]
    message = compose([item()], LETTER, "zh", {"overdue": Worded("x", adopted[0])})
    assert "<script" not in message.html


def adoptable(text):
    try:
        check(Worded("x", text))
    except BadWording:
        return False
    return True
