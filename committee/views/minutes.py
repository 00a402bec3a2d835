"""What is done with minutes on pages of their own: writing, signing, answering amendments (C9)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from committee import rules
from committee.forms.outcomes import ACCEPT, DECLINE, RECORD, AnswerForm, SignForm
from committee.models import AmendmentRequest, Minutes
from committee.pages.minutes import amendment_rows, crumbs_of, paper, visible
from committee.workflow.minutes import AMENDMENT, MINUTES
from staff_portal.kernel.pages.requests import attempt, guard, moment, one, person, today
from staff_portal.kernel.pages.steps import one_by, take

#: the row of each decision, with what it asks
ROWS: dict[str, tuple[str, tuple[str, ...]]] = {
    ACCEPT: ("accept", ("item", "discussion", "answer")),
    RECORD: ("accept_by_record", ("answer",)),
    DECLINE: ("decline", ("answer",)),
}


def of_meeting(request: HttpRequest, meeting: int) -> Minutes:
    """The minutes of a meeting, if the person may see them."""
    found: Minutes = one_by(visible(person(request), today(request)), meeting_id=meeting)
    return found


# --- steps -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def minutes_write(request: HttpRequest, meeting: int) -> HttpResponse:
    """What was said on each item; drafts stay in the browser until they are saved."""
    return take(request, MINUTES, of_meeting(request, meeting), "write", crumbs=crumbs_of)


@require_http_methods(["GET", "POST"])
def minutes_sign(request: HttpRequest, meeting: int) -> HttpResponse:
    """The own signature of one who was present, with a dissent or without (C9)."""
    minutes = of_meeting(request, meeting)
    if request.method == "GET" and minutes.signatures.filter(signed_by=person(request)).exists():
        return redirect(minutes.get_absolute_url())
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
            return redirect(minutes.get_absolute_url())
    context = {
        "page_title": f"امضای {minutes}",
        "crumbs": [*crumbs_of(minutes), {"label": "امضا"}],
        "minutes": minutes,
        "paper": paper(minutes, minutes.content),
        "sentence": "متن بالا با امضای شما تأیید می‌شود؛ امضا بازگشت‌پذیر نیست.",
        "form": form,
        "reasons": reasons,
        "submit_label": "امضا",
        "cancel_url": minutes.get_absolute_url(),
        "draft_key": f"minutes-sign-{minutes.pk}",
    }
    status = 409 if request.method == "POST" and reasons else 422 if form.errors else 200
    return render(request, "committee/minutes/sign.html", context, status=status)


# --- amendments --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def amendment_answer(request: HttpRequest, meeting: int, pk: int) -> HttpResponse:
    """The secretary accepts with a new text or a corrected record, or declines with a reason."""
    minutes = of_meeting(request, meeting)
    guard(rules.WRITE_MINUTES, request, minutes)
    asked = one(minutes.amendments.select_related("seating__person", "seating__ngo"), pk)
    items = minutes.meeting.items.order_by("position", "id")
    form = AnswerForm(request.POST or None, items=items)
    if request.method == "POST" and form.is_valid():
        answered = attempt(form, lambda: _answer(request, asked, form.cleaned_data))
        if answered is not None:
            messages.success(request, "پاسخ ثبت شد و عضو آگاه می‌شود.")
            return redirect(minutes.get_absolute_url())
    context = {
        "page_title": f"پاسخ به اصلاح {asked.seating.person}",
        "crumbs": [*crumbs_of(minutes), {"label": "پاسخ به اصلاح"}],
        "asked": amendment_rows([asked])[0],
        "items": items,
        "form": form,
        "submit_label": "ثبت پاسخ",
        "cancel_url": minutes.get_absolute_url(),
        "draft_key": f"answer-{asked.pk}",
    }
    return render(request, "committee/minutes/answer.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, asked: AmendmentRequest, data: dict[str, Any]) -> AmendmentRequest:
    name, questions = ROWS[data["decision"]]
    answers = {question: data[question] for question in questions}
    return AMENDMENT.apply(asked, name, actor=person(request), at=moment(request), **answers)
