"""What the commands take that adopt a text as data; light, so that --help is fast."""

from pathlib import Path
from typing import Annotated

import typer

TextFile = Annotated[Path, typer.Argument(metavar="FILE", help="TOML 文件 / a TOML file.")]
Why = Annotated[str, typer.Option("--reason", help="原因，记入历史 / why; it is kept.")]
AsText = Annotated[
    bool, typer.Option("--toml", help="输出文本，改后可采用 / its text, to be changed.")
]
OnlyTry = Annotated[
    bool, typer.Option("--dry-run", help="只检查并列出差异 / check, show the difference.")
]
