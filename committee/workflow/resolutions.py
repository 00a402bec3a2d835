"""Rows of resolutions and of the work that carries them out (C8)."""

from datetime import date

from django.db.models import QuerySet

from committee import rules
from committee.enums import ActionState as A
from committee.enums import ResolutionState as R
from committee.models import ActionItem, Resolution
from committee.operations import actions, addressees, resolutions
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.workflow.audience import ROLE, Address, To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Transition, Waits
from staff_portal.kernel.workflow.table import Table

NOT_FOR_YOU = "مصوبه‌های کمیته برای نقش شما باز نیست."
RESOLUTION_TASK, ACTION_TASK = "committee.resolution", "committee.action"
OFFICES = (Role.SECRETARY, Role.HQ_MANAGER, Role.DEPUTY_MANAGER, Role.HQ_EXPERT, Role.DEPUTY_EXPERT)


# --- resolutions --------------------------------------------------------------------------------------------


def visible_resolutions(user: User, on: date) -> QuerySet[Resolution]:
    """The resolutions a person may see."""
    return Resolution.objects.filter(rules.resolutions_visible_to(user, on))


def open_resolutions(user: User, on: date) -> QuerySet[Resolution]:
    """The same for a page: a refusal for whom resolutions are closed altogether."""
    if not access.has_role(user, on, *rules.RESOLUTION_READERS):
        raise NotPermitted(NOT_FOR_YOU)
    return visible_resolutions(user, on)


def _signature_of(side: str, head: str, other: str) -> Waits:
    """The head of a side signs, unless the same person has signed for the other one."""
    return Waits(
        key=side,
        to=To.power(rules.SIGN_RESOLUTION, roles=[head]),
        when=lambda row: getattr(row, f"{side}_signed_by_id") is None,
        but=lambda row: [getattr(row, f"{other}_signed_by_id")],
        kind=RESOLUTION_TASK,
        title="امضای ابلاغ «{subject}»",
        detail=resolutions.one_side_signed,
        rank=20,
    )


def _to_sign(text: str) -> To:
    return To(
        lambda row: [
            Address(ROLE, str(role), power=rules.SIGN_RESOLUTION.code)
            for role in resolutions.unsigned_heads(row)
        ],
        text,
        mail=True,
    )


ADOPT = Creation(
    "adopt",
    targets=(R.AWAITING,),
    stores=("motion", "number", "title", "text", "text_hash", "search_text", "adopted_on"),
    by=rules.BY_SYSTEM,
    event="resolution.adopted",
    label="ثبت مصوبه",
    blockers=resolutions.not_carried,
    outcome=resolutions.adopted,
    follows=True,
    says="مصوبه «{subject}» را ثبت کرد",
    shade="ok",
    tell=(_to_sign("مصوبه «{subject}» تصویب شد و ابلاغ آن در انتظار امضای شماست."),),
)
SIGN = Act(
    "sign",
    sources=(R.AWAITING,),
    stores=(
        "hq_signed_by",
        "hq_signed_at",
        "hq_signature",
        "deputy_signed_by",
        "deputy_signed_at",
        "deputy_signature",
    ),
    by=rules.SIGN_RESOLUTION,
    event="resolution.signed",
    label="امضای ابلاغ",
    confirm="ابلاغ با امضای رئیس ستاد سمن‌ها و معاون است؛ با امضای دوم، نامه صادر و مصوبه ابلاغ می‌شود.",
    blockers=addressees.signing_gaps,
    outcome=resolutions.side_signature,
    then=resolutions.announce_when_both,
    about=resolutions.facts_to_sign,
    says="ابلاغ «{subject}» را امضا کرد",
    done="ابلاغ امضا شد.",
    tone="main",
    tell=(_to_sign("{actor} ابلاغ «{subject}» را امضا کرد؛ امضای طرف شما مانده است."),),
    waits=(
        _signature_of("hq", Role.HQ_MANAGER, "deputy"),
        _signature_of("deputy", Role.DEPUTY_MANAGER, "hq"),
    ),
)
ADDRESS = Act(
    "address",
    sources=(R.AWAITING, R.ANNOUNCED),
    by=rules.ADDRESS_RESOLUTION,
    event="resolution.addressed",
    event_label="گزینش گیرندگان ابلاغ",
    label="گیرندگان ابلاغ",
    confirm="ابلاغ به همه اینان می‌رسد و هر یک دریافت آن را تأیید می‌کند.",
    asks=(
        Ask.records_of("units", "واحدها و شهرداری‌های مناطق", addressees.units),
        Ask.choice("ngos", "سمن‌ها", addressees.groups_of_ngos, required=False),
        Ask.records_of("persons", "اشخاص", actions.possible_owners),
    ),
    blockers=addressees.choosing_gaps,
    effect=addressees.add_all,
    says="گیرندگان ابلاغ «{subject}» را برگزید",
    done="گیرندگان ابلاغ ثبت شدند.",
    waits=(
        Waits(
            to=To.power(rules.ADDRESS_RESOLUTION),
            when=lambda row: row.state == R.AWAITING and addressees.has_nobody(row),
            kind=RESOLUTION_TASK,
            title="گزینش گیرندگان ابلاغ «{subject}»",
            rank=60,
        ),
    ),
)
ANNOUNCE = Transition(
    "announce",
    sources=(R.AWAITING,),
    targets=(R.ANNOUNCED,),
    stores=("letter",),
    by=rules.SIGN_RESOLUTION,
    event="resolution.announced",
    label="ابلاغ مصوبه",
    outcome=resolutions.announced,
    follows=True,
    says="«{subject}» را ابلاغ کرد",
    shade="ok",
    tell=(
        To(
            addressees.all_addresses,
            "مصوبه «{subject}» به شما ابلاغ شد؛ دریافت آن را تأیید کنید.",
            mail=True,
        ),
        To.people(resolutions.concerned, "مصوبه «{subject}» ابلاغ شد.", mail=True),
        *(To.role(role, "مصوبه «{subject}» ابلاغ شد.", mail=True) for role in OFFICES),
    ),
)
RESOLUTION = Table(
    Resolution,
    code="resolution",
    title="مصوبه",
    rows=[ADOPT, ADDRESS, SIGN, ANNOUNCE],
    visible=open_resolutions,
    address=Resolution.get_absolute_url,
    do="committee:resolution_do",
    reads=("number", "motion"),
)
guard(RESOLUTION, "c8_resolution_kept")


# --- action items -------------------------------------------------------------------------------------------


def visible_actions(user: User, on: date) -> QuerySet[ActionItem]:
    """The work of the resolutions a person may see."""
    return ActionItem.objects.filter(resolution__in=open_resolutions(user, on).values("pk"))


ADD = Creation(
    "add",
    targets=(A.OPEN,),
    stores=("resolution", "title", "owner", "due_on", "created_by", "created_at"),
    by=rules.ADD_ACTION,
    event="action.added",
    label="سپردن پیگیری",
    asks=(
        Ask.text("title", "کار"),
        Ask.person("owner", "عهده‌دار", actions.possible_owners, wrong=actions.NO_ROLE),
        Ask.date("due_on", "مهلت"),
    ),
    blockers=actions.due_is_ahead,
    outcome=actions.new_action,
    says="پیگیری «{subject}» را به مسئول آن سپرد",
    shade="wait",
    done="پیگیری سپرده شد و عهده‌دار آگاه می‌شود.",
    tell=(To.field("owner", "{actor} پیگیری «{subject}» را به شما سپرد.", mail=True),),
)
EXTEND = Act(
    "extend",
    sources=(A.OPEN,),
    stores=("due_on",),
    by=rules.EXTEND_ACTION,
    label="تمدید مهلت",
    note="سبب تمدید",
    asks=(Ask.date("due_on", "مهلت تازه"),),
    about=actions.facts_of,
    blockers=actions.due_is_later,
    outcome=lambda action, step: {"due_on": step.asked["due_on"]},
    says="مهلت «{subject}» را تا {due_on} تمدید کرد: {note}",
    done="مهلت تا {due_on} تمدید شد.",
    tell=(To.field("owner", "{actor} مهلت «{subject}» را تا {due_on} تمدید کرد: {note}", mail=True),),
)
FINISH = Transition(
    "finish",
    sources=(A.OPEN,),
    targets=(A.DONE,),
    stores=("result",),
    by=rules.FINISH_ACTION,
    event="action.done",
    label="ثبت انجام",
    note="نتیجه کار",
    about=actions.facts_of,
    outcome=actions.result_of,
    says="«{subject}» را انجام‌شده ثبت کرد: {note}",
    shade="ok",
    done="انجام «{subject}» ثبت شد.",
    tone="main",
    tell=(
        To.role(Role.SECRETARY, "{actor} «{subject}» را انجام‌شده ثبت کرد: {note}"),
        To.field("owner", "{actor} «{subject}» را انجام‌شده ثبت کرد: {note}"),
    ),
    waits=(
        Waits(
            to=To.field("owner"),
            due="due_on",
            kind=ACTION_TASK,
            title="{subject}",
            detail=lambda action: f"پیگیری مصوبه {action.resolution.number.text}",
            rank=40,
        ),
    ),
)
CANCEL = Transition(
    "cancel",
    sources=(A.OPEN,),
    targets=(A.CANCELLED,),
    stores=("result",),
    by=rules.CANCEL_ACTION,
    event="action.cancelled",
    label="منتفی‌کردن",
    note="سبب منتفی‌شدن",
    about=actions.facts_of,
    outcome=actions.result_of,
    says="«{subject}» را منتفی دانست: {note}",
    done="پیگیری منتفی شد و عهده‌دار آگاه می‌شود.",
    tone="danger",
    under_hold=True,
    tell=(To.field("owner", "{actor} «{subject}» را منتفی دانست: {note}"),),
)
CHASE = Act(
    "chase",
    sources=(A.OPEN,),
    stores=("last_chased_on",),
    by=rules.BY_SYSTEM,
    event="action.chased",
    label="یادآوری پیگیری",
    blockers=actions.chased_already,
    outcome=actions.chased_today,
    sweep=actions.late_actions,
    says="یادآوری کرد که مهلت «{subject}» گذشته است",
    tell=(
        To.role(Role.SECRETARY, "مهلت «{subject}» گذشته و انجام آن ثبت نشده است."),
        To.field("owner", "مهلت «{subject}» گذشته است؛ نتیجه را ثبت کنید.", mail=True, sms=True),
    ),
)
ACTION = Table(
    ActionItem,
    code="action",
    title="پیگیری مصوبه",
    rows=[ADD, EXTEND, FINISH, CANCEL, CHASE],
    visible=visible_actions,
    address=lambda action: action.resolution.get_absolute_url(),
    do="committee:action_do",
    within="resolution",
    reads=("resolution__number", "owner"),
)
guard(ACTION, "c8_action_kept")
