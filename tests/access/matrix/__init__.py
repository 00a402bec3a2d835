"""Who may open and send what: one row for every named address, for each role, GET and POST apart.

Written out from the design («who uses it, and what each may do»), not from the code's rules: a test sends a real
request for every cell and compares, and an address that is not here fails it. ``docs/access.md`` is this table.
"""

from tests.access.matrix.committee import ROWS as COMMITTEE_ROWS
from tests.access.matrix.committee_seats import ROWS as SEAT_ROWS
from tests.access.matrix.kernel import ROWS as KERNEL_ROWS
from tests.access.matrix.ngos import ROWS as NGO_ROWS
from tests.access.matrix.papers import ROWS as PAPER_ROWS
from tests.access.matrix.portal import ROWS as PORTAL_ROWS
from tests.access.matrix.scene import PEOPLE, THINGS
from tests.access.matrix.table import Row

ROWS: tuple[Row, ...] = (*PORTAL_ROWS, *NGO_ROWS, *SEAT_ROWS, *COMMITTEE_ROWS, *KERNEL_ROWS, *PAPER_ROWS)

__all__ = ["PEOPLE", "ROWS", "THINGS", "Row"]
