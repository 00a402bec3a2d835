"""What happens to accounts besides the events every app knows; declared here, loaded when the app is ready."""

from staff_portal.kernel.events import declare

PASSWORD_CHANGED = declare("user.password_changed", "تغییر گذرواژه", "گذرواژه خود را تغییر داد")
DEVICE_ENROLLED = declare(
    "user.device_enrolled", "رمز یک‌بارمصرف", "ورود دومرحله‌ای خود را برقرار کرد", tone="ok"
)
DEVICE_REMOVED = declare(
    "user.device_removed", "برداشتن رمز یک‌بارمصرف", "ورود دومرحله‌ای {subject} را برداشت", tone="wait"
)
ROLE_REFUSED = declare("role.refused", "رد نقش", "نقش {subject} را نپذیرفت: {note}", tone="no", notify=True)
