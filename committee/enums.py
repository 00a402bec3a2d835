"""Labelled choices of the joint committee; states carry a tone for their badge."""

from django.db import models

from staff_portal.kernel.base.roles import Role, Side


class SeatCode(models.TextChoices):
    """The five seats of a term: never more, never others (C1)."""

    HQ1 = "hq1", "ستاد سمن‌ها، کرسی ۱"
    HQ2 = "hq2", "ستاد سمن‌ها، کرسی ۲"
    DEPUTY1 = "deputy1", "معاونت، کرسی ۱"
    DEPUTY2 = "deputy2", "معاونت، کرسی ۲"
    NGO = "ngo", "سمن‌ها"


SEAT_SIDE: dict[str, str] = {
    SeatCode.HQ1: Side.HQ,
    SeatCode.HQ2: Side.HQ,
    SeatCode.DEPUTY1: Side.DEPUTY,
    SeatCode.DEPUTY2: Side.DEPUTY,
    SeatCode.NGO: Side.NGO,
}
SIDE_ROLE: dict[str, Role] = {
    Side.HQ: Role.HQ_MEMBER,
    Side.DEPUTY: Role.DEPUTY_MEMBER,
    Side.NGO: Role.NGO_MEMBER,
}
APPOINTED_SEATS = (SeatCode.HQ1, SeatCode.HQ2, SeatCode.DEPUTY1, SeatCode.DEPUTY2)
CHAIR_SEATS = APPOINTED_SEATS


class TermState(models.TextChoices):
    PROPOSED = "proposed", "پیشنهادی"
    OPEN = "open", "جاری"
    ENDED = "ended", "پایان‌یافته"
    WITHDRAWN = "withdrawn", "پس‌گرفته‌شده"


class SeatingEnd(models.TextChoices):
    REPLACED = "replaced", "جایگزینی شخص"
    RECALLED = "recalled", "پایان حکم"
    NEXT_TERM = "next_term", "آغاز دوره بعد"
    MEMBERSHIP_ENDED = "membership_ended", "پایان عضویت سمن"
    WITHDRAWN = "withdrawn", "پس‌گرفتن پیش از آغاز"


class ClauseParty(models.TextChoices):
    BOTH = "both", "هر دو طرف"
    HQ = "hq", "ستاد سمن‌ها"
    DEPUTY = "deputy", "معاونت"
    COMMITTEE = "committee", "کمیته مشترک"


class RoundState(models.TextChoices):
    PREPARING = "preparing", "در حال آماده‌سازی"
    OPEN = "open", "در حال رأی‌گیری"
    DECIDED = "decided", "به تصمیم رسیده"
    VOID = "void", "باطل‌شده"


class CheckMoment(models.TextChoices):
    SEALING = "sealing", "هنگام نهایی‌کردن"
    DECISION = "decision", "هنگام تصمیم"


class MeetingState(models.TextChoices):
    PLANNED = "planned", "برنامه‌ریزی‌شده"
    AWAITING_CHAIR = "awaiting_chair", "در انتظار امضای رئیس"
    CALLED = "called", "دعوت‌شده"
    IN_SESSION = "in_session", "در حال برگزاری"
    CLOSED = "closed", "پایان‌یافته"
    MINUTED = "minuted", "صورتجلسه‌شده"
    CANCELLED = "cancelled", "لغوشده"


class ItemKind(models.TextChoices):
    FOLLOW_UP = "follow_up", "پیگیری مصوبه‌های پیشین"
    MOTION = "motion", "پیشنهاد"
    REPORT = "report", "گزارش"
    DISCUSSION = "discussion", "گفت‌وگو"


class PresenceKind(models.TextChoices):
    ARRIVED = "arrived", "ورود"
    LEFT = "left", "خروج"


class MotionKind(models.TextChoices):
    DIRECTIVE = "directive", "دستورالعمل"
    POLICY = "policy", "سیاست"
    PROGRAMME = "programme", "برنامه"
    OVERSIGHT = "oversight", "نظارت"
    OTHER = "other", "دیگر"


class MotionState(models.TextChoices):
    DRAFT = "draft", "پیشنهاد"
    TABLED = "tabled", "مطرح‌شده"
    OPEN = "open", "رأی‌گیری باز"
    CARRIED = "carried", "تصویب‌شده"
    LOST = "lost", "رأی نیاورد"
    WITHDRAWN = "withdrawn", "پس‌گرفته‌شده"
    LAPSED = "lapsed", "منتفی"


class VotingMode(models.TextChoices):
    MEETING = "meeting", "در جلسه"
    CIRCULATION = "circulation", "رأی‌گیری مکاتبه‌ای"


class Choice(models.TextChoices):
    FOR = "for", "موافق"
    AGAINST = "against", "مخالف"
    ABSTAIN = "abstain", "ممتنع"


class RecusalSource(models.TextChoices):
    DECLARED = "declared", "اظهار خود عضو"
    PROPOSED = "proposed", "پیشنهاد سامانه"


class EffectState(models.TextChoices):
    NONE = "none", "پیامدی ندارد"
    DONE = "done", "انجام شد"
    FAILED = "failed", "انجام نشد"


class ResolutionState(models.TextChoices):
    AWAITING = "awaiting", "در انتظار ابلاغ"
    ANNOUNCED = "announced", "ابلاغ‌شده"


class AddresseeState(models.TextChoices):
    WAITING = "waiting", "در انتظار دریافت"
    RECEIVED = "received", "دریافت شد"


class ActionState(models.TextChoices):
    OPEN = "open", "در دست پیگیری"
    DONE = "done", "انجام‌شده"
    CANCELLED = "cancelled", "منتفی"


class MinutesState(models.TextChoices):
    DRAFT = "draft", "در دست نگارش"
    CIRCULATED = "circulated", "در گردش برای اصلاح"
    SIGNING = "signing", "در حال امضا"
    SEALED = "sealed", "نهایی"


class AmendmentState(models.TextChoices):
    ASKED = "asked", "درخواست‌شده"
    ACCEPTED = "accepted", "پذیرفته"
    DECLINED = "declined", "نپذیرفته"
    NONE = "none", "اصلاحی ندارد"


class PolicyKind(models.TextChoices):
    COUNCIL = "council", "مصوبه شورای اسلامی شهر"
    PLAN = "plan", "برنامه پنج‌ساله"
    OTHER = "other", "سند دیگر"


class ArticleState(models.TextChoices):
    NOT_STARTED = "not_started", "آغازنشده"
    UNDER_WAY = "under_way", "در حال اجرا"
    DONE = "done", "انجام‌شده"
    STALLED = "stalled", "متوقف"


TONES: dict[str, str] = {
    TermState.PROPOSED: "wait",
    TermState.OPEN: "ok",
    TermState.ENDED: "neutral",
    TermState.WITHDRAWN: "neutral",
}
ROUND_TONES: dict[str, str] = {
    RoundState.PREPARING: "neutral",
    RoundState.OPEN: "wait",
    RoundState.DECIDED: "ok",
    RoundState.VOID: "no",
}
MEETING_TONES: dict[str, str] = {
    MeetingState.PLANNED: "neutral",
    MeetingState.AWAITING_CHAIR: "wait",
    MeetingState.CALLED: "go",
    MeetingState.IN_SESSION: "wait",
    MeetingState.CLOSED: "neutral",
    MeetingState.MINUTED: "ok",
    MeetingState.CANCELLED: "no",
}
MOTION_TONES: dict[str, str] = {
    MotionState.DRAFT: "neutral",
    MotionState.TABLED: "go",
    MotionState.OPEN: "wait",
    MotionState.CARRIED: "ok",
    MotionState.LOST: "no",
    MotionState.WITHDRAWN: "neutral",
    MotionState.LAPSED: "neutral",
}
MINUTES_TONES: dict[str, str] = {
    MinutesState.DRAFT: "neutral",
    MinutesState.CIRCULATED: "wait",
    MinutesState.SIGNING: "wait",
    MinutesState.SEALED: "ok",
}
RESOLUTION_TONES: dict[str, str] = {ResolutionState.AWAITING: "wait", ResolutionState.ANNOUNCED: "ok"}
ADDRESSEE_TONES: dict[str, str] = {AddresseeState.WAITING: "wait", AddresseeState.RECEIVED: "ok"}
ACTION_TONES: dict[str, str] = {
    ActionState.OPEN: "wait",
    ActionState.DONE: "ok",
    ActionState.CANCELLED: "neutral",
}
ARTICLE_TONES: dict[str, str] = {
    ArticleState.NOT_STARTED: "neutral",
    ArticleState.UNDER_WAY: "go",
    ArticleState.DONE: "ok",
    ArticleState.STALLED: "no",
}
AMENDMENT_TONES: dict[str, str] = {
    AmendmentState.ASKED: "wait",
    AmendmentState.ACCEPTED: "ok",
    AmendmentState.DECLINED: "no",
    AmendmentState.NONE: "neutral",
}
