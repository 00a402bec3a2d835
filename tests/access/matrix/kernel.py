"""What the kernel brings: the session, people and roles, delegation, referral, cases, settings, holidays."""

from staff_portal.kernel.base.roles import Role
from tests.access.matrix.table import (
    SEE_APPLICATION,
    SEE_FOREIGN,
    SEE_MEMBER,
    Row,
    among,
    asking,
    everyone,
    given,
    no_such_public,
    public,
    reading,
    seen_by,
    sending,
)

EXPERT, MANAGER, DEPUTY_MANAGER = Role.HQ_EXPERT, Role.HQ_MANAGER, Role.DEPUTY_MANAGER
ADMIN, AUDITOR = Role.ADMIN, Role.AUDITOR
SEE_SETTINGS = (MANAGER, EXPERT, Role.SECRETARY, DEPUTY_MANAGER, Role.DEPUTY_EXPERT, ADMIN, AUDITOR)
#: Staff refer what they see; the NGO and the auditor do not.
REFERRERS = tuple(role for role in SEE_MEMBER if role not in {AUDITOR, Role.NGO_USER})

SESSION_ROWS = (
    Row("login", "ورود؛ کسی که وارد شده است به کارتابل می‌رود", get=public(), post=public()),
    asking("totp_verify", "رمز یک‌بارمصرف، میان گذرواژه و سامانه", everyone()),
    sending("logout", "خروج", everyone()),
    Row("session_ended", "نشست پایان یافت", get=public(), post=no_such_public()),
    reading("profile", "نمایه خود", everyone()),
    asking("password_change", "تغییر گذرواژه خود", everyone()),
    asking("totp_enrol", "ورود دومرحله‌ای خود", everyone()),
    sending("totp_remove", "برداشتن ورود دومرحله‌ای خود", everyone()),
    reading("inbox", "اعلان‌های خود", everyone()),
    sending("notifications_read", "خوانده‌شده کردن اعلان‌های خود", everyone()),
    reading("notification_open", "باز کردن اعلان؛ تنها گیرنده", seen_by(EXPERT), pk="notification"),
)

PEOPLE_ROWS = (
    reading("users", "کاربران", given(ADMIN, AUDITOR)),
    reading("user", "یک حساب", given(ADMIN, AUDITOR), pk="account_user"),
    asking("user_new", "حساب تازه", given(ADMIN)),
    asking("user_edit", "ویرایش حساب", given(ADMIN), pk="account_user"),
    asking("user_close", "بستن حساب", given(ADMIN), pk="account_user"),
    sending("user_reopen", "گشودن حساب", given(ADMIN), pk="closed_user"),
    asking("user_password", "گذرواژه یک‌بارمصرف", given(ADMIN), pk="account_user"),
    sending("user_totp_remove", "برداشتن ورود دومرحله‌ای", given(ADMIN), pk="account_user"),
    asking("role_grant", "پیشنهاد نقش", given(ADMIN), pk="account_user"),
    asking("role_end", "پایان نقش", given(ADMIN), pk="assignment"),
    reading("roles", "نقش‌های در انتظار تأیید", given(MANAGER, DEPUTY_MANAGER)),
    reading("role_decide", "یک نقش پیشنهادشده", given(MANAGER), case="ستاد سمن‌ها", pk="grant_hq"),
    reading("role_decide", "یک نقش پیشنهادشده", given(DEPUTY_MANAGER), case="معاونت", pk="grant_deputy"),
    sending("role_confirm", "تأیید نقش، با مدیر همان طرف", given(MANAGER), case="ستاد سمن‌ها", pk="grant_hq"),
    sending(
        "role_confirm", "تأیید نقش، با مدیر همان طرف", given(DEPUTY_MANAGER), case="معاونت", pk="grant_deputy"
    ),
    sending("role_refuse", "نپذیرفتن نقش", given(MANAGER), case="ستاد سمن‌ها", pk="grant_hq"),
    sending("role_refuse", "نپذیرفتن نقش", given(DEPUTY_MANAGER), case="معاونت", pk="grant_deputy"),
    reading("delegations", "تفویض‌های داده و گرفته خود؛ راهبر و ناظر همه", everyone()),
    asking("delegation_new", "تفویض اختیار", given(MANAGER, DEPUTY_MANAGER)),
    sending(
        "delegation_end",
        "پایان تفویض؛ تنها تفویض‌کننده",
        among((MANAGER, ADMIN, AUDITOR), MANAGER),
        pk="delegation",
    ),
)

WORK_ROWS = (
    asking(
        "refer", "ارجاع پرونده", among(SEE_MEMBER, *REFERRERS), case="خود", label=":ngos.ngo", pk="member"
    ),
    asking(
        "refer",
        "ارجاع پرونده",
        among(SEE_FOREIGN, *(role for role in SEE_FOREIGN if role != AUDITOR)),
        case="دیگری",
        label=":ngos.ngo",
        pk="foreign",
    ),
    asking(
        "refer",
        "ارجاع پرونده",
        among(SEE_APPLICATION, EXPERT, MANAGER, Role.DISTRICT_HEAD),
        case="پیش‌نویس",
        label=":ngos.ngo",
        pk="draft",
    ),
    reading("referral", "یک ارجاع", seen_by(EXPERT, MANAGER, AUDITOR), pk="referral"),
    sending(
        "referral_done", "پایان ارجاع", among((EXPERT, MANAGER, AUDITOR), EXPERT, MANAGER), pk="referral"
    ),
    reading("cases", "موضوع‌های خود؛ ناظر همه", everyone()),
    Row(
        "case",
        "یک موضوع",
        get=seen_by(MANAGER, AUDITOR),
        post=among((MANAGER, AUDITOR), MANAGER),
        args={"pk": "case"},
    ),
    reading("settings", "تنظیم‌ها", given(*SEE_SETTINGS)),
    Row(
        "setting",
        "یک تنظیم",
        get=given(*SEE_SETTINGS),
        post=given(MANAGER, ADMIN),
        args={"code": ":membership.return_days"},
    ),
    Row("holidays", "روزهای تعطیل", get=everyone(), post=given(ADMIN)),
    sending("holiday_remove", "برداشتن روز تعطیل آینده", given(ADMIN), pk="holiday"),
)

ROWS: tuple[Row, ...] = (*SESSION_ROWS, *PEOPLE_ROWS, *WORK_ROWS)
