"""Rows of the addressees of an announcement: added, receipt confirmed, chased (C8)."""

from datetime import date

from django.db.models import QuerySet

from committee import rules
from committee.enums import AddresseeState as A
from committee.models import Addressee, Resolution
from committee.operations import addressees
from committee.workflow.resolutions import RESOLUTION_TASK, open_resolutions
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Transition, Waits
from staff_portal.kernel.workflow.table import Table


def visible_addressees(user: User, on: date) -> QuerySet[Addressee]:
    """The addressees of the resolutions a person may see."""
    return Addressee.objects.filter(resolution__in=open_resolutions(user, on).values("pk"))


ADD = Creation(
    "add",
    targets=(A.WAITING,),
    stores=("resolution", "unit", "ngo", "person", "added_by"),
    by=rules.ADDRESS_RESOLUTION,
    event="resolution.addressee_added",
    label="افزودن گیرنده",
    asks=(Ask.given("to", "گیرنده", tuple),),
    outcome=addressees.new,
    follows=True,
    says="«{subject}» را گیرنده ابلاغ کرد",
    tell=(
        To(
            addressees.addresses_if_announced,
            "مصوبه «{file}» به شما ابلاغ شد؛ دریافت آن را تأیید کنید.",
            mail=True,
        ),
    ),
)
RECEIVE = Transition(
    "receive",
    sources=(A.WAITING,),
    targets=(A.RECEIVED,),
    stores=("received_by",),
    by=rules.RECEIVE,
    event="resolution.received",
    event_label="دریافت ابلاغ",
    label="دریافت شد",
    blockers=addressees.receiving_gaps,
    outcome=lambda row, step: {"received_by": step.actor},
    says="دریافت ابلاغ را برای «{subject}» تأیید کرد",
    shade="ok",
    done="دریافت ابلاغ ثبت شد.",
    tone="main",
    elsewhere="دریافت این ابلاغ پیش از این تأیید شده است.",
    waits=(
        Waits(
            to=To(addressees.addresses),
            when=addressees.is_announced,
            due=addressees.due,
            kind=RESOLUTION_TASK,
            title="تأیید دریافت ابلاغ «{file}»",
            detail="{subject}",
            rank=45,
        ),
    ),
)
CHASE = Act(
    "chase",
    sources=(A.WAITING,),
    stores=("last_chased_on",),
    by=rules.BY_SYSTEM,
    event="resolution.receipt_chased",
    label="یادآوری دریافت ابلاغ",
    blockers=addressees.chasing_gaps,
    outcome=addressees.chased,
    sweep=addressees.late,
    says="یادآوری کرد که «{subject}» دریافت ابلاغ را تأیید نکرده است",
    tell=(
        To(addressees.addresses, "دریافت ابلاغ «{file}» را هنوز تأیید نکرده‌اید.", mail=True, sms=True),
        To.role(Role.SECRETARY, "«{subject}» دریافت ابلاغ «{file}» را در مهلت تأیید نکرده است."),
    ),
)
ADDRESSEE = Table(
    Addressee,
    code="addressee",
    title="گیرنده ابلاغ",
    rows=[ADD, RECEIVE, CHASE],
    visible=visible_addressees,
    address=lambda row: row.resolution.get_absolute_url(),
    do="committee:addressee_do",
    within="resolution",
    reads=("resolution__number", "unit", "ngo", "person"),
    moved_by={Resolution: lambda resolution: resolution.addressees.all()},
)
guard(ADDRESSEE, "c8_addressee_kept")
