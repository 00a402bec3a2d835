"""The letter of appointment [حکم] of a committee member (C1)."""

from datetime import datetime

from committee.models import Seating
from staff_portal.kernel.letters.contracts import OfficialLetterData
from staff_portal.kernel.letters.issuing import Head, LetterKind, issue_letter
from staff_portal.kernel.models import Letter, User
from staff_portal.kernel.people.access import Authority
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali

APPOINTMENT = LetterKind(
    slug="committee-appointment", code="ح", label="حکم عضویت در کمیته", template="letter"
)


def issue_appointment(
    seating: Seating, *, actor: User | None, at: datetime, authority: Authority | None
) -> Letter:
    """Issue the letter; call it in the transaction of the appointment."""
    term = seating.seat.term
    since = format_jalali(seating.period.lower)
    seat = str(seating.get_seat_code_display())
    number = to_persian_digits(term.number)

    def build(head: Head) -> OfficialLetterData:
        return OfficialLetterData(
            **head.fields(),
            addressee_name=seating.person.full_name,
            addressee_post=seating.person.post,
            subject="عضویت در کمیته مشترک",
            paragraphs=(
                f"به استناد {term.memorandum.title}، شما از تاریخ {since} به عضویت دوره {number} کمیته مشترک در «{seat}» منصوب می‌شوید.",
                "انتظار می‌رود در جلسه‌ها حاضر شوید، در رأی‌گیری‌ها نظر خود را روشن ثبت کنید و هر جا خود را ذی‌نفع می‌دانید از رأی کناره بگیرید.",
            ),
        )

    return issue_letter(
        kind=APPOINTMENT,
        build=build,
        subject=f"حکم عضویت {seating.person.full_name} در کمیته مشترک",
        addressee=seating.person.full_name,
        root=term,
        public_facts=[
            ["نام", seating.person.full_name],
            ["کرسی", seat],
            ["دوره", number],
            ["از تاریخ", since],
        ],
        actor=actor,
        at=at,
        authority=authority,
    )
