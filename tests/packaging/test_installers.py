"""What the installers are made of says what the program says."""

from __future__ import annotations

import configparser
import re
import struct
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import build
import icons
import linux_packages
import pytest

from gui import __version__
from gui.app import _parser

LINUX = Path(linux_packages.SOURCE)


def test_the_version_is_that_of_the_program() -> None:
    assert build.version() == __version__


def test_the_manual_tells_of_every_option() -> None:
    manual = (LINUX / "gprochat.1").read_text("utf-8").replace("\\-", "-")

    missing = [
        name
        for action in _parser()._actions
        for name in action.option_strings[-1:]
        if not re.search(rf"{name}\b", manual)
    ]
    assert missing == []


def test_the_entry_for_menus_starts_the_program_and_opens_its_addresses() -> None:
    entry = configparser.ConfigParser(interpolation=None, delimiters="=")
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read_string((LINUX / "gprochat.desktop").read_text("utf-8"))

    main = entry["Desktop Entry"]
    assert main["Exec"] == "gprochat %u"
    assert main["MimeType"] == "x-scheme-handler/gprochat;"
    assert [entry[f"Desktop Action {name}"]["Exec"] for name in main["Actions"].strip(";").split(";")] == [
        "gprochat --new",
        "gprochat --quick",
    ]


def test_software_centres_are_told_all_in_both_languages() -> None:
    told = ElementTree.fromstring((LINUX / "gprochat.metainfo.xml").read_text("utf-8"))

    language = "{http://www.w3.org/XML/1998/namespace}lang"
    for kind in ("summary", "description/p", "description/ul/li", "screenshots/screenshot/caption"):
        found = told.findall(kind)
        assert len([one for one in found if one.get(language) == "ru"]) * 2 == len(found) > 0


@pytest.mark.parametrize("name", linux_packages.NAMES)
def test_the_two_packages_take_each_other_s_place(name: str) -> None:
    about = tomllib.loads((LINUX / "package.toml").read_text("utf-8"))

    assert {name, linux_packages._other(name, about)} == set(linux_packages.NAMES)
    assert ("without that model" in linux_packages._description(name, about)) is (name == "gprochat-small")


def test_an_icon_for_windows_holds_each_picture_where_its_list_says() -> None:
    pictures = {16: b"small", 256: b"the large one"}

    file = icons.ico(pictures)

    assert struct.unpack_from("<HHH", file) == (0, 1, 2)
    for number, (size, picture) in enumerate(pictures.items()):
        side, *_rest, length, begins = struct.unpack_from("<BBBBHHII", file, 6 + 16 * number)
        assert (side or 256, file[begins : begins + length]) == (size, picture)


def test_an_icon_for_macos_says_how_long_it_and_its_pictures_are() -> None:
    file = icons.icns({b"ic07": b"picture"})

    assert file == b"icns" + struct.pack(">I", 23) + b"ic07" + struct.pack(">I", 15) + b"picture"
