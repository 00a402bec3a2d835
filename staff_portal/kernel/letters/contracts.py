"""What each Typst template is given: every text complete and ready to print, formatted by the caller.

Persian digits, Jalali dates, «٫» and separators are the caller's (its one filter); so are the words of
states and roles. Texts are printed as they are: Typst markup in them means nothing. Only the few fields named
`*_percent` are read as numbers, because something is drawn from them: plain ASCII decimals between 0 and 100,
such as "81.25".

An optional text is "" when there is none, an optional list ().
"""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who writes: the letterhead and the footer."""

    name: str
    """«ستاد سمن‌ها»"""
    branch: str
    """The line below it: «شهر تهران»"""
    address: str
    phone: str
    website: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The QR and what is written beside it (K3)."""

    qr_svg: str
    """From `qr.qr_svg`, of the full address `https://…/verify/<code>/`"""
    address: str
    """What a reader without a camera is told: «samanha.example/verify»"""
    fingerprint: str
    """From `tokens.letter_fingerprint`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signs, at the end of a letter on its left side (K6)."""

    name: str
    post: str
    on_behalf_of: str = ""
    """The manager a delegate acts for, name and post; printed as «از طرف …»"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One line of «رونوشت»."""

    to: str
    purpose: str
    """«جهت استحضار» or «جهت اقدام»"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Another letter this one answers or continues (K2)."""

    label: str
    """«عطف به» or «پیرو»"""
    number: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What every paper on the letterhead has."""

    TEMPLATE: ClassVar[str]

    organisation: Organisation
    date: str
    number: str
    attachment: str
    """«ندارد» or what is attached"""
    secrecy: str
    """«عادی» or «محرمانه»"""
    is_confidential: bool
    signature: Signature
    verification: Verification

    def as_data(self) -> dict[str, Any]:
        """The plain values `rendering.render_pdf` takes."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialLetterData(Document):
    """`letter.typ`, the official letter in the order of the office rules (design page 6)."""

    TEMPLATE: ClassVar[str] = "letter"

    addressee_name: str
    addressee_post: str
    subject: str
    references: tuple[Reference, ...] = ()
    greeting: str = "با سلام و احترام"
    paragraphs: tuple[str, ...]
    """Reference → message → request"""
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateData(Document):
    """`certificate.typ`, the membership certificate (N3); number is that of the certificate letter."""

    TEMPLATE: ClassVar[str] = "certificate"

    ngo_name: str
    statement: str = "با مشخصات زیر، عضو ستاد سمن‌های شهر تهران است."
    """Completes «بدین‌وسیله گواهی می‌شود» and the name"""
    national_id: str
    registration: str = ""
    """«۱۲۳۴۵، تهران»"""
    membership_number: str
    member_since: str
    valid_until: str = ""
    field: str = ""
    """The primary field of activity"""
    note: str = ""
    """One small sentence at the foot, such as what ends the validity"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDimension:
    """A row of the capacity profile (N8)."""

    title: str
    weight: str
    score: str
    """«–» when all its indicators are N/A"""
    contribution: str
    score_percent: str = ""
    """ASCII, for the bar; "" draws none"""
    is_low: bool = False
    """Draws the bar in saffron; the row then says why in `remark`"""
    remark: str = ""
    """«زیر کف»"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetGate:
    """A gate indicator [شرط لازم]."""

    title: str
    is_met: bool
    answer: str
    """«برقرار است» or «برقرار نیست»"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetGap:
    """One step that would bring the NGO nearer to the next level."""

    indicator: str
    now: str
    needed: str
    effect: str
    """On the total: «+۲٫۹»"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetIndicator:
    """An indicator with the value that counted and the written anchor that belongs to it."""

    title: str
    weight: str
    value: str
    """«۳», «۳٫۵», «کاربرد ندارد»"""
    anchor: str
    is_gate: bool = False
    remark: str = ""
    """«هم‌سنجی» when a moderator set the value"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetIndicatorGroup:
    """The indicators of one dimension."""

    dimension: str
    indicators: tuple[SheetIndicator, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeSheetData(Document):
    """`grade_sheet.typ`, the grade sheet [کارنامه ظرفیت‌سنجی] with the explanation of the grade (N8, N11)."""

    TEMPLATE: ClassVar[str] = "grade_sheet"

    ngo_name: str
    national_id: str
    membership_number: str
    framework: str
    """«چارچوب ارزیابی ظرفیت، نسخه ۲»"""
    assessed_on: str
    confirmed_on: str
    valid_until: str
    level: str
    """«سطح ۲»"""
    level_label: str
    """«توسعه‌یافته»"""
    is_introducible: bool
    """False when a gate failed: the level is then printed in brick red"""
    total: str
    total_percent: str
    next_level: str = ""
    """«کف سطح ۱ (۸۵)»; "" at the highest level"""
    next_level_percent: str = ""
    dimensions: tuple[SheetDimension, ...]
    gates: tuple[SheetGate, ...] = ()
    floors: tuple[str, ...] = ()
    """Sentences: which floor lowered the level"""
    explanation: tuple[str, ...] = ()
    """Sentences: how the grade came about"""
    gaps: tuple[SheetGap, ...] = ()
    indicator_groups: tuple[SheetIndicatorGroup, ...] = ()
    assessors: tuple[str, ...] = ()
    """Roles, never names: «ارزیاب نخست», «ارزیاب دوم», «هم‌سنج»"""
