"""What changed on the agenda after the call: the chair's supplement with its own notice, or everybody's consent (C4, C5).

*Supplement*: signed by the chair while the meeting is called; every sitting member's notice of it lies in the inbox at
least the notice period before the meeting's day. *Consent*: else each sitting member agrees in the sitting, on the own
phone; to a text amended in the sitting each one present.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from committee import rules
from committee.enums import MeetingState, MotionState
from committee.invitation import issue_supplement
from committee.models import AgendaItem, ItemConsent, Meeting, Motion, Seating, Supplement
from committee.operations.presence import enough_from, meeting_day, notice_days, present_seats
from committee.queries import sitting
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.configuration import clocks
from staff_portal.kernel.models import Notification
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits, to_persian_text
from staff_portal.kernel.trail import audit
from staff_portal.kernel.workflow.rows import Step

SIGNED = "meeting.supplement_signed"
NOTHING_TO_SIGN = "دستور جلسه پس از دعوت تغییری نکرده است که امضا نشده باشد."
IN_TIME = "این دستور در مهلت اعلام شده است؛ موافقت جداگانه لازم نیست."
ARRIVE_FIRST = "نخست ورود خود را ثبت کنید؛ تنها عضو حاضر موافقت می‌کند."
AGREED_ALREADY = "موافقت شما پیش از این ثبت شده است."


# --- the chair's signature -----------------------------------------------------------------------------------------


def unsigned(meeting: Meeting) -> list[AgendaItem]:
    """What was added or changed since the chair signed."""
    rows = meeting.items.filter(changed_at__isnull=False, supplement__isnull=True)
    return list(rows.order_by("position"))


def facts(meeting: Meeting) -> list[dict[str, Any]]:
    """What the chair signs: each item that the call does not cover."""
    return [
        {
            "label": f"دستور {to_persian_digits(item.position)}",
            "value": to_persian_text(f"{item.title}: {item.note}" if item.note else item.title),
        }
        for item in unsigned(meeting)
    ]


def signing_gaps(meeting: Meeting, step: Step) -> Iterator[str]:
    """Before the meeting's time, while something is to be signed."""
    if meeting.starts_at <= step.at:
        yield "زمان جلسه رسیده است؛ دستور تازه تنها با موافقت همه اعضا در خود جلسه بررسی می‌شود."
    elif not unsigned(meeting):
        yield NOTHING_TO_SIGN


def sign(meeting: Meeting, step: Step) -> dict[str, Any]:
    """The supplement covers them from now on, as a letter of its own (C4, K1)."""
    assert step.actor is not None  # noqa: S101  the chair signs, never the system
    items = unsigned(meeting)
    letter = issue_supplement(meeting, items, actor=step.actor, at=step.at, authority=step.authority)
    made = Supplement.objects.create(meeting=meeting, signed_by=step.actor, signed_at=step.at, letter=letter)
    AgendaItem.objects.filter(pk__in=[item.pk for item in items]).update(supplement=made)
    return {"items": [item.title for item in items], "letter": letter.number.text}


def signed_words(meeting: Meeting, step: Step) -> dict[str, str]:
    """The notice names the items."""
    latest = meeting.supplements.latest("id")
    return {"items": "، ".join(f"«{title}»" for title in latest.items.values_list("title", flat=True))}


# --- whether an item may be decided on -----------------------------------------------------------------------------


def is_announced(item: AgendaItem) -> bool:
    """Whether the chair's signature covers the item as it is, and reached every member the notice period before."""
    if item.changed_at is None:
        return True
    if item.supplement is None:
        return False
    day = meeting_day(item.meeting)
    days, calendar = notice_days(day), clocks.calendar(day)
    reached = _reached(item.supplement)
    proofs = [reached.get(row.person_id) for row in sitting(day)]
    return all(proof is not None and enough_from(proof, days, calendar) <= day for proof in proofs)


def _reached(supplement: Supplement) -> dict[int, date]:
    """On which day the notice of the supplement, or a later invitation, lay in each member's inbox; the signature is
    the chair's own."""
    rows = Notification.objects.filter(
        entry__event__in=(SIGNED, "meeting.invited"),
        entry__root_type=audit.type_label(Meeting),
        entry__root_id=supplement.meeting_id,
        entry__at__gte=supplement.signed_at,
    )
    found: dict[int, date] = {supplement.signed_by_id: local_date(supplement.signed_at)}
    for person, created in rows.order_by("-created_at").values_list("recipient", "created_at"):
        found[person] = min(local_date(created), found.get(person, local_date(created)))
    return found


def whose_consent(item: AgendaItem, on: date) -> list[Seating]:
    """Whoever has to agree and has not: of a text amended in the sitting those present, else all who sit."""
    agreed = set(item.consents.values_list("seating_id", flat=True))
    is_amendment = item.motion is not None and item.motion.is_amendment
    wanted = present_seats(item.meeting, on) if is_amendment else sitting(on)
    return [row for row in wanted if row.pk not in agreed]


def item_gaps(motion: Motion, meeting: Meeting, on: date) -> Iterable[str]:
    """Why the meeting does not decide on the motion yet, though it stands on its agenda (C4)."""
    item = meeting.items.select_related("motion", "supplement").get(motion=motion)
    item.meeting = meeting
    if is_announced(item):
        return
    if waiting := whose_consent(item, on):
        names = "، ".join(row.person.full_name for row in waiting)
        what = (
            "متن اصلاح‌شده در همین جلسه تنها با موافقت همه حاضران به رأی می‌رود"
            if motion.is_amendment
            else "این دستور پس از دعوت تغییر کرده و در مهلت اعلام نشده است؛ تنها با حضور و موافقت همه اعضا به رأی می‌رود"
        )
        yield f"{what}. هنوز موافقت نکرده‌اند: {names}."


# --- consent in the sitting ----------------------------------------------------------------------------------------


def item_in_session(motion: Motion) -> AgendaItem | None:
    """The motion's place on the agenda of the meeting in session, where the call does not cover it."""
    if motion.state != MotionState.TABLED:
        return None
    rows = AgendaItem.objects.filter(
        motion=motion, changed_at__isnull=False, meeting__state=MeetingState.IN_SESSION
    )
    return rows.select_related("meeting", "motion", "supplement").first()


def awaits_consent(motion: Motion) -> bool:
    """Whether members are asked to agree."""
    item = item_in_session(motion)
    return item is not None and not is_announced(item)


def seats_asked(motion: Motion) -> list[str]:
    """The seats whose consent is wanted."""
    item = item_in_session(motion)
    opened_at = item.meeting.opened_at if item is not None else None
    if item is None or opened_at is None:
        return []
    return [row.seat_code for row in whose_consent(item, local_date(opened_at))]


def consent_gaps(motion: Motion, step: Step) -> Iterator[str]:
    """A member in the room, once, where consent is wanted."""
    item = item_in_session(motion)
    seating = rules.seating_of(step.actor, step.on) if step.actor else None
    if item is None or seating is None:
        return  # the permission has said so
    if seating.pk not in {row.pk for row in present_seats(item.meeting, step.on)}:
        yield ARRIVE_FIRST
    elif item.consents.filter(seating=seating).exists():
        yield AGREED_ALREADY
    elif is_announced(item):
        yield IN_TIME


def keep_consent(motion: Motion, step: Step) -> dict[str, Any]:
    """The own consent, kept for the minutes (C4, C5)."""
    item = item_in_session(motion)
    seating = rules.seating_of(step.actor, step.on) if step.actor else None
    if item is None or seating is None:
        raise NotPermitted(rules.NO_SEAT)
    ItemConsent.objects.create(item=item, seating=seating, agreed_by=seating.person, agreed_at=step.at)
    return {"seat": seating.seat_code, "meeting": item.meeting_id}
