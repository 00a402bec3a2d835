"""What letters, long work and the audit trail put into the frame: navigation, search, names of waiting work."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions, navigation
from staff_portal.kernel.letters import letter_rules
from staff_portal.kernel.letters.issuing import isolated, kind_label
from staff_portal.kernel.models import IssuedNumber, Letter, LetterEvent, User
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.trail import file_kinds

SHORTEST_NUMBER = 2


def find_letters(user: User, at: datetime, query: str, limit: int) -> Iterable[contributions.SearchHit]:
    """Letters that the person may see, by their own number or that of the office system. One query at most."""
    number = to_ascii_digits(clean_text(query)).replace(" ", "")
    if len(number) < SHORTEST_NUMBER or not any(character.isdigit() for character in number):
        return
    # two searches joined, each by its own index; with «or» over both tables neither would be used
    by_own = IssuedNumber.objects.filter(text__icontains=number).values("letter__pk")
    by_office = LetterEvent.objects.filter(office_number__icontains=number).values("letter_id")
    visible = Letter.objects.filter(letter_rules.letters_visible_to(user, access.local_date(at)))
    found = visible.filter(pk__in=by_own.union(by_office))
    for letter in found.select_related("number").order_by("-id")[:limit]:
        yield contributions.SearchHit(
            "نامه‌ها",
            to_persian_digits(letter.subject),
            f"{kind_label(letter.kind)} شماره {isolated(letter.number.text)}، "
            f"{format_jalali(letter.dated_on, 'medium')}",
            reverse("letter_detail", args=[letter.pk]),
        )


def _visible_letters(user: User, on: date) -> QuerySet[Any]:
    return Letter.objects.filter(letter_rules.letters_visible_to(user, on))


def _letter_url(letter: Letter) -> str:
    return reverse("letter_detail", args=[letter.pk])


def register() -> None:
    """Called once when the app is ready."""
    file_kinds.register(Letter, visible=_visible_letters, url=_letter_url)
    contributions.REGISTRY.search.append(find_letters)
    contributions.label_tasks(navigation.ROLE_TASK, "تأیید نقش‌ها")
    contributions.label_tasks(navigation.REFERRAL_TASK, "ارجاع‌ها")
    contributions.label_tasks(navigation.CASE_TASK, "موضوع‌ها")
    contributions.add_nav(
        "نظارت و گزارش", "دفتر رویدادها", "audit_log", letter_rules.VIEW_AUDIT.roles, order=700
    )
    contributions.add_nav(
        "نظارت و گزارش", "کارهای زمان‌بر", "jobs", [Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR], order=720
    )
    contributions.add_action(
        "دفتر رویدادها",
        "audit_log",
        [Role.AUDITOR],
        icon="eye",
        hint="می‌توانید رویدادهای تازه و تلاش‌های ردشده را ببینید.",
        main=True,
    )
    contributions.add_action(
        "کاربران",
        "users",
        [Role.ADMIN],
        icon="person",
        hint="می‌توانید حساب‌ها و نقش‌ها را بازبینی کنید.",
        main=True,
    )
