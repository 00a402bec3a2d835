"""Interests that the system knows of (C6): who may not vote on an individual case, and why.

An app registers a provider; it is asked before a vote opens and gives a sentence for each seat concerned. A general
rule is no conflict, so providers look at individual cases only.
"""

from collections.abc import Callable, Iterable
from typing import Any

from committee.enums import SeatCode
from ngos.models import NgoAccount, Officer
from staff_portal.kernel.people.access import local_date

Provider = Callable[[Any, Any], str | None]

PROVIDERS: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Add a provider: ``provider(motion, seating)`` returns a Persian sentence, or None when there is no interest."""
    PROVIDERS.append(provider)
    return provider


def interests(motion: Any, seatings: Iterable[Any]) -> dict[str, str]:
    """The first sentence for each seat that has an interest in the motion, by seat code."""
    found: dict[str, str] = {}
    for seating in seatings:
        for provider in PROVIDERS:
            sentence = provider(motion, seating)
            if sentence:
                found.setdefault(seating.seat_code, sentence)
    return found


@register
def own_ngo(motion: Any, seating: Any) -> str | None:
    """The NGO in the NGO's seat does not vote on its own case."""
    if (
        motion.concerns_ngo_id
        and seating.seat_code == SeatCode.NGO
        and seating.ngo_id == motion.concerns_ngo_id
    ):
        return "موضوع پیشنهاد پرونده سمنی است که خود دارنده این کرسی است."
    return None


@register
def officer_of_ngo(motion: Any, seating: Any) -> str | None:
    """A member who acts for the NGO concerned, or sits on its board, does not vote on its case."""
    if not motion.concerns_ngo_id:
        return None
    on = local_date(motion.opened_at or motion.state_since)
    accounts = NgoAccount.objects.filter(ngo_id=motion.concerns_ngo_id, period__contains=on)
    if accounts.filter(user_id=seating.person_id).exists():
        return "این عضو نماینده سمنی است که پیشنهاد درباره آن است."
    code = seating.person.national_code
    officers = Officer.objects.filter(ngo_id=motion.concerns_ngo_id, term__contains=on)
    if code and officers.filter(national_code=code).exists():
        return "این عضو از مسئولان سمنی است که پیشنهاد درباره آن است."
    return None
