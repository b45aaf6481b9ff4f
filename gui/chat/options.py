"""What a conversation's model is asked with, beside the conversation itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

HOTTEST = 2.0
MOST_TOKENS = 10_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """None, or no stop, leaves it to the connection and then to the server. `temperature` is 0 to 2, `top_p` 0 to 1."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, kept: str) -> Options:
        """What `to_json` wrote; what makes no sense in it (it may come from a file) counts as not chosen."""
        try:
            values = json.loads(kept) if kept else {}
        except (ValueError, RecursionError):
            values = {}
        if not isinstance(values, dict):
            return cls()
        tokens, stop = values.get("max_tokens"), values.get("stop")
        return cls(
            _number(values.get("temperature"), HOTTEST),
            _number(values.get("top_p"), 1.0),
            tokens if isinstance(tokens, int) and 0 < tokens <= MOST_TOKENS and tokens is not True else None,
            tuple(one for one in stop if isinstance(one, str) and one) if isinstance(stop, list) else (),
        )

    def to_json(self) -> str:
        """ "" where nothing was chosen."""
        chosen = {name: value for name, value in asdict(self).items() if value not in (None, ())}
        return json.dumps(chosen, ensure_ascii=False) if chosen else ""

    def arguments(self, settable: frozenset[str]) -> dict[str, Any]:
        """Those that were chosen and that a provider knows, as it takes them."""
        chosen = {field.name: getattr(self, field.name) for field in fields(self) if field.name in settable}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in chosen.items()
            if value not in (None, ())
        }


def _number(value: object, most: float) -> float | None:
    sound = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= most
    return float(value) if sound else None  # type: ignore[arg-type]
