"""Who hears of a nomination: the NGOs put forward, the four members who vote, the heads, the secretary."""

from collections.abc import Iterable

from django.urls import reverse

from committee import events
from committee.enums import SeatCode
from committee.models import NominationRound, Nominee
from committee.operations.nominations import announce_undecided
from committee.queries import sitting
from ngos.models import NgoAccount
from staff_portal.kernel import access, notices
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.roles import Role


def _accounts(ngo_ids: Iterable[int], entry: AuditEntry) -> list[int]:
    rows = NgoAccount.objects.filter(
        ngo__in=list(ngo_ids), period__contains=access.local_date(entry.at), user__is_active=True
    )
    return sorted(set(rows.values_list("user_id", flat=True)))


def _own_ngo(entry: AuditEntry) -> list[int]:
    """The representatives of the nominee's NGO; the entry keeps its key, for a nominee may be gone already."""
    return _accounts([entry.after.get("ngo") or _ngo_of(entry)], entry)


def _ngo_of(entry: AuditEntry) -> int:
    return Nominee.objects.filter(pk=entry.subject_id).values_list("ngo_id", flat=True).first() or 0


def _all_three(entry: AuditEntry) -> list[int]:
    return _accounts(Nominee.objects.filter(round=entry.subject_id).values_list("ngo_id", flat=True), entry)


def _chosen(entry: AuditEntry) -> list[int]:
    chosen = NominationRound.objects.filter(pk=entry.subject_id).values_list("chosen__ngo_id", flat=True)
    return _accounts([pk for pk in chosen if pk], entry)


def _experts(entry: AuditEntry) -> list[int]:
    return access.holders(Role.HQ_EXPERT, access.local_date(entry.at))


def _hq(entry: AuditEntry) -> list[int]:
    return sorted({*_experts(entry), *access.holders(Role.HQ_MANAGER, access.local_date(entry.at))})


def _deputy_head(entry: AuditEntry) -> list[int]:
    return access.holders(Role.DEPUTY_MANAGER, access.local_date(entry.at))


def _voters(entry: AuditEntry) -> list[int]:
    """The members of HQ and deputy who sit on that day."""
    rows = sitting(access.local_date(entry.at))
    return [row.person_id for row in rows if row.seat_code != SeatCode.NGO]


def _watching(entry: AuditEntry) -> list[int]:
    """HQ's experts and the secretary, who follow the round."""
    return sorted({*_experts(entry), *access.holders(Role.SECRETARY, access.local_date(entry.at))})


def _everybody(entry: AuditEntry) -> list[int]:
    """All who had to do with the round, HQ's manager and the committee's sitting NGO member included."""
    on = access.local_date(entry.at)
    members = [row.person_id for row in sitting(on)]
    return sorted({*members, *_hq(entry), *_deputy_head(entry), *_watching(entry)})


def _round(entry: AuditEntry) -> str:
    return reverse("committee:nomination_detail", args=[entry.root_id])


def _cast(entry: AuditEntry) -> str:
    return reverse("committee:nomination_do", args=[entry.subject_id, "cast"])


def _decide(entry: AuditEntry) -> str:
    return reverse("committee:nomination_do", args=[entry.subject_id, "decide"])


def _nominee(entry: AuditEntry) -> str:
    return reverse("committee:nominee_detail", args=[entry.subject_id])


def _home(entry: AuditEntry) -> str:
    return reverse("home")


def _chosen_name(entry: AuditEntry) -> str:
    row = NominationRound.objects.filter(pk=entry.subject_id).values_list("chosen__ngo__name", flat=True)
    return row.first() or ""


notices.register(
    events.NOMINEE_ADDED.code,
    audience=_own_ngo,
    text="«{subject}» برای کرسی سمن‌ها در کمیته مشترک نامزد شده است؛ پذیرش و نماینده خود را ثبت کنید.",
    url=_nominee,
    email=True,
    sms=True,
)
notices.register(
    events.NOMINEE_CONSENTED.code,
    audience=_own_ngo,
    text="پذیرش نامزدی «{subject}» ثبت شد.",
    url=_nominee,
)
notices.register(
    events.NOMINEE_CONSENTED.code,
    audience=_experts,
    text="«{subject}» نامزدی را پذیرفت و نماینده خود را معرفی کرد.",
    url=_round,
)
notices.register(
    events.NOMINEE_WITHDREW.code, audience=_own_ngo, text="انصراف «{subject}» از نامزدی ثبت شد.", url=_home
)
notices.register(
    events.NOMINEE_WITHDREW.code,
    audience=_hq,
    text="«{subject}» از نامزدی انصراف داد: {note}",
    url=_round,
    email=True,
)
notices.register(
    events.ROUND_SEALED.code,
    audience=_all_three,
    text="سه نامزد کرسی سمن‌ها نهایی شد و سمن شما یکی از آن‌هاست؛ نتیجه به شما اعلام می‌شود.",
    url=_home,
    email=True,
)
notices.register(
    events.ROUND_SEALED.code,
    audience=_deputy_head,
    text="ستاد سمن‌ها سه نامزد کرسی سمن‌ها را نهایی کرد؛ نمایندگان رأی می‌دهند.",
    url=_round,
    email=True,
)
notices.register(
    events.ROUND_SEALED.code,
    audience=_voters,
    text="سه نامزد کرسی سمن‌ها نهایی شد؛ رأی خود را ثبت کنید.",
    url=_cast,
    email=True,
    sms=True,
)
notices.register(
    events.NOMINATION_CAST.code,
    audience=_watching,
    text="{actor} رأی خود را در «{subject}» ثبت کرد.",
    url=_round,
)
notices.register(
    events.ROUND_UNDECIDED.code,
    audience=_deputy_head,
    text="انتخاب نماینده سمن‌ها با شماست: {note}",
    url=_decide,
    email=True,
    sms=True,
)
notices.register(
    events.ROUND_DECIDED.code,
    audience=_everybody,
    text=lambda entry: f"«{_chosen_name(entry)}» نماینده سمن‌ها در کمیته مشترک شد.",
    url=_round,
    email=True,
)
notices.register(
    events.ROUND_DECIDED.code,
    audience=_all_three,
    text=lambda entry: f"در انتخاب نماینده سمن‌ها، «{_chosen_name(entry)}» برگزیده شد.",
    url=_home,
    email=True,
)
notices.register(
    events.ROUND_DECIDED.code,
    audience=_chosen,
    text="سمن شما برای کرسی سمن‌ها در کمیته مشترک برگزیده شد.",
    url=_home,
    email=True,
    sms=True,
)
notices.register(
    events.ROUND_VOID.code,
    audience=_all_three,
    text="دور معرفی نامزد کرسی سمن‌ها باطل شد: {note}",
    url=_home,
)
notices.register(
    events.ROUND_VOID.code,
    audience=_everybody,
    text="«{subject}» باطل شد: {note}",
    url=_round,
    email=True,
)
notices.register_due("committee.nominations_undecided", announce_undecided)
