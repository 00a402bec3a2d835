"""What the roof itself puts into the rail: the work inbox and the search."""

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions


def register() -> None:
    """Called once when everything is loaded."""
    contributions.add_nav("", "کارتابل", "home", Role, order=10, task_kind="*")
    contributions.add_nav("", "جست‌وجو", "search", Role, order=15)
