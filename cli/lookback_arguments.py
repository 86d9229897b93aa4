"""Arguments that the commands of look-backs share."""

from typing import Annotated

import typer

# As people type them: 〔〕 are on few keyboards.
_BRACKETS = str.maketrans("[【({［（]】)}］）", "〔〔〔〔〔〔〕〕〕〕〕〕")


def read_number(typed: str) -> str:
    """Return a look-back's number as it is kept, whatever brackets were typed."""
    return typed.translate(_BRACKETS)


Number = Annotated[
    str,
    typer.Argument(
        parser=read_number,
        metavar="LOOKBACK",
        help="回头看编号，括号形式不限 / a look-back's number.",
    ),
]
Case = Annotated[str, typer.Argument(metavar="CASE", help="案件编号 / a case's number.")]
Reason = Annotated[str, typer.Option(help="理由 / why.")]
Template = Annotated[
    str, typer.Option("--template", metavar="NAME", help="已保存的模板 / a saved template.")
]
Period = Annotated[
    str,
    typer.Option(
        metavar="PERIOD",
        help="销号期间，代替模板的：last-month、2026-03、2026Q1、90d / closed when, instead.",
    ),
]
Clusters = Annotated[
    list[str] | None,
    typer.Option("--cluster", metavar="CODE", help="只看此片区，可重复 / this cluster only."),
]
KINDS = "holds|relapsed|no-access|not-applicable"
Finding = Annotated[
    str,
    typer.Option(
        metavar=KINDS,
        help="未复发、复发、未能入校、不适用 / holds, relapsed, no access, not applicable.",
    ),
]
