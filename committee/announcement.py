"""The announcement [ابلاغ] of a resolution: one letter with the signatures of both sides (C8, K1–K3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from committee.models import Resolution
from staff_portal.kernel.letters.contracts import Copy, Document, Signature
from staff_portal.kernel.letters.issuing import Head, LetterKind, issue_letter
from staff_portal.kernel.models import Letter, User
from staff_portal.kernel.people.access import Authority
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali

ANNOUNCEMENT = LetterKind(slug="announcement", code="ب", label="ابلاغ مصوبه", template="announcement")
ADDRESSEE = "واحدها و سمن‌های مخاطب این مصوبه"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideSignature:
    """The signature of one side: who signed for it, and when."""

    side: str
    signature: Signature
    signed_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementData(Document):
    """`announcement.typ`, the announcement of a resolution; `signature` is that of who signed last."""

    TEMPLATE: ClassVar[str] = "announcement"

    addressee: str
    subject: str
    greeting: str = "با سلام و احترام"
    opening: str
    resolution_number: str
    adopted_on: str
    title: str
    paragraphs: tuple[str, ...]
    """The text of the resolution, exactly as it was voted on"""
    closing: str
    sides: tuple[SideSignature, SideSignature]
    copies: tuple[Copy, ...] = ()


def side_signature(side: str, kept: dict[str, Any], signed_at: datetime | None) -> SideSignature:
    """One signature block from what was kept at the signing."""
    return SideSignature(
        side=side,
        signature=Signature(**kept),
        signed_on=format_jalali(signed_at, "medium") if signed_at else "",
    )


def opening_of(resolution: Resolution) -> str:
    """The sentence that says where the resolution was adopted."""
    motion = resolution.motion
    day = format_jalali(resolution.adopted_on, "medium")
    if motion.meeting is not None and motion.mode == "meeting":
        number = to_persian_digits(motion.meeting.number)
        return f"کمیته مشترک در جلسه شماره {number} مورخ {day} مصوبه زیر را تصویب کرد:"
    return f"کمیته مشترک در {day} با رأی‌گیری مکاتبه‌ای مصوبه زیر را تصویب کرد:"


def announcement_data(head: Head, resolution: Resolution) -> AnnouncementData:
    """The paper, from a resolution that both sides have signed."""
    return AnnouncementData(
        **head.fields(),
        addressee=ADDRESSEE,
        subject=f"ابلاغ مصوبه «{resolution.title}»",
        opening=opening_of(resolution),
        resolution_number=to_persian_digits(resolution.number.text),
        adopted_on=format_jalali(resolution.adopted_on, "medium"),
        title=resolution.title,
        paragraphs=tuple(part for part in map(str.strip, resolution.text.splitlines()) if part),
        closing="مراتب برای اجرا ابلاغ می‌شود؛ دبیرخانه کمیته اجرای آن را پیگیری می‌کند.",
        sides=(
            side_signature("از سوی ستاد سمن‌ها", resolution.hq_signature, resolution.hq_signed_at),
            side_signature("از سوی معاونت", resolution.deputy_signature, resolution.deputy_signed_at),
        ),
        copies=(
            Copy(to="اعضای کمیته مشترک", purpose="جهت استحضار"),
            Copy(to="دبیرخانه کمیته مشترک", purpose="جهت پیگیری"),
        ),
    )


def issue_announcement(
    resolution: Resolution, *, actor: User | None, at: datetime, authority: Authority
) -> Letter:
    """Issue the letter; call it in the transaction of the second signature."""
    return issue_letter(
        kind=ANNOUNCEMENT,
        build=lambda head: announcement_data(head, resolution),
        subject=f"ابلاغ مصوبه «{resolution.title}»",
        addressee=ADDRESSEE,
        root=resolution,
        public_facts=[
            ["شماره مصوبه", to_persian_digits(resolution.number.text)],
            ["عنوان", resolution.title],
            ["تاریخ تصویب", format_jalali(resolution.adopted_on, "medium")],
        ],
        actor=actor,
        at=at,
        authority=authority,
    )
