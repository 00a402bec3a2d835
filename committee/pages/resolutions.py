"""Resolutions: the register, and one resolution with its announcement and the work that carries it out (C8)."""

from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse

from committee import rules
from committee.enums import ActionState, MotionKind, ResolutionState
from committee.models import ActionItem, Addressee, Resolution
from committee.operations import resolutions
from committee.pages.vote_words import action_due, both_signatures, vote_facts
from committee.queries import matching_resolutions
from committee.workflow.addressees import ADDRESSEE
from committee.workflow.resolutions import ACTION, RESOLUTION, open_resolutions
from ngos.operations.addresses import represented
from staff_portal.kernel.base import request_cache
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.letters.issuing import isolated
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.cells import Cell, ListColumn
from staff_portal.kernel.pages.lists import Empty, Facet, ListPage, labels_of
from staff_portal.kernel.pages.records import Look, Part, RecordPage, form_on_page
from staff_portal.kernel.pages.steps import step_actions
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.ordering import alphabetical
from staff_portal.kernel.workflow.holds import open_reasons

LATE = "late"


def visible(user: User, on: date) -> QuerySet[Resolution]:
    """The resolutions the person may see, with what every page names."""
    return open_resolutions(user, on).select_related("number__series", "motion")


def _with_late(rows: QuerySet[Resolution], on: date) -> QuerySet[Resolution]:
    late = ActionItem.objects.filter(resolution=OuterRef("pk"), state=ActionState.OPEN, due_on__lt=on)
    return rows.annotate(only=Case(When(Exists(late), then=Value(LATE))))


def _with_works(rows: QuerySet[Resolution], on: date) -> QuerySet[Resolution]:
    is_open = Q(actions__state=ActionState.OPEN)
    return rows.annotate(
        open_actions=Count("actions", filter=is_open),
        done_actions=Count("actions", filter=Q(actions__state=ActionState.DONE)),
        late_actions=Count("actions", filter=is_open & Q(actions__due_on__lt=on)),
    )


def work_words(row: Resolution) -> str:
    """«۲ در دست پیگیری، ۱ انجام‌شده» from the counts of the list."""
    counts = ((row.open_actions, "در دست پیگیری"), (row.done_actions, "انجام‌شده"))  # type: ignore[attr-defined]
    return "، ".join(f"{to_persian_digits(count)} {words}" for count, words in counts if count)


def _works(row: Resolution, on: date) -> Cell:
    late = row.late_actions  # type: ignore[attr-defined]
    if late:
        return Cell(badge=f"{to_persian_digits(late)} از مهلت گذشته", tone="no", sub=work_words(row))
    return Cell(work_words(row))


RESOLUTIONS = ListPage(
    title="مصوبه‌ها",
    name="committee:resolution_list",
    visible=visible,
    search=matching_resolutions,
    placeholder="شماره، عنوان یا متن مصوبه",
    order=("-adopted_on", "-id"),
    columns=(
        ListColumn(
            "number",
            "شماره",
            lambda row: to_persian_digits(row.number.text),
            lambda row, on: isolated(row.number.text),
            sort=("number__series__jalali_year", "number__serial", "id"),
            width=16,
        ),
        ListColumn(
            "title",
            "عنوان",
            lambda row: row.title,
            lambda row, on: Cell(row.title, url=row.get_absolute_url()),
            sort=(alphabetical("title"), "id"),
            width=60,
        ),
        ListColumn(
            "kind", "نوع", lambda row: str(row.motion.get_kind_display()), sort=("motion__kind", "id")
        ),
        ListColumn("adopted", "تصویب", lambda row: row.adopted_on, sort=("adopted_on", "id")),
        ListColumn(
            "state",
            "وضعیت",
            lambda row: row.get_state_display(),
            lambda row, on: Cell(badge=row.get_state_display(), tone=row.state_tone),
            sort=("state", "id"),
        ),
        ListColumn("works", "پیگیری", work_words, _works, width=24),
    ),
    facets=(
        Facet("state", "وضعیت", "state", labels_of(ResolutionState)),
        Facet("kind", "نوع", "motion__kind", labels_of(MotionKind)),
        Facet("year", "سال", "number__series__jalali_year"),
        Facet("only", "فقط", "only", lambda: [(LATE, "پیگیری از مهلت گذشته")]),
    ),
    chips=_with_late,
    facts=_with_works,
    filename="resolutions",
    empty=Empty(
        "هنوز مصوبه‌ای نیست",
        "همین که پیشنهادی در کمیته تصویب شود، مصوبه آن با شماره این‌جا می‌آید و پس از امضای دو طرف ابلاغ می‌شود.",
        filtered="مصوبه‌ای با این صافی‌ها نیست",
    ),
)


# --- one resolution ----------------------------------------------------------------------------------------


def crumbs_of(resolution: Resolution) -> list[dict[str, str]]:
    """The way to a resolution."""
    label = f"مصوبه {to_persian_digits(resolution.number.text)}"
    return [
        {"label": RESOLUTIONS.title, "url": reverse("committee:resolution_list")},
        {"label": label, "url": resolution.get_absolute_url()},
    ]


def _works_of(resolution: Resolution, look: Look) -> dict[str, Any]:
    rows = resolution.actions.select_related("owner").annotate(_open_holds=open_reasons(ActionItem))
    form = form_on_page(ACTION, "add", resolution, look)
    return {
        "works": [_work(row, look) for row in rows],
        "form": form,
        "is_open": form is not None and form.is_bound,
        "add_url": reverse("committee:action_add", args=[resolution.pk]),
        "draft_key": f"action-{resolution.pk}",
    }


def _work(row: ActionItem, look: Look) -> dict[str, Any]:
    due, tone = action_due(row, look.on)
    can_act = row.owner_id == look.me.pk or access.has_role(look.me, look.on, Role.SECRETARY)
    options = ACTION.options(row, look.me, look.at) if can_act else []
    return {"row": row, "due": due, "tone": tone, "actions": step_actions(ACTION, row, options)}


def _addressees_of(resolution: Resolution, look: Look) -> dict[str, Any] | None:
    """To whom it is announced and who confirmed; who is addressed sees the own line."""
    rows = list(resolution.addressees.select_related("unit", "ngo", "person", "received_by"))
    if not rules.reads_committee(look.me, look.on):
        rows = [row for row in rows if _is_own(row, look)]
    lines = []
    for row in rows:
        row.resolution = resolution
        options = ADDRESSEE.options(row, look.me, look.at) if _is_own(row, look) else []
        shown = [option for option in options if option.name == "receive" and option.allowed]
        lines.append({"row": row, "actions": step_actions(ADDRESSEE, row, shown)})
    return {"lines": lines} if lines else None


def _is_own(row: Addressee, look: Look) -> bool:
    """Whether the person may stand behind the addressee; asked of the account alone, once for a page."""
    if row.ngo_id is not None:
        return str(row.ngo_id) in request_cache.once(
            ("represents", look.me.pk), lambda: frozenset(represented(look.me, look.on))
        )
    if row.unit is not None:
        region = row.unit.district_id or 0
        return row.unit_id in access.scope_ids(look.me, look.on, Role.UNIT_EXPERT) or (
            region in access.scope_ids(look.me, look.on, Role.REGION_OFFICER)
        )
    return row.person_id == look.me.pk


def _motion_link(resolution: Resolution, look: Look) -> tuple[str, str] | None:
    motion = resolution.motion
    if not rules.can_view_motion(look.me, motion, look.on):
        return None
    return motion.get_absolute_url(), "پیشنهاد و رأی‌ها"


RESOLUTION_PAGE = RecordPage(
    table=RESOLUTION,
    name="committee:resolution_detail",
    visible=visible,
    crumbs=crumbs_of,
    facts=resolutions.facts_of,
    meta=lambda row: [
        f"مصوبه {isolated(row.number.text)}",
        f"تصویب {format_jalali(row.adopted_on, 'medium')}",
    ],
    main=(
        Part("متن مصوبه", "committee/resolutions/text.html", lambda row, look: {"text": row.text}),
        Part("پیگیری مصوبه", "committee/resolutions/works.html", _works_of, anchor="works"),
        Part(
            "نتیجه رأی‌گیری",
            "committee/resolutions/vote.html",
            lambda row, look: {"items": vote_facts(row.motion)},
            link=_motion_link,
        ),
    ),
    side=(
        Part("گیرندگان ابلاغ", "committee/resolutions/addressees.html", _addressees_of, anchor="addressees"),
        Part(
            "امضای ابلاغ",
            "committee/resolutions/sides.html",
            lambda row, look: {"sides": both_signatures(row)},
        ),
    ),
    letters=lambda row: [row.letter] if row.letter else [],
    letters_title="نامه ابلاغ",
    styles="css/outcomes.css",
)
