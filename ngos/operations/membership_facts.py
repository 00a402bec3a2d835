"""What the pages of membership's steps rest on, and what will come of each (N2–N4, X5)."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.urls import reverse

from ngos import membership_listeners, rules
from ngos import settings as ngo_settings
from ngos.certificate import CERTIFICATE, letters_in_force
from ngos.enums import BOARD_POSTS, REQUIRED_DOCUMENTS, DecisionState, DocumentKind, DocumentState
from ngos.enums import MembershipState as M
from ngos.models import Ngo
from ngos.operations import clocks, decisions
from ngos.operations.clocks import day_words
from ngos.operations.decision_facts import answer_words, until
from ngos.operations.membership import document_states
from ngos.operations.periods import first_free_day
from ngos.queries import similar_ngos
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.models import AuditEntry, Letter
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.trail import audit

Facts = list[dict[str, Any]]
STATE_WORDS = {state: str(label) for state, label in DocumentState.choices} | {"expired": "اعتبار گذشته"}
NOT_THERE = "بارگذاری نشده"
MOST_SIMILAR = 3


# --- parts of the file ------------------------------------------------------------------------------------------


def _documents(ngo: Ngo, on: date) -> Iterator[dict[str, Any]]:
    states = document_states(ngo, on)
    accepted = sum(states.get(kind) == DocumentState.ACCEPTED for kind in REQUIRED_DOCUMENTS)
    whole = accepted == len(REQUIRED_DOCUMENTS)
    yield {
        "label": "مدارک لازم",
        "value": to_persian_digits(f"{accepted} از {len(REQUIRED_DOCUMENTS)} پذیرفته"),
        "badge": "کامل" if whole else "ناقص",
        "tone": "ok" if whole else "wait",
    }
    words = (
        f"{DocumentKind(kind).label}: {STATE_WORDS.get(states.get(kind, ''), NOT_THERE)}"
        for kind in REQUIRED_DOCUMENTS
    )
    yield {"label": "وضعیت هر مدرک", "value": "؛ ".join(words)}


def _licence(ngo: Ngo, on: date) -> dict[str, Any]:
    valid = (
        ngo.licences.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on))
        .order_by("-valid_until")
        .first()
    )
    if valid is None:
        return {"label": "پروانه", "value": "ثبت نشده است", "badge": "ندارد", "tone": "no"}
    is_valid = valid.valid_until >= on
    number = f"، شماره {to_persian_digits(valid.number)}" if valid.number else ""
    return {
        "label": "پروانه",
        "value": f"{valid}{number}، تا {day_words(valid.valid_until)}",
        "badge": "معتبر" if is_valid else "اعتبار گذشته",
        "tone": "ok" if is_valid else "no",
    }


def _board(ngo: Ngo, on: date) -> dict[str, Any]:
    names = list(
        ngo.officers.filter(post__in=BOARD_POSTS, term__contains=on)
        .order_by("id")
        .values_list("full_name", flat=True)
    )
    wanted = int(settings_store.value(ngo_settings.BOARD_MEMBERS, on))
    return {
        "label": "هیئت‌مدیره",
        "value": f"{'، '.join(names) or 'کسی ثبت نشده است'} ({to_persian_digits(f'{len(names)} از {wanted}')})",
        "badge": "کامل" if len(names) >= wanted else "ناقص",
        "tone": "ok" if len(names) >= wanted else "wait",
    }


def _twins(ngo: Ngo) -> dict[str, Any]:
    found = similar_ngos(
        name=ngo.name,
        phone=ngo.phone,
        registration_number=ngo.registration_number,
        registration_office=ngo.registration_office,
        exclude=ngo.pk,
    )[:MOST_SIMILAR]
    words = "؛ ".join(f"«{twin.name}» ({why})" for twin, why in found)
    return {
        "label": "سمن‌های همانند",
        "value": words or "یافت نشد",
        **({"badge": "بسنجید", "tone": "wait"} if found else {}),
    }


def _review(ngo: Ngo) -> Iterator[dict[str, Any]]:
    yield {"label": "ثبت‌کننده", "value": ngo.registered_by.full_name if ngo.registered_by else "سامانه"}
    if ngo.reviewer is None:
        yield {"label": "بررس", "value": "کسی آن را برنداشته است"}
        return
    yield {"label": "بررس", "value": ngo.reviewer.full_name}
    accepted = sum(
        row.decided_by_id == ngo.reviewer_id and row.state == DocumentState.ACCEPTED
        for row in ngo.documents.all()
    )
    returned = AuditEntry.objects.filter(
        subject_type=audit.type_label(ngo), subject_id=ngo.pk, event="membership.sent_back"
    )
    notes = list(returned.order_by("-id").values_list("note", flat=True))
    report = f"{accepted} مدرک را پذیرفت"
    if notes:
        report += f"؛ {len(notes)} بار بازگرداند، آخرین بار: {notes[0]}"
    yield {"label": "گزارش بررسی", "value": to_persian_digits(report)}


# --- an application ------------------------------------------------------------------------------------------------


def application_facts(ngo: Ngo, on: date) -> Facts:
    """What a request rests on: identity, documents, licence, board."""
    return [
        {"label": "شناسه ملی", "value": ngo.national_id, "code": True},
        *_documents(ngo, on),
        _licence(ngo, on),
        _board(ngo, on),
    ]


def review_facts(ngo: Ngo, on: date) -> Facts:
    """The same with who registered and reviewed it, and whom it resembles (N1, N2)."""
    prefetch_related_objects([ngo], "documents")
    return [*_review(ngo), *application_facts(ngo, on), _twins(ngo)]


def submitting_brings(ngo: Ngo, on: date) -> Iterable[str]:
    """What is still missing for an approval is said before the file is sent (N2, D3)."""
    states = document_states(ngo, on)
    lacking = [str(kind.label) for kind in REQUIRED_DOCUMENTS if kind not in states]
    if lacking:
        many = len(REQUIRED_DOCUMENTS) - len(lacking)
        yield f"{many} از {len(REQUIRED_DOCUMENTS)} مدرک لازم بارگذاری شده است؛ کم است: {'، '.join(lacking)}."
    if not ngo.licences.filter(valid_until__gte=on).exists():
        yield "پروانه معتبری ثبت نشده است؛ بی آن عضویت تأیید نمی‌شود."
    wanted = int(settings_store.value(ngo_settings.BOARD_MEMBERS, on))
    board = ngo.officers.filter(post__in=BOARD_POSTS, term__contains=on).count()
    if board < wanted:
        yield f"{board} عضو هیئت‌مدیره ثبت شده است؛ دست‌کم {wanted} عضو لازم است."
    yield f"تا پایان {day_words(clocks.clock(ngo_settings.TAKE_UP_DAYS, on))} کارشناسی آن را برمی‌دارد."
    yield "تا کسی آن را برنداشته است می‌توانید پس بگیرید."


def taking_up_brings(ngo: Ngo, on: date) -> Iterable[str]:
    yield "بررسی این درخواست به نام شما ثبت می‌شود؛ دیگری آن را بازنمی‌گرداند."
    yield f"مهلت تصمیم تا پایان {day_words(clocks.clock(ngo_settings.DECISION_DAYS, on))} است."


def withdrawing_brings(ngo: Ngo, on: date) -> Iterable[str]:
    yield "پرونده پیش‌نویس می‌شود؛ داده‌ها و مدارک می‌ماند و هر زمان می‌توانید دوباره بفرستید."


def approving_brings(ngo: Ngo, on: date) -> Iterable[str]:
    """The number, the period and the certificate as it will read (N3)."""
    if ngo.membership_number:
        yield f"شماره عضویت پیشین می‌ماند: {ngo.membership_number}."
    else:
        yield "شماره عضویت تازه داده می‌شود؛ این شماره تغییر نمی‌کند و به دیگری داده نمی‌شود."
    yield f"دوره عضویت از امروز، {day_words(on)}، آغاز می‌شود."
    field = f"، حوزه {ngo.primary_field}" if ngo.primary_field else ""
    yield f"گواهی عضویت صادر می‌شود: «{ngo.name}»، شناسه ملی {ngo.national_id}{field}، عضو از {day_words(on)}."


def rejecting_brings(ngo: Ngo, on: date) -> Iterable[str]:
    yield "نامه رد با دلایل صادر می‌شود و سمن همان روز آگاه می‌شود."
    yield _remedy(on)
    yield "سمن هر زمان می‌تواند دوباره درخواست دهد؛ پرونده می‌ماند."


def _remedy(on: date) -> str:
    days = int(settings_store.value(ngo_settings.OBJECTION_DAYS, on))
    return f"سمن از روز ابلاغ نامه {days} روز کاری برای اعتراض فرصت دارد؛ شخص دیگری به آن رسیدگی می‌کند."


# --- a member ---------------------------------------------------------------------------------------------------


def standing_facts(ngo: Ngo, on: date) -> Facts:
    """A member as it stands: number, periods, level, running assessment, what was said in a hearing."""
    found: Facts = [
        {"label": "شماره عضویت", "value": ngo.membership_number or "", "code": True},
        {"label": "عضو از", "value": day_words(ngo.member_since)},
        _licence(ngo, on),
    ]
    if ngo.level_rank is not None:
        level = f"سطح {to_persian_digits(ngo.level_rank)}"
        found.append({"label": "سطح", "value": f"{level}، معتبر تا {day_words(ngo.grade_valid_until)}"})
    running = open_assessment(ngo)
    if running is not None:
        found.append(
            {
                "label": "ظرفیت‌سنجی در جریان",
                "value": str(running.get_state_display()),
                "url": running.get_absolute_url(),
            }
        )
    proposal = decisions.open_proposal(ngo)
    if proposal is not None:
        found += [
            {"label": "پیشنهاد تعلیق", "value": proposal.grounds, "url": proposal.get_absolute_url()},
            {"label": "پاسخ سمن", "value": answer_words(proposal)},
        ]
        if proposal.state == "proposed":
            found.append({"label": "مهلت پاسخ", "value": until(clocks.hearing_due(proposal), on)})
    if ngo.state == M.SUSPENDED:
        since = day_words(local_date(ngo.state_since))
        found.append({"label": "تعلیق", "value": f"{ngo.get_suspension_kind_display()}، از {since}"})
    return found


def open_assessment(ngo: Ngo) -> Any:
    """The assessment that runs, if one does."""
    return ngo.assessments.filter(state__in=rules.OPEN_ASSESSMENT).order_by("-id").first()


def proposing_brings(ngo: Ngo, on: date) -> Iterable[str]:
    yield f"دلایل همین امروز به سمن گفته می‌شود و تا پایان {day_words(clocks.clock(ngo_settings.HEARING_DAYS, on))} می‌تواند پاسخ دهد."
    yield "تا آن روز عضویت برقرار است؛ پس از پاسخ یا پایان مهلت، رئیس ستاد سمن‌ها تصمیم می‌گیرد."


def suspending_brings(ngo: Ngo, on: date) -> Iterable[str]:
    """What is true today and what from tomorrow, and what falls (N4, N14, N15, C3)."""
    yield last_day_words(on)
    if decisions.open_proposal(ngo) is None:
        due = day_words(clocks.clock(ngo_settings.REVIEW_DAYS, on))
        yield f"دلایل پیش از این به سمن گفته نشده است؛ این تعلیق فوری ثبت می‌شود و باید تا پایان {due} بازبینی شود."
    yield from _assessment_falls(ngo)
    yield from membership_listeners.foresee(ngo, M.SUSPENDED, on)
    yield "نامه تعلیق با دلایل صادر می‌شود و سمن همان روز آگاه می‌شود."
    yield _remedy(on)


def last_day_words(on: date) -> str:
    """M3: the day of the act is the last one of the period."""
    tomorrow = day_words(on + timedelta(days=1))
    return f"امروز، {day_words(on)}، آخرین روز این دوره عضویت است؛ از فردا، {tomorrow}، عضو نیست. کارهای بسته به عضویت از همین لحظه متوقف می‌شود."


def _assessment_falls(ngo: Ngo) -> Iterator[str]:
    if open_assessment(ngo) is not None:
        yield "ظرفیت‌سنجی در جریان باز می‌ماند، ولی تا سمن عضو نباشد سطحی تأیید نمی‌شود."


def ending_brings(ngo: Ngo, on: date) -> Iterable[str]:
    if ngo.state == M.MEMBER:
        yield last_day_words(on)
    if ngo.level_rank is not None:
        yield f"سطح {ngo.level_rank} از امروز پایان می‌یابد."
    yield from _assessment_falls(ngo)
    letters = letters_in_force(ngo).count()
    if letters:
        yield f"{letters} گواهی و کارنامه در دست باطل می‌شود؛ شماره عضویت در پرونده می‌ماند."
    yield from membership_listeners.foresee(ngo, M.ENDED, on)
    yield "نامه خاتمه با دلایل صادر می‌شود و سمن همان روز آگاه می‌شود."
    yield _remedy(on)


def reinstating_brings(ngo: Ngo, on: date) -> Iterable[str]:
    first = first_free_day(ngo, on)
    when = "امروز" if first == on else "فردا"
    yield f"دوره تازه عضویت از {when}، {day_words(first)}، آغاز می‌شود؛ دوره پیشین همان‌گونه که بوده می‌ماند."
    yield from membership_listeners.foresee(ngo, M.MEMBER, on)


def reopening_brings(ngo: Ngo, on: date) -> Iterable[str]:
    yield "پرونده پیش‌نویس می‌شود و درخواست تازه‌ای با همین پرونده، تاریخچه و شماره پیشین آغاز می‌شود."


# --- afterwards --------------------------------------------------------------------------------------------------


def certificate_of(ngo: Ngo) -> Letter | None:
    """The certificate in force."""
    found = letters_in_force(ngo).filter(kind=CERTIFICATE.slug)
    return found.select_related("number").order_by("-id").first()


def certificate_link(ngo: Ngo) -> tuple[str, str] | None:
    """Where the certificate of a member stands."""
    letter = certificate_of(ngo)
    return (reverse("letter_detail", args=[letter.pk]), "گواهی عضویت") if letter else None


def decision_link(ngo: Ngo) -> tuple[str, str] | None:
    """Where the newest decision of the file stands, with its letter; of a proposal with the time to answer."""
    found = decisions.latest(ngo)
    if found is None:
        return None
    words = "پیشنهاد و مهلت پاسخ" if found.state == DecisionState.PROPOSED else "نامه و مهلت اعتراض"
    return found.get_absolute_url(), words
