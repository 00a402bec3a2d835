"""Capacity assessment: planning, blind scoring, moderation, confirmation (N7–N9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.db import IntegrityError, transaction

from ngos import events, grade_sheet, rules
from ngos import settings as ngo_settings
from ngos.enums import AssessmentState, GradeEndReason, MembershipState
from ngos.grading import GradingError, check_scores
from ngos.models import (
    Assessment,
    AssessorSeat,
    Framework,
    Grade,
    GradeEnd,
    Indicator,
    ModeratedValue,
    Ngo,
    Score,
)
from ngos.operations.conflicts import assessor_conflicts
from ngos.queries import final_values, framework_spec, merged_scores, published_framework, seat_values
from staff_portal.kernel import audit, clocks, constraints, settings_store
from staff_portal.kernel.access import has_role, local_date
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import jalali_year
from staff_portal.kernel.refusals import NotPermitted, Refusal
from staff_portal.kernel.roles import Role
from staff_portal.kernel.workflow import Step


@dataclass(frozen=True)
class ScoreData:
    """One value as the assessor gave it: 0–4, or None with ``is_not_applicable``."""

    indicator_id: int
    value: int | None
    is_not_applicable: bool = False
    note: str = ""


# --- planning --------------------------------------------------------------------------------------------


@transaction.atomic
def plan_assessment(
    *, actor: User, at: datetime, ngo: Ngo, assessors: list[User], due_on: date | None = None
) -> Assessment:
    """Plan an assessment of a member with the published framework by two assessors without conflict (N7, N9)."""
    on = local_date(at)
    locked = Ngo.objects.select_for_update(of=("self",), no_key=True).get(pk=ngo.pk)
    authority, why_not = rules.PLAN_ASSESSMENT.decide(actor, locked, on)
    if authority is None:
        raise NotPermitted(why_not)
    framework = published_framework()
    found = planning_gaps(locked, assessors, framework, on)
    if due_on is not None and due_on < on:
        found.append("مهلت امتیازدهی گذشته است؛ تاریخ دیگری برگزینید.")
    if found or framework is None:
        raise Refusal(*found)
    days = int(settings_store.value(ngo_settings.SCORING_DAYS, on))
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                ngo=locked,
                framework=framework,
                state_since=at,
                due_on=due_on or clocks.working_deadline(on, days),
                planned_by=actor,
                planned_at=at,
            )
    except IntegrityError as error:
        raise Refusal(constraints.sentence_for(error)) from error
    AssessorSeat.objects.bulk_create(
        AssessorSeat(assessment=assessment, position=position, assessor=assessor)
        for position, assessor in enumerate(assessors, start=1)
    )
    audit.record(
        events.ASSESSMENT_PLANNED,
        assessment,
        actor=actor,
        at=at,
        authority=authority,
        after={"framework": framework.version, "assessors": [user.pk for user in assessors]},
        root=locked,
    )
    return assessment


def planning_gaps(ngo: Ngo, assessors: list[User], framework: Framework | None, on: date) -> list[str]:
    """Every sentence that stands against planning."""
    found = ngo_gaps(ngo, framework)
    if len({user.pk for user in assessors}) != 2:
        found.append("دو ارزیاب جداگانه برگزینید.")
    found += [
        f"{user.full_name} نقش ارزیاب ندارد."
        for user in assessors
        if not has_role(user, on, Role.HQ_ASSESSOR)
    ]
    return found + list(assessor_conflicts(assessors, ngo).values())


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


def start_gaps(assessment: Assessment, step: Step) -> Iterator[str]:
    """An NGO that stopped being a member is not scored; a conflict that arose since is found (N9)."""
    if assessment.ngo.state != MembershipState.MEMBER:
        yield "این سمن اکنون عضو نیست؛ ظرفیت‌سنجی را لغو کنید."
    people = [seat.assessor for seat in assessment.seats.select_related("assessor")]
    yield from assessor_conflicts(people, assessment.ngo).values()


# --- scoring ---------------------------------------------------------------------------------------------


@transaction.atomic
def save_scores(
    assessment: Assessment, *, actor: User, at: datetime, scores: list[ScoreData]
) -> AssessorSeat:
    """Keep what the assessor has scored so far; may be incomplete, may be repeated until it is submitted (N7)."""
    locked = Assessment.objects.select_for_update(of=("self",), no_key=True).get(pk=assessment.pk)
    authority, why_not = rules.SCORE.decide(actor, locked, local_date(at))
    if authority is None:
        raise NotPermitted(why_not)
    if locked.state != AssessmentState.SCORING:
        raise Refusal("امتیازدهی این ظرفیت‌سنجی باز نیست.")
    seat = locked.seats.select_for_update(no_key=True).get(assessor=actor)
    indicators = {
        item.pk: item for item in Indicator.objects.filter(dimension__framework_id=locked.framework_id)
    }
    _refuse_wrong_scores(locked, scores, indicators)
    _keep_scores(seat, scores, at)
    audit.record(
        events.SCORES_SAVED,
        seat,
        actor=actor,
        at=at,
        authority=authority,
        after={"scored": seat.scores.count(), "changed": len(scores)},
        root=locked.ngo,
        label="امتیازها",
    )
    return seat


def _refuse_wrong_scores(
    assessment: Assessment, scores: list[ScoreData], indicators: dict[int, Indicator]
) -> None:
    wrong = []
    for row in scores:
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
    if wrong:
        raise Refusal(*dict.fromkeys(wrong))


def _keep_scores(seat: AssessorSeat, scores: list[ScoreData], at: datetime) -> None:
    """Insert or replace the given values in one statement; an emptied one is taken out."""
    emptied = [row.indicator_id for row in scores if row.value is None and not row.is_not_applicable]
    Score.objects.filter(seat=seat, indicator_id__in=emptied).delete()
    Score.objects.bulk_create(
        (
            Score(
                seat=seat,
                indicator_id=row.indicator_id,
                value=None if row.is_not_applicable else row.value,
                is_not_applicable=row.is_not_applicable,
                note=row.note.strip()[:600],
                scored_at=at,
            )
            for row in {row.indicator_id: row for row in scores}.values()
            if row.indicator_id not in emptied
        ),
        update_conflicts=True,
        unique_fields=["seat", "indicator"],
        update_fields=["value", "is_not_applicable", "note", "scored_at"],
    )


def _own_seat(assessment: Assessment, step: Step) -> AssessorSeat:
    return assessment.seats.select_for_update(no_key=True).get(assessor=step.actor)


def score_gaps(assessment: Assessment, step: Step) -> Iterator[str]:
    """Every indicator scored or N/A; no N/A on a gate (N7)."""
    seat = assessment.seats.filter(assessor=step.actor).first()
    if seat is None:
        yield "شما ارزیاب این سمن نیستید."
        return
    yield from check_scores(framework_spec(assessment.framework), seat_values(seat))


def close_seat(assessment: Assessment, step: Step) -> dict[str, Any]:
    """Lock this assessor's scores; when both are in, go to moderation or straight to confirmation (N7)."""
    seat = _own_seat(assessment, step)
    seat.submitted_at = step.at
    seat.save(update_fields=["submitted_at"])
    if assessment.seats.filter(submitted_at__isnull=True).exists():
        return {"submitted": seat.position}
    merged = merged_scores(assessment)
    settled = {row.indicator.code for row in assessment.moderated_values.select_related("indicator")}
    open_items = [item for item in merged.to_moderate if item.indicator_code not in settled]
    assessment.state = AssessmentState.MODERATION if open_items else AssessmentState.AWAITING_CONFIRMATION
    assessment.reopened_indicators = []
    assessment.state_since = step.at
    assessment.save(update_fields=["state", "reopened_indicators", "state_since"])
    audit.record(
        events.MODERATION_OPENED if open_items else events.CONFIRMATION_AWAITED,
        assessment,
        actor=None,
        at=step.at,
        after={"differing": [item.indicator_code for item in open_items]},
        root=assessment.ngo,
    )
    return {"submitted": seat.position}


# --- moderation ------------------------------------------------------------------------------------------


@transaction.atomic
def moderate_indicator(
    assessment: Assessment,
    *,
    actor: User,
    at: datetime,
    indicator_id: int,
    value: Decimal | None,
    reason: str,
) -> ModeratedValue:
    """Settle one differing indicator with a value (None: not applicable) and a reason (N7)."""
    locked = Assessment.objects.select_for_update(of=("self",), no_key=True).get(pk=assessment.pk)
    authority, why_not = rules.MODERATE.decide(actor, locked, local_date(at))
    if authority is None:
        raise NotPermitted(why_not)
    if locked.state != AssessmentState.MODERATION:
        raise Refusal("این ظرفیت‌سنجی در مرحله هم‌سنجی نیست.")
    indicator = Indicator.objects.filter(pk=indicator_id, dimension__framework_id=locked.framework_id).first()
    differing = {item.indicator_code for item in merged_scores(locked).to_moderate}
    if indicator is None or indicator.code not in differing:
        raise Refusal("دو ارزیاب در این شاخص اختلافی ندارند.")
    if not reason.strip():
        raise Refusal(f"دلیل مقدار «{indicator.title}» را بنویسید.")
    if value is None and indicator.is_gate:
        raise Refusal(f"«{indicator.title}» شرط لازم است و «موضوعیت ندارد» نمی‌پذیرد.")
    if value is not None and (not 0 <= value <= 4 or value * 2 != int(value * 2)):
        raise Refusal("مقدار هم‌سنجی باید از ۰ تا ۴ با گام نیم باشد.")
    row, _ = ModeratedValue.objects.update_or_create(
        assessment=locked,
        indicator=indicator,
        defaults={
            "value": value,
            "is_not_applicable": value is None,
            "reason": reason.strip()[:600],
            "moderated_by": actor,
            "moderated_at": at,
        },
    )
    audit.record(
        events.MODERATED,
        row,
        actor=actor,
        at=at,
        authority=authority,
        after={"indicator": indicator.code, "value": audit.plain(value)},
        note=reason.strip(),
        root=locked.ngo,
        label=indicator.title,
    )
    return row


def open_disagreements(assessment: Assessment) -> list[str]:
    """Titles of the differing indicators that moderation has not settled yet."""
    settled = {row.indicator.code for row in assessment.moderated_values.select_related("indicator")}
    return [
        item.indicator_title
        for item in merged_scores(assessment).to_moderate
        if item.indicator_code not in settled
    ]


def moderation_gaps(assessment: Assessment, step: Step) -> Iterator[str]:
    """A value and a reason for each differing indicator (N7)."""
    for title in open_disagreements(assessment):
        yield f"اختلاف «{title}» هنوز هم‌سنجی نشده است."


# --- confirmation ----------------------------------------------------------------------------------------


def confirmation_gaps(assessment: Assessment, step: Step) -> Iterator[str]:
    if assessment.ngo.state != MembershipState.MEMBER:
        yield "این سمن اکنون عضو نیست؛ سطح تنها به عضو داده می‌شود."
    try:
        spec = framework_spec(assessment.framework)
        grade_sheet.compute(spec, final_values(assessment, spec))
    except GradingError as error:
        yield str(error)


def confirm_grade(assessment: Assessment, step: Step) -> dict[str, Any]:
    """The grade is computed, stored with its explanation, the older one superseded, the sheet issued (N8, N9)."""
    ngo = Ngo.objects.select_for_update(of=("self",), no_key=True).get(pk=assessment.ngo_id)
    spec = framework_spec(assessment.framework)
    values = final_values(assessment, spec)
    computed = grade_sheet.compute(spec, values)
    for older in Grade.objects.filter(ngo=ngo, end__isnull=True, valid_until__gte=step.on):
        GradeEnd.objects.create(
            grade=older, ended_on=step.on, reason=GradeEndReason.SUPERSEDED, recorded_at=step.at
        )
    grade = Grade.objects.create(
        assessment=assessment,
        ngo=ngo,
        framework=assessment.framework,
        level_rank=computed.result.level.rank,
        level_label=computed.result.level.label,
        total=computed.result.total_rounded,
        is_introducible=computed.result.fit_for_introduction,
        result=computed.as_json(),
        valid_from=step.on,
        valid_until=years_later(step.on, assessment.framework.valid_years),
        confirmed_by=cast(User, step.actor),
        confirmed_at=step.at,
    )
    ngo.level_rank, ngo.grade_valid_until = grade.level_rank, grade.valid_until
    ngo.save(update_fields=["level_rank", "grade_valid_until"])
    letter = grade_sheet.issue_grade_sheet(
        grade, computed, actor=step.actor, at=step.at, authority=step.authority
    )
    return {"level": grade.level_rank, "total": grade.total, "grade_sheet": letter.number.text}


def years_later(on: date, years: int) -> date:
    """The day before the same Jalali day ``years`` later: two years from ۱۴۰۵/۰۹/۰۳ end on ۱۴۰۷/۰۹/۰۲."""
    from persiantools.jdatetime import JalaliDate

    start = JalaliDate(on)
    target_year = jalali_year(on) + years
    day = min(start.day, JalaliDate.days_in_month(start.month, target_year))
    end = JalaliDate(target_year, start.month, day).to_gregorian()
    return date.fromordinal(end.toordinal() - 1)


def indicator_choices(assessment: Assessment) -> list[tuple[int, str]]:
    """What the manager may send back."""
    rows = Indicator.objects.filter(dimension__framework_id=assessment.framework_id).order_by(
        "dimension__position", "position"
    )
    return [(row.pk, row.title) for row in rows]


def reopen_scoring(assessment: Assessment, step: Step) -> dict[str, Any]:
    """Back to both assessors for the indicators named; what moderation settled on those is taken back."""
    chosen = sorted({int(pk) for pk in step.asked["indicators"]})
    known = {pk for pk, _ in indicator_choices(assessment)}
    if not set(chosen) <= known:
        raise Refusal("شاخصی در این چارچوب نیست؛ صفحه را تازه کنید.")
    assessment.reopened_indicators = chosen
    assessment.save(update_fields=["reopened_indicators"])
    assessment.moderated_values.filter(indicator_id__in=chosen).delete()
    assessment.seats.update(submitted_at=None)
    return {"indicators": to_persian_digits(str(len(chosen))), "indicator_ids": chosen}
