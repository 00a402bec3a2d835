"""Who may do what in the joint committee: predicates, and beside each the matching condition for lists.

``can_view_x(user, obj, on)`` and ``xs_visible_to(user, on)`` must agree; a test compares them. Acting as a member
always asks for a seat held on that day, not only for the role.
"""

from datetime import date
from typing import Any

from django.db.models import F, Q

from committee.enums import SEAT_SIDE, MinutesState, MotionState, ResolutionState, RoundState, SeatCode
from committee.models import ActionItem, Minutes, Motion, NominationRound, Nominee, Resolution, Seating
from ngos.models import NgoAccount
from staff_portal.kernel import access, reading
from staff_portal.kernel.access import Authority, permission
from staff_portal.kernel.models import User
from staff_portal.kernel.roles import VOTING_ROLES, Role, Side

NOTHING = Q(pk__in=[])
SEAT_ORDER = {code: place for place, code in enumerate(SeatCode.values)}
HEADS = (Role.HQ_MANAGER, Role.DEPUTY_MANAGER)
MEMBERS = VOTING_ROLES
APPOINTED_MEMBERS = (Role.HQ_MEMBER, Role.DEPUTY_MEMBER)
COMMITTEE_READERS = (*MEMBERS, Role.SECRETARY, *HEADS, Role.HQ_EXPERT, Role.DEPUTY_EXPERT, Role.AUDITOR)
PROPOSERS = (*MEMBERS, Role.SECRETARY, *HEADS, Role.HQ_EXPERT, Role.DEPUTY_EXPERT)
BALLOT_READERS = (*MEMBERS, Role.AUDITOR)
RESOLUTION_READERS = tuple(role for role in Role if role != Role.ADMIN)
HEAD_SIDE: dict[str, str] = {Role.HQ_MANAGER: Side.HQ, Role.DEPUTY_MANAGER: Side.DEPUTY}
RUNNING_ROUNDS = (RoundState.PREPARING, RoundState.OPEN)
CLOSED_MOTIONS = (MotionState.CARRIED, MotionState.LOST, MotionState.LAPSED)


def reads_committee(user: User, on: date) -> bool:
    """Members, secretary, both heads and their experts, the auditor: who reads the committee's papers."""
    return access.has_role(user, on, *COMMITTEE_READERS)


def sitting(on: date) -> list[Seating]:
    """Who sits on that day, in the order of the seats; at most five (C1). A page asks once."""
    return list(reading.once(("sitting", on), lambda: _sitting(on)))


def _sitting(on: date) -> tuple[Seating, ...]:
    rows = Seating.objects.filter(period__contains=on).select_related("person", "ngo", "seat__term")
    return tuple(sorted(rows, key=lambda row: SEAT_ORDER[row.seat_code]))


def seating_of(user: User, on: date) -> Seating | None:
    """The seat the person holds on that day, None when there is none (C1: never two)."""
    return next((row for row in sitting(on) if row.person_id == user.pk), None)


# --- memorandum, terms, seats ------------------------------------------------------------------------------


def _other_head(user: User, term: Any, authority: Authority) -> bool | str:
    if HEAD_SIDE[authority.role] == term.proposed_side or user.pk == term.proposed_by_id:
        return "دوره را یک طرف پیشنهاد می‌کند و رئیس طرف دیگر می‌پذیرد."
    return True


def _own_proposal(user: User, term: Any, authority: Authority) -> bool | str:
    if HEAD_SIDE[authority.role] == term.proposed_side:
        return True
    return "این دوره را طرف دیگر پیشنهاد کرده است؛ تنها همان طرف می‌تواند پیشنهاد خود را پس بگیرد."


def _head_of_seat(user: User, seat: Any, authority: Authority) -> bool | str:
    """Each side's head appoints its own two (C1)."""
    code = getattr(seat, "seat_code", None) or seat.code
    if code == SeatCode.NGO:
        return "کرسی سمن‌ها تنها با دور معرفی نامزد پر می‌شود."
    if HEAD_SIDE[authority.role] != SEAT_SIDE[code]:
        return "هر طرف تنها دو نماینده خود را منصوب می‌کند."
    return True


def _other_chair_head(user: User, term: Any, authority: Authority) -> bool | str:
    if not term.proposed_chair_code:
        return "تغییری برای رئیس کمیته پیشنهاد نشده است."
    proposer = term.chair_proposed_by
    if proposer is None or proposer.pk == user.pk or proposer.side == HEAD_SIDE[authority.role]:
        return "تغییر رئیس را یک طرف پیشنهاد می‌کند و رئیس طرف دیگر می‌پذیرد."
    return True


def _acts_for_seated_ngo(user: User, seating: Any, authority: Authority) -> bool | str:
    if authority.role != Role.NGO_USER or acts_for(user, seating.ngo_id, authority.on):
        return True
    return "شما نماینده این سمن نیستید."


def acts_for(user: User, ngo_id: int | None, on: date) -> bool:
    """Whether the person acts for that NGO on that day."""
    return NgoAccount.objects.filter(user=user, ngo_id=ngo_id or 0, period__contains=on).exists()


RECORD_MEMORANDUM = permission("committee.memorandum", "ثبت تفاهم‌نامه", HEADS)
PROPOSE_TERM = permission("committee.propose_term", "پیشنهاد دوره کمیته", HEADS)
AGREE_TERM = permission("committee.agree_term", "پذیرش دوره کمیته", HEADS, _other_head)
WITHDRAW_TERM = permission("committee.withdraw_term", "پس‌گرفتن پیشنهاد دوره کمیته", HEADS, _own_proposal)
PROPOSE_CHAIR = permission("committee.propose_chair", "پیشنهاد رئیس کمیته", HEADS)
AGREE_CHAIR = permission("committee.agree_chair", "پذیرش رئیس کمیته", HEADS, _other_chair_head)
APPOINT = permission("committee.appoint", "انتصاب نماینده در کمیته", HEADS, _head_of_seat)
RECALL = permission("committee.recall", "پایان‌دادن به عضویت در کمیته", HEADS, _head_of_seat)
REPLACE_REPRESENTATIVE = permission(
    "committee.replace_representative",
    "تغییر نماینده سمن در کمیته",
    [Role.HQ_EXPERT, Role.NGO_USER],
    _acts_for_seated_ngo,
)


# --- nomination --------------------------------------------------------------------------------------------


def rounds_visible_to(user: User, on: date) -> Q:
    """The committee's readers see every round; an NGO sees only its own nomination, on a page of its own."""
    return Q() if reads_committee(user, on) else NOTHING


def can_view_round(user: User, nomination: NominationRound, on: date) -> bool:
    return reads_committee(user, on)


def nominees_visible_to(user: User, on: date) -> Q:
    """Condition on :class:`Nominee` for its own page: HQ's experts and manager, the auditor, the NGO itself."""
    if access.has_role(user, on, Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR):
        return Q()
    if access.has_role(user, on, Role.NGO_USER):
        return Q(ngo__accounts__user=user, ngo__accounts__period__contains=on)
    return NOTHING


def can_view_nominee(user: User, nominee: Nominee, on: date) -> bool:
    if access.has_role(user, on, Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR):
        return True
    return access.has_role(user, on, Role.NGO_USER) and acts_for(user, nominee.ngo_id, on)


def _acts_for_nominee(user: User, nominee: Any, authority: Authority) -> bool | str:
    if authority.role != Role.NGO_USER or acts_for(user, nominee.ngo_id, authority.on):
        return True
    return "شما نماینده این سمن نیستید."


def _sits_and_has_not_chosen(user: User, nomination: Any, authority: Authority) -> bool | str:
    seating = seating_of(user, authority.on)
    if seating is None or seating.seat_code == SeatCode.NGO:
        return "تنها نمایندگان ستاد سمن‌ها و معاونت که اکنون در کرسی‌اند رأی می‌دهند."
    if nomination.ballots.filter(Q(voter=user) | Q(seat_code=seating.seat_code)).exists():
        return "شما پیش از این رأی داده‌اید؛ هر نماینده یک رأی دارد."
    return True


PREPARE_ROUND = permission("nomination.prepare", "آماده‌سازی دور معرفی نامزد", [Role.HQ_EXPERT])
EDIT_NOMINEES = permission("nomination.edit_nominees", "افزودن و برداشتن نامزد", [Role.HQ_EXPERT])
CONSENT = permission("nomination.consent", "پذیرش نامزدی", [Role.HQ_EXPERT, Role.NGO_USER], _acts_for_nominee)
WITHDRAW_NOMINEE = permission(
    "nomination.withdraw_nominee", "انصراف از نامزدی", [Role.HQ_EXPERT, Role.NGO_USER], _acts_for_nominee
)
SEAL = permission("nomination.seal", "نهایی‌کردن سه نامزد", [Role.HQ_MANAGER])
CAST_NOMINATION = permission(
    "nomination.cast", "رأی به نامزد", APPOINTED_MEMBERS, _sits_and_has_not_chosen, delegable=False
)
DECIDE = permission("nomination.decide", "انتخاب نماینده سمن‌ها", [Role.DEPUTY_MANAGER])
DECIDE_BY_BALLOTS = permission("nomination.decide_by_ballots", "انتخاب با دو رأی یکسان", [], system=True)
VOID_ROUND = permission("nomination.void", "ابطال دور معرفی", HEADS, system=True)


# --- meetings ----------------------------------------------------------------------------------------------

NO_CHAIR = (
    "کرسی رئیس کمیته خالی است؛ رئیس ستاد سمن‌ها و معاون باید آن را پر کنند یا درباره رئیس دیگری توافق کنند."
)


def meetings_visible_to(user: User, on: date) -> Q:
    """The committee's readers see every meeting; the calendar file is the members' and the secretary's."""
    return Q() if reads_committee(user, on) else NOTHING


def can_view_meeting(user: User, meeting: Any, on: date) -> bool:
    """The object form of :func:`meetings_visible_to`."""
    return reads_committee(user, on)


def is_chair(user: User, on: date) -> bool:
    """Whether the person sits today in the seat that chairs the running term."""
    seating = seating_of(user, on)
    return seating is not None and seating.seat_code == seating.seat.term.chair_code


def has_chair(on: date) -> bool:
    """Whether somebody sits on that day in the seat that chairs."""
    return Seating.objects.filter(period__contains=on, seat_code=F("seat__term__chair_code")).exists()


def _is_chair(user: User, meeting: Any, authority: Authority) -> bool | str:
    if is_chair(user, authority.on):
        return True
    return "دعوت را رئیس کمیته امضا می‌کند." if has_chair(authority.on) else NO_CHAIR


def can_take_calendar(user: User, on: date) -> bool:
    """The calendar file is for those who come to the meeting: members and secretary."""
    return access.has_role(user, on, *MEMBERS, Role.SECRETARY)


def _own_seat(user: User, meeting: Any, authority: Authority) -> bool | str:
    if authority.role == Role.SECRETARY:
        return True
    return True if seating_of(user, authority.on) else "شما اکنون در کمیته کرسی ندارید."


PLAN_MEETING = permission("meeting.plan", "برنامه‌ریزی جلسه", [Role.SECRETARY])
SUBMIT_CALL = permission("meeting.submit_call", "ارسال دعوت برای امضای رئیس", [Role.SECRETARY])
SIGN_CALL = permission("meeting.call", "امضای دعوت جلسه", APPOINTED_MEMBERS, _is_chair, delegable=False)
OPEN_MEETING = permission("meeting.open", "آغاز جلسه", [Role.SECRETARY])
CLOSE_MEETING = permission("meeting.close", "پایان جلسه", [Role.SECRETARY])
CANCEL_MEETING = permission("meeting.cancel", "لغو جلسه", [Role.SECRETARY])
RECORD_PRESENCE = permission(
    "meeting.presence", "ثبت ورود و خروج", [Role.SECRETARY, *MEMBERS], _own_seat, delegable=False
)
RECORD_ABSENCE = permission(
    "meeting.absence", "ثبت غیبت", [Role.SECRETARY, *MEMBERS], _own_seat, delegable=False
)
HAND_OVER = permission("meeting.hand_over", "ثبت تحویل دستی دعوت‌نامه", [Role.SECRETARY])
WAIVE_NOTICE = permission("meeting.waive", "گذشت از مهلت دعوت", MEMBERS, _own_seat, delegable=False)


# --- motions -----------------------------------------------------------------------------------------------


def motions_visible_to(user: User, on: date) -> Q:
    """The committee's readers see what was tabled; a draft is its proposer's, the secretary's and the auditor's."""
    if not reads_committee(user, on):
        return NOTHING
    if access.has_role(user, on, Role.SECRETARY, Role.AUDITOR):
        return Q()
    return ~Q(state=MotionState.DRAFT) | Q(proposed_by=user)


def can_view_motion(user: User, motion: Motion, on: date) -> bool:
    """The object form of :func:`motions_visible_to`."""
    if not reads_committee(user, on):
        return False
    if access.has_role(user, on, Role.SECRETARY, Role.AUDITOR) or motion.state != MotionState.DRAFT:
        return True
    return motion.proposed_by_id == user.pk


STOOD_ASIDE = "شما از رأی به این پیشنهاد کناره گرفته‌اید."


def _is_proposer(user: User, motion: Any, authority: Authority) -> bool | str:
    return (
        True
        if motion.proposed_by_id == user.pk
        else "این پیشنهاد را شخص دیگری نوشته است؛ ویرایش و پس‌گرفتن آن با همان شخص است."
    )


def _may_vote(user: User, motion: Any, authority: Authority) -> bool | str:
    seating = seating_of(user, authority.on)
    if seating is None:
        return "شما اکنون در کمیته کرسی ندارید."
    own = Q(voter=user) | Q(seat_code=seating.seat_code)
    if reading.once(("voted", motion.pk, user.pk), motion.ballots.filter(own).exists):
        return "شما پیش از این به این پیشنهاد رأی داده‌اید."
    return STOOD_ASIDE if _stands_aside(motion, seating) else True


def _stands_aside(motion: Motion, seating: Seating) -> bool:
    aside = motion.recusals.filter(seat_code=seating.seat_code)
    return reading.once(("aside", motion.pk, seating.seat_code), aside.exists)


def _votes_on_it(user: User, motion: Any, authority: Authority) -> bool | str:
    """A seat that votes on this motion; whether it has voted already does not matter (C5)."""
    seating = seating_of(user, authority.on)
    if seating is None:
        return "شما اکنون در کمیته کرسی ندارید."
    return STOOD_ASIDE if _stands_aside(motion, seating) else True


PROPOSE_MOTION = permission("motion.propose", "نوشتن پیشنهاد", PROPOSERS)
EDIT_MOTION = permission("motion.edit", "ویرایش پیشنهاد خود", PROPOSERS, _is_proposer)
TABLE_MOTION = permission("motion.table", "در دستور نهادن پیشنهاد", [Role.SECRETARY])
WITHDRAW_MOTION = permission("motion.withdraw", "پس‌گرفتن پیشنهاد خود", PROPOSERS, _is_proposer)
OPEN_VOTE = permission("motion.open_vote", "آغاز رأی‌گیری", [Role.SECRETARY])
CAST = permission("motion.cast", "رأی‌دادن", MEMBERS, _may_vote, delegable=False)
RECUSE = permission("motion.recuse", "کناره‌گیری از رأی", MEMBERS, _may_vote, delegable=False)
ASK_MEETING = permission(
    "motion.ask_meeting", "درخواست جلسه به جای مکاتبه", MEMBERS, _votes_on_it, delegable=False
)
CLOSE_VOTE = permission("motion.close_vote", "پایان رأی‌گیری", [Role.SECRETARY], system=True)
COPY_MOTION = permission("motion.copy", "رونوشت پیشنهاد", PROPOSERS)
AMEND_MOTION = permission("motion.amend", "ثبت متن اصلاح‌شده در جلسه", [Role.SECRETARY])
RETRY_EFFECT = permission("motion.retry_effect", "اجرای دوباره پیامد مصوبه", [Role.SECRETARY])


# --- after the vote ------------------------------------------------------------------------------------------


def resolutions_visible_to(user: User, on: date) -> Q:
    """The committee's readers see all; whoever works here or represents an NGO sees those announced, and the
    one whose follow-up was given to them."""
    if reads_committee(user, on):
        return Q()
    if access.has_role(user, on, *RESOLUTION_READERS):
        own = ActionItem.objects.filter(owner=user).values("resolution")
        return Q(state=ResolutionState.ANNOUNCED) | Q(pk__in=own)
    return NOTHING


def can_view_resolution(user: User, resolution: Resolution, on: date) -> bool:
    """The object form of :func:`resolutions_visible_to`."""
    if reads_committee(user, on):
        return True
    if not access.has_role(user, on, *RESOLUTION_READERS):
        return False
    return resolution.state == ResolutionState.ANNOUNCED or resolution.actions.filter(owner=user).exists()


def minutes_visible_to(user: User, on: date) -> Q:
    """A draft is the secretary's; circulated minutes are read by the committee's readers."""
    if access.has_role(user, on, Role.SECRETARY, Role.AUDITOR):
        return Q()
    return ~Q(state=MinutesState.DRAFT) if reads_committee(user, on) else NOTHING


def can_view_minutes(user: User, minutes: Minutes, on: date) -> bool:
    """The object form of :func:`minutes_visible_to`."""
    if access.has_role(user, on, Role.SECRETARY, Role.AUDITOR):
        return True
    return minutes.state != MinutesState.DRAFT and reads_committee(user, on)


def _side_not_signed(user: User, resolution: Any, authority: Authority) -> bool | str:
    side = HEAD_SIDE[authority.role]
    signed_by = resolution.hq_signed_by_id if side == Side.HQ else resolution.deputy_signed_by_id
    if signed_by is not None:
        return "ابلاغ پیش از این از سوی طرف شما امضا شده است."
    other = resolution.deputy_signed_by_id if side == Side.HQ else resolution.hq_signed_by_id
    return True if other != user.pk else "یک شخص نمی‌تواند از سوی هر دو طرف امضا کند."


def _owns_action(user: User, action: Any, authority: Authority) -> bool | str:
    if authority.role == Role.SECRETARY or action.owner_id == user.pk:
        return True
    return "این پیگیری به شخص دیگری سپرده شده است؛ نتیجه را خود او یا دبیر ثبت می‌کند."


def _sat_in_meeting(user: User, minutes: Any, authority: Authority) -> bool | str:
    if minutes.meeting.invitations.filter(seating__person=user).exists():
        return True
    return "شما به این جلسه دعوت نشده بودید؛ درخواست اصلاح با اعضای دعوت‌شده است."


def _was_present(user: User, minutes: Any, authority: Authority) -> bool | str:
    if minutes.signatures.filter(signed_by=user).exists():
        return "شما این صورتجلسه را پیش از این امضا کرده‌اید."
    if minutes.meeting.presences.filter(seating__person=user).exists():
        return True
    return "صورتجلسه را کسانی امضا می‌کنند که در جلسه حاضر بوده‌اند."


SIGN_RESOLUTION = permission("resolution.sign", "امضای ابلاغ مصوبه", HEADS, _side_not_signed)
ADD_ACTION = permission("action.add", "سپردن پیگیری مصوبه", [Role.SECRETARY])
WORKERS = [role for role in Role if role != Role.ADMIN]
FINISH_ACTION = permission("action.finish", "ثبت انجام پیگیری", WORKERS, _owns_action, delegable=False)
EXTEND_ACTION = permission("action.extend", "تمدید مهلت پیگیری", [Role.SECRETARY])
BY_SYSTEM = permission("committee.by_system", "کار خودکار سامانه در کمیته", [], system=True)
CANCEL_ACTION = permission("action.cancel", "منتفی‌کردن پیگیری", [Role.SECRETARY])
WRITE_MINUTES = permission("minutes.write", "نوشتن صورتجلسه", [Role.SECRETARY])
ASK_AMENDMENT = permission(
    "minutes.ask_amendment", "درخواست اصلاح صورتجلسه", MEMBERS, _sat_in_meeting, delegable=False
)
START_SIGNING = permission("minutes.start_signing", "آغاز امضای صورتجلسه", [Role.SECRETARY], system=True)
SIGN_MINUTES = permission("minutes.sign", "امضای صورتجلسه", MEMBERS, _was_present, delegable=False)
SEAL_MINUTES = permission("minutes.seal", "نهایی‌کردن صورتجلسه", [Role.SECRETARY], system=True)
EDIT_POLICY = permission(
    "policy.edit", "ثبت اسناد بالادستی", [Role.SECRETARY, Role.HQ_EXPERT, Role.DEPUTY_EXPERT]
)


def policies_visible_to(user: User, on: date) -> Q:
    """Condition on :class:`PolicyDocument`: the committee's readers see all."""
    return Q() if reads_committee(user, on) else NOTHING


def can_view_policy(user: User, document: Any, on: date) -> bool:
    """The object form of :func:`policies_visible_to`."""
    return reads_committee(user, on)
