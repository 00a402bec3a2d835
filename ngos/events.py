"""What happens to NGOs and their registers beside the rows, each declared once."""

from staff_portal.kernel.events import declare

NGO_REGISTERED = declare("ngo.registered", "ثبت سمن", "پرونده سمن را ثبت کرد")
NGO_IMPORTED = declare("ngo.imported", "ورود از فهرست", "پرونده را از فهرست اکسل وارد کرد")
NGO_CHANGED = declare("ngo.changed", "ویرایش پرونده", "مشخصات سمن را ویرایش کرد")
LICENCE_RECORDED = declare("ngo.licence_recorded", "ثبت پروانه", "پروانه {subject} را ثبت کرد")
OFFICER_RECORDED = declare("ngo.officer_recorded", "ثبت مسئول", "«{subject}» را ثبت کرد")
OFFICER_ENDED = declare("ngo.officer_ended", "پایان سمت", "پایان سمت {subject} را ثبت کرد")
ACCOUNT_LINKED = declare("ngo.account_linked", "نماینده سمن", "{subject} را نماینده سمن کرد", notify=True)
ACCOUNT_ENDED = declare("ngo.account_ended", "پایان نمایندگی", "به نمایندگی {subject} پایان داد")

IMPORT_UPLOADED = declare("import.uploaded", "بارگذاری فهرست", "فهرست «{subject}» را بارگذاری کرد")
IMPORT_CONFIRMED = declare("import.confirmed", "تأیید ورود", "ورود فهرست «{subject}» را تأیید کرد")
IMPORT_DISCARDED = declare("import.discarded", "کنارگذاشتن فهرست", "فهرست «{subject}» را کنار گذاشت")
IMPORT_DONE = declare(
    "import.done", "پایان ورود", "ورود فهرست «{subject}» را به پایان رساند", tone="ok", notify=True
)
EXPORTED = declare("ngo.exported", "خروجی اکسل", "فهرست سمن‌ها را به اکسل برد")
