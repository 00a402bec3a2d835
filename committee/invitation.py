"""The invitation to a meeting as an official letter signed by the chair (C4, K2, K3)."""

from dataclasses import replace
from datetime import datetime

from committee.enums import ItemKind
from committee.models import AgendaItem, Meeting
from staff_portal.kernel.letters.contracts import Copy, OfficialLetterData
from staff_portal.kernel.letters.issuing import Head, LetterKind, issue_letter
from staff_portal.kernel.models import Attachment, Letter, User
from staff_portal.kernel.people.access import Authority
from staff_portal.kernel.persian.digits import to_persian_digits, to_persian_text
from staff_portal.kernel.persian.jalali import TEHRAN, format_jalali
from staff_portal.kernel.trail import audit

INVITATION = LetterKind(slug="invitation", code="د", label="دعوت‌نامه جلسه", template="letter")
ADDRESSEE = "اعضای محترم کمیته مشترک"
CHAIR_POST = "رئیس کمیته مشترک"


def clock(moment: datetime) -> str:
    """«۱۴:۳۰», the time of day in Tehran."""
    return to_persian_digits(moment.astimezone(TEHRAN).strftime("%H:%M"))


def papers_of(meeting: Meeting) -> list[Attachment]:
    """The papers of a meeting, in the order they were added."""
    return list(
        Attachment.objects.filter(root_type=audit.type_label(Meeting), root_id=meeting.pk).order_by("id")
    )


def paragraphs(meeting: Meeting, papers: list[Attachment]) -> tuple[str, ...]:
    """The letter's text: when and where, the agenda item by item, the papers, the request."""
    day = format_jalali(meeting.starts_at, "long")
    subject = f" با موضوع «{meeting.title}»" if meeting.title else ""
    when = f"روز {day} از ساعت {clock(meeting.starts_at)} تا {clock(meeting.ends_at)}"
    where = to_persian_text(meeting.place)
    lines = [
        f"بدین‌وسیله از اعضای محترم دعوت می‌شود در {meeting}{subject} که {when} در {where} برگزار می‌شود حضور یابند.",
        "دستور جلسه:",
    ]
    for place, item in enumerate(meeting.items.order_by("position"), start=1):
        kind = f" ({item.get_kind_display()})" if item.kind == ItemKind.MOTION else ""
        note = f"؛ {to_persian_text(' '.join(item.note.split()))}" if item.note else ""
        lines.append(f"{to_persian_digits(place)}. {to_persian_text(item.title)}{kind}{note}")
    if papers:
        names = "، ".join(f"\u2068{paper.name}\u2069" for paper in papers)
        lines.append(f"پیوست‌های جلسه در سامانه: {names}.")
    lines.append(
        "خواهشمند است اگر از حضور معذورید، پیش از جلسه علت آن را در سامانه اعلام کنید یا به دبیر کمیته اطلاع دهید."
    )
    return tuple(lines)


def issue_supplement(
    meeting: Meeting, items: list[AgendaItem], *, actor: User, at: datetime, authority: Authority | None
) -> Letter:
    """What was added to the agenda after the call, signed by the chair like the call."""
    subject = f"متمم دستور {meeting}"
    lines = [
        f"به دستور {meeting} که {format_jalali(meeting.starts_at, 'long')} برگزار می‌شود این موارد افزوده شد یا تغییر کرد:"
    ]
    for item in items:
        note = f"؛ {to_persian_text(' '.join(item.note.split()))}" if item.note else ""
        lines.append(f"{to_persian_digits(item.position)}. {to_persian_text(item.title)}{note}")

    def build(head: Head) -> OfficialLetterData:
        fields = head.fields() | {"signature": replace(head.signature, post=CHAIR_POST)}
        return OfficialLetterData(
            **fields,
            addressee_name=ADDRESSEE,
            addressee_post="",
            subject=subject,
            paragraphs=tuple(lines),
            copies=(Copy(to="دبیر کمیته مشترک", purpose="جهت آماده‌سازی جلسه"),),
        )

    return issue_letter(
        kind=INVITATION,
        build=build,
        subject=subject,
        addressee=ADDRESSEE,
        root=meeting,
        public_facts=[
            ["جلسه", str(meeting)],
            ["زمان", f"{format_jalali(meeting.starts_at, 'long')}، ساعت {clock(meeting.starts_at)}"],
        ],
        actor=actor,
        at=at,
        authority=authority,
    )


def issue_invitation(meeting: Meeting, *, actor: User, at: datetime, authority: Authority | None) -> Letter:
    """Issue the letter; call it in the transaction of the chair's signature."""
    papers = papers_of(meeting)
    text = paragraphs(meeting, papers)
    subject = f"دعوت به {meeting}"

    def build(head: Head) -> OfficialLetterData:
        fields = head.fields() | {"signature": replace(head.signature, post=CHAIR_POST)}
        return OfficialLetterData(
            **fields,
            addressee_name=ADDRESSEE,
            addressee_post="",
            subject=subject,
            paragraphs=text,
            copies=(Copy(to="دبیر کمیته مشترک", purpose="جهت آماده‌سازی جلسه"),),
        )

    return issue_letter(
        kind=INVITATION,
        build=build,
        subject=subject,
        addressee=ADDRESSEE,
        root=meeting,
        public_facts=[
            ["جلسه", str(meeting)],
            ["زمان", f"{format_jalali(meeting.starts_at, 'long')}، ساعت {clock(meeting.starts_at)}"],
            ["مکان", to_persian_text(meeting.place)],
        ],
        attachment=f"{to_persian_digits(len(papers))} پیوست" if papers else "ندارد",
        actor=actor,
        at=at,
        authority=authority,
    )
