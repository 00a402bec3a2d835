"""Home, search, health and the developers' pages."""

from tests.access.matrix.table import Row, everyone, no_such_public, public, reading

ROWS: tuple[Row, ...] = (
    reading("home", "کارتابل و رقم‌ها", everyone()),
    Row("healthz", "زنده بودن برنامه", get=public(), post=no_such_public()),
    Row("readyz", "آماده بودن پایگاه داده، صف و کارگر", get=public(), post=no_such_public()),
    reading("search", "جست‌وجو در آنچه شخص می‌بیند", everyone()),
    reading("search_suggest", "پیشنهادهای جست‌وجو", everyone()),
    reading("kit", "قطعه‌های رابط کاربری (در عملیات نیست)", everyone()),
    reading("kit_page", "صفحه نمونه رابط کاربری (در عملیات نیست)", everyone(), name=":list"),
)
