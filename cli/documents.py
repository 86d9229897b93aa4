"""``bihuan document``: official documents 公文 about cases, orders and look-backs."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import Annotated

import typer

from cli import reading
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer

app = noun("公文：整改通知书、督办通知书、复查意见书、摘牌通知书、回头看记录 / documents.")

_Of = Annotated[
    str,
    typer.Argument(
        metavar="NUMBER",
        help="案件编号、督办文号或回头看编号 / a case's, an order's or a look-back's number.",
    ),
]


@command(
    app,
    "list",
    who=True,
    when="as_of",
    examples=(
        "bihuan document list YH2026-000001 --as committee",
        "bihuan document list '校安督[2026]12号' --as cluster --json",
    ),
)
def list_(desk: Desk, of: _Of) -> Answer:
    """能出哪些公文，哪些已签发 / which documents can be issued, and which are."""
    from cli.document_pages import show_list

    return show_list(desk, of)


@command(
    app,
    "make",
    who=True,
    when="at",
    examples=(
        "bihuan document make rectification YH2026-000001 --to 整改通知书.docx --as cluster",
        "bihuan document make supervision '校安督[2026]12号' --to 督办.pdf --as committee",
        "bihuan document make lookback '校安回[2026]1号' --to 记录.docx --as committee",
    ),
)
def make(
    desk: Desk,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="rectification|supervision|reinspection|release|lookback",
            help="整改、督办、复查、摘牌、回头看 / the kind of document.",
        ),
    ],
    of: _Of,
    *,
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="写到哪里 / file to write.")],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="docx|pdf",
            help="默认按文件扩展名，否则 docx / by default what the file's name says, else docx.",
        ),
    ] = "",
    nth: Annotated[
        int | None,
        typer.Option("--nth", min=1, help="同类第几份，默认最近 / which of its kind."),
    ] = None,
) -> Answer:
    """签发公文并写成文件；再次签发，编号和内容不变 / issue a document, and write its file."""
    from cli.document_pages import write_file
    from rules.documents import DocumentFormat, DocumentKind

    chosen = reading.choice(DocumentKind, "KIND")(kind)
    written = form or to.suffix.removeprefix(".").lower() or DocumentFormat.DOCX
    return write_file(
        desk, chosen, of, to, reading.choice(DocumentFormat, "--format")(written), nth=nth
    )


@command(
    app,
    "verify",
    examples=("bihuan document verify YH2026-000001/3/0a1b2c3d",),
)
def verify(
    desk: Desk,
    code: Annotated[
        str,
        typer.Argument(metavar="CODE", help="公文码或回执 / the document's code, or a receipt."),
    ],
) -> Answer:
    """公文码或回执是否与我们的历史相符 / whether a code or receipt matches our history."""
    from cli.document_pages import show_verified

    return show_verified(desk, code)
