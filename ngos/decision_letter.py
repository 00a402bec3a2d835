"""The letter of an adverse decision: its grounds, and how and until when one objects (X5)."""

from datetime import datetime

from ngos.models import MembershipDecision
from staff_portal.kernel.letters.contracts import OfficialLetterData
from staff_portal.kernel.letters.issuing import Head, LetterKind, issue_letter
from staff_portal.kernel.models import Letter, User
from staff_portal.kernel.people.access import Authority
from staff_portal.kernel.persian.digits import to_persian_digits, to_persian_text
from staff_portal.kernel.trail import audit

DECISION = LetterKind(
    slug="membership-decision", code="ت", label="نامه تصمیم درباره عضویت", template="letter"
)
LAST_INSTANCE = "مرجع نهایی، کمیته مشترک است."


def issue_decision_letter(
    decision: MembershipDecision,
    *,
    subject: str,
    paragraphs: tuple[str, ...],
    actor: User | None,
    at: datetime,
    authority: Authority | None,
) -> Letter:
    """Issue the letter in the transaction of what it says; only the NGO, HQ and the auditor read it."""
    ngo = decision.ngo

    def build(head: Head) -> OfficialLetterData:
        return OfficialLetterData(
            **head.fields(),
            addressee_name=ngo.name,
            addressee_post="",
            subject=subject,
            paragraphs=tuple(to_persian_text(text) for text in paragraphs),
        )

    return issue_letter(
        kind=DECISION,
        build=build,
        subject=f"{subject}، {ngo.name}",
        addressee=ngo.name,
        root=decision,
        public_facts=[
            ["نام سمن", ngo.name],
            ["شناسه ملی", to_persian_digits(ngo.national_id)],
            ["موضوع", subject],
        ],
        actor=actor,
        at=at,
        authority=authority,
    )


def letters_of(decision: MembershipDecision) -> list[Letter]:
    """The letters of a decision, the newest first."""
    rows = Letter.objects.filter(root_type=audit.type_label(decision), root_id=decision.pk)
    return list(rows.select_related("number").prefetch_related("events").order_by("-id"))
