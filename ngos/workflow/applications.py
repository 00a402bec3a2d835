"""Rows of an application for membership: who, from where to where, what it needs, whose turn it is (N2, N3, X7)."""

from datetime import date
from typing import Any

from django.urls import reverse

from ngos import rules
from ngos.enums import DocumentKind
from ngos.enums import MembershipState as M
from ngos.models import Ngo
from ngos.operations import clocks, membership, waiting
from ngos.operations import membership_facts as facts
from ngos.operations.addresses import NGO
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Step, Transition, Waits

REQUEST_TASK, DRAFT_TASK, EXISTING_TASK = "ngos.request", "ngos.draft", "ngos.existing"
REST = ("نشانی و راه تماس", "حوزه فعالیت", "هیئت‌مدیره", "پروانه معتبر", "مشخصات ثبت")


def _missing_choices(ngo: Ngo, on: date) -> list[tuple[str, str]]:
    return [(text, text) for text in (*(str(kind.label) for kind in DocumentKind), *REST)]


def days_of(ngo: Ngo, step: Step) -> dict[str, str]:
    """Until when the file stays where it came."""
    due = {
        M.SUBMITTED: ("take_up_due", clocks.take_up_due),
        M.UNDER_REVIEW: ("decision_due", clocks.decision_due),
        M.RETURNED: ("correction_due", clocks.correction_due),
    }.get(M(ngo.state))
    return {due[0]: clocks.day_words(due[1](ngo))} if due else {}


def certificate_words(ngo: Ngo, step: Step) -> dict[str, str]:
    """The number of the certificate that was issued."""
    letter = facts.certificate_of(ngo)
    return {"certificate": letter.number.text if letter else ""}


def _own_side(text: str, **more: Any) -> tuple[To, ...]:
    """Those who keep the file: its registrar and the NGO's representatives."""
    return To.field("registered_by", text, **more), To.at(NGO, "pk", text, **more)


def _correction(key: str, to: To) -> Waits:
    """A file sent back waits with its clock of working days (K5)."""
    return Waits(
        key=key,
        to=to,
        when=lambda ngo: ngo.state == M.RETURNED,
        kind=REQUEST_TASK,
        title="اصلاح پرونده «{subject}»",
        detail=waiting.missing_words,
        due=clocks.correction_due,
        page=Ngo.get_absolute_url,
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
    about_on=facts.application_facts,
    brings=facts.submitting_brings,
    confirm="درخواست به ستاد سمن‌ها فرستاده می‌شود. پیش از آن ببینید چه کم است:",
    blockers=membership.submission_gaps,
    outcome=membership.clear_missing,
    words=days_of,
    says="درخواست عضویت را ارسال کرد",
    done="ارسال درخواست عضویت «{subject}» ثبت شد؛ اکنون نزد کارشناسان ستاد سمن‌هاست و تا پایان {take_up_due} کسی آن را برمی‌دارد.",
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
            page=Ngo.get_absolute_url,
            rank=80,
        ),
        Waits(
            key="own_draft",
            to=To.at(NGO, "pk"),
            when=lambda ngo: ngo.state == M.DRAFT and waiting.has_people(ngo),
            kind=DRAFT_TASK,
            title="تکمیل و ارسال «{subject}»",
            detail="پرونده هنوز برای بررسی ارسال نشده است",
            page=Ngo.get_absolute_url,
            rank=80,
        ),
        _correction("returned", To.field("registered_by", power=rules.SUBMIT)),
        _correction("own_returned", To.at(NGO, "pk")),
    ),
)
WITHDRAW = Transition(
    "withdraw",
    sources=(M.SUBMITTED,),
    targets=(M.DRAFT,),
    by=rules.WITHDRAW,
    event="membership.withdrawn",
    label="پس‌گرفتن درخواست",
    about_on=facts.application_facts,
    brings=facts.withdrawing_brings,
    confirm="درخواست از صف بررسی بیرون می‌آید.",
    says="درخواست عضویت را پس گرفت",
    done="درخواست عضویت «{subject}» پس گرفته شد؛ پرونده پیش‌نویس است و نزد شما و سمن می‌ماند.",
    under_hold=True,
    tell=_own_side("درخواست عضویت «{subject}» پس گرفته شد و پرونده پیش‌نویس است."),
)
LAPSE = Transition(
    "lapse",
    sources=(M.RETURNED,),
    targets=(M.DRAFT,),
    by=rules.MEMBERSHIP_BY_CLOCK,
    event="membership.lapsed",
    label="پایان مهلت اصلاح",
    blockers=membership.correction_runs,
    sweep=membership.uncorrected,
    says="درخواست عضویت را با پایان مهلت اصلاح پیش‌نویس کرد",
    shade="wait",
    tell=(
        *_own_side(
            "مهلت اصلاح درخواست عضویت «{subject}» گذشت و پرونده پیش‌نویس شد؛ پس از تکمیل دوباره بفرستید.",
            mail=True,
        ),
        To.field("reviewer", "مهلت اصلاح درخواست عضویت «{subject}» گذشت و پرونده پیش‌نویس شد."),
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
    about_on=facts.review_facts,
    brings=facts.taking_up_brings,
    confirm="بررسی را به نام خود آغاز می‌کنید.",
    outcome=membership.assign_reviewer,
    words=days_of,
    says="بررسی درخواست عضویت را آغاز کرد",
    done="آغاز بررسی «{subject}» ثبت شد؛ پرونده نزد شماست و تا پایان {decision_due} درباره آن تصمیم گرفته می‌شود.",
    tone="main",
    tell=_own_side("{actor} بررسی درخواست عضویت «{subject}» را آغاز کرد."),
    waits=(
        Waits(
            to=To.power(rules.TAKE_UP),
            but=_registrar,
            due=clocks.take_up_due,
            kind=REQUEST_TASK,
            title="بررسی درخواست عضویت «{subject}»",
            detail="هنوز کسی آن را برنداشته است",
            page=Ngo.get_absolute_url,
        ),
        Waits(
            key="late",
            to=To.role(Role.HQ_MANAGER),
            opens=clocks.after_take_up,
            kind=REQUEST_TASK,
            title="درخواست عضویت «{subject}» را کسی برنداشته است",
            detail="مهلت برداشتن گذشته است؛ آن را به کارشناسی ارجاع دهید",
            page=Ngo.get_absolute_url,
            rank=40,
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
    about_on=facts.review_facts,
    outcome=membership.note_missing,
    words=days_of,
    done="«{subject}» برای اصلاح بازگشت؛ اکنون نزد سمن و ثبت‌کننده است و تا پایان {correction_due} فرصت دارند.",
    confirm="درخواست به سمن بازمی‌گردد و مهلت اصلاح آغاز می‌شود.",
    says="درخواست را برای اصلاح بازگرداند: {note}",
    shade="wait",
    tell=_own_side(
        "درخواست عضویت «{subject}» برای اصلاح بازگشت: {note}. کمبودها: {missing}.", mail=True, sms=True
    ),
    waits=(
        Waits(
            to=To.field("reviewer", power=rules.SEND_BACK),
            turns=waiting.review_turns,
            due=clocks.decision_due,
            kind=REQUEST_TASK,
            title="ادامه بررسی «{subject}»",
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
    about_on=facts.review_facts,
    brings=facts.approving_brings,
    outcome=membership.number_and_date,
    effect=membership.open_membership,
    words=certificate_words,
    done="تأیید عضویت «{subject}» ثبت شد: شماره عضویت {membership_number}، گواهی شماره {certificate}. سمن آگاه شد.",
    leads=facts.certificate_link,
    confirm="شماره عضویت داده می‌شود و گواهی عضویت صادر می‌شود؛ این کار بازگشت‌پذیر نیست.",
    says="عضویت را تأیید کرد",
    shade="ok",
    tone="main",
    tell=(To.field("reviewer", NUMBERED), *_own_side(NUMBERED, mail=True, sms=True)),
    waits=(
        Waits(
            to=To.power(rules.APPROVE),
            turns=waiting.ready_for_approval,
            due=clocks.decision_due,
            but=lambda ngo: [ngo.registered_by_id, ngo.reviewer_id],
            kind=REQUEST_TASK,
            title="تأیید عضویت «{subject}»",
            detail="چیزی از شرایط عضویت کم نیست",
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
    about_on=facts.review_facts,
    brings=facts.rejecting_brings,
    effect=membership.reject_application,
    confirm="سمن از رد درخواست و دلیل آن آگاه می‌شود و می‌تواند دوباره درخواست دهد.",
    done="درخواست «{subject}» رد شد و نامه آن با دلایل صادر شد؛ سمن از روز ابلاغ نامه می‌تواند اعتراض کند.",
    leads=facts.decision_link,
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
REOPEN = Transition(
    "reopen",
    sources=(M.REJECTED, M.ENDED),
    targets=(M.DRAFT,),
    stores=("reviewer", "missing_items"),
    by=rules.REOPEN,
    event="membership.reopened",
    label="درخواست دوباره",
    about_on=facts.application_facts,
    brings=facts.reopening_brings,
    confirm="درخواست تازه‌ای بر همین پرونده آغاز می‌شود.",
    outcome=membership.start_again,
    done="پرونده «{subject}» برای درخواست تازه گشوده شد؛ آن را کامل کنید و بفرستید.",
    says="پرونده را برای درخواست تازه گشود",
)
