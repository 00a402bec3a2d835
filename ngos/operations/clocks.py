"""Until when each state of a membership and of a decision lasts: working days from the day it began (K5, X5, X7)."""

from datetime import date, timedelta

from ngos import settings as ngo_settings
from ngos.models import MembershipDecision, Ngo
from staff_portal.kernel.configuration import settings_store
from staff_portal.kernel.configuration.clocks import working_deadline
from staff_portal.kernel.configuration.settings_store import SettingKey
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.jalali import format_jalali

ONE_DAY = timedelta(days=1)


def clock(key: SettingKey, started: date) -> date:
    """The last day of a clock that began with an event on ``started``."""
    return working_deadline(started, int(settings_store.value(key, started)))


def day_words(day: date | None) -> str:
    """«۱۲ آذر ۱۴۰۵», empty without a day."""
    return format_jalali(day, "medium") if day is not None else ""


# --- membership ---------------------------------------------------------------------------------------------


def take_up_due(ngo: Ngo) -> date:
    """Until when a submitted request is taken up."""
    return clock(ngo_settings.TAKE_UP_DAYS, local_date(ngo.state_since))


def decision_due(ngo: Ngo) -> date:
    """Until when a request that was taken up is decided."""
    return clock(ngo_settings.DECISION_DAYS, local_date(ngo.state_since))


def correction_due(ngo: Ngo) -> date:
    """The last day of the correction: working days from the day the file was sent back (K5)."""
    return clock(ngo_settings.RETURN_DAYS, local_date(ngo.state_since))


def after_take_up(ngo: Ngo) -> date:
    """The first day on which nobody has taken the request up in time."""
    return take_up_due(ngo) + ONE_DAY


# --- decisions ----------------------------------------------------------------------------------------------


def hearing_due(decision: MembershipDecision) -> date:
    """Until when the NGO may answer a proposal."""
    return clock(ngo_settings.HEARING_DAYS, local_date(decision.state_since))


def proposal_due(decision: MembershipDecision) -> date:
    """Until when a proposal that was answered may still be decided on."""
    return clock(ngo_settings.PROPOSAL_DAYS, local_date(decision.state_since))


def review_due(decision: MembershipDecision) -> date | None:
    """Until when an urgent suspension is reviewed."""
    return clock(ngo_settings.REVIEW_DAYS, decision.decided_on) if decision.decided_on else None


def after_review(decision: MembershipDecision) -> date | None:
    """The first day on which the review is late."""
    due = review_due(decision)
    return due + ONE_DAY if due else None


def delivery_due(decision: MembershipDecision) -> date | None:
    """Until when the letter is delivered."""
    return clock(ngo_settings.DELIVERY_DAYS, decision.decided_on) if decision.decided_on else None


def after_delivery(decision: MembershipDecision) -> date | None:
    """The first day on which the letter should have been delivered."""
    due = delivery_due(decision)
    return due + ONE_DAY if due else None


def objection_due(decision: MembershipDecision) -> date | None:
    """Until when the NGO may object: from the delivery, whatever the letter's date (X5)."""
    return clock(ngo_settings.OBJECTION_DAYS, decision.delivered_on) if decision.delivered_on else None


def ruling_due(decision: MembershipDecision) -> date | None:
    """Until when an objection is decided."""
    return clock(ngo_settings.RULING_DAYS, decision.objected_on) if decision.objected_on else None


def after_ruling(decision: MembershipDecision) -> date | None:
    """The first day on which the objection should have been decided."""
    due = ruling_due(decision)
    return due + ONE_DAY if due else None
