"""Capacity assessment: planning and blind scoring, what the rows need and what follows (N7, N9)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from ngos import rules
from ngos import settings as ngo_settings
from ngos.enums import AssessmentState, MembershipState
from ngos.grading import check_scores
from ngos.models import Assessment, AssessorSeat, Framework, Indicator, Ngo
from ngos.operations import sheets
from ngos.operations.conflicts import assessor_conflicts
from ngos.operations.sheets import ScoreData
from ngos.queries import framework_spec, merged_scores, published_framework, seat_values
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.configuration import clocks, settings_store
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import has_role, local_date
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

# --- planning --------------------------------------------------------------------------------------------


def plan_assessment(
    *, actor: User, at: datetime, ngo: Ngo, assessors: list[User], due_on: date | None = None
) -> Assessment:
    """Plan an assessment of a member with the published framework by two assessors without conflict (N7, N9)."""
    planned: Assessment = table_for(Assessment).apply(
        ngo, "plan", actor=actor, at=at, assessors=assessors, due_on=due_on
    )
    return planned


def planning_gaps(ngo: Ngo, step: Step) -> Iterator[str]:
    """Every sentence that stands against planning."""
    assessors: list[User] = step.asked.get("assessors") or []
    yield from ngo_gaps(ngo, published_framework())
    if len({user.pk for user in assessors}) != 2:
        yield "دو ارزیاب جداگانه برگزینید."
    for user in assessors:
        if not has_role(user, step.on, Role.HQ_ASSESSOR):
            yield f"{user.full_name} نقش ارزیاب ندارد."
    yield from assessor_conflicts(assessors, ngo).values()
    due_on = step.asked.get("due_on")
    if due_on is not None and due_on < step.on:
        yield "مهلت امتیازدهی گذشته است؛ تاریخ دیگری برگزینید."


def ngo_gaps(ngo: Ngo, framework: Framework | None) -> list[str]:
    """What stands against planning whoever the assessors are."""
    found = []
    if ngo.state != MembershipState.MEMBER:
        found.append("ظرفیت‌سنجی ویژه اعضاست؛ این سمن اکنون عضو نیست.")
    if framework is None:
        found.append("هنوز چارچوب منتشرشده‌ای نیست؛ رئیس ستاد سمن‌ها باید یکی را منتشر کند.")
    if ngo.assessments.filter(state__in=rules.OPEN_ASSESSMENT).exists():
        found.append("این سمن ظرفیت‌سنجی بازی دارد؛ نخست آن را به پایان برسانید یا لغو کنید.")
    return found


def planned(ngo: Ngo, step: Step) -> dict[str, Any]:
    """The columns of a new assessment; its scoring has a set number of working days."""
    days = int(settings_store.value(ngo_settings.SCORING_DAYS, step.on))
    return {
        "ngo": ngo,
        "framework": published_framework(),
        "due_on": step.asked["due_on"] or clocks.working_deadline(step.on, days),
        "planned_by": step.actor,
        "planned_at": step.at,
    }


def seat_assessors(assessment: Assessment, step: Step) -> dict[str, Any]:
    """Each of the two has a seat, in the order in which they were named."""
    assessors = step.asked["assessors"]
    sheets.give_seats(assessment, assessors, step)
    return {"framework": assessment.framework.version, "assessors": [user.pk for user in assessors]}


# --- before the scoring ----------------------------------------------------------------------------------


def member_gaps(assessment: Assessment, step: Step) -> Iterator[str]:
    """An NGO that stopped being a member is not assessed."""
    if assessment.ngo.state != MembershipState.MEMBER:
        yield "این سمن اکنون عضو نیست؛ ظرفیت‌سنجی را لغو کنید."


def start_gaps(assessment: Assessment, step: Step) -> Iterator[str]:
    """Only a member is scored; a conflict that arose since the planning is found (N9)."""
    yield from member_gaps(assessment, step)
    people = [seat.assessor for seat in assessment.seats.select_related("assessor")]
    yield from assessor_conflicts(people, assessment.ngo).values()


def self_assessment_due(assessment: Assessment) -> date | None:
    """The last day of the self-assessment: working days from the day on which it was asked for."""
    if assessment.state != AssessmentState.SELF_ASSESSMENT:
        return None
    asked = local_date(assessment.state_since)
    days = int(settings_store.value(ngo_settings.SELF_ASSESSMENT_DAYS, asked))
    return clocks.working_deadline(asked, days)


def clock_runs(assessment: Assessment, step: Step) -> Iterator[str]:
    """The system begins the scoring when the clock has run out, not before."""
    due = self_assessment_due(assessment)
    if due is None or due >= step.on:
        yield "مهلت خوداظهاری سمن هنوز نگذشته است."
    yield from start_gaps(assessment, step)


def overdue_self_assessments(at: datetime) -> list[Assessment]:
    """Those whose clock has run out on that day."""
    rows = Assessment.objects.filter(state=AssessmentState.SELF_ASSESSMENT).order_by("pk")
    on = local_date(at)
    return [row for row in rows if (self_assessment_due(row) or on) < on]


# --- scoring ---------------------------------------------------------------------------------------------


def save_scores(
    assessment: Assessment, *, actor: User, at: datetime, scores: list[ScoreData]
) -> AssessorSeat:
    """Keep what the assessor has scored so far; may be incomplete, may be repeated until it is submitted (N7)."""
    table_for(assessment).apply(assessment, "save_scores", actor=actor, at=at, scores=scores)
    return AssessorSeat.objects.get(assessment=assessment, assessor=actor)


def wrong_scores(assessment: Assessment, step: Step) -> Iterator[str]:
    """Only indicators of the framework that are open, values of the scale, no N/A on a gate (N7)."""
    rows = Indicator.objects.filter(dimension__framework_id=assessment.framework_id)
    indicators = {item.pk: item for item in rows}
    wrong = []
    for row in step.asked.get("scores") or ():
        indicator = indicators.get(row.indicator_id)
        if indicator is None:
            wrong.append("شاخصی در این چارچوب نیست؛ صفحه را تازه کنید.")
            continue
        if assessment.reopened_indicators and indicator.pk not in assessment.reopened_indicators:
            wrong.append(f"«{indicator.title}» برای امتیازدهی دوباره باز نشده است.")
        if row.is_not_applicable and indicator.is_gate:
            wrong.append(f"«{indicator.title}» شرط لازم است و «موضوعیت ندارد» نمی‌پذیرد.")
        if not row.is_not_applicable and row.value is not None and not 0 <= row.value <= 4:
            wrong.append(f"امتیاز «{indicator.title}» باید از ۰ تا ۴ باشد.")
    yield from dict.fromkeys(wrong)


def keep_scores(assessment: Assessment, step: Step) -> dict[str, Any]:
    """The values as they were sent; an emptied one is taken out."""
    seat, scores = sheets.own_seat(assessment, step), step.asked["scores"]
    sheets.keep(seat, scores, step)
    return {"scored": seat.scores.count(), "changed": len(scores)}


def score_gaps(assessment: Assessment, step: Step) -> Iterator[str]:
    """Every indicator scored or N/A; no N/A on a gate (N7)."""
    seat = assessment.seats.filter(assessor=step.actor).first()
    if seat is None:
        yield "شما ارزیاب این سمن نیستید."
        return
    yield from check_scores(framework_spec(assessment.framework), seat_values(seat))


def close_seat(assessment: Assessment, step: Step) -> dict[str, Any]:
    """Lock this assessor's scores (N7)."""
    seat = sheets.own_seat(assessment, step)
    table_for(seat).apply(seat, "submit", actor=step.actor, at=step.at, within=step)
    return {"submitted": seat.position}


def go_on(assessment: Assessment, step: Step) -> None:
    """When both sheets are in: to moderation where the two differ, else straight to the confirmation (N7)."""
    if assessment.seats.filter(submitted_at__isnull=True).exists():
        return
    name = "open_moderation" if open_disagreements(assessment) else "await_confirmation"
    table_for(assessment).apply(assessment, name, actor=None, at=step.at, within=step)


def nothing_reopened(assessment: Assessment, step: Step) -> dict[str, Any]:
    return {"reopened_indicators": []}


def differing(assessment: Assessment, step: Step) -> dict[str, Any]:
    return {"differing": [code for code, _ in open_disagreements(assessment)]}


def open_disagreements(assessment: Assessment) -> list[tuple[str, str]]:
    """Codes and titles of the differing indicators that moderation has not settled yet."""
    settled = {row.indicator.code for row in assessment.moderated_values.select_related("indicator")}
    return [
        (item.indicator_code, item.indicator_title)
        for item in merged_scores(assessment).to_moderate
        if item.indicator_code not in settled
    ]
