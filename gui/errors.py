"""Every error the program raises itself, each with one sentence for the person and what they can do about it.

    GProChatError
    ├── ReplyError                   no reply, or not all of it; the text that arrived was already yielded
    │   ├── InvalidAddress           the server's address cannot be used
    │   ├── NetworkError             the request or the reply did not get through
    │   │   ├── ServerUnreachable    refused, no route
    │   │   ├── NameNotResolved      the host's name is unknown
    │   │   ├── ConnectTimeout       no connection within the limit
    │   │   ├── FirstByteTimeout     connected, no first byte within its (long) limit
    │   │   ├── SilenceTimeout       the reply fell silent
    │   │   ├── ConnectionCut        ended before the protocol's own end
    │   │   │   └── ConnectionDropped  before the first byte of an answer
    │   │   ├── CertificateRejected  TLS
    │   │   │   └── TlsMissing       what answers there does not speak it
    │   │   ├── TrustUnreadable      a certificate's file of the connection
    │   │   └── ProxyError           the proxy, not the server
    │   │       ├── ProxyUnreachable
    │   │       ├── ProxyLoginRefused
    │   │       └── ProxyRefused     it would not pass the request on
    │   ├── ServerError              the server answered, but not with a reply
    │   │   ├── NotThisProtocol      nothing there speaks the protocol (404, HTML, …)
    │   │   ├── BadSignature         GPROChat: the secret key (or the clock) is wrong
    │   │   │   └── ClockWrong       the server's clock is another
    │   │   ├── BadPassword          GPROChat: the site password is wrong
    │   │   ├── BadApiKey            OpenAI-compatible: 401, 403
    │   │   ├── VerificationRequired GPROChat: a browser check stands before the server
    │   │   ├── BadRequest           the server refuses this conversation
    │   │   ├── ModelNotFound
    │   │   ├── ContextTooLong
    │   │   │   └── RequestTooLarge  413: for whoever passes it on, maybe
    │   │   ├── RateLimited          429, of the server
    │   │   │   └── QuotaUsedUp      of the service behind it
    │   │   ├── Overloaded           503, of the server or of the service behind it
    │   │   ├── UpstreamError        the service behind the server failed
    │   │   └── ServerFailed         any other failure
    │   ├── EmptyReply               a success with no text
    │   ├── ReplyBroken              the model failed in the middle of the reply
    │   ├── LengthLimitReached       the model may not say more in one reply
    │   ├── UnknownModel             the provider has a closed list, and this is not on it
    │   └── EngineError              the embedded model
    │       ├── EngineMissing        its engine is not installed
    │       ├── ModelFileMissing
    │       ├── ModelFileDamaged
    │       ├── ModelFileUnfit       a file of the person's own is none, or not whole, by its header
    │       ├── ModelNotLoaded       a file of the person's own is not one its engine can use
    │       └── EngineCrashed
    ├── DownloadError                a model's file was not fetched
    │   ├── DownloadRefused          the server does not give it
    │   ├── DownloadTooLarge         there is no room for it on the disk
    │   ├── DownloadDamaged          it is not what its checksum says
    │   ├── ChecksumUnusable         what was given for a checksum is none
    │   └── DownloadUnwritable
    ├── AttachmentError
    │   ├── AttachmentUnfit          a file cannot be said along with a message
    │   └── AttachmentNotTaken       this connection takes no images
    ├── ExportFailed                 a conversation could not be written to a file, or printed
    ├── ImportRefused                a file of conversations was not taken in, and nothing of it
    │   ├── ImportUnreadable         it cannot be read at all
    │   ├── ImportUnknown            it is of no kind that is known
    │   ├── ImportNotJson            its JSON is broken
    │   ├── ImportMisshapen          something else stands where this kind has something
    │   ├── ImportNotOurs            as these two, of a history of this program
    │   └── ImportTooLarge
    ├── ImageError                   a picture of a reply cannot be shown
    │   ├── ImageRefused             the server does not give it
    │   ├── ImageElsewhere           it sends on to where nothing is fetched from
    │   ├── ImageTooLarge
    │   └── ImageUnreadable          not a picture, a damaged one, or of a kind that is not drawn
    ├── SettingsError
    │   ├── KeyringError             a secret could not be read or stored
    │   │   ├── KeyringMissing       there is none on this system
    │   │   ├── KeyringLocked        locked, or its prompt was dismissed
    │   │   ├── KeyringSilent        it does not answer
    │   │   ├── SecretTooLong        it cannot hold that much
    │   │   └── KeyringFailed        anything else it said
    │   ├── ProxyInvalid             what was entered or stored is not a proxy
    │   │   ├── ProxyKindUnknown
    │   │   ├── ProxyHostInvalid
    │   │   ├── ProxyPortInvalid
    │   │   ├── PacFailed            an automatic configuration gave no answer
    │   │   └── ProxyNotStored       none was entered
    │   ├── ProxyUnreadable          the proxy setting cannot be read, so nothing is sent
    │   ├── ConnectionUnknown        no connection of that name
    │   ├── SecretInAddress          a login in an address, which is kept in a file
    │   ├── SettingsDamaged          the settings' file cannot be read; it was set aside
    │   └── SettingsUnwritable       the settings' file cannot be written
    ├── SyncFolderUnusable           the folder that keeps several computers equal cannot be read or written
    └── HistoryError
        ├── HistoryUnavailable       cannot be opened, read or written (folder, rights, lock, drive)
        ├── HistoryFull              the disk is full
        ├── HistoryTooNew            written by a newer version of the program: it can be read alone
        ├── HistoryForeign           the file is another program's
        └── HistoryDamaged           the file is not a healthy database

A sentence is a `str.format` template in English over the details; the windows translate the template, then fill it in.
Details hold plain JSON values and never a secret: they are kept beside the failed reply.
"""

from __future__ import annotations

import enum
import json
from typing import ClassVar

from gui.override import override


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802 -- lupdate looks for this very name
    """Mark `text` for the translators; what shows it translates it."""
    return text


class Remedy(enum.StrEnum):
    """What the person can do about an error; the window shows it as a button."""

    RETRY = "retry"
    OPEN_CONNECTION = "open-connection"
    OPEN_PROXY = "open-proxy"
    NEW_CHAT = "new-chat"
    REPAIR = "repair"
    NONE = "none"


class GProChatError(Exception):
    """Root. `details` fill the placeholders of `sentence`; those named in `phrases` are phrases to be translated."""

    sentence: ClassVar[str] = QT_TRANSLATE_NOOP("errors", "Something went wrong.")
    phrases: ClassVar[tuple[str, ...]] = ()
    remedy: ClassVar[Remedy] = Remedy.NONE

    def __init__(self, /, **details: str | int) -> None:
        super().__init__()
        self.details = details

    @override
    def __str__(self) -> str:
        return self.fill(self.sentence)

    def fill(self, template: str, **instead: str) -> str:
        """`template` (the sentence or a translation of it) with the details filled in; a missing one stays empty.

        `instead`: details in other words.
        """
        return template.format_map(_Blank(self.details | instead))

    def to_json(self) -> str:
        """For keeping beside a failed reply; `from_json` makes it again."""
        return json.dumps({"error": type(self).__name__, **self.details}, ensure_ascii=False)


class _Blank(dict[str, str | int]):
    def __missing__(self, key: str) -> str:
        return ""


def from_json(kept: str) -> GProChatError:
    """The error that `to_json` wrote; one that this version does not know becomes a plain ReplyError."""
    try:
        details = json.loads(kept)
        kind = _kinds(GProChatError).get(details.pop("error"), ReplyError)
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return ReplyError()
    return kind(**details)


def _kinds(root: type[GProChatError]) -> dict[str, type[GProChatError]]:
    found = {root.__name__: root}
    for child in root.__subclasses__():
        found |= _kinds(child)
    return found


# -- replies ----------------------------------------------------------------------------------------------------


class ReplyError(GProChatError):
    sentence = QT_TRANSLATE_NOOP("errors", "The reply could not be had.")
    remedy = Remedy.RETRY


class InvalidAddress(ReplyError):
    """Details: url."""

    sentence = QT_TRANSLATE_NOOP(
        "errors",
        "“{url}” is not an address a server can have. One looks like https://chat.example.org, without a login.",
    )
    remedy = Remedy.OPEN_CONNECTION


class NetworkError(ReplyError):
    """Details of all of these: host (with its port)."""

    sentence = QT_TRANSLATE_NOOP("errors", "The connection to {host} failed.")


class ServerUnreachable(NetworkError):
    sentence = QT_TRANSLATE_NOOP("errors", "No server answers at {host}. Is it running, and is the address right?")


class NameNotResolved(NetworkError):
    sentence = QT_TRANSLATE_NOOP(
        "errors", "The name {host} is unknown. Check the address, or whether this computer is online."
    )


class ConnectTimeout(NetworkError):
    """Details: host, seconds."""

    sentence = QT_TRANSLATE_NOOP("errors", "{host} could not be reached within {seconds} seconds.")


class FirstByteTimeout(NetworkError):
    """Details: host, seconds."""

    sentence = QT_TRANSLATE_NOOP("errors", "{host} took the question but sent nothing for {seconds} seconds.")


class SilenceTimeout(NetworkError):
    """Details: host, seconds."""

    sentence = QT_TRANSLATE_NOOP(
        "errors", "{host} stopped sending in the middle of the reply (nothing for {seconds} seconds)."
    )


class ConnectionCut(NetworkError):
    sentence = QT_TRANSLATE_NOOP("errors", "The connection to {host} broke before the reply was complete.")


class ConnectionDropped(ConnectionCut):
    sentence = QT_TRANSLATE_NOOP("errors", "{host} closed the connection without an answer.")


class CertificateRejected(NetworkError):
    """Details: host, reason."""

    sentence = QT_TRANSLATE_NOOP("errors", "{host} could not prove who it is, so nothing was sent ({reason}).")


class TlsMissing(CertificateRejected):
    """Details: host, reason."""

    sentence = QT_TRANSLATE_NOOP(
        "errors", "{host} does not speak TLS, so nothing was sent. If it should do without, write http:// before it."
    )
    remedy = Remedy.OPEN_CONNECTION


class TrustUnreadable(NetworkError):
    """Details: file (its name, no folder), reason."""

    phrases = ("reason",)
    sentence = QT_TRANSLATE_NOOP(
        "errors", "The certificate file {file} of this connection cannot be used, so nothing was sent ({reason})."
    )
    remedy = Remedy.OPEN_CONNECTION


class ProxyError(NetworkError):
    """Details of all of these: host (of the proxy, with its port, without its login)."""

    sentence = QT_TRANSLATE_NOOP("errors", "The proxy {host} failed.")
    remedy = Remedy.OPEN_PROXY


class ProxyUnreachable(ProxyError):
    sentence = QT_TRANSLATE_NOOP("errors", "The proxy {host} does not answer. Nothing was sent.")


class ProxyLoginRefused(ProxyError):
    sentence = QT_TRANSLATE_NOOP("errors", "The proxy {host} refuses the user name or the password.")


class ProxyRefused(ProxyError):
    """Details: host, reason."""

    sentence = QT_TRANSLATE_NOOP("errors", "The proxy {host} would not pass the request on ({reason}).")


class ServerError(ReplyError):
    """Details of all of these: host; message, what the server said of it (may be empty)."""

    sentence = QT_TRANSLATE_NOOP("errors", "{host} refused the request. {message}")


class NotThisProtocol(ServerError):
    """Details: host, status."""

    sentence = QT_TRANSLATE_NOOP(
        "errors",
        "{host} does not answer as this kind of server does (status {status}). Check the address and the kind.",
    )
    remedy = Remedy.OPEN_CONNECTION


class BadSignature(ServerError):
    sentence = QT_TRANSLATE_NOOP(
        "errors", "{host} refuses the signature: the secret key is not the server's, or this computer's clock is wrong."
    )
    remedy = Remedy.OPEN_CONNECTION


class ClockWrong(BadSignature):
    """Details: host, minutes."""

    sentence = QT_TRANSLATE_NOOP(
        "errors",
        "{host} refuses the signature, and its clock is {minutes} minutes from this computer’s. Set the clock first; "
        "if that does not help, the secret key is not the server's.",
    )
    remedy = Remedy.RETRY


class BadPassword(ServerError):
    sentence = QT_TRANSLATE_NOOP("errors", "{host} refuses the site password.")
    remedy = Remedy.OPEN_CONNECTION


class BadApiKey(ServerError):
    sentence = QT_TRANSLATE_NOOP("errors", "{host} refuses the API key. {message}")
    remedy = Remedy.OPEN_CONNECTION


class VerificationRequired(ServerError):
    sentence = QT_TRANSLATE_NOOP(
        "errors",
        "{host} asks for a browser check (Turnstile) that only its own web page can pass. Its owner can end that.",
    )


class BadRequest(ServerError):
    sentence = QT_TRANSLATE_NOOP("errors", "{host} does not accept this conversation. {message}")


class ModelNotFound(ServerError):
    """Details: host, model, message."""

    sentence = QT_TRANSLATE_NOOP("errors", "{host} has no model “{model}”. {message}")
    remedy = Remedy.OPEN_CONNECTION


class ContextTooLong(ServerError):
    """Details: host, message."""

    sentence = QT_TRANSLATE_NOOP("errors", "The conversation is longer than the model can read. {message}")
    remedy = Remedy.NEW_CHAT


class RequestTooLarge(ContextTooLong):
    sentence = QT_TRANSLATE_NOOP(
        "errors", "This is more than {host} takes at once. Send less, or smaller attachments. {message}"
    )


class RateLimited(ServerError):
    """Details: host, message, and where the server tells it retry_after (seconds)."""

    sentence = QT_TRANSLATE_NOOP("errors", "Too many requests for now; wait a little and try again. {message}")


class QuotaUsedUp(RateLimited):
    sentence = QT_TRANSLATE_NOOP(
        "errors", "{host} gives no more replies for now: the quota of its model service is used up. {message}"
    )


class Overloaded(ServerError):
    """Details: host, message, and where the server tells it retry_after (seconds)."""

    sentence = QT_TRANSLATE_NOOP("errors", "The model is overloaded at the moment. {message}")


class UpstreamError(ServerError):
    """Details: host, status (0: not told), message."""

    sentence = QT_TRANSLATE_NOOP("errors", "The model service behind {host} failed: {message}")


class ServerFailed(ServerError):
    """Details: host, status, message."""

    sentence = QT_TRANSLATE_NOOP("errors", "{host} failed (status {status}). {message}")


class EmptyReply(ReplyError):
    """Details: host."""

    sentence = QT_TRANSLATE_NOOP("errors", "{host} sent an empty reply.")


class ReplyBroken(ReplyError):
    """Details: host, message (may be empty)."""

    sentence = QT_TRANSLATE_NOOP("errors", "The model failed before the reply was complete. {message}")


class LengthLimitReached(ReplyError):
    sentence = QT_TRANSLATE_NOOP("errors", "The reply ends here because it reached its length limit.")


class UnknownModel(ReplyError):
    """Details: model."""

    sentence = QT_TRANSLATE_NOOP("errors", "There is no model “{model}” here.")
    remedy = Remedy.OPEN_CONNECTION


class EngineError(ReplyError):
    sentence = QT_TRANSLATE_NOOP("errors", "The embedded model failed.")


class EngineMissing(EngineError):
    sentence = QT_TRANSLATE_NOOP("errors", "The engine of the embedded model is not installed. Other connections work.")
    remedy = Remedy.OPEN_CONNECTION


class ModelFileMissing(EngineError):
    """Details: file (its name, no folder)."""

    sentence = QT_TRANSLATE_NOOP(
        "errors",
        "The embedded model’s file {file} is not here. Choose a model’s file, or fetch one, in the settings under "
        "Connections; other connections work without it.",
    )
    remedy = Remedy.OPEN_CONNECTION


class ModelFileDamaged(EngineError):
    """Details: file."""

    sentence = QT_TRANSLATE_NOOP(
        "errors", "The embedded model’s file {file} is damaged. Install the program again to mend it."
    )


class ModelFileUnfit(EngineError):
    """Details: file (its name), reason (a phrase)."""

    sentence = QT_TRANSLATE_NOOP("errors", "{file} cannot be used: {reason}.")
    phrases = ("reason",)
    remedy = Remedy.OPEN_CONNECTION


class ModelNotLoaded(EngineError):
    """Details: file, reason (one line, in the engine's words)."""

    sentence = QT_TRANSLATE_NOOP("errors", "The model file {file} could not be loaded: {reason}")
    remedy = Remedy.OPEN_CONNECTION


class EngineCrashed(EngineError):
    """Details: reason (one line, may be empty)."""

    sentence = QT_TRANSLATE_NOOP(
        "errors", "The embedded model ended unexpectedly. Trying again starts it anew. {reason}"
    )


# -- pictures ---------------------------------------------------------------------------------------------------


class DownloadError(GProChatError):
    sentence = QT_TRANSLATE_NOOP("errors", "The file could not be fetched.")


class DownloadRefused(DownloadError):
    """Details: host, status."""

    sentence = QT_TRANSLATE_NOOP("errors", "{host} does not give the file (status {status}).")


class DownloadTooLarge(DownloadError):
    """Details: file, needed and free (GB), folder."""

    sentence = QT_TRANSLATE_NOOP("errors", "{file} takes {needed} GB, and {free} GB are free in {folder}.")


class DownloadDamaged(DownloadError):
    """Details: file."""

    sentence = QT_TRANSLATE_NOOP("errors", "{file} is not what its checksum says, and was thrown away.")


class ChecksumUnusable(DownloadError):
    sentence = QT_TRANSLATE_NOOP("errors", "The checksum is no SHA-256: that has 64 digits from 0 to 9 and a to f.")


class DownloadUnwritable(DownloadError):
    """Details: file, reason (in the system's words)."""

    sentence = QT_TRANSLATE_NOOP("errors", "{file} could not be written ({reason}).")


class AttachmentError(GProChatError):
    sentence = QT_TRANSLATE_NOOP("errors", "The file cannot be attached.")


class AttachmentUnfit(AttachmentError):
    """Details: file (its name), reason (a phrase)."""

    sentence = QT_TRANSLATE_NOOP("errors", "{file} cannot be attached: {reason}.")
    phrases = ("reason",)


class AttachmentNotTaken(AttachmentError):
    """Details: connection, file."""

    sentence = QT_TRANSLATE_NOOP(
        "errors", "{connection} takes no images, so nothing was sent. Choose another connection, or remove {file}."
    )


class ImageError(GProChatError):
    sentence = QT_TRANSLATE_NOOP("errors", "The image cannot be shown.")


class ImageRefused(ImageError):
    """Details: host, status."""

    sentence = QT_TRANSLATE_NOOP("errors", "{host} does not give the image (status {status}).")


class ImageElsewhere(ImageError):
    """Details: host, the first one."""

    sentence = QT_TRANSLATE_NOOP("errors", "{host} sends on to an address that no image is loaded from.")


class ImageTooLarge(ImageError):
    sentence = QT_TRANSLATE_NOOP("errors", "The image is too large: 10 MB and 40 megapixels are shown at the most.")


class ImageUnreadable(ImageError):
    sentence = QT_TRANSLATE_NOOP("errors", "This is no image that can be shown, or it is damaged.")


# -- settings ---------------------------------------------------------------------------------------------------


class ExportFailed(GProChatError):
    """Details: file, reason."""

    phrases = ("reason",)

    sentence = QT_TRANSLATE_NOOP("errors", "{file} could not be written ({reason}).")


class ImportRefused(GProChatError):
    """Details of all of these: file."""

    sentence = QT_TRANSLATE_NOOP("errors", "{file} was not imported.")


class ImportUnreadable(ImportRefused):
    """Details: file, reason."""

    phrases = ("reason",)

    sentence = QT_TRANSLATE_NOOP("errors", "{file} was not imported: it cannot be read ({reason}).")


class ImportUnknown(ImportRefused):
    sentence = QT_TRANSLATE_NOOP(
        "errors",
        "{file} was not imported: it is no history of GPROChat, ChatGPT, Claude, Open WebUI or Chatbox.",
    )


class ImportNotJson(ImportRefused):
    """Details: file, line, column (from 1), reason (a phrase of `imports/stream.py`)."""

    sentence = QT_TRANSLATE_NOOP(
        "errors", "{file} was not imported: its JSON is broken at line {line}, column {column}: {reason}."
    )
    phrases = ("reason",)


class ImportMisshapen(ImportRefused):
    """Details: file, place (a path like [3].mapping.a1.message), expected (a phrase of `imports/value.py`)."""

    sentence = QT_TRANSLATE_NOOP("errors", "{file} was not imported: at {place}, {expected} was expected.")
    phrases = ("expected",)


class ImportNotOurs(ImportRefused):
    """Details: file, place (a line, and a path like items[3].conversation.title), expected (of `exchange.py`)."""

    sentence = QT_TRANSLATE_NOOP("errors", "{file} was not imported: in line {place}, this was expected: {expected}.")
    phrases = ("expected",)


class ImportTooLarge(ImportRefused):
    """Details: file, limit (in MB)."""

    sentence = QT_TRANSLATE_NOOP(
        "errors", "{file} was not imported: one of its conversations, or all of it, has more than {limit} MB."
    )


class SettingsError(GProChatError):
    sentence = QT_TRANSLATE_NOOP("errors", "The settings could not be used.")


class KeyringError(SettingsError):
    sentence = QT_TRANSLATE_NOOP("errors", "The system’s keyring failed.")
    remedy = Remedy.RETRY


class KeyringMissing(KeyringError):
    sentence = QT_TRANSLATE_NOOP(
        "errors",
        "This system has no keyring to keep secrets in. They can be kept for this session only, never in a file.",
    )


class KeyringLocked(KeyringError):
    sentence = QT_TRANSLATE_NOOP("errors", "The system’s keyring is locked. Unlock it and try again.")


class KeyringSilent(KeyringError):
    """Details: seconds."""

    sentence = QT_TRANSLATE_NOOP("errors", "The system’s keyring does not answer ({seconds} seconds waited).")


class SecretTooLong(KeyringError):
    """Details: limit (characters)."""

    sentence = QT_TRANSLATE_NOOP("errors", "The system’s keyring cannot hold more than {limit} characters.")
    remedy = Remedy.NONE


class KeyringFailed(KeyringError):
    """Details: reason (the name of the library's error, never its text)."""

    sentence = QT_TRANSLATE_NOOP("errors", "The system’s keyring failed ({reason}).")


class ProxyInvalid(SettingsError):
    """No details in those of an address: a login may stand in the wrong place of what was entered."""

    sentence = QT_TRANSLATE_NOOP("errors", "This is not a proxy’s address.")
    remedy = Remedy.OPEN_PROXY


class ProxyKindUnknown(ProxyInvalid):
    sentence = QT_TRANSLATE_NOOP("errors", "A proxy is one of http, https, socks5, socks5h and socks4.")


class ProxyHostInvalid(ProxyInvalid):
    sentence = QT_TRANSLATE_NOOP(
        "errors", "The proxy’s host is a name or an IP address alone, without http://, login or port."
    )


class ProxyPortInvalid(ProxyInvalid):
    sentence = QT_TRANSLATE_NOOP("errors", "The proxy’s port is a number from 1 to 65535.")


class PacFailed(ProxyInvalid):
    """Details: reason (ours, or the name of an error)."""

    phrases = ("reason",)
    sentence = QT_TRANSLATE_NOOP("errors", "The proxy’s automatic configuration gave no answer ({reason}).")


class ProxyNotStored(ProxyInvalid):
    sentence = QT_TRANSLATE_NOOP("errors", "No proxy is stored in the system’s keyring.")


class ProxyUnreadable(SettingsError):
    """Details: reason (the keyring error's own sentence, or what is wrong with the proxy's address)."""

    phrases = ("reason",)
    sentence = QT_TRANSLATE_NOOP("errors", "The proxy setting cannot be read, so nothing was sent. {reason}")
    remedy = Remedy.OPEN_PROXY


class ConnectionUnknown(SettingsError):
    """Details: name."""

    sentence = QT_TRANSLATE_NOOP("errors", "There is no connection “{name}”.")
    remedy = Remedy.OPEN_CONNECTION


class SecretInAddress(SettingsError):
    """No details: they would be the secret."""

    sentence = QT_TRANSLATE_NOOP(
        "errors", "The address holds a login or a “?”. Only the keyring may keep what is secret; leave it out."
    )
    remedy = Remedy.OPEN_CONNECTION


class SettingsDamaged(SettingsError):
    """Details: file, kept (where it is now)."""

    sentence = QT_TRANSLATE_NOOP(
        "errors", "The settings in {file} could not be read. The file is kept as {kept}; the defaults are used."
    )


class SettingsUnwritable(SettingsError):
    """Details: file, reason."""

    sentence = QT_TRANSLATE_NOOP("errors", "The settings could not be stored in {file} ({reason}).")


# -- history ----------------------------------------------------------------------------------------------------


class SyncFolderUnusable(GProChatError):
    """Details: folder, reason."""

    sentence = QT_TRANSLATE_NOOP(
        "errors",
        "The sync folder {folder} cannot be used ({reason}). Your conversations are kept here; it is tried again.",
    )


class HistoryError(GProChatError):
    sentence = QT_TRANSLATE_NOOP("errors", "The history failed.")
    remedy = Remedy.RETRY


class HistoryUnavailable(HistoryError):
    """Details: file, reason."""

    sentence = QT_TRANSLATE_NOOP(
        "errors", "The history in {file} cannot be used ({reason}). What is on screen stays there."
    )


class HistoryFull(HistoryError):
    """Details: file."""

    sentence = QT_TRANSLATE_NOOP(
        "errors", "The disk is full: nothing more can be kept in {file}. What is on screen stays there."
    )


class HistoryTooNew(HistoryError):
    """Details: file."""

    sentence = QT_TRANSLATE_NOOP(
        "errors",
        "The history in {file} was written by a newer version of GPROChat. It can be read and searched here, and"
        " nothing is written to it. Install that version to go on.",
    )
    remedy = Remedy.NONE


class HistoryForeign(HistoryError):
    """Details: file."""

    sentence = QT_TRANSLATE_NOOP("errors", "{file} is another program’s database. It was not changed.")
    remedy = Remedy.NONE


class HistoryDamaged(HistoryError):
    """Details: file, reason."""

    sentence = QT_TRANSLATE_NOOP(
        "errors",
        "The history in {file} is damaged ({reason}). The repair keeps what can be read, and the damaged file beside"
        " it.",
    )
    remedy = Remedy.REPAIR
