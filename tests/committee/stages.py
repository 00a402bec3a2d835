"""Worlds of the committee's tests that stand ready in databases of their own, each made once in a process from the one
before. A fixture of the same name gives a test its own objects of it; what the test writes is taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.committee.nominations import world as nominations
from tests.factories.committee import committee_of_five


@dataclass(frozen=True)
class Stage:
    """``build`` makes the world from that of the stage ``after`` (from nothing, where there is none)."""

    build: Callable[[Any], Any]
    after: str = ""


#: the later ones stand on earlier ones
STAGES = {
    "seated": Stage(lambda _: committee_of_five()),
    "vacant_stage": Stage(nominations.with_vacant_seat, after="seated"),
    "prepared_stage": Stage(nominations.put_forward, after="vacant_stage"),
    "opened_stage": Stage(nominations.seal, after="prepared_stage"),
}


def deepest(names: list[str]) -> str:
    """The stage a test stands on: the last one it asks for; empty where it asks for none."""
    return next((name for name in reversed(STAGES) if name in names), "")
