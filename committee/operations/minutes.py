"""Minutes [صورتجلسه]: begun when the meeting closes, circulated, amended, signed and sealed (C9)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from committee import events, rules
from committee import settings as committee_settings
from committee.enums import AmendmentState, MeetingState, MinutesState
from committee.minutes_facts import facts_of, present_seatings
from committee.minutes_letter import issue_minutes
from committee.minutes_text import content_hash, write
from committee.models import (
    AgendaItem,
    AmendmentRequest,
    Meeting,
    Minutes,
    MinutesSignature,
    Seating,
)
from staff_portal.kernel import audit, clocks, settings_store
from staff_portal.kernel.access import local_date
from staff_portal.kernel.models import User
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.refusals import Refusal
from staff_portal.kernel.workflow import Step, workflow_for

NOT_CIRCULATED = "صورتجلسه اکنون در گردش نیست."


def begin_minutes(meeting: Meeting, *, step: Step) -> Minutes:
    """Begin the minutes of a meeting that was just closed; they write themselves from its facts (C9).

    Call it inside the transaction that closes the meeting; a meeting has one record of minutes only.
    """
    minutes = Minutes.objects.create(meeting=meeting, state_since=step.at)
    audit.record(
        events.MINUTES_STARTED,
        minutes,
        actor=step.actor,
        at=step.at,
        authority=step.authority,
        root=meeting,
    )
    return minutes


def _locked(minutes: Minutes) -> Minutes:
    """The minutes, locked after their meeting: every step locks downwards."""
    meeting = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=minutes.meeting_id)
    locked = Minutes.objects.select_for_update(of=("self",), no_key=True).get(pk=minutes.pk)
    locked.meeting = meeting
    return locked


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


def content_of(minutes: Minutes, *, secretary: str = "") -> dict[str, Any]:
    """The content as it is now: kept from the circulation on, written from the facts before it."""
    if minutes.state != MinutesState.DRAFT:
        return dict(minutes.content)
    return write(facts_of(minutes.meeting, secretary=secretary))


def write_discussion(
    minutes: Minutes, *, actor: User, at: datetime, texts: dict[int, str]
) -> list[AgendaItem]:
    """Keep what was said on the items of the agenda, by item; all the rest is recorded facts (C9)."""
    with one_step():
        locked = _locked(minutes)
        authority = require(rules.WRITE_MINUTES, actor, locked, at)
        if locked.state != MinutesState.DRAFT:
            raise Refusal("صورتجلسه در گردش است؛ متن آن تنها با پذیرش درخواست اصلاح تغییر می‌کند.")
        items = {item.pk: item for item in locked.meeting.items.all()}
        if set(texts) - set(items):
            raise Refusal("این دستور در این جلسه نیست؛ صفحه را تازه کنید.")
        changed = [items[key] for key, text in texts.items() if items[key].discussion != text.strip()]
        for item in changed:
            item.discussion = texts[item.pk].strip()
        if changed:
            AgendaItem.objects.bulk_update(changed, ["discussion"])
            audit.record(
                events.DISCUSSION_WRITTEN,
                locked,
                actor=actor,
                at=at,
                authority=authority,
                after={"items": [item.title for item in changed]},
                root=locked.meeting,
            )
    return changed


def circulation_gaps(minutes: Minutes, step: Step) -> Iterator[str]:
    """Minutes go round once the meeting is over."""
    if minutes.meeting.state != MeetingState.CLOSED:
        yield "جلسه هنوز پایان نیافته است."


def circulation_day(minutes: Minutes, step: Step) -> dict[str, Any]:
    """The clock of amendments begins (C9)."""
    return {"circulated_on": step.on}


def freeze_draft(minutes: Minutes, step: Step) -> dict[str, Any]:
    """What the members read from now on is kept word by word (C9)."""
    secretary = step.actor.full_name if step.actor else ""
    minutes.content = write(facts_of(minutes.meeting, secretary=secretary))
    minutes.save(update_fields=["content"])
    return {"content_hash": content_hash(minutes.content)}


# --- amendments --------------------------------------------------------------------------------------------


def ask_amendment(minutes: Minutes, *, actor: User, at: datetime, text: str) -> AmendmentRequest:
    """A member of that meeting asks for a change while the minutes go round (C9)."""
    with one_step():
        locked, authority, seating = _circulated(minutes, actor, at)
        wanted = require_text(text, "متن اصلاح پیشنهادی را بنویسید.")
        request = AmendmentRequest.objects.create(minutes=locked, seating=seating, text=wanted, asked_at=at)
        audit.record(
            events.AMENDMENT_ASKED,
            request,
            actor=actor,
            at=at,
            authority=authority,
            note=wanted,
            root=locked.meeting,
        )
    return request


def want_no_amendment(minutes: Minutes, *, actor: User, at: datetime) -> AmendmentRequest:
    """A member says that the text needs no change, so that signing need not wait for the clock (C9)."""
    with one_step():
        locked, authority, seating = _circulated(minutes, actor, at)
        request = AmendmentRequest.objects.create(
            minutes=locked, seating=seating, state=AmendmentState.NONE, asked_at=at
        )
        audit.record(
            events.NO_AMENDMENT, request, actor=actor, at=at, authority=authority, root=locked.meeting
        )
    return request


def _circulated(minutes: Minutes, actor: User, at: datetime) -> tuple[Minutes, Any, Seating]:
    locked = _locked(minutes)
    authority = require(rules.ASK_AMENDMENT, actor, locked, at)
    if locked.state != MinutesState.CIRCULATED:
        raise Refusal(NOT_CIRCULATED)
    last_day = amendments_until(locked)
    if last_day is not None and _is_over(last_day, local_date(at)):
        raise Refusal(f"مهلت اصلاح در {format_jalali(last_day, 'medium')} پایان یافت.")
    invitation = locked.meeting.invitations.filter(seating__person=actor).select_related("seating").first()
    if invitation is None:
        raise Refusal("شما به این جلسه دعوت نشده بودید؛ درخواست اصلاح با اعضای دعوت‌شده است.")
    return locked, authority, invitation.seating


def accept_amendment(
    request: AmendmentRequest,
    *,
    actor: User,
    at: datetime,
    item: AgendaItem,
    discussion: str,
    answer: str = "",
) -> AmendmentRequest:
    """The secretary changes the discussion of one item of the agenda as the member asked (C9)."""
    with one_step():
        minutes, locked, authority = _asked(request, actor, at)
        text = require_text(discussion, "متن تازه گفت‌وگو را بنویسید.")
        row = minutes.meeting.items.filter(pk=item.pk).first()
        if row is None:
            raise Refusal("دستوری از همین جلسه را برگزینید.")
        before = row.discussion
        row.discussion = text
        row.save(update_fields=["discussion"])
        _rewrite(minutes)
        _answer(locked, AmendmentState.ACCEPTED, answer.strip(), actor, at)
        audit.record(
            events.AMENDMENT_ANSWERED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            before={"discussion": before},
            after={"state": locked.state, "item": row.title, "discussion": text},
            note=locked.answer or "پذیرفته شد",
            root=minutes.meeting,
        )
    return locked


def accept_by_record(
    request: AmendmentRequest, *, actor: User, at: datetime, answer: str
) -> AmendmentRequest:
    """Accept where not the discussion but a record was wrong and has been corrected, such as why somebody was absent."""
    with one_step():
        minutes, locked, authority = _asked(request, actor, at)
        told = require_text(answer, "بنویسید چه چیز در رویدادهای جلسه اصلاح شد.")
        before = content_hash(minutes.content)
        _rewrite(minutes)
        if content_hash(minutes.content) == before:
            raise Refusal(
                "در رویدادهای ثبت‌شده جلسه چیزی تغییر نکرده است؛ نخست رویداد نادرست را در صفحه جلسه اصلاح کنید."
            )
        _answer(locked, AmendmentState.ACCEPTED, told, actor, at)
        audit.record(
            events.AMENDMENT_ANSWERED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            before={"content_hash": before},
            after={"state": locked.state, "content_hash": content_hash(minutes.content)},
            note=told,
            root=minutes.meeting,
        )
    return locked


def _rewrite(minutes: Minutes) -> None:
    """The content from the facts as they are now; who prepared the minutes stays."""
    secretary = str(minutes.content.get("secretary", ""))
    minutes.content = write(facts_of(minutes.meeting, secretary=secretary))
    minutes.save(update_fields=["content"])


def decline_amendment(
    request: AmendmentRequest, *, actor: User, at: datetime, answer: str
) -> AmendmentRequest:
    """The secretary declines with a reason; the text stays (C9)."""
    with one_step():
        minutes, locked, authority = _asked(request, actor, at)
        reason = require_text(answer, "دلیل نپذیرفتن را بنویسید.")
        _answer(locked, AmendmentState.DECLINED, reason, actor, at)
        audit.record(
            events.AMENDMENT_ANSWERED,
            locked,
            actor=actor,
            at=at,
            authority=authority,
            after={"state": locked.state},
            note=reason,
            root=minutes.meeting,
        )
    return locked


def _asked(request: AmendmentRequest, actor: User, at: datetime) -> tuple[Minutes, AmendmentRequest, Any]:
    minutes = _locked(Minutes.objects.get(pk=request.minutes_id))
    authority = require(rules.WRITE_MINUTES, actor, minutes, at)
    locked = AmendmentRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
    if minutes.state != MinutesState.CIRCULATED:
        raise Refusal(NOT_CIRCULATED)
    if locked.state != AmendmentState.ASKED:
        raise Refusal("به این درخواست پیش از این پاسخ داده شده است.")
    return minutes, locked, authority


def _answer(request: AmendmentRequest, state: str, answer: str, actor: User, at: datetime) -> None:
    request.state, request.answer = state, answer
    request.answered_by, request.answered_at = actor, at
    request.save(update_fields=["state", "answer", "answered_by", "answered_at"])


# --- signing -----------------------------------------------------------------------------------------------


def without_wish(minutes: Minutes) -> list[Seating]:
    """Those who were present and have not said that they want no amendment."""
    content = set(minutes.amendments.filter(state=AmendmentState.NONE).values_list("seating_id", flat=True))
    return [row for row in present_seatings(minutes.meeting) if row.pk not in content]


def unsigned(minutes: Minutes) -> list[Seating]:
    """Those who were present and have not signed yet, in the order of the seats."""
    signed = set(minutes.signatures.values_list("seating_id", flat=True))
    return [row for row in present_seatings(minutes.meeting) if row.pk not in signed]


def signing_gaps(minutes: Minutes, step: Step) -> Iterator[str]:
    """Every request answered, and the clock over or nobody present wanting a change (C9)."""
    waiting = minutes.amendments.filter(state=AmendmentState.ASKED).count()
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


def freeze_for_signing(minutes: Minutes, step: Step) -> dict[str, Any]:
    """The text and its fingerprint are fixed for good: this is what the members sign (C9, DB)."""
    minutes.content = write(facts_of(minutes.meeting, secretary=str(minutes.content.get("secretary", ""))))
    minutes.content_hash = content_hash(minutes.content)
    minutes.state, minutes.state_since = MinutesState.SIGNING, step.at
    minutes.signing_from = step.on
    minutes.save(update_fields=["content", "content_hash", "state", "state_since", "signing_from"])
    return {"content_hash": minutes.content_hash, "signing_from": step.on}


def sign_own(minutes: Minutes, step: Step) -> dict[str, Any]:
    """The own signature of one who was present, with a dissent if there is one (C9)."""
    mine = next((row for row in unsigned(minutes) if row.person_id == getattr(step.actor, "pk", None)), None)
    if mine is None or step.actor is None:
        raise Refusal("صورتجلسه را کسانی امضا می‌کنند که در جلسه حاضر بوده‌اند.")
    signature = MinutesSignature.objects.create(
        minutes=minutes,
        seating=mine,
        signed_by=step.actor,
        signed_at=step.at,
        dissent=str(step.asked.get("dissent") or "").strip(),
        content_hash=minutes.content_hash,
    )
    return {"seat": mine.seat_code, "dissent": bool(signature.dissent), "content_hash": minutes.content_hash}


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


def seal(minutes: Minutes, step: Step) -> dict[str, Any]:
    """The minutes become a letter and the meeting is minuted (C9, K1)."""
    missing = [row.person.full_name for row in unsigned(minutes)]
    letter = issue_minutes(minutes, minutes.meeting, actor=step.actor, at=step.at, authority=step.authority)
    minutes.letter, minutes.sealed_at = letter, step.at
    minutes.state, minutes.state_since = MinutesState.SEALED, step.at
    minutes.save(update_fields=["letter", "sealed_at", "state", "state_since"])
    workflow_for(minutes.meeting).apply(minutes.meeting, "minute", actor=None, at=step.at)
    return {"letter": letter.number.text, "not_signed": missing}


def advance_minutes(at: datetime) -> int:
    """What the clocks bring about: signing begins, and minutes are sealed; running it twice does no harm (C9)."""
    on, done = local_date(at), 0
    rows = Minutes.objects.filter(state__in=[MinutesState.CIRCULATED, MinutesState.SIGNING])
    for minutes in rows.select_related("meeting").order_by("id"):
        circulated = minutes.state == MinutesState.CIRCULATED
        last_day = amendments_until(minutes) if circulated else signatures_until(minutes)
        if not _is_over(last_day, on):
            continue
        if circulated and minutes.amendments.filter(state=AmendmentState.ASKED).exists():
            continue  # waits for the secretary's answer, who has it in the inbox
        try:
            workflow_for(minutes).apply(minutes, "start_signing" if circulated else "seal", actor=None, at=at)
            done += 1
        except Refusal:  # kept in the audit; one that is stuck keeps no other from its turn
            continue
    return done
