"""The sealed minutes as a letter: everybody's signature, or «امضا نشد» where one is missing (C9, K1–K3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from committee.minutes_facts import behalf_of, present_seatings
from committee.models import Meeting, Minutes, MinutesSignature
from staff_portal.kernel.letters.contracts import Document
from staff_portal.kernel.letters.issuing import Head, LetterKind, issue_letter
from staff_portal.kernel.models import Letter, User
from staff_portal.kernel.people.access import Authority, local_date
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali

MINUTES_LETTER = LetterKind(slug="minutes", code="ص", label="صورتجلسه", template="minutes")
SIGNED, NOT_SIGNED = "امضا شد", "امضا نشد"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSignature:
    """One cell of the grid of signatures."""

    name: str
    post: str
    behalf: str
    is_signed: bool
    status: str
    """«امضا شد» or «امضا نشد»"""
    signed_on: str
    dissent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesData(Document):
    """`minutes.typ`, the sealed minutes; ``content`` is what :func:`committee.minutes_text.write` gave."""

    TEMPLATE: ClassVar[str] = "minutes"

    content: dict[str, Any]
    content_hash: str
    signatures: tuple[MemberSignature, ...]


def signature_grid(minutes: Minutes) -> tuple[MemberSignature, ...]:
    """Everybody who was present, with the signature or without."""
    signed: dict[int, MinutesSignature] = {row.seating_id: row for row in minutes.signatures.all()}
    cells = []
    for seating in present_seatings(minutes.meeting):
        own = signed.get(seating.pk)
        cells.append(
            MemberSignature(
                name=seating.person.full_name,
                post=seating.person.post,
                behalf=behalf_of(seating),
                is_signed=own is not None,
                status=SIGNED if own else NOT_SIGNED,
                signed_on=format_jalali(own.signed_at, "medium") if own else "",
                dissent=own.dissent if own else "",
            )
        )
    return tuple(cells)


def minutes_data(head: Head, minutes: Minutes, grid: Iterable[MemberSignature]) -> MinutesData:
    """The paper of minutes that were signed."""
    return MinutesData(
        **head.fields(),
        content=minutes.content,
        content_hash=minutes.content_hash,
        signatures=tuple(grid),
    )


def issue_minutes(
    minutes: Minutes, meeting: Meeting, *, actor: User | None, at: datetime, authority: Authority
) -> Letter:
    """Issue the letter; call it in the transaction of the sealing."""
    grid = signature_grid(minutes)
    signed = sum(1 for cell in grid if cell.is_signed)
    day = local_date(meeting.opened_at or meeting.starts_at)
    return issue_letter(
        kind=MINUTES_LETTER,
        build=lambda head: minutes_data(head, minutes, grid),
        subject=str(minutes.content["title"]),
        root=meeting,
        public_facts=[
            ["جلسه", f"جلسه شماره {to_persian_digits(meeting.number)} کمیته مشترک"],
            ["تاریخ جلسه", format_jalali(day, "medium")],
            [
                "مصوبه‌ها",
                to_persian_digits(len(minutes.content["resolutions"]))
                if minutes.content["resolutions"]
                else "ندارد",
            ],
            ["امضاها", f"{to_persian_digits(signed)} از {to_persian_digits(len(grid))} عضو حاضر"],
        ],
        actor=actor,
        at=at,
        authority=authority,
    )
