"""What leaves: an export or a case file, and the receipt that is printed for it."""

from dataclasses import asdict
from pathlib import Path

from casework.exporting.archive import pack_case
from casework.exporting.export import Format, export
from cli import reading
from cli.desk import Desk
from cli.printing import Answer, lines
from rules.wording import Wording


def export_found(desk: Desk, query: str, to: Path, format_: str) -> Answer:
    kind = reading.choice(Format, "--format")(format_) if format_ else None
    with desk.office() as office:
        receipt = export(
            office, query, to, by=desk.by, as_of=desk.at, format_=kind, locale=desk.locale
        )
    masked = Wording("，姓名已隐去", ", names masked") if receipt.names_masked else Wording("", "")
    said = Wording(
        f"已导出 {receipt.rows} 件到 {to}{masked.zh}",
        f"exported {receipt.rows} case(s) to {to}{masked.en}",
    )
    sealed = f"SHA-256 {receipt.sha256}\n{receipt.access}"
    return Answer(asdict(receipt), lines(desk.say(said), sealed))


def pack_file(desk: Desk, number: str, to: Path) -> Answer:
    with desk.office() as office:
        packed = pack_case(office, number, to, by=desk.by, as_of=desk.at)
    said = Wording(
        f"已打包到 {to}：{packed.files} 个文件", f"packed into {to}: {packed.files} file(s)"
    )
    return Answer(asdict(packed), lines(desk.say(said), f"SHA-256 {packed.sha256}"))
