"""``bihuan audit search``, ``facets``, ``saved``: find cases by one grammar."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from typing import Annotated

import typer

from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer

_PAGE = 20
_Query = Annotated[
    str, typer.Argument(metavar="QUERY", help="查询语句，见 audit grammar / a query.")
]
_After = Annotated[str, typer.Option(metavar="KEY", help="下一页标记 / next page's key.")]
_Size = Annotated[int, typer.Option(min=1, max=500, help="每页几件 / cases a page.")]
_Name = Annotated[str, typer.Argument(metavar="NAME", help="名称 / its name.")]

app = noun("查找案件 / find cases.")
saved = noun("保存的查询 / saved queries.")
app.add_typer(saved, name="saved")


@command(
    app,
    "search",
    who=True,
    when="as_of",
    examples=(
        "bihuan audit search '片区:唯亭 等级:重大 逾期:>10天'",
        "bihuan audit search 'closed:2026-03..2026-05 灭火器 -state:closed sort:due' --json",
        "bihuan audit search '曾逾期:>30天' --facets",
    ),
)
def search(
    desk: Desk,
    query: _Query = "",
    *,
    facets: Annotated[
        bool, typer.Option("--facets", help="另列分布 / count by unit, state, level too.")
    ] = False,
    after: _After = "",
    size: _Size = _PAGE,
) -> Answer:
    """按查询语句查找案件 / find cases by a query."""
    from cli.audit_pages import show_search

    return show_search(desk, query, after, size, facets=facets)


@command(app, "grammar", examples=("bihuan audit grammar", "bihuan audit grammar --lang en"))
def grammar(desk: Desk) -> Answer:
    """查询语句怎么写 / how a query is written: fields, values, examples."""
    from cli.grammar_page import show_grammar

    return show_grammar(desk)


@command(
    app,
    "index",
    examples=("bihuan audit index",),
)
def index(desk: Desk) -> Answer:
    """把等待的案件编入全文索引并计入统计 / index the words of cases and add closed ones up."""
    from cli.audit_pages import index_words

    return index_words(desk)


@command(
    saved,
    "add",
    who=True,
    when="at",
    examples=("bihuan audit saved add 久拖不决 '逾期:>30天 sort:due' --shared",),
)
def add(
    desk: Desk,
    name: _Name,
    query: _Query,
    *,
    shared: Annotated[
        bool, typer.Option("--shared", help="所有人可用 / for everybody to use.")
    ] = False,
) -> Answer:
    """保存查询，同名则替换 / save a query, replacing one of the same name."""
    from cli.saved_pages import save

    return save(desk, name, query, shared=shared)


@command(saved, "list", who=True, examples=("bihuan audit saved list",))
def list_(desk: Desk) -> Answer:
    """我的和共享的查询 / your queries and the shared ones."""
    from cli.saved_pages import show_saved

    return show_saved(desk)


@command(saved, "remove", who=True, examples=("bihuan audit saved remove 久拖不决",))
def remove(desk: Desk, name: _Name) -> Answer:
    """删除我的查询 / remove a query of yours."""
    from cli.saved_pages import forget

    return forget(desk, name)


@command(saved, "run", who=True, when="as_of", examples=("bihuan audit saved run 久拖不决",))
def run(desk: Desk, name: _Name, *, after: _After = "", size: _Size = _PAGE) -> Answer:
    """执行保存的查询 / run a saved query."""
    from cli.saved_pages import run_saved

    return run_saved(desk, name, after, size)
