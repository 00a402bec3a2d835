"""Whether an NGO may stand for the NGO's seat: a pure function of what was found about it (C2).

No ORM and no clock: an operation takes the :class:`NomineeSnapshot`, the findings follow from it alone, so that a
stored check can be read again with the same result.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class NomineeSnapshot:
    """What was found of one NGO on one day. Texts are ready to read; ``representative`` is a name, "" for nobody."""

    ngo: str
    is_member: bool
    membership: str
    """«عضو، شماره ۱۴۰۴/۰۰۱۲» or the state it is in"""
    is_active: bool
    activity: str
    """The sentence of N5"""
    social_fields: tuple[str, ...] = ()
    """Its own fields that are social or cultural, the primary one first"""
    consented_on: str = ""
    representative: str = ""
    representative_is_person: bool = False
    """An active person of the NGOs' side"""
    representative_acts: bool = False
    """Named by the NGO as its representative, in force on that day"""
    other_seat: str = ""
    """The seat in which the representative sits besides the NGO's own"""


@dataclass(frozen=True)
class Finding:
    """One criterion: met or not, and the sentence that says so."""

    code: str
    title: str
    is_met: bool
    sentence: str


def candidate_findings(found: NomineeSnapshot) -> list[Finding]:
    """What the NGO itself must be before anybody asks for its consent: a member in force, active, social-cultural."""
    fields = "، ".join(found.social_fields)
    return [
        Finding(
            "member",
            "عضویت",
            found.is_member,
            f"{found.membership}." if found.is_member else f"عضو نیست؛ وضعیت آن «{found.membership}» است.",
        ),
        Finding("active", "فعال‌بودن", found.is_active, found.activity),
        Finding(
            "field",
            "حوزه اجتماعی و فرهنگی",
            bool(found.social_fields),
            f"حوزه: {fields}." if fields else "هیچ‌یک از حوزه‌های آن اجتماعی یا فرهنگی نیست.",
        ),
    ]


def nominee_findings(found: NomineeSnapshot) -> list[Finding]:
    """Every criterion of a nominee, met or not, in the order they are shown (C2)."""
    return [*candidate_findings(found), _consent(found), _representative(found), _one_seat(found)]


def _consent(found: NomineeSnapshot) -> Finding:
    if found.consented_on:
        return Finding("consent", "پذیرش نامزدی", True, f"در {found.consented_on} پذیرفته است.")
    return Finding("consent", "پذیرش نامزدی", False, "هنوز نامزدی را نپذیرفته است.")


def _representative(found: NomineeSnapshot) -> Finding:
    code, title, name = "representative", "نماینده", found.representative
    if not name:
        return Finding(code, title, False, "نماینده خود را معرفی نکرده است.")
    if not found.representative_is_person:
        return Finding(code, title, False, f"حساب {name} در سامانه فعال نیست یا حساب نماینده سمن نیست.")
    if not found.representative_acts:
        return Finding(code, title, False, f"{name} در سامانه نماینده این سمن نیست.")
    return Finding(code, title, True, f"{name} نماینده آن خواهد بود.")


def _one_seat(found: NomineeSnapshot) -> Finding:
    if found.other_seat:
        return Finding("one_seat", "نداشتن کرسی دیگر", False, f"نماینده آن در «{found.other_seat}» است.")
    return Finding("one_seat", "نداشتن کرسی دیگر", True, "نماینده آن در کرسی دیگری نیست.")


def is_eligible(findings: list[Finding]) -> bool:
    """Whether every criterion is met."""
    return all(finding.is_met for finding in findings)


def unmet(found: NomineeSnapshot, findings: list[Finding]) -> list[str]:
    """One sentence for each criterion not met, with the name of the NGO in front."""
    return [f"«{found.ngo}»: {finding.sentence}" for finding in findings if not finding.is_met]


def as_json(findings: list[Finding]) -> list[dict[str, Any]]:
    """The findings as an :class:`EligibilityCheck` keeps them."""
    return [
        {"code": row.code, "title": row.title, "met": row.is_met, "sentence": row.sentence}
        for row in findings
    ]


def from_json(kept: list[dict[str, Any]]) -> list[Finding]:
    """Findings as they were kept."""
    return [Finding(row["code"], row["title"], bool(row["met"]), row["sentence"]) for row in kept]
