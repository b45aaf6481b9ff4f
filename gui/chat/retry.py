"""Whether a request that failed is sent again, and when. Only where it is safe: nothing had come of a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gui.errors import ConnectionDropped, Overloaded, QuotaUsedUp, RateLimited

if TYPE_CHECKING:
    from gui.errors import GProChatError

RETRIES: Final = 3
"""How often one reply is asked for again."""

LONGEST: Final = 120
"""Seconds that are waited at the most. A server that asks for more is not asked again."""


def wait_before_retry(error: GProChatError, tries: int) -> int | None:
    """Seconds to wait after the try number `tries` (from 1) failed; None: it stays failed.

    Of the server's own wish (Retry-After) not a second is taken away; without one each wait is twice the one before.
    """
    if tries > RETRIES or isinstance(error, QuotaUsedUp):
        return None
    if not isinstance(error, (ConnectionDropped, RateLimited, Overloaded)):
        return None
    wished = error.details.get("retry_after")
    wait = wished if isinstance(wished, int) else 2 ** (tries - 1)
    return wait if wait <= LONGEST else None
