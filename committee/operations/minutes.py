"""Minutes [صورتجلسه]: begun when the meeting closes, circulated, amended, signed and sealed (C9)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from committee import settings as committee_settings
from committee.enums import AmendmentState, MeetingState, MinutesState
from committee.minutes_facts import facts_of, present_seatings
from committee.minutes_letter import issue_minutes
from committee.minutes_text import content_hash, write
from committee.models import AgendaItem, AmendmentRequest, Meeting, Minutes, MinutesSignature, Seating
from committee.operations.meetings import NOTHING_CHANGED
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.configuration import clocks, settings_store
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

#: the parts of the text that say how the sitting was held
OF_THE_SITTING = ("head", "present", "absent", "vacant", "movements", "waiver")
NOT_CIRCULATED = "صورتجلسه اکنون در گردش نیست."
NOT_INVITED = "شما به این جلسه دعوت نشده بودید؛ درخواست اصلاح با اعضای دعوت‌شده است."


# --- clocks ------------------------------------------------------------------------------------------------


def amendments_until(minutes: Minutes, calendar: clocks.WorkCalendar | None = None) -> date | None:
    """The last day on which amendments may be asked for; computed whenever it is read (K5)."""
    return _until(minutes.circulated_on, committee_settings.AMENDMENT_DAYS, calendar)


def signatures_until(minutes: Minutes, calendar: clocks.WorkCalendar | None = None) -> date | None:
    """The last day for signing; after it the minutes are sealed with «امضا نشد» where one is missing (K5)."""
    return _until(minutes.signing_from, committee_settings.SIGNING_DAYS, calendar)


def _until(
    start: date | None, key: settings_store.SettingKey, calendar: clocks.WorkCalendar | None
) -> date | None:
    if start is None:
        return None
    days = int(settings_store.value(key, start))
    return (calendar or clocks.calendar(start)).add(start, days)


def _is_over(last_day: date | None, on: date) -> bool:
    return last_day is not None and on > last_day


# --- writing -----------------------------------------------------------------------------------------------


def begun(meeting: Meeting, step: Step) -> dict[str, Any]:
    """The minutes of a meeting that was just closed; a meeting has one record of minutes only (C9)."""
    return {"meeting": meeting}


def content_of(minutes: Minutes, *, secretary: str = "") -> dict[str, Any]:
    """The content as it is now: kept from the circulation on, written from the facts before it."""
    if minutes.state != MinutesState.DRAFT:
        return dict(minutes.content)
    return write(facts_of(minutes.meeting, secretary=secretary))


def items_of(minutes: Minutes, on: date | None = None) -> QuerySet[AgendaItem]:
    """The items of the agenda in their order."""
    return minutes.meeting.items.order_by("position", "id")


def discussions_of(minutes: Minutes, on: date) -> dict[int, str]:
    """What was said, by item."""
    return dict(items_of(minutes).values_list("pk", "discussion"))


def writing_gaps(minutes: Minutes, step: Step) -> Iterator[str]:
    """Something was written that did not stand there before."""
    if step.asked and not _rewritten(minutes, step):
        yield NOTHING_CHANGED


def _rewritten(minutes: Minutes, step: Step) -> list[AgendaItem]:
    texts: dict[int, str] = step.asked["texts"] or {}
    return [row for row in items_of(minutes) if texts.get(row.pk, row.discussion) != row.discussion]


def keep_discussion(minutes: Minutes, step: Step) -> dict[str, Any]:
    """Keep what was said on the items of the agenda; all the rest is recorded facts (C9)."""
    changed = _rewritten(minutes, step)
    table_for(AgendaItem).apply_many(
        changed,
        "minute",
        actor=step.actor,
        at=step.at,
        within=step,
        asked=[{"discussion": step.asked["texts"][item.pk]} for item in changed],
    )
    return {"items": [item.title for item in changed]}


def circulation_gaps(minutes: Minutes, step: Step) -> Iterator[str]:
    """Minutes go round once the meeting is over."""
    if minutes.meeting.state != MeetingState.CLOSED:
        yield "جلسه هنوز پایان نیافته است."


def circulated(minutes: Minutes, step: Step) -> dict[str, Any]:
    """The clock of amendments begins; what the members read from now on is kept word by word (C9)."""
    secretary = step.actor.full_name if step.actor else ""
    return {"circulated_on": step.on, "content": write(facts_of(minutes.meeting, secretary=secretary))}


def fingerprint(minutes: Minutes, step: Step) -> dict[str, Any]:
    """The entry keeps the text's fingerprint instead of the text."""
    return {"content_hash": content_hash(minutes.content)}


def invited(minutes: Minutes) -> list[int]:
    """Whoever was invited to that meeting."""
    return list(minutes.meeting.invitations.order_by("id").values_list("seating__person_id", flat=True))


def concerned(minutes: Minutes) -> list[int]:
    """Whoever was invited to that meeting or was there."""
    people = {*invited(minutes), *minutes.meeting.presences.values_list("seating__person_id", flat=True)}
    return sorted(people)


def silent(minutes: Minutes) -> list[int]:
    """Members who have neither asked for an amendment nor said that they want none; who was there and had an answer
    says it again, for signing waits for that (C9)."""
    said = list(minutes.amendments.values_list("seating__person_id", "state"))
    spoken = {pk for pk, _ in said}
    content = {pk for pk, state in said if state in (AmendmentState.ASKED, AmendmentState.NONE)}
    again = [row.person_id for row in present_seatings(minutes.meeting) if row.person_id in spoken - content]
    return [*(pk for pk in invited(minutes) if pk not in spoken), *again]


# --- amendments --------------------------------------------------------------------------------------------


def asking_gaps(minutes: Minutes, step: Step) -> Iterator[str]:
    """While the minutes go round, until the clock is over (C9)."""
    last_day = amendments_until(minutes)
    if minutes.state != MinutesState.CIRCULATED:
        yield NOT_CIRCULATED
    elif last_day is not None and _is_over(last_day, step.on):
        yield f"مهلت اصلاح در {format_jalali(last_day, 'medium')} پایان یافت."


def _own_seating(minutes: Minutes, step: Step) -> Seating:
    rows = minutes.meeting.invitations.filter(seating__person=step.actor).select_related("seating")
    found = rows.first()
    if found is None:
        raise NotPermitted(NOT_INVITED)
    return found.seating


def asked_for(minutes: Minutes, step: Step) -> dict[str, Any]:
    """What a member of that meeting wants changed, nothing where the text needs no change (C9)."""
    text = step.asked.get("text") or ""
    return {"minutes": minutes, "seating": _own_seating(minutes, step), "text": text, "asked_at": step.at}


def amendment_follows(request: AmendmentRequest, step: Step) -> None:
    """What waits on the minutes has changed."""
    step.touch(request.minutes)


def asking_words(request: AmendmentRequest, step: Step) -> dict[str, str]:
    """The entry keeps the text as its note."""
    return {"note": request.text}


def answering_gaps(request: AmendmentRequest, step: Step) -> Iterator[str]:
    """The secretary answers while the minutes go round."""
    if request.minutes.state != MinutesState.CIRCULATED:
        yield NOT_CIRCULATED


def accepting_gaps(request: AmendmentRequest, step: Step) -> Iterator[str]:
    """The discussion of one item of the same meeting is changed."""
    yield from answering_gaps(request, step)
    item = step.asked.get("item")
    if item is not None and item.meeting_id != request.minutes.meeting_id:
        yield "دستوری از همین جلسه را برگزینید."


def record_gaps(request: AmendmentRequest, step: Step) -> Iterator[str]:
    """Not the discussion but a record was wrong and has been corrected, such as why somebody was absent."""
    yield from answering_gaps(request, step)
    if step.asked and _corrected(request.minutes) == request.minutes.content:
        yield "در رویدادهای ثبت‌شده جلسه چیزی تغییر نکرده است؛ نخست رویداد نادرست را در صفحه جلسه اصلاح کنید."


def answered(request: AmendmentRequest, step: Step) -> dict[str, Any]:
    """The secretary's answer."""
    answer = step.asked["answer"] or ""
    return {"answer": answer, "answered_by": step.actor, "answered_at": step.at}


def change_discussion(request: AmendmentRequest, step: Step) -> dict[str, Any]:
    """The discussion of the item is as the member asked (C9)."""
    item: AgendaItem = step.asked["item"]
    before, said = item.discussion, step.asked["discussion"]
    table_for(item).apply(item, "minute", actor=step.actor, at=step.at, within=step, discussion=said)
    own = {"item": item.title, "discussion_before": before, "discussion": said}
    items = [
        row | {"discussion": said} if row["key"] == item.pk else row
        for row in request.minutes.content["items"]
    ]
    return own | _reworded(request, step, request.minutes.content | {"items": items})


def take_over_record(request: AmendmentRequest, step: Step) -> dict[str, Any]:
    """The text takes over what was corrected in the records of the sitting."""
    return _reworded(request, step, _corrected(request.minutes))


def _reworded(request: AmendmentRequest, step: Step, content: dict[str, Any]) -> dict[str, Any]:
    minutes, before = request.minutes, content_hash(request.minutes.content)
    now = table_for(minutes).apply(
        minutes, "rewrite", actor=step.actor, at=step.at, within=step, content=content
    )
    amendment_follows(request, step)
    return {"content_hash_before": before, "content_hash": content_hash(now.content)}


def answering_words(request: AmendmentRequest, step: Step) -> dict[str, str]:
    """The entry keeps the answer as its note."""
    return {"note": request.answer or "پذیرفته شد"}


def _corrected(minutes: Minutes) -> dict[str, Any]:
    """The text with what the records say of the sitting now: where and when, who was there, who was not and why.

    What has become of its resolutions since the text went round is no part of it.
    """
    anew = write(facts_of(minutes.meeting, secretary=str(minutes.content.get("secretary", ""))))
    return minutes.content | {name: anew[name] for name in OF_THE_SITTING}


# --- signing -----------------------------------------------------------------------------------------------


def without_wish(minutes: Minutes) -> list[Seating]:
    """Those who were present and have not said that they want no amendment."""
    content = set(minutes.amendments.filter(state=AmendmentState.NONE).values_list("seating_id", flat=True))
    return [row for row in present_seatings(minutes.meeting) if row.pk not in content]


def present(minutes: Minutes) -> list[int]:
    """Whoever was in the room."""
    return [row.person_id for row in present_seatings(minutes.meeting)]


def unsigned(minutes: Minutes) -> list[Seating]:
    """Those who were present and have not signed yet, in the order of the seats."""
    signed = set(minutes.signatures.values_list("seating_id", flat=True))
    return [row for row in present_seatings(minutes.meeting) if row.pk not in signed]


def requests(minutes: Minutes) -> int:
    """How many requests the secretary has not answered."""
    return minutes.amendments.filter(state=AmendmentState.ASKED).count()


def signing_begins(minutes: Minutes) -> date | None:
    """The first day on which signing may begin: at once when nobody present wants a change, else after the clock."""
    last_day = amendments_until(minutes)
    return last_day + timedelta(days=1) if last_day is not None and without_wish(minutes) else None


def signing_gaps(minutes: Minutes, step: Step) -> Iterator[str]:
    """Every request answered, and the clock over or nobody present wanting a change (C9)."""
    waiting = requests(minutes)
    if waiting:
        yield f"به {to_persian_digits(waiting)} درخواست اصلاح هنوز پاسخ داده نشده است."
    last_day = amendments_until(minutes)
    if last_day is not None and not _is_over(last_day, step.on):
        names = [row.person.full_name for row in without_wish(minutes)]
        if names:
            yield (
                f"مهلت اصلاح تا پایان {format_jalali(last_day, 'medium')} است؛ زودتر از آن همه حاضران باید "
                f"اعلام کنند که اصلاحی ندارند. هنوز اعلام نکرده‌اند: {'، '.join(names)}."
            )


def frozen_for_signing(minutes: Minutes, step: Step) -> dict[str, Any]:
    """The fingerprint of the text that went round, with what was accepted in it: this is what the members sign (C9, DB).

    Nothing that was recorded meanwhile comes into it.
    """
    return {"content_hash": content_hash(minutes.content), "signing_from": step.on}


def own_signature_gaps(minutes: Minutes, step: Step) -> Iterator[str]:
    """Whoever was present signs, once."""
    if step.actor is None or step.actor.pk not in {row.person_id for row in unsigned(minutes)}:
        yield "صورتجلسه را کسانی امضا می‌کنند که در جلسه حاضر بوده‌اند."


def sign_own(minutes: Minutes, step: Step) -> dict[str, Any]:
    """The own signature of one who was present, with a dissent if there is one (C9)."""
    assert step.actor is not None  # noqa: S101  a member signs, never the system
    mine = next(row for row in unsigned(minutes) if row.person_id == step.actor.pk)
    signature = table_for(MinutesSignature).apply(
        minutes,
        "put",
        actor=step.actor,
        at=step.at,
        within=step,
        seating=mine,
        dissent=step.asked["dissent"],
    )
    return {"seat": mine.seat_code, "dissent": bool(signature.dissent), "content_hash": minutes.content_hash}


def signature_of(minutes: Minutes, step: Step) -> dict[str, Any]:
    """The columns of a signature: of whom, when, under which text."""
    return {
        "minutes": minutes,
        "seating": step.asked["seating"],
        "signed_by": step.actor,
        "signed_at": step.at,
        "dissent": step.asked["dissent"] or "",
        "content_hash": minutes.content_hash,
    }


# --- sealing -----------------------------------------------------------------------------------------------


def sealing_gaps(minutes: Minutes, step: Step) -> Iterator[str]:
    """Everybody who was present has signed, or the time for signing is over (C9)."""
    last_day = signatures_until(minutes)
    if last_day is None or _is_over(last_day, step.on):
        return
    for row in unsigned(minutes):
        yield (
            f"{row.person.full_name} هنوز امضا نکرده است؛ مهلت امضا تا پایان {format_jalali(last_day, 'medium')} است."
        )


def sealed(minutes: Minutes, step: Step) -> dict[str, Any]:
    """The minutes become a letter (C9, K1)."""
    letter = issue_minutes(minutes, minutes.meeting, actor=step.actor, at=step.at, authority=step.authority)
    return {"letter": letter, "sealed_at": step.at}


def who_did_not_sign(minutes: Minutes, step: Step) -> dict[str, Any]:
    """The letter's number, and whose signature is missing."""
    missing = [row.person.full_name for row in unsigned(minutes)]
    return {"number": minutes.letter.number.text if minutes.letter else "", "not_signed": missing}


def minute_the_meeting(minutes: Minutes, step: Step) -> None:
    """With the minutes sealed the meeting is minuted."""
    table_for(minutes.meeting).apply(minutes.meeting, "minute", actor=step.actor, at=step.at, within=step)


# --- what the clocks bring about ---------------------------------------------------------------------------


def to_be_signed(at: datetime) -> list[Minutes]:
    """Circulated minutes whose clock is over and whose requests are answered: signing begins (C9)."""
    rows = _standing(MinutesState.CIRCULATED).exclude(amendments__state=AmendmentState.ASKED)
    return [row for row in rows if _is_over(amendments_until(row), local_date(at))]


def to_be_sealed(at: datetime) -> list[Minutes]:
    """Minutes whose time for signing is over: they are sealed with what is missing (C9)."""
    return [row for row in _standing(MinutesState.SIGNING) if _is_over(signatures_until(row), local_date(at))]


def _standing(state: str) -> QuerySet[Minutes]:
    return Minutes.objects.filter(state=state).select_related("meeting").order_by("id")
