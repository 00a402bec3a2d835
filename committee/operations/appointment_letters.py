"""What becomes of a letter of appointment when the seat ends (C1, K3): it is valid as long as its member sits."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Q, QuerySet

from committee.models import Seating
from staff_portal.kernel.base.periods import last_day
from staff_portal.kernel.letters.issuing import revoke_letter
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.workflow.rows import Step


def void_when_over(seating: Seating, step: Step) -> None:
    """Void with the ending itself when that leaves no day to come; else once the last day is over."""
    last = None if seating.period.isempty else last_day(seating.period)
    if seating.period.isempty or (last is not None and last <= step.on):
        void(seating, step)


def void(seating: Seating, step: Step) -> None:
    """The letter, if there is one that nothing has happened to, with the cause of the ending."""
    letter = seating.letter
    if letter is None or letter.events.exists():
        return
    cause = step.note or str(seating.get_ended_by_display())
    reason = f"عضویت در این کرسی پایان یافته است: {cause}"
    revoke_letter(letter, reason=reason, actor=step.actor, at=step.at, authority=step.authority)


def outlived(at: datetime) -> QuerySet[Seating]:
    """Seatings whose last day is over and whose letter still stands."""
    over = Seating.objects.filter(period__isempty=False, period__endswith__lte=local_date(at))
    return over.filter(letter__isnull=False, letter__events__isnull=True).exclude(ended_by="").order_by("id")


def outlived_gaps(seating: Seating, step: Step) -> Iterator[str]:
    """Asked again under the lock."""
    last = None if seating.period.isempty else last_day(seating.period)
    if last is None or last >= step.on or seating.letter is None or seating.letter.events.exists():
        yield "حکم این عضویت هنوز معتبر است یا پیش از این باطل شده است."


def own_papers(user: User, on: date) -> Q:
    """Condition on letters: the own letters of appointment, and the sheet of the round that chose the NGO one sits for.

    They are read from the day of the appointment on, before the seat is taken and after it was left.
    """
    mine = Seating.objects.filter(person=user)
    return Q(pk__in=mine.values("letter")) | Q(pk__in=mine.values("round__proof"))


def own_paper(seating: Seating) -> int | None:
    """The letter that says by what the person sits."""
    if seating.letter_id is not None:
        return seating.letter_id
    return seating.round.proof_id if seating.round is not None else None
