"""The minutes of a meeting: as the paper they will be, their writing, amendments, signatures (C9)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committee import rules
from committee.enums import AmendmentState, MinutesState
from committee.forms.outcomes import ACCEPT, RECORD, AmendmentForm, AnswerForm, DiscussionForm, SignForm
from committee.minutes_letter import signature_grid
from committee.models import AmendmentRequest, Meeting, Minutes
from committee.operations import minutes as operations
from committee.views.outcomes_display import amendment_rows
from committee.workflow.outcomes import MINUTES
from staff_portal.kernel.operations.holds import open_reasons
from staff_portal.kernel.persian.jalali import format_jalali, relative_days
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.timeline import entries_of, timeline_items
from staff_portal.kernel.views.asking import attempt, guard, moment, one, person, today
from staff_portal.kernel.views.lettercard import letter_card
from staff_portal.kernel.views.transitions import take_step, transition_actions

NOT_FOR_YOU = "صورتجلسه‌های کمیته برای نقش شما باز نیست."
STEPS = (
    (MinutesState.DRAFT, "نگارش"),
    (MinutesState.CIRCULATED, "گردش و اصلاح"),
    (MinutesState.SIGNING, "امضا"),
    (MinutesState.SEALED, "نهایی"),
)
DONE = {
    "circulate": "صورتجلسه به گردش گذاشته شد و اعضا آگاه می‌شوند.",
    "start_signing": "متن صورتجلسه ثابت شد؛ حاضران جلسه امضا می‌کنند.",
    "seal": "صورتجلسه نهایی شد و نامه آن صادر شد.",
}


def visible(request: HttpRequest) -> QuerySet[Minutes]:
    """The minutes the person may see; a draft is the secretary's and the auditor's."""
    me, on = person(request), today(request)
    if not rules.reads_committee(me, on):
        raise NotPermitted(NOT_FOR_YOU)
    return Minutes.objects.filter(rules.minutes_visible_to(me, on)).select_related("meeting__term")


def _of(request: HttpRequest, meeting: int) -> Minutes:
    found = visible(request).annotate(_open_holds=open_reasons(Minutes)).filter(meeting_id=meeting).first()
    if found is None:
        raise Http404
    return found


def _url(minutes: Minutes) -> str:
    return reverse("committee:minutes_detail", args=[minutes.meeting_id])


def crumbs(minutes: Minutes, *more: dict[str, str]) -> list[dict[str, str]]:
    own = {"label": "صورتجلسه", "url": _url(minutes)} if more else {"label": "صورتجلسه"}
    meeting = {"label": str(minutes.meeting), "url": minutes.meeting.get_absolute_url()}
    return [{"label": "جلسه‌ها", "url": reverse("committee:meeting_list")}, meeting, own, *more]


# --- the paper ---------------------------------------------------------------------------------------------


@require_GET
def minutes_detail(request: HttpRequest, meeting: int) -> HttpResponse:
    """The minutes as the paper they will be, what the members ask for, and who has signed."""
    minutes = _of(request, meeting)
    me, on = person(request), today(request)
    writes = rules.WRITE_MINUTES.authority(me, minutes, on) is not None
    requests = list(minutes.amendments.select_related("seating__person", "seating__ngo"))
    until = _until(minutes)
    content = operations.content_of(minutes, secretary=me.full_name if writes else "")
    is_written = any(item.get("discussion") for item in content["items"])
    context = {
        "page_title": str(minutes),
        "crumbs": crumbs(minutes),
        "minutes": minutes,
        "content": content,
        "is_draft": minutes.state == MinutesState.DRAFT,
        "is_sealed": minutes.state == MinutesState.SEALED,
        "steps": _stepper(minutes),
        "until": until,
        "until_words": relative_days(until, on) if until else "",
        "amendments": amendment_rows(row for row in requests if row.state != AmendmentState.NONE),
        "content_with_it": [
            row.seating.person.full_name for row in requests if row.state == AmendmentState.NONE
        ],
        "can_answer": writes and minutes.state == MinutesState.CIRCULATED,
        "signatures": signature_grid(minutes)
        if minutes.state in (MinutesState.SIGNING, MinutesState.SEALED)
        else (),
        "letter": letter_card(minutes.letter, on) if minutes.letter else None,
        "actions": _actions(request, minutes, requests, until, is_written=is_written),
        "events": _events(request, minutes.meeting),
    }
    return render(request, "committee/minutes/detail.html", context)


def _events(request: HttpRequest, meeting: Meeting) -> list[dict[str, Any]]:
    """What happened to the minutes, out of the meeting's trail."""
    entries = entries_of(meeting, person(request), today(request))
    return timeline_items(entries.filter(event__startswith="minutes.")[:50])


def _until(minutes: Minutes) -> date | None:
    if minutes.state == MinutesState.CIRCULATED:
        return operations.amendments_until(minutes)
    return operations.signatures_until(minutes) if minutes.state == MinutesState.SIGNING else None


def _stepper(minutes: Minutes) -> list[dict[str, str]]:
    place = [state for state, _ in STEPS].index(MinutesState(minutes.state))
    sealed = minutes.state == MinutesState.SEALED
    notes = {
        MinutesState.CIRCULATED: minutes.circulated_on,
        MinutesState.SIGNING: minutes.signing_from,
        MinutesState.SEALED: minutes.sealed_at,
    }
    drawn = []
    for number, (state, label) in enumerate(STEPS):
        done = number < place or sealed
        moment_of = notes.get(state)
        drawn.append(
            {
                "label": label,
                "state": "done" if done else "current" if number == place else "todo",
                "note": format_jalali(moment_of, "medium") if moment_of else "",
            }
        )
    return drawn


def _actions(
    request: HttpRequest,
    minutes: Minutes,
    requests: list[AmendmentRequest],
    until: date | None,
    *,
    is_written: bool,
) -> list[dict[str, Any]]:
    """Writing and asking first, then the steps of the table; writing is the main one until something is written."""
    me, at, on = person(request), moment(request), today(request)
    meeting = minutes.meeting_id
    actions: list[dict[str, Any]] = []
    if minutes.state == MinutesState.DRAFT and rules.WRITE_MINUTES.authority(me, minutes, on):
        url = reverse("committee:minutes_write", args=[meeting])
        write = {"label": "نوشتن گفت‌وگوها", "url": url, "confirm": True, "icon": "edit"}
        actions.append({**write, "main": not is_written})
    in_time = minutes.state == MinutesState.CIRCULATED and (until is None or on <= until)
    if in_time and rules.ASK_AMENDMENT.authority(me, minutes, on):
        url = reverse("committee:amendment_ask", args=[meeting])
        actions.append({"label": "درخواست اصلاح", "url": url, "confirm": True, "icon": "edit"})
        mine = [row.state for row in requests if row.seating.person_id == me.pk]
        if AmendmentState.NONE not in mine:
            url = reverse("committee:amendment_none", args=[meeting])
            actions.append({"label": "اصلاحی ندارم", "url": url, "main": not mine, "icon": "tick"})
    steps = transition_actions(
        MINUTES.options(minutes, me, at),
        lambda name: (
            reverse("committee:minutes_sign", args=[meeting])
            if name == "sign"
            else reverse("committee:minutes_do", args=[meeting, name])
        ),
    )
    if any(action.get("main") for action in actions):
        steps = [{**step, "main": False} for step in steps]
    return actions + steps


# --- steps -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def minutes_do(request: HttpRequest, meeting: int, transition: str) -> HttpResponse:
    """Circulate, begin signing, seal; the own signature has a page of its own."""
    if transition == "sign":
        return minutes_sign(request, meeting)
    minutes = _of(request, meeting)
    label = MINUTES.transitions[transition].label if transition in MINUTES.transitions else ""
    return take_step(
        request,
        obj=minutes,
        workflow=MINUTES,
        name=transition,
        back_url=_url(minutes),
        done=DONE.get(transition, ""),
        crumbs=crumbs(minutes, {"label": label}),
    )


@require_http_methods(["GET", "POST"])
def minutes_write(request: HttpRequest, meeting: int) -> HttpResponse:
    """What was said on each item; drafts stay in the browser until they are saved."""
    minutes = _of(request, meeting)
    guard(rules.WRITE_MINUTES, request, minutes)
    if minutes.state != MinutesState.DRAFT:
        raise Refusal("صورتجلسه در گردش است؛ متن آن تنها با پذیرش درخواست اصلاح تغییر می‌کند.")
    form = DiscussionForm(request.POST or None, items=minutes.meeting.items.order_by("position", "id"))
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            lambda: operations.write_discussion(
                minutes, actor=person(request), at=moment(request), texts=form.texts()
            ),
        )
        if saved is not None:
            messages.success(request, "گفت‌وگوها ذخیره شد.")
            return redirect(_url(minutes))
    context = {
        "page_title": f"گفت‌وگوهای {minutes.meeting}",
        "crumbs": crumbs(minutes, {"label": "گفت‌وگوها"}),
        "page_subtitle": "حاضران، رأی‌ها و مصوبه‌ها خودکار در صورتجلسه می‌آید؛ تنها خلاصه گفت‌وگوها را بنویسید.",
        "form": form,
        "submit_label": "ذخیره گفت‌وگوها",
        "cancel_url": _url(minutes),
        "draft_key": f"minutes-{minutes.pk}",
    }
    return render(request, "layouts/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def minutes_sign(request: HttpRequest, meeting: int) -> HttpResponse:
    """The own signature of one who was present, with a dissent or without (C9)."""
    minutes = _of(request, meeting)
    form = SignForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and rules.SIGN_MINUTES.authority(person(request), minutes, today(request)) is None
    ):
        MINUTES.apply(
            minutes, "sign", actor=person(request), at=moment(request)
        )  # refuses, and keeps the attempt
    guard(rules.SIGN_MINUTES, request, minutes)
    option = next(
        (o for o in MINUTES.options(minutes, person(request), moment(request)) if o.name == "sign"), None
    )
    reasons = list(option.reasons) if option else ["صورتجلسه اکنون در حال امضا نیست."]
    if request.method == "POST" and not reasons and form.is_valid():
        signed = attempt(
            form,
            lambda: MINUTES.apply(
                minutes,
                "sign",
                actor=person(request),
                at=moment(request),
                dissent=form.cleaned_data["dissent"],
            ),
        )
        if signed is not None:
            messages.success(request, "صورتجلسه را امضا کردید.")
            return redirect(_url(minutes))
    context = {
        "page_title": f"امضای {minutes}",
        "crumbs": crumbs(minutes, {"label": "امضا"}),
        "minutes": minutes,
        "content": minutes.content,
        "sentence": "متن بالا با امضای شما تأیید می‌شود؛ امضا بازگشت‌پذیر نیست.",
        "form": form,
        "reasons": reasons,
        "submit_label": "امضا",
        "cancel_url": _url(minutes),
        "draft_key": f"minutes-sign-{minutes.pk}",
    }
    status = 409 if request.method == "POST" and reasons else 422 if form.errors else 200
    return render(request, "committee/minutes/sign.html", context, status=status)


# --- amendments --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def amendment_ask(request: HttpRequest, meeting: int) -> HttpResponse:
    """A member of that meeting asks for a change."""
    minutes = _of(request, meeting)
    guard(rules.ASK_AMENDMENT, request, minutes)
    form = AmendmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = attempt(
            form,
            lambda: operations.ask_amendment(
                minutes, actor=person(request), at=moment(request), text=form.cleaned_data["text"]
            ),
        )
        if asked is not None:
            messages.success(request, "درخواست شما به دبیر رسید.")
            return redirect(_url(minutes))
    context = {
        "page_title": "درخواست اصلاح صورتجلسه",
        "crumbs": crumbs(minutes, {"label": "درخواست اصلاح"}),
        "form": form,
        "submit_label": "فرستادن به دبیر",
        "cancel_url": _url(minutes),
        "draft_key": f"amendment-{minutes.pk}",
    }
    return render(request, "layouts/form.html", context, status=422 if form.errors else 200)


@require_POST
def amendment_none(request: HttpRequest, meeting: int) -> HttpResponse:
    """A member says that the text needs no change."""
    minutes = _of(request, meeting)
    operations.want_no_amendment(minutes, actor=person(request), at=moment(request))
    messages.success(request, "ثبت شد که اصلاحی ندارید.")
    return redirect(_url(minutes))


@require_http_methods(["GET", "POST"])
def amendment_answer(request: HttpRequest, meeting: int, pk: int) -> HttpResponse:
    """The secretary accepts with a new text or a corrected record, or declines with a reason."""
    minutes = _of(request, meeting)
    guard(rules.WRITE_MINUTES, request, minutes)
    asked = one(minutes.amendments.select_related("seating__person", "seating__ngo"), pk)
    items = minutes.meeting.items.order_by("position", "id")
    form = AnswerForm(request.POST or None, items=items)
    if request.method == "POST" and form.is_valid():
        answered = attempt(form, lambda: _answer(request, asked, form.cleaned_data))
        if answered is not None:
            messages.success(request, "پاسخ ثبت شد و عضو آگاه می‌شود.")
            return redirect(_url(minutes))
    context = {
        "page_title": f"پاسخ به اصلاح {asked.seating.person}",
        "crumbs": crumbs(minutes, {"label": "پاسخ به اصلاح"}),
        "asked": amendment_rows([asked])[0],
        "items": items,
        "form": form,
        "submit_label": "ثبت پاسخ",
        "cancel_url": _url(minutes),
        "draft_key": f"answer-{asked.pk}",
    }
    return render(request, "committee/minutes/answer.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, asked: AmendmentRequest, data: dict[str, Any]) -> AmendmentRequest:
    me, at = person(request), moment(request)
    if data["decision"] == ACCEPT:
        return operations.accept_amendment(
            asked, actor=me, at=at, item=data["item"], discussion=data["discussion"], answer=data["answer"]
        )
    if data["decision"] == RECORD:
        return operations.accept_by_record(asked, actor=me, at=at, answer=data["answer"])
    return operations.decline_amendment(asked, actor=me, at=at, answer=data["answer"])
