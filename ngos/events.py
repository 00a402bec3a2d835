"""What happens to NGOs and their registers beside the rows, each declared once."""

from staff_portal.kernel.trail.events import declare

EXPORTED = declare("ngo.exported", "خروجی اکسل", "فهرست سمن‌ها را به اکسل برد")
