"""Who may open an attached file: whoever sees the record, unless the record's app asks for more.

An app registers a finer rule for the files of its records (an NGO's documents are not for everybody who sees the
NGO); the kernel asks here and knows none of the models.
"""

from collections.abc import Callable
from datetime import date

from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.trail import file_kinds

Rule = Callable[[User, Attachment, date], bool]

RULES: dict[str, Rule] = {}


def register(root_label: str, can_read: Rule) -> None:
    """Ask ``can_read(user, attachment, on)`` too for files of ``root_label`` (``app.model``, lower case), once."""
    if root_label in RULES:
        raise ValueError(f"rule for attachments given twice: {root_label}")
    RULES[root_label] = can_read


def can_read_attachment(user: User, attachment: Attachment, on: date) -> bool:
    """A staged file is its uploader's; an attached one is seen with its record and by the record's own rule."""
    if attachment.root_id is None:
        return attachment.uploaded_by_id == user.pk
    if file_kinds.find(attachment.root_type, attachment.root_id, user, on) is None:
        return False
    rule = RULES.get(attachment.root_type)
    return rule is None or rule(user, attachment, on)
