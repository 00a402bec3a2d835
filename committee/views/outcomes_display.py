"""What the pages of resolutions and minutes draw: letter cards, signatures, votes, holds."""

from collections.abc import Iterable
from typing import Any

from committee.enums import AMENDMENT_TONES, AmendmentState
from committee.minutes_facts import behalf_of
from committee.models import AmendmentRequest
from staff_portal.kernel.persian.jalali import format_jalali


def amendment_rows(requests: Iterable[AmendmentRequest]) -> list[dict[str, Any]]:
    """What the members asked for, with the secretary's answers."""
    return [
        {
            "row": row,
            "name": row.seating.person.full_name,
            "behalf": behalf_of(row.seating),
            "state": row.get_state_display(),
            "tone": AMENDMENT_TONES[row.state],
            "is_open": row.state == AmendmentState.ASKED,
            "asked_at": format_jalali(row.asked_at, "moment"),
        }
        for row in requests
    ]
