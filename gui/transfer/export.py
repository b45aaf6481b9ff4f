"""Conversations into one file: whole or not at all, in any of four forms."""

from __future__ import annotations

import enum
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING

from gui.history import exchange
from gui.transfer.files import Names, whole_file
from gui.transfer.page import Page
from gui.transfer.text import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from gui.conversation import Conversation
    from gui.history.record import Record
    from gui.transfer.job import Job
    from gui.transfer.words import Words


class Form(enum.StrEnum):
    """JSON is complete and can be imported again; several conversations as Markdown or PDF are files in a zip."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    PDF = "pdf"


SUFFIXES = {Form.MARKDOWN: ".md", Form.HTML: ".html", Form.JSON: ".json", Form.PDF: ".pdf"}


def suffix(form: Form, count: int) -> str:
    """Of the file that so many conversations become."""
    return ".zip" if count > 1 and form in {Form.MARKDOWN, Form.PDF} else SUFFIXES[form]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`thoughts`: also what the models thought; `versions`: also the other versions, in HTML. JSON always has all."""

    conversations: Sequence[Conversation]
    form: Form
    file: Path
    thoughts: bool = True
    versions: bool = False


def export(
    wanted: Wanted,
    words: Words,
    record_of: Callable[[str], Record | None],
    job: Job,
    pdf_of: Callable[[Record], bytes] | None = None,
) -> int:
    """How many conversations were written: those that are still there. To be called in a thread of its own.

    `pdf_of` draws one; only the form PDF needs it.

    Raises ExportFailed, Ended, and what `record_of` and `pdf_of` raise.
    """
    if wanted.form is Form.PDF and pdf_of is None:
        raise ValueError("there is nobody to draw a PDF")
    count = 0

    def records() -> Iterator[Record]:
        nonlocal count
        for number, conversation in enumerate(wanted.conversations):
            job.reached(number / len(wanted.conversations))
            record = record_of(conversation.id)
            if record is not None:
                count += 1
                yield record

    with whole_file(wanted.file) as file:
        if wanted.form is Form.JSON:
            exchange.write(records(), file)
        elif wanted.form is Form.HTML:
            _write_page(wanted, words, records(), file)
        else:
            _write_each(wanted, records(), lambda record: _file_of(record, wanted, words, pdf_of), file)
        job.reached(1.0)
    return count


def _file_of(record: Record, wanted: Wanted, words: Words, pdf_of: Callable[[Record], bytes] | None) -> bytes:
    if pdf_of is not None and wanted.form is Form.PDF:
        return pdf_of(record)
    return markdown(record, words, thoughts=wanted.thoughts).encode()


def _write_each(wanted: Wanted, records: Iterator[Record], file_of: Callable[[Record], bytes], file: IO[bytes]) -> None:
    if len(wanted.conversations) == 1 and wanted.file.suffix.lower() != ".zip":
        for record in records:
            file.write(file_of(record))
        return
    names = Names()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for record in records:
            day = datetime.fromtimestamp(record.conversation.updated_at / 1000).astimezone()
            title = f"{day:%Y-%m-%d} {record.conversation.title}"
            entry = zipfile.ZipInfo(
                names.take(title, SUFFIXES[wanted.form]), max(day.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
            )
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file_of(record))


def _write_page(wanted: Wanted, words: Words, records: Iterator[Record], file: IO[bytes]) -> None:
    page = Page(words, thoughts=wanted.thoughts, versions=wanted.versions)
    file.write(page.begin(wanted.conversations).encode())
    for record in records:
        for part in page.conversation(record):
            file.write(part.encode())
    file.write(page.end().encode())
