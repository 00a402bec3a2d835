"""The adverse decisions of a file on its page: what each is, where it stands, until when (X5)."""

from datetime import date
from typing import Any

from ngos.enums import DecisionState as D
from ngos.models import MembershipDecision, Ngo
from ngos.operations import clocks
from ngos.operations.decision_facts import until

SHOWN = 3
CLOCKS = {
    D.PROPOSED: ("مهلت پاسخ سمن", clocks.hearing_due),
    D.HEARD: ("مهلت تصمیم", clocks.proposal_due),
    D.ISSUED: ("مهلت ابلاغ", clocks.delivery_due),
    D.DELIVERED: ("مهلت اعتراض", clocks.objection_due),
    D.OBJECTED: ("مهلت رسیدگی", clocks.ruling_due),
}


def matters_of(ngo: Ngo, on: date) -> list[dict[str, Any]]:
    """The newest decisions, those that are over without a clock. One query."""
    rows = MembershipDecision.objects.filter(ngo=ngo).order_by("-id")[:SHOWN]
    return [_line(row, on) for row in rows]


def _line(row: MembershipDecision, on: date) -> dict[str, Any]:
    state = D(row.state)
    words, due = CLOCKS.get(state, ("", None))
    return {
        "label": f"{row.get_kind_display()}{'، فوری' if row.is_urgent else ''}",
        "value": f"{words} {until(due(row), on)}" if due is not None else "نامه و نتیجه",
        "url": row.get_absolute_url(),
        "badge": str(state.label),
        "tone": row.state_tone,
    }
