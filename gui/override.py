"""`override`, which `typing` has from Python 3.12 on: typing_extensions is more than a first paint should wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import override as override  # noqa: PLC0414 -- handed on
else:

    def override(method: Any) -> Any:
        return method
