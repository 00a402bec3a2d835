"""How an NGO's record is shown: badges, facts and rows for the kit's pieces. Pure: nothing is read here."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ngos.enums import TONES, PeriodEnd, SuspensionKind, TargetGroup
from ngos.enums import MembershipState as M
from ngos.models import Licence, Ngo, Officer
from staff_portal.kernel.base.periods import covers as period_covers
from staff_portal.kernel.base.periods import last_day
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.identifiers import format_landline, format_mobile, format_sheba
from staff_portal.kernel.persian.jalali import format_jalali, relative_days
from staff_portal.kernel.persian.numbers import format_thousands

WARNING = timedelta(days=60)
HIDDEN = "••••••••••"
PATH = (
    (M.DRAFT, "ثبت پرونده"),
    (M.SUBMITTED, "ارسال درخواست"),
    (M.UNDER_REVIEW, "بررسی"),
    (M.MEMBER, "عضویت"),
)
PLACE_ON_PATH = {M.DRAFT: 0, M.SUBMITTED: 1, M.UNDER_REVIEW: 2, M.RETURNED: 2, M.REJECTED: 2}

Facts = list[dict[str, Any]]

if TYPE_CHECKING:

    class LoadedNgo(Ngo):
        """An NGO as ``records.load_ngo`` reads it: with what its query brings along."""

        field_titles: list[str]
        period_rows: list[dict[str, Any]]
        account_rows: list[dict[str, Any]]

        class Meta:
            proxy = True

else:
    LoadedNgo = Ngo


# --- periods as the database's JSON gives them: start and exclusive end as ISO texts -----------------------------


def _span(row: dict[str, Any]) -> tuple[date, date | None]:
    start = date.fromisoformat(row["start"])
    end = date.fromisoformat(row["end"]) - timedelta(days=1) if row["end"] else None
    return start, end


def covers(row: dict[str, Any], on: date) -> bool:
    """Whether a period row contains the day."""
    if not row["start"]:
        return False
    start, end = _span(row)
    return start <= on and (end is None or on <= end)


def span_words(start: date, end: date | None) -> str:
    """«از ۱ مهر ۱۴۰۵ تا ۳۰ مهر ۱۴۰۵»."""
    begin = f"از {format_jalali(start, 'medium')}"
    return f"{begin} تا {format_jalali(end, 'medium')}" if end else begin


# --- the head of the page ---------------------------------------------------------------------------------------


def badges(ngo: Ngo, on: date) -> list[dict[str, str]]:
    """State and level, as badges."""
    label = str(M(ngo.state).label)
    if ngo.state == M.MEMBER and ngo.member_since:
        label = f"عضو از {format_jalali(ngo.member_since, 'medium')}"
    elif ngo.state == M.SUSPENDED:
        label = f"{label} ({SuspensionKind(ngo.suspension_kind).label})"
    found = [{"label": label, "tone": TONES.get(ngo.state, "neutral")}]
    if ngo.level_rank is not None and ngo.grade_valid_until is not None:
        level = f"سطح {to_persian_digits(ngo.level_rank)}"
        if ngo.grade_valid_until >= on:
            until = format_jalali(ngo.grade_valid_until, "medium")
            found.append({"label": f"{level}، معتبر تا {until}", "tone": "go"})
        else:
            found.append({"label": f"{level}، اعتبار گذشته", "tone": "wait"})
    return found


def codes(ngo: Ngo) -> list[dict[str, str]]:
    """The key codes under the title."""
    found = [
        {"label": "عضویت", "code": ngo.membership_number or ""},
        {"label": "شناسه ملی", "code": ngo.national_id},
    ]
    return [row for row in found if row["code"]]


def steps(ngo: Ngo) -> list[dict[str, str]]:
    """The path to membership; nothing for who has arrived."""
    if ngo.state not in PLACE_ON_PATH:
        return []
    place = PLACE_ON_PATH[M(ngo.state)]
    notes = {M.RETURNED: "بازگشت برای اصلاح", M.REJECTED: "رد شد"}
    found = []
    for number, (_, label) in enumerate(PATH):
        state = "done" if number < place else "current" if number == place else "todo"
        if number == place and ngo.state == M.REJECTED:
            state = "off"
        note = notes.get(M(ngo.state), "") if number == place else ""
        if number == place and not note and ngo.state == M.UNDER_REVIEW and ngo.reviewer is not None:
            note = f"نزد {ngo.reviewer.full_name}"
        found.append({"label": label, "state": state, "note": note})
    return found


def notices(ngo: Ngo, on: date, lacking: list[str]) -> list[dict[str, Any]]:
    """What must not be missed: documents an existing member still owes, a suspension, an ended membership."""
    found: list[dict[str, Any]] = []
    if lacking and ngo.documents_due_on is not None:
        due = ngo.documents_due_on
        verb = "بود" if due < on else "است"
        found.append(
            {
                "tone": "no" if due < on else "wait",
                "title": "مدارک عضو پیشین",
                "text": f"مهلت تکمیل این مدارک تا {format_jalali(due, 'medium')} {verb} ({relative_days(due, on)}):",
                "lines": lacking,
            }
        )
    if ngo.state in {M.SUSPENDED, M.ENDED}:
        since = format_jalali(local_date(ngo.state_since), "medium")
        done = "عضویت تعلیق شد" if ngo.state == M.SUSPENDED else "عضویت خاتمه یافت"
        ends = [end for _, end in map(_span, getattr(ngo, "period_rows", ())) if end is not None]
        last = f"آخرین روز عضویت {format_jalali(max(ends), 'medium')} است." if ends else ""
        found.append({"tone": "no", "title": "", "text": f"{done}: {since}. {last}".strip(), "lines": []})
    return found


def contact(ngo: Ngo) -> Facts:
    """The organisation's own contact, for the side."""
    return [
        {"label": "تلفن", "value": format_landline(ngo.phone) if ngo.phone else "", "code": True},
        {"label": "رایانامه", "value": ngo.email, "code": bool(ngo.email)},
        {"label": "منطقه", "value": str(ngo.district) if ngo.district else ""},
        {"label": "داوطلبان", "value": _people(ngo.volunteer_count)},
    ]


# --- the file ----------------------------------------------------------------------------------------------------


def identity(ngo: Ngo) -> Facts:
    registration = to_persian_digits(ngo.registration_number)
    if registration and ngo.registration_office:
        registration += f"، {ngo.registration_office}"
    found: Facts = [
        {"label": "نام", "value": ngo.name},
        {"label": "نوع", "value": ngo.get_legal_kind_display() if ngo.legal_kind else ""},
        {"label": "شناسه ملی", "value": ngo.national_id, "code": True},
        {"label": "شماره و محل ثبت", "value": registration},
        {
            "label": "تاریخ ثبت",
            "value": format_jalali(ngo.registered_on, "medium") if ngo.registered_on else "",
        },
    ]
    if ngo.membership_number:
        found.append({"label": "شماره عضویت", "value": ngo.membership_number, "code": True})
    elif ngo.claimed_number:
        since = f"، از {format_jalali(ngo.claimed_since, 'medium')}" if ngo.claimed_since else ""
        found.append(
            {
                "label": "عضویت در دفتر",
                "value": f"{to_persian_digits(ngo.claimed_number)}{since}",
                "badge": "تأییدنشده",
                "tone": "wait",
            }
        )
    by = ngo.registered_by.full_name if ngo.registered_by else ""
    found.append(
        {
            "label": "ثبت در سامانه",
            "value": f"{by}، {format_jalali(ngo.registered_at, 'medium')}".lstrip("، "),
        }
    )
    return found


def place(ngo: Ngo, *, sees_people: bool, shown: bool) -> Facts:
    """Contact and address; the mobile only for who may see people's, and hidden until it is asked for."""
    found: Facts = [{"label": "تلفن", "value": format_landline(ngo.phone) if ngo.phone else "", "code": True}]
    if sees_people:
        number = format_mobile(ngo.mobile) if shown else HIDDEN
        found.append({"label": "تلفن همراه", "value": number if ngo.mobile else "", "code": True})
    where = str(ngo.neighbourhood) if ngo.neighbourhood else ngo.neighbourhood_text
    return [
        *found,
        {"label": "رایانامه", "value": ngo.email, "code": bool(ngo.email)},
        {"label": "وب‌گاه", "value": ngo.website, "url": ngo.website, "code": True},
        {"label": "منطقه و محله", "value": "، ".join(p for p in (str(ngo.district or ""), where) if p)},
        {"label": "نشانی", "value": to_persian_digits(ngo.address)},
        {"label": "کد پستی", "value": ngo.postal_code, "code": True},
        *(
            [{"label": "شماره شبا", "value": format_sheba(ngo.sheba), "code": True}]
            if sees_people and ngo.sheba
            else []
        ),
    ]


def work(ngo: LoadedNgo) -> Facts:
    others = [
        title for title in ngo.field_titles if ngo.primary_field is None or title != ngo.primary_field.title
    ]
    groups = [str(TargetGroup(code).label) for code in ngo.target_groups]
    return [
        {"label": "حوزه اصلی", "value": str(ngo.primary_field) if ngo.primary_field else ""},
        {"label": "حوزه‌های دیگر", "value": "، ".join(others)},
        {"label": "گروه‌های هدف", "value": "، ".join(groups)},
        {"label": "کارکنان", "value": _people(ngo.staff_count)},
        {"label": "داوطلبان", "value": _people(ngo.volunteer_count)},
    ]


def _people(count: int | None) -> str:
    return "" if count is None else f"{format_thousands(count)} نفر"


def licence_rows(licences: Iterable[Licence], on: date) -> list[dict[str, Any]]:
    """Licences with the state they are in on the day."""
    found = []
    for licence in licences:
        if licence.valid_until < on:
            state, tone = "پایان‌یافته", "no"
        elif licence.valid_from is not None and licence.valid_from > on:
            state, tone = "هنوز آغاز نشده", "go"
        elif licence.valid_until < on + WARNING:
            state, tone = relative_days(licence.valid_until, on), "wait"
        else:
            state, tone = "معتبر", "ok"
        found.append(
            {
                "licensor": str(licence),
                "number": licence.number,
                "detail": "، ".join(
                    part
                    for part in (licence.subject, licence.get_scope_display() if licence.scope else "")
                    if part
                ),
                "until": format_jalali(licence.valid_until),
                "state": state,
                "tone": tone,
            }
        )
    return found


def officer_rows(
    officers: Iterable[Officer], on: date, *, sees_people: bool, shown: bool
) -> list[dict[str, Any]]:
    """People of the NGO, those in office first; codes and mobiles only where ``shown``."""
    found = []
    for officer in officers:
        row: dict[str, Any] = {
            "pk": officer.pk,
            "post": officer.get_post_display(),
            "name": officer.full_name,
            "term": span_words(officer.term.lower, last_day(officer.term)),
            "is_current": period_covers(officer.term, on),
            "can_end": officer.term.upper is None or officer.term.upper > on,
        }
        if sees_people:
            row["code"] = to_persian_digits(officer.national_code) if shown else HIDDEN
            row["mobile"] = to_persian_digits(format_mobile(officer.mobile)) if shown else HIDDEN
        found.append(row)
    return sorted(found, key=lambda row: not row["is_current"])


def period_rows(rows: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """Periods of membership in words, the newest first."""
    found = []
    for row in rows:
        start, end = _span(row)
        found.append(
            {
                "span": span_words(start, end),
                "state": str(PeriodEnd(row["by"]).label) if row["by"] else "در جریان",
                "tone": "no" if row["by"] else "ok",
            }
        )
    return found[::-1]


def member_answer(rows: Iterable[dict[str, Any]], on: date) -> dict[str, str]:
    """«در تاریخ … عضو بود؟» (N4): the answer with the period it rests on."""
    day = format_jalali(on, "medium")
    for row in rows:
        if covers(row, on):
            return {"tone": "ok", "text": f"بله؛ در {day} عضو بود ({span_words(*_span(row))})."}
    return {"tone": "no", "text": f"خیر؛ در {day} عضو نبود."}


def account_rows(rows: Iterable[dict[str, Any]], on: date) -> list[dict[str, Any]]:
    """Representatives with letter and period."""
    found = []
    for row in rows:
        start, end = _span(row)
        found.append(
            {
                "pk": row["pk"],
                "name": f"{row['first_name']} {row['last_name']}".strip(),
                "letter": to_persian_digits(row["letter"]),
                "term": span_words(start, end),
                "is_current": covers(row, on),
                "can_end": end is None or end >= on,
            }
        )
    return sorted(found, key=lambda row: not row["is_current"])
