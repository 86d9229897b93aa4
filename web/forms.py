"""What a form sent: texts and files, within limits."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Annotated, NamedTuple

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from casework.attachments import Attachment
from casework.errors import Invalid
from casework.office import Office
from models import Shows
from rules.wording import Wording

MOST_FILES = 130
"""A part each, also for those left empty: the longest checklist asks for a photo of each item."""
MOST_FIELDS = 600  # five of each of the hundred items of a checklist, and what stands around them
LONGEST_FIELD = 64 * 1024  # the longest text casework takes is 5,000 characters
MOST_BYTES = 128 * 1024 * 1024
"""A form of a dozen photos fits; a single file's limit is the evidence store's."""


class Form(NamedTuple):
    """Texts by name, the last of each, and the files that are not empty."""

    texts: Mapping[str, str]
    files: Sequence[tuple[str, UploadFile]]

    def text(self, name: str) -> str:
        return self.texts.get(name, "")

    def number(self, name: str) -> int | None:
        """Return a whole number that fits a column; None for anything else."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None

    def numbers(self, name: str) -> list[int]:
        """Return whole numbers with commas between them; raise Invalid for anything else."""
        texts = self.text(name).split(",")
        if not all(each.isascii() and each.isdigit() and len(each) <= 18 for each in texts):
            raise bad_choice(name)
        return [int(each) for each in texts]

    def keep(self, office: Office, name: str, shows: Shows) -> list[Attachment]:
        """Store the files of a field as evidence; raise Invalid naming the file."""
        return [
            Attachment(office.evidence.put(file.file, name=file.filename or ""), shows)
            for field, file in self.files
            if field == name
        ]


async def _read_form(request: Request) -> AsyncIterator[Form]:
    reading = request.form(
        max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
    )
    async with reading as parsed:  # its temporary files are closed in the end
        yield Form(dict(_texts(parsed)), list(_files(parsed)))


Sent = Annotated[Form, Depends(_read_form)]
"""The parameter of a page function that takes a form."""


def _texts(parsed: FormData) -> Iterator[tuple[str, str]]:
    for name, value in parsed.multi_items():
        if isinstance(value, str):
            yield name, value.replace("\r\n", "\n")


def _files(parsed: FormData) -> Iterator[tuple[str, UploadFile]]:
    for name, value in parsed.multi_items():
        if isinstance(value, UploadFile) and value.size:
            yield name, value


def bad_choice(where: str) -> Invalid:
    """Return the fault of a choice that no page of ours offers."""
    return Invalid(
        Wording("选项无效", "it is not one of the choices"),
        remedy=Wording("请重新选择。", "Choose again."),
        where=where,
    )
