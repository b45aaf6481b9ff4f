"""What the window says, in the person's language: errors, times."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from gui.errors import GProChatError, Remedy

translate = QCoreApplication.translate


def explain(error: GProChatError) -> str:
    """The sentence of an error, translated."""
    phrases = {name: translate("errors", str(error.details.get(name, ""))) for name in error.phrases}
    return error.fill(translate("errors", error.sentence), **phrases).strip()


def remedy_text(remedy: Remedy) -> str:
    """The button for what the person can do; "" for nothing."""
    return {
        Remedy.RETRY: translate("wording", "Retry"),
        Remedy.OPEN_CONNECTION: translate("wording", "Open connections"),
        Remedy.OPEN_PROXY: translate("wording", "Open proxy settings"),
        Remedy.NEW_CHAT: translate("wording", "New chat"),
        Remedy.REPAIR: translate("wording", "Repair"),
        Remedy.NONE: "",
    }[remedy]


def one_line(title: str) -> str:
    """What a chat is called where there is room for a line: another program may have put more in its title."""
    return " ".join(title.split()) or translate("sidebar", "New chat")


def plain(text: str) -> str:
    """What an action or a menu is called, without the mark of its letter."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def plain_tooltip(text: str) -> str:
    """`text` for a tool tip, which would take what looks like HTML for it."""
    return f"<span>{text.replace('&', '&amp;').replace('<', '&lt;')}</span>"


def clock(milliseconds: int) -> str:
    """The time of day of a message, with its date if it is not of today."""
    from PySide6.QtCore import QDateTime

    moment = QDateTime.fromMSecsSinceEpoch(milliseconds)
    time = QLocale().toString(moment.time(), QLocale.FormatType.ShortFormat)
    if moment.date() == QDateTime.currentDateTime().date():
        return time
    return f"{QLocale().toString(moment.date(), QLocale.FormatType.ShortFormat)} {time}"


def day(milliseconds: int) -> str:
    """A date."""
    from PySide6.QtCore import QDateTime

    return QLocale().toString(QDateTime.fromMSecsSinceEpoch(milliseconds).date(), QLocale.FormatType.ShortFormat)


def period_of(begin: int, *, month: bool) -> str:
    """The heading of what is of the month that began then; or of the day, or of the days of a week."""
    from datetime import datetime

    try:
        then = datetime.fromtimestamp(begin / 1000).astimezone().date()
    except (ValueError, OverflowError, OSError):
        return translate("wording", "Long ago")
    today = datetime.now().astimezone().date()
    if not month:
        days = (today - then).days
        if days <= 0:
            return translate("wording", "Today")
        return translate("wording", "Yesterday") if days == 1 else translate("wording", "Previous 7 days")
    name = QLocale().standaloneMonthName(then.month)
    name = name[:1].upper() + name[1:]
    return name if then.year == today.year else f"{name} {then.year}"
