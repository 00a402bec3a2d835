"""The one map from a database constraint's name to the Persian sentence a person reads.

Each app adds its own names when it is loaded; :func:`sentence_for` finds the name in a psycopg2 error.
"""

from django.db import DatabaseError

SENTENCES: dict[str, str] = {}
FALLBACK = "این تغییر با داده‌های ثبت‌شده سازگار نیست و ذخیره نشد."


def register(sentences: dict[str, str]) -> None:
    """Add the sentences of one app; a name may be given once only."""
    twice = SENTENCES.keys() & sentences.keys()
    if twice:
        raise ValueError(f"constraint sentences given twice: {sorted(twice)}")
    SENTENCES.update(sentences)


def constraint_name(error: DatabaseError) -> str:
    """The violated constraint's name, or an empty string."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""


def sentence_for(error: DatabaseError) -> str:
    """What to tell the person whose write the database refused."""
    return SENTENCES.get(constraint_name(error), FALLBACK)


register(
    {
        "k1_audit_append_only": "رویدادهای ثبت‌شده را نمی‌توان تغییر داد یا حذف کرد.",
        "k1_letter_append_only": "نامه امضاشده را نمی‌توان تغییر داد یا حذف کرد.",
        "k2_number_order": "شماره‌ها باید پشت سر هم باشند؛ شماره‌ای جا افتاده یا تکراری است.",
        "k2_number_unique": "این شماره پیش از این داده شده است.",
        "k2_series_monotone": "شمارنده شماره‌ها فقط یکی‌یکی بالا می‌رود.",
        "k4_ledger_append_only": "زنجیره رویدادها را نمی‌توان تغییر داد یا حذف کرد.",
        "k4_unsealed_kept": "صف زنجیره رویدادها را سامانه پر و خالی می‌کند؛ رویدادی بی‌حلقه از آن بیرون نمی‌رود.",
        "k6_confirmed_by_other": "نقش را کسی تأیید می‌کند که آن را پیشنهاد نکرده باشد.",
        "k6_delegate_is_other": "اختیار را به شخص دیگری می‌سپارند، نه به خود.",
        "user_kept": "حساب کاربری حذف‌شدنی نیست؛ آن را ببندید.",
        "k6_role_history": "نقش‌های ثبت‌شده حذف‌شدنی نیست؛ به آن‌ها پایان دهید.",
        "k6_delegation_history": "تفویض‌های ثبت‌شده حذف‌شدنی نیست؛ به آن‌ها پایان دهید.",
        "k6_role_kept": "از نقش ثبت‌شده تنها تأیید و دوره آن تغییر می‌کند.",
        "k6_role_confirmed_once": "نقش یک بار تأیید می‌شود و تأیید آن پیش از پیشنهاد نیست.",
        "k6_role_only_shortened": "دوره نقش تنها کوتاه می‌شود و پایان آن پیش از روز ثبت نیست؛ نقش تازه‌ای پیشنهاد کنید.",
        "k6_delegation_kept": "تفویض ثبت‌شده تغییر نمی‌کند؛ تنها می‌توان یک بار به آن پایان داد.",
        "k7_referral_kept": "ارجاع ثبت‌شده تغییر نمی‌کند؛ تنها یک بار با نتیجه پایان می‌یابد.",
        "case_kept": "موضوع ثبت‌شده تغییر نمی‌کند؛ تنها یک بار با توضیح حل می‌شود.",
        "k7_referral_history": "ارجاع‌ها حذف‌شدنی نیست.",
        "k5_setting_kept": "مقدار ثبت‌شده تغییر نمی‌کند؛ مقدار تازه‌ای از روزی معین ثبت کنید.",
        "k5_holiday_kept": "روز تعطیل ثبت‌شده تغییر نمی‌کند؛ روز آینده را بردارید و دوباره ثبت کنید.",
        "hold_kept": "توقف ثبت‌شده تغییر نمی‌کند؛ تنها یک بار برداشته می‌شود.",
        "hold_history": "توقف‌ها حذف‌شدنی نیست؛ آن‌ها را بردارید.",
        "case_history": "موضوع‌ها حذف‌شدنی نیست.",
        "hold_open_once": "این پرونده به همین سبب پیش از این متوقف شده است.",
        "k3_letter_ends_once": "این نامه پیش از این باطل یا جایگزین شده است.",
        "district_permanent": "مناطق بیست‌ودوگانه حذف‌شدنی نیست.",
        "k6_role_period_overlap": "این نقش در همین دوره برای همین شخص ثبت شده است.",
        "kernel_user_username_key": "این نام کاربری پیش از این ثبت شده است.",
        "kernel_user_username_ci": "این نام کاربری پیش از این ثبت شده است.",
    }
)
