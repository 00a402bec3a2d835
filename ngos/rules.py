"""Who may do what with NGOs and assessments: predicates, and beside each the matching condition for lists.

``can_view_x(user, obj, on)`` and ``xs_visible_to(user, on)`` must agree; a test compares them.
"""

from datetime import date
from typing import Any

from django.db.models import Q

from ngos.enums import AssessmentState, MembershipState
from ngos.models import Assessment, Ngo, NgoAccount
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import Authority, permission

NOTHING = Q(pk__in=[])
REGISTRY_READERS = (Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR)
APPROVED_READERS = (Role.DEPUTY_EXPERT, Role.DEPUTY_MANAGER, Role.UNIT_EXPERT)
PEOPLE_READERS = (Role.HQ_EXPERT, Role.HQ_MANAGER)
ASSESSMENT_READERS = (Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR)
ASSESSMENT_LIST_ROLES = (*ASSESSMENT_READERS, Role.HQ_ASSESSOR, Role.NGO_USER)
FRAMEWORK_READERS = tuple(role for role in Role if role != Role.ADMIN)
DISTRICT_ROLES = (Role.DISTRICT_HEAD, Role.REGION_OFFICER)


# --- NGOs ------------------------------------------------------------------------------------------------


def ngos_visible_to(user: User, on: date) -> Q:
    """Condition on :class:`Ngo` for what ``user`` may see: HQ and auditor all, the deputy's people members,
    a district its own, an assessor those assessed, an NGO itself."""
    condition = NOTHING
    for authority in access.authorities(user, on):
        if authority.role in REGISTRY_READERS:
            return Q()
        if authority.role in APPROVED_READERS:
            condition |= Q(state=MembershipState.MEMBER)
        elif authority.role == Role.REGION_OFFICER:
            condition |= Q(state=MembershipState.MEMBER, district_id=authority.scope_id)
        elif authority.role == Role.DISTRICT_HEAD:
            condition |= Q(district_id=authority.scope_id)
        elif authority.role == Role.HQ_ASSESSOR:
            condition |= Q(assessments__seats__assessor=user)
        elif authority.role == Role.NGO_USER:
            condition |= Q(accounts__user=user, accounts__period__contains=on)
    return condition


def can_view_ngo(user: User, ngo: Ngo, on: date) -> bool:
    """The object form of :func:`ngos_visible_to`."""
    for authority in access.authorities(user, on):
        if authority.role in REGISTRY_READERS:
            return True
        if authority.role in APPROVED_READERS and ngo.state == MembershipState.MEMBER:
            return True
        if (
            authority.role in DISTRICT_ROLES
            and ngo.district_id == authority.scope_id
            and (authority.role == Role.DISTRICT_HEAD or ngo.state == MembershipState.MEMBER)
        ):
            return True
        if authority.role == Role.HQ_ASSESSOR and ngo.assessments.filter(seats__assessor=user).exists():
            return True
        if authority.role == Role.NGO_USER and is_representative(user, ngo, on):
            return True
    return False


def is_representative(user: User, ngo: Ngo, on: date) -> bool:
    """Whether the person acts for this NGO on that day."""
    return NgoAccount.objects.filter(user=user, ngo=ngo, period__contains=on).exists()


def reads_people(user: User, on: date) -> bool:
    """HQ's experts and manager, and who holds the manager's powers in full; a single power is not enough."""
    return any(
        authority.role in PEOPLE_READERS and not authority.powers
        for authority in access.authorities(user, on)
    )


def can_view_people(user: User, ngo: Ngo, on: date) -> bool:
    """National codes, mobiles: HQ and the NGO itself (and nobody else, the auditor included)."""
    return reads_people(user, on) or (
        access.has_role(user, on, Role.NGO_USER) and is_representative(user, ngo, on)
    )


def can_view_documents(user: User, ngo: Ngo, on: date) -> bool:
    """Documents of an NGO: HQ, the auditor, its assessors and the NGO itself."""
    if access.has_role(user, on, *REGISTRY_READERS):
        return True
    if access.has_role(user, on, Role.HQ_ASSESSOR) and ngo.assessments.filter(seats__assessor=user).exists():
        return True
    return access.has_role(user, on, Role.NGO_USER) and is_representative(user, ngo, on)


def _own_ngo(user: User, ngo: Any, authority: Authority) -> bool | str:
    if authority.role != Role.NGO_USER or is_representative(user, _ngo_of(ngo), authority.on):
        return True
    return "شما نماینده این سمن نیستید."


def _did_not_register(user: User, ngo: Any, authority: Authority) -> bool | str:
    if ngo.registered_by_id == user.pk:
        return "این پرونده را خود شما ثبت کرده‌اید؛ کارشناس دیگری باید آن را بررسی کند."
    return True


def _is_reviewer(user: User, ngo: Any, authority: Authority) -> bool | str:
    if ngo.reviewer_id != user.pk:
        who = f" ({ngo.reviewer.full_name})" if ngo.reviewer_id else ""
        return f"بررسی این درخواست با کارشناس دیگری است{who}."
    return True


def _neither_registered_nor_reviewed(user: User, ngo: Any, authority: Authority) -> bool | str:
    if ngo.registered_by_id == user.pk:
        return "این پرونده را خود شما ثبت کرده‌اید؛ تأیید آن با شخص دیگری است."
    if ngo.reviewer_id == user.pk:
        return "این درخواست را خود شما بررسی کرده‌اید؛ تأیید آن با شخص دیگری است."
    return True


def _ngo_of(obj: Any) -> Ngo:
    """The NGO itself, or the one on whose file a part hangs."""
    ngo: Ngo = obj if isinstance(obj, Ngo) else obj.ngo
    return ngo


REGISTER_NGO = permission("ngo.register", "ثبت سمن", [Role.HQ_EXPERT])
IMPORT_NGOS = permission("ngo.import", "ورود فهرست سمن‌ها", [Role.HQ_EXPERT])
IMPORT_BY_SYSTEM = permission("ngo.import_by_system", "بررسی فهرست در پس‌زمینه", [], system=True)
EDIT_NGO = permission("ngo.edit", "ویرایش پرونده سمن", [Role.HQ_EXPERT, Role.NGO_USER], _own_ngo)
UPLOAD_DOCUMENT = permission("document.upload", "بارگذاری مدرک", [Role.HQ_EXPERT, Role.NGO_USER], _own_ngo)
LINK_ACCOUNT = permission("ngo.link_account", "معرفی نماینده سمن", [Role.HQ_EXPERT])
SUBMIT = permission("membership.submit", "ارسال درخواست عضویت", [Role.HQ_EXPERT, Role.NGO_USER], _own_ngo)
TAKE_UP = permission("membership.take_up", "آغاز بررسی درخواست", [Role.HQ_EXPERT], _did_not_register)
SEND_BACK = permission("membership.send_back", "بازگرداندن درخواست", [Role.HQ_EXPERT], _is_reviewer)
APPROVE = permission("membership.approve", "تأیید عضویت", [Role.HQ_MANAGER], _neither_registered_nor_reviewed)
REJECT = permission("membership.reject", "رد درخواست عضویت", [Role.HQ_MANAGER])
CONFIRM_EXISTING = permission("membership.confirm_existing", "تأیید عضو پیشین", [Role.HQ_MANAGER])
SUSPEND = permission("membership.suspend", "تعلیق عضویت", [Role.HQ_MANAGER])
REINSTATE = permission("membership.reinstate", "رفع تعلیق", [Role.HQ_MANAGER])
END = permission("membership.end", "خاتمه عضویت", [Role.HQ_MANAGER])
REOPEN = permission("membership.reopen", "گشودن دوباره پرونده", [Role.HQ_EXPERT, Role.NGO_USER], _own_ngo)


WITHDRAW = permission(
    "membership.withdraw", "پس‌گرفتن درخواست عضویت", [Role.HQ_EXPERT, Role.NGO_USER], _own_ngo
)
MEMBERSHIP_BY_CLOCK = permission("membership.by_clock", "پایان مهلت‌های عضویت", [], system=True)
PROPOSE_SUSPENSION = permission("membership.propose_suspension", "پیشنهاد تعلیق عضویت", [Role.HQ_EXPERT])


# --- adverse decisions (X5) -------------------------------------------------------------------------------


def decisions_visible_to(user: User, on: date) -> Q:
    """HQ and the auditor all; an NGO those about itself, from the proposal on."""
    if access.has_role(user, on, *REGISTRY_READERS):
        return Q()
    if not access.has_role(user, on, Role.NGO_USER):
        return NOTHING
    own = NgoAccount.objects.filter(user=user, period__contains=on).order_by().values("ngo_id")
    return Q(ngo__in=own)


def can_view_decision(user: User, decision: Any, on: date) -> bool:
    """The object form of :func:`decisions_visible_to`."""
    if access.has_role(user, on, *REGISTRY_READERS):
        return True
    return access.has_role(user, on, Role.NGO_USER) and is_representative(user, decision.ngo, on)


def _had_no_hand_in_it(user: User, decision: Any, authority: Authority) -> bool | str:
    """X5: by somebody not involved; persons count, not roles (K6)."""
    hands = (
        decision.proposed_by_id,
        decision.decided_by_id,
        decision.reviewed_by_id,
        decision.objected_by_id,
    )
    if user.pk in hands or (decision.kind == "rejection" and user.pk == decision.ngo.reviewer_id):
        return "در این تصمیم دست داشته‌اید؛ به اعتراض شخص دیگری رسیدگی می‌کند. می‌توانید این اختیار را به او بسپارید."
    return True


DECIDE = permission("decision.decide", "ثبت تصمیم درباره عضویت", [Role.HQ_MANAGER])
ANSWER_PROPOSAL = permission(
    "decision.answer", "پاسخ به پیشنهاد تعلیق", [Role.NGO_USER, Role.HQ_EXPERT], _own_ngo
)
DROP_PROPOSAL = permission("decision.drop", "کنارگذاشتن پیشنهاد تعلیق", [Role.HQ_MANAGER])
REVIEW_SUSPENSION = permission("decision.review", "بازبینی تعلیق فوری", [Role.HQ_MANAGER])
HAND_OVER = permission("decision.hand_over", "ثبت ابلاغ نامه تصمیم", [Role.HQ_EXPERT])
ACKNOWLEDGE = permission("decision.acknowledge", "رؤیت نامه تصمیم", [Role.NGO_USER], _own_ngo)
OBJECT = permission("decision.object", "اعتراض به تصمیم", [Role.NGO_USER, Role.HQ_EXPERT], _own_ngo)
RULE_ON_OBJECTION = permission("decision.rule", "رسیدگی به اعتراض", [Role.HQ_MANAGER], _had_no_hand_in_it)
DECISION_BY_CLOCK = permission("decision.by_clock", "پایان مهلت‌های تصمیم", [], system=True)


def _did_not_upload(user: User, document: Any, authority: Authority) -> bool | str:
    if document.uploaded_by_id == user.pk:
        return "این مدرک را خود شما بارگذاری کرده‌اید؛ کارشناس دیگری باید آن را بررسی کند."
    return True


DECIDE_DOCUMENT = permission("document.decide", "بررسی مدرک", [Role.HQ_EXPERT], _did_not_upload)
REVOKE_DOCUMENT = permission("document.revoke", "ابطال پذیرش مدرک", [Role.HQ_MANAGER], _did_not_upload)


# --- frameworks and assessments ---------------------------------------------------------------------------


def frameworks_visible_to(user: User, on: date) -> Q:
    """Published and retired ones are open to everybody who works here, but the administrator has no say in grades;
    drafts are open to HQ and the auditor."""
    if access.has_role(user, on, *ASSESSMENT_READERS):
        return Q()
    return ~Q(state="draft") if access.has_role(user, on, *FRAMEWORK_READERS) else NOTHING


def can_view_framework(user: User, framework: Any, on: date) -> bool:
    if framework.state == "draft":
        return access.has_role(user, on, *ASSESSMENT_READERS)
    return access.has_role(user, on, *FRAMEWORK_READERS)


def assessments_visible_to(user: User, on: date) -> Q:
    """HQ and auditor all; an assessor those assigned; an NGO its own."""
    if access.has_role(user, on, *ASSESSMENT_READERS):
        return Q()
    condition = NOTHING
    if access.has_role(user, on, Role.HQ_ASSESSOR):
        condition |= Q(seats__assessor=user)
    if access.has_role(user, on, Role.NGO_USER):
        condition |= Q(ngo__accounts__user=user, ngo__accounts__period__contains=on)
    return condition


def can_view_assessment(user: User, assessment: Assessment, on: date) -> bool:
    """The object form of :func:`assessments_visible_to`."""
    if access.has_role(user, on, *ASSESSMENT_READERS):
        return True
    if access.has_role(user, on, Role.HQ_ASSESSOR) and assessment.seats.filter(assessor=user).exists():
        return True
    return access.has_role(user, on, Role.NGO_USER) and is_representative(user, assessment.ngo, on)


def can_view_scores(user: User, assessment: Assessment, seat: Any, on: date) -> bool:
    """N7: one's own always; anybody else's only when both have submitted, and then HQ and the two assessors.

    The NGO sees the result, never the single scores of a person.
    """
    if seat.assessor_id == user.pk:
        return True
    if any(other.submitted_at is None for other in assessment.seats.all()):
        return False
    if access.has_role(user, on, *ASSESSMENT_READERS):
        return True
    return any(other.assessor_id == user.pk for other in assessment.seats.all())


def _is_unsubmitted_assessor(user: User, assessment: Any, authority: Authority) -> bool | str:
    for seat in assessment.seats.all():
        if seat.assessor_id == user.pk:
            return True if seat.submitted_at is None else "امتیازهای شما پیش از این ارسال شده است."
    return "شما ارزیاب این سمن نیستید."


def _has_not_scored(user: User, obj: Any, authority: Authority) -> bool | str:
    """Asked of an assessment, or of a value that was moderated in it."""
    assessment = obj if isinstance(obj, Assessment) else obj.assessment
    if any(seat.assessor_id == user.pk for seat in assessment.seats.all()):
        return "شما در این ظرفیت‌سنجی امتیاز داده‌اید؛ هم‌سنجی با شخص دیگری است."
    return True


def _neither_scored_nor_moderated(user: User, assessment: Any, authority: Authority) -> bool | str:
    if any(seat.assessor_id == user.pk for seat in assessment.seats.all()):
        return "شما در این ظرفیت‌سنجی امتیاز داده‌اید؛ تأیید آن با شخص دیگری است."
    if assessment.moderated_values.filter(moderated_by=user).exists():
        return "شما این ظرفیت‌سنجی را هم‌سنجی کرده‌اید؛ تأیید آن با شخص دیگری است."
    return True


EDIT_FRAMEWORK = permission("framework.edit", "ویرایش پیش‌نویس چارچوب", [Role.HQ_EXPERT, Role.HQ_MANAGER])
PUBLISH_FRAMEWORK = permission("framework.publish", "انتشار چارچوب", [Role.HQ_MANAGER])
PLAN_ASSESSMENT = permission("assessment.plan", "برنامه‌ریزی ظرفیت‌سنجی", [Role.HQ_EXPERT])
ASK_SELF = permission("assessment.ask_self", "درخواست خوداظهاری", [Role.HQ_EXPERT])
START_SCORING = permission("assessment.start", "آغاز امتیازدهی", [Role.HQ_EXPERT])
START_BY_CLOCK = permission("assessment.start_by_clock", "آغاز امتیازدهی پس از خوداظهاری", [], system=True)
SCORE = permission("assessment.score", "امتیازدهی", [Role.HQ_ASSESSOR], _is_unsubmitted_assessor)
MODERATE = permission("assessment.moderate", "هم‌سنجی", [Role.HQ_EXPERT], _has_not_scored)
CONFIRM_GRADE = permission(
    "assessment.confirm", "تأیید سطح", [Role.HQ_MANAGER], _neither_scored_nor_moderated
)
RETURN_SCORES = permission("assessment.send_back", "بازگرداندن به امتیازدهی", [Role.HQ_MANAGER])
CANCEL_ASSESSMENT = permission("assessment.cancel", "لغو ظرفیت‌سنجی", [Role.HQ_MANAGER])

OPEN_ASSESSMENT = (
    AssessmentState.PLANNED,
    AssessmentState.SELF_ASSESSMENT,
    AssessmentState.SCORING,
    AssessmentState.MODERATION,
    AssessmentState.AWAITING_CONFIRMATION,
)
