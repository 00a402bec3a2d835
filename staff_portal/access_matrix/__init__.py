"""Who may open and send what: one row for every named address, for each role, GET and POST apart.

Written out from the design («who uses it, and what each may do»), not from the code's rules: a test sends a real
request for every cell and compares, and an address that is not here fails it. ``docs/access.md`` is this table.
"""

from staff_portal.access_matrix.committee import ROWS as COMMITTEE_ROWS
from staff_portal.access_matrix.committee_seats import ROWS as SEAT_ROWS
from staff_portal.access_matrix.ground import ROWS as GROUND_ROWS
from staff_portal.access_matrix.ngos import ROWS as NGO_ROWS
from staff_portal.access_matrix.papers import ROWS as PAPER_ROWS
from staff_portal.access_matrix.printing import draw
from staff_portal.access_matrix.roof import ROWS as ROOF_ROWS
from staff_portal.access_matrix.scene import PEOPLE, THINGS
from staff_portal.access_matrix.table import Row

ROWS: tuple[Row, ...] = (*ROOF_ROWS, *NGO_ROWS, *SEAT_ROWS, *COMMITTEE_ROWS, *GROUND_ROWS, *PAPER_ROWS)


def markdown() -> str:
    """The matrix as ``docs/access.md``."""
    return draw(ROWS, PEOPLE, THINGS)
