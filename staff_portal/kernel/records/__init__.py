"""The rows of the ground floor's own records; importing this loads their tables."""

from staff_portal.kernel.records import (
    cases,
    configuration,
    delegations,
    holds,
    letters,
    referrals,
    roles,
    users,
)

__all__ = ["cases", "configuration", "delegations", "holds", "letters", "referrals", "roles", "users"]
