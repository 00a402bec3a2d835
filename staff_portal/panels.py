"""What the roof itself puts into the rail: the work inbox and the search."""

from staff_portal.kernel import panels
from staff_portal.kernel.roles import Role


def register() -> None:
    """Called once when everything is loaded."""
    panels.add_nav("", "کارتابل", "home", Role, order=10, task_kind="*")
    panels.add_nav("", "جست‌وجو", "search", Role, order=15)
