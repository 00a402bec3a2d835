"""What HQ's people do with a signed letter at their desk: revoke it, keep its number in the office system (K2, K3)."""

from datetime import date, datetime

from django.db import models

from staff_portal.kernel import paper_rules
from staff_portal.kernel.access import local_date
from staff_portal.kernel.models import Attachment, Letter, LetterEvent, User
from staff_portal.kernel.operations.attachments import attach
from staff_portal.kernel.operations.letters import annotate_letter, revoke_letter
from staff_portal.kernel.operations.steps import one_step, require, require_text
from staff_portal.kernel.refusals import Refusal

NO_REASON = "سبب ابطال را بنویسید؛ صفحه عمومی نامه همان را می‌گوید."
NO_NUMBER = "شماره نامه در اتوماسیون اداری را بنویسید."


def revoke_at_desk(
    letter: Letter, *, reason: str, root: models.Model, actor: User, at: datetime
) -> LetterEvent:
    """Declare a letter void by HQ's manager; its public page says so and why from now on (K3)."""
    authority = require(paper_rules.REVOKE_LETTER, actor, letter, at)
    reason = require_text(reason, NO_REASON)
    with one_step():
        # Two at once: the second one waits here and then reads that the letter has ended.
        locked = (
            Letter.objects.select_for_update(of=("self",), no_key=True)
            .select_related("number")
            .get(pk=letter.pk)
        )
        return revoke_letter(locked, reason=reason, actor=actor, at=at, authority=authority, root=root)


def note_office_number(
    letter: Letter,
    *,
    office_number: str,
    office_dated_on: date,
    scan: Attachment | None,
    root: models.Model,
    actor: User,
    at: datetime,
) -> LetterEvent:
    """Keep the number and date of the office automation system, and a staged scan of the stamped paper (K2)."""
    authority = require(paper_rules.ANNOTATE_LETTER, actor, letter, at)
    number = require_text(office_number, NO_NUMBER)
    if office_dated_on > local_date(at):
        raise Refusal("تاریخ اتوماسیون نمی‌تواند پس از امروز باشد.")
    with one_step():
        kept = attach(scan, root=letter, actor=actor) if scan is not None else None
        return annotate_letter(
            letter,
            office_number=number,
            office_dated_on=office_dated_on,
            scan=kept,
            actor=actor,
            at=at,
            authority=authority,
            root=root,
        )
