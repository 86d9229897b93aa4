"""``bihuan lookback``: from a template to the public list, and what an outsider checks."""

import json
import shutil

import pytest

from casework.lookback.example import EXAMPLE
from rules.lookback.plan import read_template
from rules.lookback.sizes import AcceptancePlan, Discovery, Fixed, Percentage
from tests.conftest import opened
from tests.lookbacks import INSPECTORS, MONTHLY, closed_cases, with_inspectors
from tests.offices import a_photo, an_office

LOOK = "校安回〔2026〕1号"
TYPED = "校安回[2026]1号"
AT = ("--at", "2026-03-03T09:00+08:00")
BY = ("--as", "admin", *AT)
OUTSIDE = MONTHLY.replace("strata", 'seed = "outside"\nstrata')


@pytest.fixture(scope="module")
def peopled(sqlite_template, tmp_path_factory):
    """The organisation with twelve closed cases, made once and copied for each test."""
    path = tmp_path_factory.mktemp("closed") / "bihuan.db"
    shutil.copyfile(sqlite_template, path)
    with opened(f"sqlite:///{path}") as engine:
        closed_cases(an_office(engine, path.parent))
    return path


@pytest.fixture
def bihuan(bihuan):
    """``bihuan lookback`` and the rest of the words."""
    return lambda *words: bihuan("lookback", *words)


@pytest.fixture
def scene(office):
    """Four inspectors besides."""
    with_inspectors(office)
    return office


@pytest.fixture
def template(tmp_path):
    """Write a template; return its path."""

    def write(text=MONTHLY):
        path = tmp_path / "每月.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def drawn(bihuan, scene, template):
    """A look-back that is drawn, with inspectors; what ``draw`` and ``assign`` told."""
    bihuan("template", "save", "每月", template(), *BY)
    for words in (("plan", "--template", "每月"), ("commit", LOOK)):
        bihuan(*words, *BY)
    return bihuan("draw", LOOK, *BY), bihuan("assign", LOOK, *BY)


@pytest.fixture
def finish(bihuan, drawn, tmp_path):
    """Record and sign every visit that waits; the cases in ``relapsed`` have relapsed."""

    def record(relapsed=()):
        for visit in bihuan("show", LOOK, "--as", "admin", "--json").json["visits"]:
            finding = "relapsed" if visit["number"] in relapsed else "holds"
            photo = tmp_path / f"{visit['number']}.jpg"
            photo.write_bytes(a_photo((int(visit["number"][-2:]), 9, 9)))
            first, second = (each["code"] for each in visit["team"])
            told = bihuan("record", LOOK, visit["number"], "--finding", finding, "--note", "已看",
                          "--photo", photo, "--as", first, *AT)  # fmt: skip
            signed = bihuan("sign", LOOK, visit["number"], "--finding", finding, "--as", second,
                            *AT)  # fmt: skip
            assert (told.code, signed.code) == (0, 0), told.err + signed.err

    return record


def test_a_look_back_from_template_to_public_list(bihuan, scene, template, finish):
    finish()
    told = [bihuan(word, TYPED, *BY) for word in ("close", "publish")]
    shown = bihuan("show", TYPED, "--as", "admin")
    public = bihuan("published")

    assert [each.code for each in told] == [0, 0], [each.err for each in told]
    assert "已办结" in told[0].out
    assert all(
        word in shown.out for word in ("每月回头看", "承诺", "揭示随机种子", "完好", "未复发")
    )
    assert all(word in public.out for word in (LOOK, "消防", "合格", "未复发"))
    assert all(code.upper() not in public.out for code in INSPECTORS)


def test_a_preview_says_sizes_and_power_and_writes_nothing(bihuan, scene, template):
    told = bihuan("preview", "--file", template(), *BY)
    found = bihuan("preview", "--file", template(), *BY, "--json").json

    assert all(word in told.out for word in ("片区 P1", "若有 5% 复发", "能发现至少一件", "0/1"))
    assert (found["population"], found["drawn"], found["from"]) == (12, 4, "2026-03-01")
    assert [(each["stratum"], each["population"], each["n"]) for each in found["strata"]] == [
        ("cluster=P1", 8, 3), ("cluster=P2", 4, 1),
    ]  # fmt: skip
    assert found["strata"][0]["power"] == pytest.approx(3 / 8)
    assert bihuan("list", "--as", "admin", "--json").json == []


def test_a_preview_in_english(bihuan, scene, template):
    told = bihuan("preview", "--file", template(), *BY, "--lang", "en")

    assert "if 5% relapsed, 37.5% sure to see at least one" in " ".join(told.out.split())


def test_drawing_tells_frame_seed_and_receipt(bihuan, drawn):
    draw, assign = drawn

    assert (draw.code, assign.code) == (0, 0), draw.err + assign.err
    assert all(word in draw.out for word in ("名单 12 件，抽中 4 件", "种子 ", f"回执 {LOOK}/5/"))
    assert "已分派 4 件" in assign.out


def test_the_commitment_is_said_at_once_and_never_the_secret(bihuan, scene, template):
    bihuan("plan", "--file", template(), *BY)

    told = bihuan("commit", LOOK, *BY, "--json")
    shown = bihuan("show", LOOK, "--as", "admin", "--json").json

    assert len(told.json["commitment"]) == 64
    assert (shown["commitment"], shown["secret"]) == (told.json["commitment"], "")
    assert "sealed_secret" not in shown


def test_an_outside_value_is_announced_then_given(bihuan, scene, template):
    bihuan("plan", "--file", template(OUTSIDE), *BY)

    without = bihuan("commit", LOOK, *BY)
    told = bihuan("commit", LOOK, "--source", "双色球第2026026期", "--on", "2026-03-03", *BY)
    empty = bihuan("draw", LOOK, *BY)
    draw = bihuan("draw", LOOK, "--outside", "０３ 12 17+08", *BY)
    shown = bihuan("show", LOOK, "--as", "admin", "--json").json

    assert (without.code, told.code, empty.code, draw.code) == (1, 0, 1, 0), draw.err
    assert "双色球第2026026期" in told.out
    assert shown["outside_value"] == "03 12 17+08"


def test_findings_are_recorded_signed_and_judged(bihuan, drawn, finish):
    case = bihuan("show", LOOK, "--as", "admin", "--json").json["visits"][0]["number"]
    finish(relapsed=[case])

    told = bihuan("verdict", LOOK, "--as", "admin")
    found = bihuan("verdict", LOOK, "--as", "admin", "--json").json
    recheck = bihuan("recheck", *BY)

    assert all(word in told.out for word in ("不合格", "33.3%", "其余", "recheck"))
    first = found["strata"][0]
    assert (first["decision"], first["relapsed"], first["interval"][0] > 0) == ("rejected", 1, True)
    assert "其余 5 件全部复查" in first["follows"]
    assert f"{LOOK} cluster=P1：增抽 5 件，共 8 件" in recheck.out


def test_inspectors_see_their_own_visits(bihuan, drawn):
    visit = bihuan("show", LOOK, "--as", "admin", "--json").json["visits"][0]
    one = visit["team"][0]["code"]

    mine = bihuan("mine", "--as", one)
    others = bihuan("show", LOOK, "--as", "owner1")

    assert visit["number"] in mine.out
    assert "填写" in mine.out
    assert (others.code, "没有编号为" in others.err) == (3, True)


def test_a_sample_is_enlarged_and_a_look_back_withdrawn(bihuan, drawn):
    more = bihuan("enlarge", LOOK, "--stratum", "cluster=P1", "--by", "2", "--reason", "锁门", *BY)
    gone = bihuan("withdraw", TYPED, "--reason", "台账有误", *BY)
    listed = bihuan("list", "--as", "auditor", "--state", "已撤回")

    assert "增抽 2 件，共 5 件" in more.out
    assert "已撤回" in gone.out
    assert all(word in listed.out for word in (LOOK, "已撤回", "共 1 项"))


def test_inspectors_are_seated_by_hand_where_the_draw_cannot(bihuan, office, template):
    for words in (("plan", "--file", template()), ("commit", LOOK), ("draw", LOOK)):
        bihuan(*words, *BY)
    case = bihuan("show", LOOK, "--as", "admin", "--json").json["visits"][0]["number"]

    dealt = bihuan("assign", LOOK, *BY)
    blocked = bihuan("assign", LOOK, *BY, "--json").json["impossible"]
    half = bihuan("assign", LOOK, "--case", case, *BY)
    with_inspectors(office)
    seated = bihuan("assign", LOOK, "--case", case, "--inspectors", "inspector1,inspector2",
                    "--day", "2026-03-05", "--reason", "名单不足", *BY)  # fmt: skip

    assert "抽不出" in dealt.out
    assert (len(blocked), blocked[0]["rule"]) == (4, "roster")
    assert (half.code, seated.code) == (2, 0), seated.err


def test_templates_are_saved_shown_and_retired(bihuan, home, template):
    saved = bihuan("template", "save", "每月", template(), *BY)
    listed = bihuan("template", "list")
    shown = bihuan("template", "show", "每月")
    retired = bihuan("template", "retire", "每月", *BY)
    gone = bihuan("template", "show", "每月")

    assert [each.code for each in (saved, listed, shown, retired, gone)] == [0, 0, 0, 0, 3]
    assert all(word in listed.out for word in ("每月", "每月回头看", "percentage"))
    assert shown.out == MONTHLY
    assert bihuan("template", "list", "--json").json == []


def test_the_example_is_valid_as_it_is_printed(bihuan, bare_home):
    printed = bihuan("template", "example").out

    assert printed == EXAMPLE
    assert isinstance(read_template(printed).size, Percentage)


@pytest.mark.parametrize(
    ("rule", "kind"),
    [("fixed", Fixed), ("acceptance", AcceptancePlan), ("discovery", Discovery)],
)
def test_every_rule_that_the_example_comments_out_is_valid(rule, kind):
    head, _, rest = EXAMPLE.partition("[size]")
    block = next(each for each in rest.split("\n\n") if f'rule = "{rule}"' in each)
    size = block.partition("# [size]\n")[2].replace("# ", "")

    assert isinstance(read_template(f"{head}[size]\n{size}\n").size, kind)


def test_every_filter_that_the_example_comments_out_is_valid():
    uncommented = EXAMPLE.replace('# clusters = ["C01", "C02"]', 'clusters = ["C01", "C02"]')
    for name in ("categories", "levels", "listed", "relapsed", "unit_types"):
        uncommented = uncommented.replace(f"# {name} =", f"{name} =")

    frame = read_template(uncommented).frame

    assert (frame.clusters, frame.listed, frame.unit_types) == (("C01", "C02"), True, ("幼儿园",))


def test_a_bundle_is_exported_and_checked_without_a_database(
    bihuan, drawn, finish, tmp_path, monkeypatch
):
    finish()
    file = tmp_path / "回头看.zip"
    receipt = drawn[0].out.partition("回执 ")[2].split()[0]

    exported = bihuan("bundle", TYPED, file, "--with-roster", "--as", "admin")
    again = bihuan("bundle", TYPED, file, "--as", "admin")
    monkeypatch.setenv("BIHUAN_HOME", str(tmp_path / "nowhere"))
    told = bihuan("verify", file, "--receipt", receipt)
    found = bihuan("verify", file, "--json").json
    stranger = bihuan("verify", file, "--receipt", f"{LOOK}/5/00000000")

    assert (exported.code, again.code, told.code) == (0, 1, 0), told.out + exported.err
    assert all(word in told.out for word in ("抽取可重复", "通过", "，0 项不通过"))
    assert found["ok"] is True
    assert {each["outcome"] for each in found["checks"]} == {"passed", "absent"}
    english = bihuan("verify", file, "--lang", "en").out
    assert all(word in english for word in ("the draw can be repeated", "passed", "0 failed"))
    assert (stranger.code, "，1 项不通过" in stranger.out) == (1, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("plan", *BY), 2, "--template、--file 须选一个"),
        (("plan", "--template", "每年", *BY), 3, "没有名为“每年”的模板"),
        (("plan", "--template", "每月", "--as", "owner1", *AT), 1, "您无权"),
        (("commit", "校安回〔2026〕9号", *BY), 3, "没有编号为"),
        (("draw", LOOK, *BY), 1, "不能“抽取案件”"),
        (("record", LOOK, "YH2026-000001", "--finding", "不错", *BY), 2, "不在可选范围"),
        (("list",), 2, "没有说明您是谁"),
        (("bundle", LOOK, "a.zip", "--as", "owner1"), 1, "您无权"),
        (("bundle", LOOK, "a.zip", "--with-roster", "--as", "auditor"), 1, "您无权"),
        (("verify", "没有.zip"), 3, "没有文件"),
    ],
)
def test_what_is_refused_is_said_with_its_code(bihuan, scene, template, words, code, said):
    bihuan("template", "save", "每月", template(), *BY)
    bihuan("plan", "--template", "每月", *BY)

    told = bihuan(*words)

    assert (told.code, said in told.err) == (code, True), told.err


def test_every_command_answers_json(bihuan, drawn, finish):
    finish()
    words = (("list",), ("show", LOOK), ("verdict", LOOK), ("mine",))

    told = [bihuan(*each, "--as", "admin", "--json") for each in words]

    assert [each.code for each in told] == [0] * 4
    assert all(json.loads(each.out) is not None for each in told)
    assert bihuan("published", "--json").json == []
