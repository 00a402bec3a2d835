"""Signing letters and what becomes of them (K1–K3, K6)."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction

from staff_portal.kernel.base import background
from staff_portal.kernel.base.signing import SigningKey, canonical_bytes
from staff_portal.kernel.letters.attachments import attach
from staff_portal.kernel.letters.contracts import Document, Organisation, Signature, Verification
from staff_portal.kernel.letters.numbering import issue_number
from staff_portal.kernel.letters.qr import qr_svg
from staff_portal.kernel.letters.rendering import render_pages, render_pdf
from staff_portal.kernel.letters.tokens import letter_fingerprint, make_token
from staff_portal.kernel.models import (
    Letter,
    LetterEvent,
    LetterEventKind,
    LetterRendering,
    Secrecy,
    User,
)
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import Authority
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.trail import audit
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

log = structlog.get_logger(__name__)

LETTERHEAD = Organisation(
    name="ستاد سمن‌ها",
    branch="شهر تهران",
    address="تهران، خیابان نمونه، پلاک ۱",
    phone="۰۲۱ ۰۰۰۰ ۰۰۰۰",
)


LETTER_KINDS: dict[str, "LetterKind"] = {}


@dataclass(frozen=True)
class LetterKind:
    """A kind of letter: ``code`` stands in its number (K2), ``slug`` in its token, ``template`` makes the PDF.

    A kind is made once, when its app is loaded, and is known by its slug from then on.
    """

    slug: str
    code: str
    label: str
    template: str

    def __post_init__(self) -> None:
        LETTER_KINDS[self.slug] = self


def isolated(number: str) -> str:
    """A letter's number for a Persian sentence, in Persian digits and in one piece (Unicode isolates)."""
    return f"\u2068{to_persian_digits(number)}\u2069"


def kind_label(slug: str) -> str:
    """What a kind of letter is called; «نامه» for a kind that no app makes any more."""
    kind = LETTER_KINDS.get(slug)
    return kind.label if kind else "نامه"


@dataclass(frozen=True)
class Head:
    """What a letter's text is built around: number, date, signature and letterhead, ready to print."""

    organisation: Organisation
    number: str
    date: str
    attachment: str
    secrecy: str
    is_confidential: bool
    signature: Signature
    verification: Verification

    def fields(self) -> dict[str, Any]:
        return dict(self.__dict__)


@lru_cache(maxsize=4)
def signing_key(path: str) -> SigningKey:
    """The key of this installation; read once for each path."""
    return SigningKey.load(path)


def current_key() -> SigningKey:
    return signing_key(str(settings.SIGNING_KEY_FILE))


@dataclass(frozen=True)
class LetterDraft:
    """What a letter is made of, before it has its number and signature; ``build`` gets the head and returns the
    document, ``public_facts`` is a list of [label, text] pairs that the public page may show."""

    kind: LetterKind
    build: Callable[[Head], Document]
    subject: str
    public_facts: list[list[str]]
    valid_until: date | None = None
    addressee: str = ""
    secrecy: str = Secrecy.ORDINARY
    attachment: str = "ندارد"


def issue_letter(
    *,
    kind: LetterKind,
    build: Callable[[Head], Document],
    subject: str,
    root: models.Model,
    public_facts: list[list[str]],
    actor: User | None,
    at: datetime,
    authority: Authority | None,
    valid_until: date | None = None,
    addressee: str = "",
    secrecy: str = Secrecy.ORDINARY,
    attachment: str = "ندارد",
) -> Letter:
    """Give the number, sign the content and keep the letter (K1–K3); the PDF is made after the commit.

    Call it inside the transaction of what the letter states: the letter is signed by that step's authority. The
    fields are those of :class:`LetterDraft`.
    """
    draft = LetterDraft(
        kind=kind,
        build=build,
        subject=subject,
        public_facts=public_facts,
        valid_until=valid_until,
        addressee=addressee,
        secrecy=secrecy,
        attachment=attachment,
    )
    within = Step(actor, at, authority or access.SYSTEM)
    letter: Letter = table_for(Letter).apply(root, "sign", actor=actor, at=at, within=within, draft=draft)
    return letter


def signed(root: models.Model, step: Step) -> dict[str, Any]:
    """The columns of a letter: numbered, its content signed (K1, K2)."""
    draft: LetterDraft = step.asked["draft"]
    kind, on = draft.kind, step.on
    number = issue_number(kind=kind.code, on=on, at=step.at)
    head = Head(
        organisation=LETTERHEAD,
        number=to_persian_digits(number.text),
        date=format_jalali(on),
        attachment=draft.attachment,
        secrecy=str(Secrecy(draft.secrecy).label),
        is_confidential=draft.secrecy == Secrecy.CONFIDENTIAL,
        signature=signature_of(step.actor, step.authority),
        verification=Verification(qr_svg="", address="", fingerprint=""),
    )
    content = draft.build(head).as_data()
    content.pop("verification")
    public_id = uuid4()
    code = make_token(
        current_key(), letter_id=public_id, kind=kind.slug, number=number.text, issued_on=on, content=content
    )
    return {
        "kind": kind.slug,
        "template": kind.template,
        "number": number,
        "dated_on": on,
        "valid_until": draft.valid_until,
        "subject": draft.subject,
        "addressee": draft.addressee,
        "secrecy": draft.secrecy,
        "content": content,
        "public_facts": draft.public_facts,
        "content_hash": hashlib.sha256(canonical_bytes(content)).hexdigest(),
        "public_id": public_id.hex,
        "code": code,
        "signed_by": step.actor,
        "on_behalf_of": step.authority.on_behalf_of,
        "signed_at": step.at,
        "root_type": audit.type_label(root),
        "root_id": root.pk,
    }


def render_soon(letter: Letter, step: Step) -> dict[str, Any]:
    """The PDF is made after the commit; the entry keeps number, kind and fingerprint of what was signed."""
    background.after_commit(background.nudge_letters)
    return {"number": letter.number.text, "kind": letter.kind, "hash": letter.content_hash}


def signature_of(actor: User | None, authority: Authority | None) -> Signature:
    """The signature line; a delegate signs «از طرف» the manager (K6)."""
    if actor is None:
        return Signature(name="سامانه ستاد سمن‌ها", post="صدور خودکار")
    behalf = authority.on_behalf_of if authority else None
    return Signature(
        name=actor.full_name,
        post=actor.post or (behalf.post if behalf else ""),
        on_behalf_of=f"{behalf.full_name}، {behalf.post}".rstrip("، ") if behalf else "",
    )


def printed_data(letter: Letter) -> dict[str, Any]:
    """The signed content with what is printed for checking it: QR, address and fingerprint."""
    address = f"{settings.SITE_URL}/verify/{letter.code}/"
    verification = Verification(
        qr_svg=qr_svg(address),
        address=f"{settings.SITE_URL}/verify/".split("://", 1)[-1],
        fingerprint=letter_fingerprint(letter.content),
    )
    return letter.content | {"verification": asdict(verification)}


def preview_pages(letter: Letter) -> list[bytes]:
    """The letter's sheets as PNG pictures, made anew from the signed content; nothing is kept."""
    return render_pages(
        letter.template,
        printed_data(letter),
        font_dir=settings.FONT_DIR,
        at=letter.signed_at,
        pixels_per_inch=110,
    )


def ensure_rendered(letter: Letter, *, at: datetime) -> LetterRendering:
    """The letter's PDF, made from the signed content if it is not there yet."""
    found = LetterRendering.objects.filter(letter=letter).first()
    if found is not None and found.file.storage.exists(str(found.file.name)):
        return found
    pdf = render_pdf(letter.template, printed_data(letter), font_dir=settings.FONT_DIR, at=letter.signed_at)
    name = f"{letter.public_id}.pdf"
    with transaction.atomic():
        Letter.objects.select_for_update(of=("self",), no_key=True).get(pk=letter.pk)
        rendering = LetterRendering.objects.filter(letter=letter).first() or LetterRendering(letter=letter)
        rendering.sha256 = hashlib.sha256(pdf).hexdigest()
        rendering.rendered_at = at
        rendering.file.save(name, ContentFile(pdf), save=False)
        rendering.save()
    return rendering


def render_waiting_letters(*, at: datetime, limit: int = 50) -> int:
    """Make the PDFs of signed letters that have none; one that fails waits and keeps no other from its turn."""
    made = 0
    for letter in (
        Letter.objects.filter(rendering__isnull=True).select_related("number").order_by("id")[:limit]
    ):
        try:
            ensure_rendered(letter, at=at)
            made += 1
        except Exception as error:  # a broken template must not stop the other letters; the log says which
            log.error("letter_not_rendered", letter=letter.pk, error=str(error))
    return made


def revoke_letter(
    letter: Letter, *, reason: str, actor: User | None, at: datetime, authority: Authority | None
) -> LetterEvent:
    """Declare a letter void in the step that makes it so; its public page then says «باطل‌شده» and why (K3)."""
    within = Step(actor, at, authority or access.SYSTEM)
    table_for(letter).apply(letter, "void", actor=actor, at=at, note=reason, within=within)
    return last_event(letter)


def replace_letter(
    letter: Letter,
    *,
    replacement: Letter,
    actor: User | None,
    at: datetime,
    authority: Authority | None,
) -> LetterEvent:
    """Say that another letter took this one's place (K3)."""
    within = Step(actor, at, authority or access.SYSTEM)
    table_for(letter).apply(letter, "replace", actor=actor, at=at, within=within, replacement=replacement)
    return last_event(letter)


def last_event(letter: Letter) -> LetterEvent:
    """What became of the letter last."""
    return letter.events.latest("id")


# --- what became of a letter -------------------------------------------------------------------------------


def against_ending(letter: Letter, step: Step) -> Iterable[str]:
    """A letter ends once."""
    if letter.events.filter(kind__in=[LetterEventKind.REVOKED, LetterEventKind.REPLACED]).exists():
        yield "این نامه پیش از این باطل یا جایگزین شده است."


def against_voiding(letter: Letter, step: Step) -> Iterable[str]:
    """With a reason, which the public page tells."""
    if not step.note:
        yield "سبب ابطال را بنویسید."
    yield from against_ending(letter, step)


def voided(letter: Letter, step: Step) -> None:
    """The letter is void from now on."""
    LetterEvent.objects.create(
        letter=letter, kind=LetterEventKind.REVOKED, at=step.at, by=step.actor, reason=step.note
    )


def replaced(letter: Letter, step: Step) -> None:
    """Another letter stands in its place."""
    LetterEvent.objects.create(
        letter=letter,
        kind=LetterEventKind.REPLACED,
        at=step.at,
        by=step.actor,
        replacement=step.asked["replacement"],
    )


def is_ahead(letter: Letter, step: Step) -> Iterable[str]:
    """The office's number is dated in the past."""
    dated = step.asked.get("office_dated_on")
    if dated is not None and dated > step.on:
        yield "تاریخ اتوماسیون نمی‌تواند پس از امروز باشد."


def annotated(letter: Letter, step: Step) -> dict[str, Any]:
    """The number and date of the office automation system, and a scan of the stamped paper (K2)."""
    assert step.actor is not None  # noqa: S101 - a person's step
    asked = step.asked
    scan = asked["scan"]
    LetterEvent.objects.create(
        letter=letter,
        kind=LetterEventKind.OFFICE_NUMBER,
        at=step.at,
        by=step.actor,
        office_number=asked["office_number"],
        office_dated_on=asked["office_dated_on"],
        scan=attach(scan, root=letter, actor=step.actor) if scan is not None else None,
    )
    return {"office_number": asked["office_number"], "office_dated_on": asked["office_dated_on"]}


def signed_name(letter: Letter) -> str:
    """How a letter is named in the trail when it is signed: with its kind."""
    return f"{name_of(letter)} ({kind_label(letter.kind)})"


def name_of(letter: Letter) -> str:
    """How a letter is named in the trail."""
    return to_persian_digits(letter.number.text)
