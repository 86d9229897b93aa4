"""Arguments of the commands that bring in a ledger, the same at every one that does."""

from pathlib import Path
from typing import Annotated

import typer

Ledger = Annotated[Path, typer.Argument(metavar="FILE", help="XLSX、XLS 或 CSV / ledger.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="只检查，不写入 / check only, write nothing.")
]
Partial = Annotated[
    bool, typer.Option("--partial", help="有错行也导入其余行 / the good rows all the same.")
]
DefaultUnit = Annotated[str, typer.Option(help="没有单位列时的单位 / without that column.")]
Errors = Annotated[
    Path | None,
    typer.Option(metavar="FILE.xlsx", help="错行退回到此文件 / where refused rows go."),
]
