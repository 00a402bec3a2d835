"""Taking a step of a workflow: one confirm page and one POST for every record of every app."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from staff_portal.kernel.access import local_date
from staff_portal.kernel.models import User
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.transition_forms import TransitionForm
from staff_portal.kernel.workflow import Option, Transition, Workflow


def asks_first(row: Transition) -> bool:
    """Whether the step has a page of its own before it is taken."""
    return bool(row.needs_note or row.asks or row.confirm)


def transition_actions(
    options: list[Option], url_for: Callable[[str], str], *, hidden: dict[str, str] | None = None
) -> list[dict[str, Any]]:
    """What ``{% transition_bar %}`` takes: allowed steps first, greyed ones with their reasons."""
    return [
        {
            "label": option.label,
            "url": url_for(option.name),
            "main": option.tone == "main" and option.allowed,
            "danger": option.tone == "danger",
            "confirm": asks_first(option.transition),
            "reasons": list(option.reasons),
            "hidden": hidden or {},
        }
        for option in sorted(options, key=lambda option: not option.allowed)
    ]


def take_step(
    request: HttpRequest,
    *,
    obj: Any,
    workflow: Workflow,
    name: str,
    back_url: str,
    done: str = "",
    crumbs: list[dict[str, str]] | None = None,
    own_page: Callable[[TransitionForm, int], HttpResponse] | None = None,
    about: Callable[[], list[dict[str, Any]]] | None = None,
) -> HttpResponse:
    """GET shows the confirm page, POST takes the step and returns to the record with a plain message.

    A refusal keeps what was typed and shows every sentence; nothing is lost. A step that is asked for on a page of
    its own gives ``own_page``: it draws the refused form with that status instead of the confirm page. ``about`` gives
    the facts that the confirm page shows, such as what is signed.
    """
    row = workflow.transitions.get(name)
    if row is None or row.system_only:
        raise Http404
    at = request.at  # type: ignore[attr-defined]
    actor = cast(User, request.user)
    form = TransitionForm(row, obj, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _confirm_page(request, obj, workflow, row, form, back_url, crumbs, about)
    if not form.is_valid():
        if row.permission.authority(actor, obj, local_date(at)) is None:
            workflow.apply(obj, name, actor=actor, at=at)  # refuses, and keeps the attempt for the auditor
        if own_page is not None:
            return own_page(form, 422)
        return _confirm_page(request, obj, workflow, row, form, back_url, crumbs, about, status=422)
    try:
        workflow.apply(obj, name, actor=actor, at=at, note=form.cleaned_data.get("note", ""), **form.asked())
    except NotPermitted:
        raise
    except Refusal as refusal:
        if asks_first(row):
            for sentence in refusal.sentences:
                form.add_error(None, sentence)
            if own_page is not None:
                return own_page(form, refusal.status)
            return _confirm_page(
                request, obj, workflow, row, form, back_url, crumbs, about, status=refusal.status
            )
        for sentence in refusal.sentences:
            messages.error(request, sentence)
        return redirect(back_url)
    messages.success(request, done or f"«{row.label}» انجام شد.")
    return redirect(back_url)


def _confirm_page(
    request: HttpRequest,
    obj: Any,
    workflow: Workflow,
    row: Transition,
    form: TransitionForm,
    back_url: str,
    crumbs: list[dict[str, str]] | None,
    about: Callable[[], list[dict[str, Any]]] | None,
    status: int = 200,
) -> HttpResponse:
    reasons: list[str] = []
    if status == 200:
        option = next(
            (
                found
                for found in workflow.options(obj, request.user, request.at)  # type: ignore[arg-type, attr-defined]
                if found.name == row.name
            ),
            None,
        )
        if option is None:
            state = workflow.state_label(getattr(obj, workflow.state_field))
            authority, why_not = row.permission.decide(request.user, obj, local_date(request.at))  # type: ignore[arg-type, attr-defined]
            if authority is None:
                raise NotPermitted(why_not)
            reasons = [f"وضعیت کنونی «{state}» است و این کار در آن انجام نمی‌شود."]
        else:
            reasons = list(option.reasons)
    context = {
        "page_title": f"{row.label}: {obj}",
        "crumbs": crumbs or [],
        "sentence": row.confirm,
        "fact_items": about() if about is not None else [],
        "form": form,
        "submit_label": row.label,
        "danger": row.tone == "danger",
        "cancel_url": back_url,
        "reasons": reasons,
        "draft_key": f"step-{obj._meta.model_name}-{obj.pk}-{row.name}",
    }
    return render(request, "kernel/transition.html", context, status=status)
