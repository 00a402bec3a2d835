"""Rows of membership: who, from where to where, what it needs, who hears of it and whose turn it is (N2–N4)."""

from datetime import date
from typing import Any

from django.urls import reverse

from ngos import rules
from ngos.enums import DocumentKind, SuspensionKind
from ngos.enums import MembershipState as M
from ngos.models import Ngo
from ngos.operations import membership, registry, waiting
from ngos.operations.addresses import NGO
from ngos.operations.ngo_data import NgoData
from ngos.queries import visible_ngos
from ngos.workflow.document_waits import OF_DOCUMENTS
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Transition, Waits
from staff_portal.kernel.workflow.table import Table

REQUEST_TASK, DRAFT_TASK, EXISTING_TASK = "ngos.request", "ngos.draft", "ngos.existing"
REST = ("نشانی و راه تماس", "حوزه فعالیت", "هیئت‌مدیره", "پروانه معتبر", "مشخصات ثبت")


def _missing_choices(ngo: Ngo, on: date) -> list[tuple[str, str]]:
    return [(text, text) for text in (*(str(kind.label) for kind in DocumentKind), *REST)]


def _own_side(text: str, **more: Any) -> tuple[To, ...]:
    """Those who keep the file: its registrar and the NGO's representatives."""
    return To.field("registered_by", text, **more), To.at(NGO, "pk", text, **more)


def _everybody(text: str) -> tuple[To, ...]:
    """Registrar, reviewer and managers; the NGO's representatives by every way."""
    return (
        To.field("registered_by", text),
        To.field("reviewer", text),
        To.role(Role.HQ_MANAGER, text),
        To.at(NGO, "pk", text, mail=True, sms=True),
    )


def _correction(key: str, to: To) -> Waits:
    """A file sent back waits with its clock of working days (K5)."""
    return Waits(
        key=key,
        to=to,
        when=lambda ngo: ngo.state == M.RETURNED,
        kind=REQUEST_TASK,
        title="اصلاح پرونده «{subject}»",
        detail=waiting.missing_words,
        due=waiting.correction_due,
    )


def _registrar(ngo: Ngo) -> list[int | None]:
    return [ngo.registered_by_id]


SUBMIT = Transition(
    "submit",
    sources=(M.DRAFT, M.RETURNED),
    targets=(M.SUBMITTED,),
    stores=("missing_items",),
    by=rules.SUBMIT,
    event="membership.submitted",
    event_label="ارسال درخواست",
    label="ارسال درخواست عضویت",
    blockers=membership.submission_gaps,
    outcome=membership.clear_missing,
    says="درخواست عضویت را ارسال کرد",
    shade="wait",
    tone="main",
    tell=(
        To.role(Role.HQ_EXPERT, "درخواست عضویت «{subject}» رسید و در انتظار بررسی است.", but=_registrar),
        To.at(NGO, "pk", "درخواست عضویت «{subject}» برای بررسی ارسال شد."),
    ),
    waits=(
        Waits(
            key="draft",
            to=To.field("registered_by", power=rules.SUBMIT),
            when=lambda ngo: ngo.state == M.DRAFT and not ngo.claimed_number,
            kind=DRAFT_TASK,
            title="تکمیل و ارسال «{subject}»",
            detail=waiting.draft_words,
            batch=waiting.draft_batch,
            rank=80,
        ),
        Waits(
            key="own_draft",
            to=To.at(NGO, "pk"),
            when=lambda ngo: ngo.state == M.DRAFT and waiting.has_people(ngo),
            kind=DRAFT_TASK,
            title="تکمیل و ارسال «{subject}»",
            detail="پرونده هنوز برای بررسی ارسال نشده است",
            rank=80,
        ),
        _correction("returned", To.field("registered_by", power=rules.SUBMIT)),
        _correction("own_returned", To.at(NGO, "pk")),
    ),
)
TAKE_UP = Transition(
    "take_up",
    sources=(M.SUBMITTED,),
    targets=(M.UNDER_REVIEW,),
    stores=("reviewer",),
    by=rules.TAKE_UP,
    event="membership.taken_up",
    label="آغاز بررسی",
    outcome=membership.assign_reviewer,
    says="بررسی درخواست عضویت را آغاز کرد",
    tone="main",
    tell=_own_side("{actor} بررسی درخواست عضویت «{subject}» را آغاز کرد."),
    waits=(
        Waits(
            to=To.power(rules.TAKE_UP),
            but=_registrar,
            kind=REQUEST_TASK,
            title="بررسی درخواست عضویت «{subject}»",
            detail="هنوز کسی آن را برنداشته است",
        ),
    ),
)
SEND_BACK = Transition(
    "send_back",
    sources=(M.UNDER_REVIEW,),
    targets=(M.RETURNED,),
    stores=("missing_items",),
    by=rules.SEND_BACK,
    event="membership.sent_back",
    event_label="بازگشت برای اصلاح",
    label="بازگرداندن برای اصلاح",
    note="چه چیز باید اصلاح شود",
    asks=(Ask.several("missing", "کمبودها", _missing_choices, help="هر چه کم است را برگزینید."),),
    outcome=membership.note_missing,
    confirm="درخواست به سمن بازمی‌گردد و مهلت اصلاح آغاز می‌شود.",
    says="درخواست را برای اصلاح بازگرداند: {note}",
    shade="wait",
    tell=_own_side(
        "درخواست عضویت «{subject}» برای اصلاح بازگشت: {note}. کمبودها: {missing}.", mail=True, sms=True
    ),
    waits=(
        Waits(
            to=To.field("reviewer", power=rules.SEND_BACK),
            kind=REQUEST_TASK,
            title="ادامه بررسی «{subject}»",
            detail="بررسی این درخواست با شماست",
            page=Ngo.get_absolute_url,
            rank=45,
        ),
    ),
)
NUMBERED = "عضویت «{subject}» با شماره {membership_number} تأیید شد و گواهی آن صادر شد."
APPROVE = Transition(
    "approve",
    sources=(M.UNDER_REVIEW,),
    targets=(M.MEMBER,),
    stores=("membership_number", "member_since", "missing_items"),
    by=rules.APPROVE,
    event="membership.approved",
    label="تأیید عضویت",
    blockers=membership.approval_gaps,
    outcome=membership.number_and_date,
    effect=membership.open_membership,
    confirm="شماره عضویت داده می‌شود و گواهی عضویت صادر می‌شود؛ این کار بازگشت‌پذیر نیست.",
    says="عضویت را تأیید کرد",
    shade="ok",
    tone="main",
    tell=(To.field("reviewer", NUMBERED), *_own_side(NUMBERED, mail=True, sms=True)),
    waits=(
        Waits(
            to=To.power(rules.APPROVE),
            turns=waiting.ready_for_approval,
            but=lambda ngo: [ngo.registered_by_id, ngo.reviewer_id],
            kind=REQUEST_TASK,
            title="تأیید عضویت «{subject}»",
            detail="بررسی کامل است",
            page=Ngo.get_absolute_url,
            rank=30,
        ),
    ),
)
REJECT = Transition(
    "reject",
    sources=(M.UNDER_REVIEW,),
    targets=(M.REJECTED,),
    by=rules.REJECT,
    event="membership.rejected",
    label="رد درخواست",
    note="دلیل رد",
    confirm="سمن از رد درخواست و دلیل آن آگاه می‌شود و می‌تواند دوباره درخواست دهد.",
    says="درخواست عضویت را رد کرد: {note}",
    shade="no",
    tone="danger",
    tell=(
        To.field("reviewer", "{actor} درخواست عضویت «{subject}» را رد کرد: {note}"),
        *_own_side("درخواست عضویت «{subject}» پذیرفته نشد: {note}", mail=True, sms=True),
    ),
)
CONFIRM_EXISTING = Transition(
    "confirm_existing",
    sources=(M.DRAFT,),
    targets=(M.MEMBER,),
    stores=("membership_number", "member_since", "documents_due_on"),
    by=rules.CONFIRM_EXISTING,
    event="membership.existing_confirmed",
    label="تأیید عضو پیشین",
    blockers=membership.existing_gaps,
    outcome=membership.number_and_date_of_register,
    effect=membership.open_membership,
    confirm="عضویت از تاریخی که در دفتر آمده ثبت می‌شود و مهلت تکمیل مدارک آغاز می‌شود.",
    says="عضویت پیشین را تأیید کرد",
    shade="ok",
    waits=(
        Waits(
            to=To.power(rules.CONFIRM_EXISTING),
            when=lambda ngo: bool(ngo.claimed_number) and ngo.claimed_since is not None,
            kind=EXISTING_TASK,
            title="تأیید عضو پیشین «{subject}»",
            detail="از دفتر وارد شده است",
            batch="عضو پیشین، واردشده از دفتر",
            page=lambda ngo: reverse("ngos:existing"),
            rank=60,
        ),
    ),
    # confirmed in batches of hundreds: the registrar reads the outcome on the batch's own page
    tell=(
        To.at(
            NGO,
            "pk",
            "عضویت پیشین «{subject}» با شماره {membership_number} تأیید شد؛ مدارک را در مهلت تعیین‌شده کامل کنید.",
            mail=True,
            page=waiting.documents_page,
        ),
    ),
)
SUSPEND = Transition(
    "suspend",
    sources=(M.MEMBER,),
    targets=(M.SUSPENDED,),
    stores=("suspension_kind",),
    by=rules.SUSPEND,
    event="membership.suspended",
    label="تعلیق عضویت",
    note="دلیل تعلیق",
    outcome=membership.suspension(SuspensionKind.DISCIPLINARY),
    effect=membership.suspend_membership,
    confirm="دوره عضویت از امروز بسته می‌شود.",
    says="عضویت را تعلیق کرد: {note}",
    shade="no",
    tone="danger",
    tell=_everybody("عضویت «{subject}» تعلیق شد: {note}"),
)
REINSTATE = Transition(
    "reinstate",
    sources=(M.SUSPENDED,),
    targets=(M.MEMBER,),
    stores=("suspension_kind",),
    by=rules.REINSTATE,
    event="membership.reinstated",
    label="رفع تعلیق",
    blockers=membership.reinstatement_gaps,
    outcome=membership.no_suspension,
    effect=membership.reinstate_membership,
    says="تعلیق عضویت را برداشت",
    shade="ok",
    tone="main",
    tell=_everybody("تعلیق عضویت «{subject}» برداشته شد و عضویت از امروز برقرار است."),
)
END = Transition(
    "end",
    sources=(M.MEMBER, M.SUSPENDED),
    targets=(M.ENDED,),
    stores=("suspension_kind", "level_rank", "grade_valid_until"),
    by=rules.END,
    event="membership.ended",
    label="خاتمه عضویت",
    note="دلیل خاتمه",
    outcome=membership.nothing_left,
    effect=membership.end_membership,
    confirm="عضویت و سطح سمن پایان می‌یابد و گواهی عضویت باطل می‌شود؛ شماره عضویت در پرونده می‌ماند.",
    says="به عضویت خاتمه داد: {note}",
    shade="no",
    tone="danger",
    under_hold=True,
    tell=_everybody("عضویت «{subject}» خاتمه یافت: {note}"),
)
REOPEN = Transition(
    "reopen",
    sources=(M.REJECTED, M.ENDED),
    targets=(M.DRAFT,),
    stores=("reviewer", "missing_items"),
    by=rules.REOPEN,
    event="membership.reopened",
    label="درخواست دوباره",
    outcome=membership.start_again,
    says="پرونده را برای درخواست تازه گشود",
)
DATA = Ask.given("data", "مشخصات سمن", NgoData)
NEW: dict[str, Any] = {
    "targets": (M.DRAFT,),
    "stores": (*registry.STORED, "registered_by", "registered_at"),
    "asks": (DATA,),
    "outcome": registry.registered,
    "effects": registry.add_parts,
}
REGISTER = Creation(
    "register",
    by=rules.REGISTER_NGO,
    event="ngo.registered",
    event_label="ثبت سمن",
    label="ثبت پرونده",
    blockers=registry.twin_gaps,
    says="پرونده سمن را ثبت کرد",
    **NEW,
)
IMPORT = Creation(
    "import",
    by=rules.IMPORT_NGOS,
    event="ngo.imported",
    event_label="ورود از فهرست",
    label="ورود از فهرست",
    says="پرونده را از فهرست اکسل وارد کرد",
    **NEW,
)
CHANGED: dict[str, Any] = {
    "sources": tuple(M),
    "stores": registry.STORED,
    "event": "ngo.changed",
    "event_label": "ویرایش پرونده",
    "outcome": registry.changed,
    "effects": registry.change_fields,
    "effect": registry.told_fields,
    "says": "مشخصات سمن را ویرایش کرد",
    "under_hold": True,
}
CHANGE = Act(
    "change",
    by=rules.EDIT_NGO,
    label="ویرایش مشخصات",
    asks=(DATA, Ask.integer("version", "نسخه")),
    blockers=registry.change_gaps,
    done="مشخصات سمن ذخیره شد.",
    **CHANGED,
)
CHANGE_BY_REGISTER = Act(
    "change_by_register",
    by=rules.IMPORT_NGOS,
    label="به‌روزکردن از فهرست",
    asks=(DATA, Ask.given("ceo_name", "نام مدیرعامل", str, required=False)),
    **CHANGED,
)
MEMBERSHIP = Table(
    Ngo,
    code="membership",
    title="عضویت سمن",
    rows=[
        REGISTER,
        IMPORT,
        CHANGE,
        CHANGE_BY_REGISTER,
        SUBMIT,
        TAKE_UP,
        SEND_BACK,
        APPROVE,
        REJECT,
        CONFIRM_EXISTING,
        SUSPEND,
        REINSTATE,
        END,
        REOPEN,
    ],
    visible=visible_ngos,
    address=Ngo.get_absolute_url,
    do="ngos:ngo_do",
    reads=("registered_by", "reviewer"),
    gathers=waiting.gathered,
    waits=OF_DOCUMENTS,
    rests=(M.MEMBER, M.SUSPENDED, M.REJECTED, M.ENDED),
    counts_versions=True,
)
guard(MEMBERSHIP, "n3_ngo_moves", derived=("search_text", "level_rank", "grade_valid_until"))
