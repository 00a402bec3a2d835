"""Numbers of the registry's and grading's rules, kept as dated settings."""

from staff_portal.kernel.configuration.settings_store import declare

RETURN_DAYS = declare("membership.return_days", "مهلت اصلاح درخواست عضویت", "روز کاری", 20)
EXISTING_DOCUMENT_DAYS = declare("membership.existing_document_days", "مهلت مدارک اعضای پیشین", "روز", 180)
BOARD_MEMBERS = declare("membership.board_members", "کمینه اعضای هیئت‌مدیره", "نفر", 3)
SCORING_DAYS = declare("assessment.scoring_days", "مهلت امتیازدهی", "روز کاری", 15)
ACTIVE_MONTHS = declare("ngo.active_months", "اعتبار نشانه فعال‌بودن سمن", "ماه", 12)
SELF_ASSESSMENT_DAYS = declare("assessment.self_days", "مهلت خوداظهاری سمن", "روز کاری", 15)
