"""What HQ's people do with a signed letter at their desk: revoke it, keep its number in the office system (K2, K3)."""

from datetime import date, datetime

from staff_portal.kernel.letters.issuing import last_event
from staff_portal.kernel.models import Attachment, Letter, LetterEvent, User
from staff_portal.kernel.workflow.registry import table_for


def revoke_at_desk(letter: Letter, *, reason: str, actor: User, at: datetime) -> LetterEvent:
    """Declare a letter void by HQ's manager; its public page says so and why from now on (K3)."""
    table_for(letter).apply(letter, "revoke", actor=actor, at=at, note=reason)
    return last_event(letter)


def note_office_number(
    letter: Letter,
    *,
    office_number: str,
    office_dated_on: date,
    scan: Attachment | None,
    actor: User,
    at: datetime,
) -> LetterEvent:
    """Keep the number and date of the office automation system, and a staged scan of the stamped paper (K2)."""
    table_for(letter).apply(
        letter,
        "annotate",
        actor=actor,
        at=at,
        office_number=office_number,
        office_dated_on=office_dated_on,
        scan=scan,
    )
    return last_event(letter)
