"""A grade in words: short Persian sentences for the record page and the grade sheet (N8)."""

from __future__ import annotations

from decimal import Decimal

from ngos.grading.spec import UNFIT_LABEL, GradeResult, LevelSpec
from staff_portal.kernel.persian.digits import to_persian_digits


def explain(result: GradeResult) -> list[str]:
    """The grade in short Persian sentences: total, dimensions, floors, gates, what is missing (N8)."""
    lines = [
        f"امتیاز کل {_plain(result.total_rounded)} از ۱۰۰ است و در بازه {level_title(result.level_by_total)} جای می‌گیرد."
    ]
    for dimension in result.dimensions:
        if dimension.score_rounded is None:
            lines.append(
                f"«{dimension.title}» در محاسبه نیامد، چون هیچ شاخص آن برای این سمن موضوعیت ندارد؛"
                " وزن آن کنار گذاشته شد."
            )
        else:
            lines.append(
                f"«{dimension.title}»: امتیاز {_plain(dimension.score_rounded)}"
                f" با وزن {_plain(dimension.weight)}؛"
                f" سهم در امتیاز کل {_plain(dimension.contribution_rounded)}"
                f" و امتیاز ازدست‌رفته {_plain(dimension.missing_rounded)}."
            )
    for effect in result.floor_effects:
        lines.append(
            f"امتیاز «{effect.dimension_title}» {_plain(effect.score)}"
            f" و کمتر از کف {_plain(effect.minimum)} است؛"
            f" از این رو سطح از {_plain(effect.from_rank)} به {_plain(effect.to_rank)} پایین آمد."
        )
    if result.floor_effects:
        lines.append(f"سطح نهایی: {level_title(result.level)}.")
    for gate in result.failed_gates:
        found = "امتیازی ندارد" if gate.value is None else f"امتیاز آن {_plain(gate.value)} است"
        lines.append(
            f"شرط لازم «{gate.indicator_title}» برآورده نیست:"
            f" {found} و دست‌کم {_plain(gate.minimum)} لازم است."
        )
    if not result.fit_for_introduction:
        lines.append(f"نتیجه: {UNFIT_LABEL}.")
    return lines + _explain_next(result)


def level_title(level: LevelSpec) -> str:
    """«سطح ۲ – توسعه‌یافته», as it stands on badges and letters."""
    return f"سطح {_plain(level.rank)} – {level.label}"


def _explain_next(result: GradeResult) -> list[str]:
    if result.next_level is None:
        return ["این بالاترین سطح چارچوب است."]
    title = level_title(result.next_level)
    lines = []
    if result.points_to_next:
        lines.append(f"تا {title}، {_plain(result.points_to_next)} امتیاز مانده است.")
    for dimension, minimum in result.next_floors:
        lines.append(
            f"برای {title} امتیاز «{dimension.title}» باید دست‌کم {_plain(minimum)} باشد؛"
            f" اکنون {_plain(dimension.score_rounded or Decimal(0))} است."
        )
    return lines


def _plain(value: Decimal | int) -> str:
    """As few places as the figure has: ۴۰, ۲٫۵."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return to_persian_digits(text.replace(".", "٫"))
