"""The table ``make bench`` prints: what was measured, its bound, and whether the bound held."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Table:
    """Collected lines; a line without a bound (``held`` is None) is for information."""

    held: bool = True
    over: list[str] = field(default_factory=list)

    def title(self, text: str) -> None:
        print(f"\n{text}", flush=True)

    def add(self, what: str, measured: str, bound: str = "", held: bool | None = None) -> None:
        verdict = {None: "", True: "ok", False: "OVER"}[held]
        print(f"  {what:<42}{measured:>44}   {bound:<30}{verdict}", flush=True)
        if held is False:
            self.held = False
            self.over.append(what)


def p95(milliseconds: list[float]) -> float:
    return statistics.quantiles(milliseconds, n=20)[-1]


def in_turn(calls: dict[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Milliseconds of each call, asked for in turn, so that whatever else the machine does meets all alike."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(repeats):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            taken[name].append((time.perf_counter() - began) * 1000)
    return taken
