"""With the real lupdate and lrelease on a small project."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import translations

TOOLS = Path(sys.executable).parent

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n<TS version="2.1" language="ru_RU">\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Sources with one sentence and one plural, catalogues that translate both."""
    (tmp_path / "gui").mkdir()
    (tmp_path / "main.py").write_text("")
    (tmp_path / "gui" / "errors.py").write_text('SENTENCE = QT_TRANSLATE_NOOP("errors", "No server at {host}.")\n')
    (tmp_path / "gui" / "sidebar.py").write_text(
        'class Sidebar:\n    def show(self):\n        self.tr("%n chats", "", 3)\n'
    )
    (tmp_path / "resources" / "translations").mkdir(parents=True)
    write_russian(tmp_path, "Нет сервера {host}.")
    (tmp_path / "resources" / "translations" / "gprochat_en.ts").write_text(
        HEAD.replace("ru_RU", "en_US") + "<context><name>Sidebar</name>"
        '<message numerus="yes"><source>%n chats</source><translation><numerusform>one chat</numerusform>'
        "<numerusform>%n chats</numerusform></translation></message></context></TS>"
    )
    return tmp_path


def write_russian(root: Path, sentence: str) -> Path:
    catalogue = root / "resources" / "translations" / "gprochat_ru.ts"
    catalogue.write_text(
        HEAD + "<context><name>errors</name>"
        f"<message><source>No server at {{host}}.</source><translation>{sentence}</translation></message></context>"
        '<context><name>Sidebar</name><message numerus="yes"><source>%n chats</source><translation><numerusform>%n чат'
        "</numerusform><numerusform>%n чата</numerusform><numerusform>%n чатов</numerusform></translation></message>"
        "</context></TS>",
        encoding="utf-8",
    )
    return catalogue


def test_catalogues_in_line_with_the_sources_pass_and_are_not_touched(project: Path) -> None:
    before = {file: file.read_bytes() for file in project.rglob("*.ts")}

    assert translations.check(project, TOOLS) == []
    assert before == {file: file.read_bytes() for file in project.rglob("*.ts")}


def test_a_new_string_and_a_vanished_one_are_named(project: Path) -> None:
    (project / "gui" / "errors.py").write_text('SENTENCE = QT_TRANSLATE_NOOP("errors", "Something "\n    "new.")\n')

    assert translations.check(project, TOOLS) == [
        "gprochat_ru.ts: not in the catalogue: 'Something new.' (errors)",
        "gprochat_ru.ts: no longer in the sources: 'No server at {host}.' (errors)",
    ]


def test_updating_takes_a_new_string_up_unfinished(project: Path) -> None:
    with (project / "main.py").open("a") as source:
        source.write('translate("main", "Hello")\n')
    translations.update(project, TOOLS)

    assert translations.check(project, TOOLS) == ["gprochat_ru.ts: not translated: 'Hello' (main)"]


def test_an_empty_translation_fails(project: Path) -> None:
    write_russian(project, "")

    assert translations.check(project, TOOLS) == [
        "gprochat_ru.ts: not translated: 'No server at {host}.' (errors)",
    ]


def test_a_translation_that_lost_a_placeholder_fails(project: Path) -> None:
    write_russian(project, "Нет сервера {хост}.")

    assert translations.check(project, TOOLS) == [
        "gprochat_ru.ts: not the placeholders of its source: 'No server at {host}.' (errors)",
    ]


def test_a_catalogue_is_compiled_when_it_is_newer(project: Path) -> None:
    translations.compile_catalogues(project, TOOLS)
    assert translations.stale(project) == []

    catalogue = write_russian(project, "{host}: сервера нет.")
    compiled = catalogue.with_suffix(".qm")
    os.utime(compiled, (0, 0))
    assert translations.stale(project) == [catalogue]

    translations.compile_catalogues(project, TOOLS)
    assert translations.stale(project) == []
    assert "сервера нет".encode("utf-16-be") in compiled.read_bytes()
