"""The explained grade (N8) and its sheet as a signed letter."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ngos.certificate import GRADE_SHEET, letters_in_force
from ngos.grading import (
    UNFIT_LABEL,
    FrameworkSpec,
    GapStep,
    GradeResult,
    explain,
    gap_to_next_level,
    level_title,
)
from ngos.grading import grade as compute_grade
from ngos.models import Grade
from staff_portal.kernel.letters.contracts import (
    GradeSheetData,
    SheetDimension,
    SheetGap,
    SheetGate,
    SheetIndicator,
    SheetIndicatorGroup,
)
from staff_portal.kernel.letters.issuing import Head, issue_letter, replace_letter
from staff_portal.kernel.models import Letter, User
from staff_portal.kernel.people.access import Authority
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.numbers import format_decimal

NOT_APPLICABLE = "موضوعیت ندارد"


@dataclass(frozen=True)
class ComputedGrade:
    """A grade with everything that explains it."""

    spec: FrameworkSpec
    values: dict[str, Decimal | None]
    result: GradeResult
    gaps: list[GapStep]
    sentences: list[str]

    def as_json(self) -> dict[str, Any]:
        """What the grade keeps: figures as decimal texts, never floats."""
        result = self.result
        return {
            "total": format(result.total_rounded, "f"),
            "level": result.level.rank,
            "level_by_total": result.level_by_total.rank,
            "values": {
                code: None if value is None else format(value, "f") for code, value in self.values.items()
            },
            "dimensions": [
                {
                    "code": row.code,
                    "title": row.title,
                    "weight": format(row.weight, "f"),
                    "score": None if row.score_rounded is None else format(row.score_rounded, "f"),
                    "contribution": format(row.contribution_rounded, "f"),
                    "not_applicable": list(row.not_applicable),
                }
                for row in result.dimensions
            ],
            "failed_gates": [row.indicator_title for row in result.failed_gates],
            "floors": [
                {
                    "dimension": row.dimension_title,
                    "score": format(row.score, "f"),
                    "minimum": format(row.minimum, "f"),
                    "from": row.from_rank,
                    "to": row.to_rank,
                }
                for row in result.floor_effects
            ],
            "next_level": None
            if result.next_level is None
            else {"rank": result.next_level.rank, "bound": format(result.next_level.lower_bound, "f")},
            "gaps": [
                {
                    "indicator": step.indicator_title,
                    "now": format(step.now, "f"),
                    "asked": format(step.asked, "f"),
                    "effect": format(step.effect_rounded, "f"),
                }
                for step in self.gaps
            ],
            "explanation": self.sentences,
        }


def compute(spec: FrameworkSpec, values: dict[str, Decimal | None]) -> ComputedGrade:
    """The grade of these values with its explanation and the way to the next level (N8)."""
    result = compute_grade(spec, values)
    return ComputedGrade(spec, values, result, gap_to_next_level(spec, values), explain(result))


def number(value: Decimal | int | None) -> str:
    """A figure as it is printed: Persian digits, «٫», no needless zeros."""
    if value is None:
        return "–"
    text = format(Decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return format_decimal(Decimal(text))


def issue_grade_sheet(
    grade: Grade, computed: ComputedGrade, *, actor: User | None, at: datetime, authority: Authority | None
) -> Letter:
    """Issue the sheet; a sheet of an older grade is marked as replaced by it (K3)."""
    ngo = grade.ngo
    older = list(letters_in_force(ngo).filter(kind=GRADE_SHEET.slug))

    def build(head: Head) -> GradeSheetData:
        return GradeSheetData(**head.fields(), **sheet_fields(grade, computed))

    letter = issue_letter(
        kind=GRADE_SHEET,
        build=build,
        subject=f"کارنامه ظرفیت‌سنجی {ngo.name}",
        addressee=ngo.name,
        root=ngo,
        public_facts=[
            ["نام سمن", ngo.name],
            ["شماره عضویت", to_persian_digits(ngo.membership_number or "")],
            ["سطح", level_title(computed.result.level)],
            ["شرط‌های لازم", "برقرار است" if grade.is_introducible else UNFIT_LABEL],
            ["معتبر تا", format_jalali(grade.valid_until, "medium")],
        ],
        valid_until=grade.valid_until,
        actor=actor,
        at=at,
        authority=authority,
    )
    for sheet in older:
        replace_letter(sheet, replacement=letter, actor=actor, at=at, authority=authority)
    return letter


def sheet_fields(grade: Grade, computed: ComputedGrade) -> dict[str, Any]:
    """Everything on the sheet besides its head, ready to print."""
    result, ngo = computed.result, grade.ngo
    next_level = result.next_level
    low = {row.dimension_code for row in result.floor_effects}
    return {
        "ngo_name": ngo.name,
        "national_id": to_persian_digits(ngo.national_id),
        "membership_number": to_persian_digits(ngo.membership_number or ""),
        "framework": f"نسخه {to_persian_digits(str(grade.framework.version))}",
        "assessed_on": format_jalali(grade.assessment.state_since, "medium"),
        "confirmed_on": format_jalali(grade.confirmed_at, "medium"),
        "valid_until": format_jalali(grade.valid_until, "medium"),
        "level": level_title(result.level).split(" – ")[0],
        "level_label": grade.level_label,
        "is_introducible": grade.is_introducible,
        "total": number(grade.total),
        "total_percent": format(grade.total, "f"),
        "next_level": level_title(next_level) if next_level else "",
        "next_level_percent": format(next_level.lower_bound, "f") if next_level else "",
        "dimensions": tuple(
            SheetDimension(
                title=row.title,
                weight=number(row.weight),
                score=number(row.score_rounded),
                contribution=number(row.contribution_rounded),
                score_percent="" if row.score_rounded is None else format(row.score_rounded, "f"),
                is_low=row.code in low,
                remark="زیر کف" if row.code in low else (NOT_APPLICABLE if row.dropped else ""),
            )
            for row in result.dimensions
        ),
        "gates": _gates(computed),
        "floors": (),
        "explanation": tuple(computed.sentences),
        "gaps": tuple(
            SheetGap(
                indicator=step.indicator_title,
                now=number(step.now),
                needed=number(step.asked),
                effect=f"+{number(step.effect_rounded)}",
            )
            for step in computed.gaps
        ),
        "indicator_groups": _groups(computed),
        "assessors": ("ارزیاب نخست", "ارزیاب دوم"),
    }


def _gates(computed: ComputedGrade) -> tuple[SheetGate, ...]:
    failed = {row.indicator_code for row in computed.result.failed_gates}
    return tuple(
        SheetGate(
            title=item.title,
            is_met=item.code not in failed,
            answer="برقرار است" if item.code not in failed else "برقرار نیست",
        )
        for dimension in computed.spec.dimensions
        for item in dimension.indicators
        if item.is_gate
    )


def _groups(computed: ComputedGrade) -> tuple[SheetIndicatorGroup, ...]:
    return tuple(
        SheetIndicatorGroup(
            dimension=dimension.title,
            indicators=tuple(
                SheetIndicator(
                    title=item.title,
                    weight=number(item.weight),
                    value=number(computed.values.get(item.code)),
                    anchor=_anchor(item.anchors, computed.values.get(item.code)),
                    is_gate=item.is_gate,
                )
                for item in dimension.indicators
            ),
        )
        for dimension in computed.spec.dimensions
    )


def _anchor(anchors: tuple[str, ...], value: Decimal | None) -> str:
    """The written anchor of a value; between two anchors the lower one, said as such."""
    if value is None:
        return NOT_APPLICABLE
    whole = int(value)
    if value == whole:
        return anchors[whole]
    lower, upper = (anchors[step].rstrip(".") for step in (whole, whole + 1))
    return f"میان «{lower}» و «{upper}»."
