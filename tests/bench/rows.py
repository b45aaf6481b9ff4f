"""A row of the bench: what was measured, and what it may be at the most."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`reach` is the most that `value` may be, None where nothing is asked for yet."""

    name: str
    value: float
    unit: str
    reach: float | None = None

    @property
    def holds(self) -> bool | None:
        return None if self.reach is None else self.value <= self.reach
