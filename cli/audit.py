"""``bihuan audit``: what auditors ask of the history; each part registers its own commands."""

from cli.command import noun

app = noun(
    "审计：查询、查当时、查经过、统计、导出、核对、访问记录 / ask the history, and prove it."
)
