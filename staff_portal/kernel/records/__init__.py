"""The rows of the ground floor's own records; importing this loads their tables."""

from staff_portal.kernel.records import cases, delegations, referrals, roles

__all__ = ["cases", "delegations", "referrals", "roles"]
