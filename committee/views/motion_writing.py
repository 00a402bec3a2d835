"""Writing motions: new, edit, copy, papers, and the amended text in the sitting (C5)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from committee import rules
from committee.enums import MotionState
from committee.forms.motions import AmendForm, MotionForm
from committee.models import Motion
from committee.operations import motions
from committee.operations.meetings import present_seats
from committee.pages import motion_display as display
from committee.pages.motion import crumbs, motion_of
from committee.pages.motions import TITLE
from committee.workflow.motions import MOTION
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.letters.attachments import ACCEPTED, stage_file, staged_file
from staff_portal.kernel.models import Attachment
from staff_portal.kernel.pages.requests import attempt, guard, moment, person, today
from staff_portal.kernel.pages.steps import say_done
from staff_portal.kernel.persian.digits import natural, to_persian_digits

PAPERS_HELP = "PDF، تصویر، Word یا Excel، هر یک تا ۲۰ مگابایت؛ همراه متن به اعضا نشان داده می‌شود."


@require_http_methods(["GET", "POST"])
def motion_new(request: HttpRequest) -> HttpResponse:
    """Write a draft."""
    guard(rules.PROPOSE_MOTION, request)
    form = MotionForm(request.POST or None)
    papers, file_error = _papers(request)
    if _is_sent(request) and form.is_valid() and not file_error:
        made = attempt(
            form,
            lambda: motions.propose_motion(
                actor=person(request), at=moment(request), papers=papers, **form.data_for()
            ),
        )
        if made is not None:
            say_done(request, MOTION, made, "draft")
            return redirect(made)
    trail = [
        {"label": TITLE, "url": reverse("committee:motion_list")},
        {"label": "پیشنهاد تازه"},
    ]
    return _form_page(
        request,
        form,
        papers,
        file_error,
        page_title="پیشنهاد تازه",
        crumbs=trail,
        cancel_url=reverse("committee:motion_list"),
        draft_key="motion-new",
    )


@require_http_methods(["GET", "POST"])
def motion_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the own draft."""
    motion = motion_of(request, pk)
    guard(rules.EDIT_MOTION, request, motion)
    if motion.state != MotionState.DRAFT:
        raise Refusal(motions.ONLY_DRAFTS)
    initial = {
        "kind": motion.kind,
        "title": motion.title,
        "text": motion.text,
        "ngo": motion.concerns_ngo.national_id if motion.concerns_ngo else "",
        "articles": list(motion.articles.values_list("pk", flat=True)),
    }
    form = MotionForm(request.POST or None, initial=initial)
    papers, file_error = _papers(request)
    if request.method == "POST" and "paper_drop" in request.POST:
        file_error = _drop_paper(request, motion) or file_error
    if _is_sent(request) and form.is_valid() and not file_error:
        done = attempt(
            form,
            lambda: MOTION.apply(
                motion, "edit", actor=person(request), at=moment(request), papers=papers, **form.data_for()
            ),
        )
        if done is not None:
            say_done(request, MOTION, done, "edit")
            return redirect(done)
    return _form_page(
        request,
        form,
        papers,
        file_error,
        page_title=f"ویرایش پیشنهاد {to_persian_digits(motion.number)}",
        crumbs=crumbs(motion, {"label": "ویرایش"}),
        cancel_url=motion.get_absolute_url(),
        draft_key=f"motion-{pk}",
        paper_items=display.paper_rows(motion),
    )


def _form_page(
    request: HttpRequest, form: MotionForm, papers: list[Attachment], file_error: str, **context: Any
) -> HttpResponse:
    staged = [
        {
            "name": paper.name,
            "size": to_persian_digits(filesizeformat(paper.size)),
            "value": paper.pk,
            "remove_name": "papers_remove",
        }
        for paper in papers
    ]
    status = 422 if _is_sent(request) or file_error else 200
    context |= {
        "form": form,
        "staged": staged,
        "file_error": file_error,
        "accept": ACCEPTED,
        "papers_help": PAPERS_HELP,
        "submit_label": "ذخیره پیشنهاد",
    }
    return render(request, "committee/motions/motion_form.html", context, status=status)


def _is_sent(request: HttpRequest) -> bool:
    """Whether the form is to be saved; taking away a paper only shows it again."""
    return request.method == "POST" and not {"papers_remove", "paper_drop"} & set(request.POST)


def _drop_paper(request: HttpRequest, motion: Motion) -> str:
    """Take an attached paper off the draft; what stands against it, or nothing."""
    paper = motions.papers_of(motion).filter(pk=natural(request.POST["paper_drop"]) or 0).first()
    if paper is None:
        return motions.NOT_ITS_PAPER
    MOTION.apply(motion, "take_off", actor=person(request), at=moment(request), paper=paper)
    return ""


def _papers(request: HttpRequest) -> tuple[list[Attachment], str]:
    """The files that came along and those staged before; with what is wrong with them."""
    if request.method != "POST":
        return [], ""
    removed = request.POST.get("papers_remove", "")
    kept = [
        found
        for key in request.POST.getlist("papers_staged")
        if key != removed and (found := staged_file(key, actor=person(request))) is not None
    ]
    for upload in request.FILES.getlist("papers"):
        try:
            kept.append(stage_file(upload, actor=person(request), at=moment(request)))
        except Refusal as refusal:
            return kept, f"{upload.name}: {refusal.sentence}"
    return kept, ""


@require_POST
def motion_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft of the own from a motion that was lost, withdrawn or lapsed."""
    motion = motion_of(request, pk)
    try:
        made = MOTION.apply(motion, "copy", actor=person(request), at=moment(request))
    except NotPermitted:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(motion)
    say_done(request, MOTION, made, "copy")
    return redirect("committee:motion_edit", made.pk)


@require_http_methods(["GET", "POST"])
def motion_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """The amended text in the same sitting, if all present agree (C5)."""
    motion = motion_of(request, pk)
    guard(rules.AMEND_MOTION, request, motion)
    sitting = motions.sitting_of(motion)
    present = [row.person.full_name for row in present_seats(sitting, today(request))] if sitting else []
    form = AmendForm(
        request.POST or None, present=present, initial={"title": motion.title, "text": motion.text}
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: MOTION.apply(
                motion, "amend", actor=person(request), at=moment(request), **form.cleaned_data
            ),
        )
        if done is not None:
            made = Motion.objects.get(origin=motion, is_amendment=True)
            say_done(request, MOTION, made, "amended")
            return redirect(made)
    option = MOTION.option(motion, "amend", person(request), moment(request))
    context = {
        "page_title": "متن اصلاح‌شده",
        "crumbs": crumbs(motion, {"label": "متن اصلاح‌شده"}),
        "motion": motion,
        "form": form,
        "reasons": list(option.reasons) if option else [],
        "submit_label": "جایگزینی متن",
        "cancel_url": motion.get_absolute_url(),
        "draft_key": f"motion-{pk}-amend",
    }
    return render(request, "committee/motions/motion_amend.html", context, status=422 if form.errors else 200)
