"""Numbers of the registry's and grading's rules, kept as dated settings."""

from staff_portal.kernel.configuration.settings_store import declare

RETURN_DAYS = declare("membership.return_days", "مهلت اصلاح درخواست عضویت", "روز کاری", 20)
EXISTING_DOCUMENT_DAYS = declare("membership.existing_document_days", "مهلت مدارک اعضای پیشین", "روز", 180)
BOARD_MEMBERS = declare("membership.board_members", "کمینه اعضای هیئت‌مدیره", "نفر", 3)
SCORING_DAYS = declare("assessment.scoring_days", "مهلت امتیازدهی", "روز کاری", 15)
ACTIVE_MONTHS = declare("ngo.active_months", "اعتبار نشانه فعال‌بودن سمن", "ماه", 12)
SELF_ASSESSMENT_DAYS = declare("assessment.self_days", "مهلت خوداظهاری سمن", "روز کاری", 15)
TAKE_UP_DAYS = declare("membership.take_up_days", "مهلت برداشتن درخواست عضویت", "روز کاری", 10)
DECISION_DAYS = declare("membership.decision_days", "مهلت تصمیم درباره درخواست عضویت", "روز کاری", 30)
HEARING_DAYS = declare("decision.hearing_days", "مهلت پاسخ سمن به پیشنهاد تعلیق", "روز کاری", 10)
PROPOSAL_DAYS = declare("decision.proposal_days", "اعتبار پیشنهاد تعلیق پس از پاسخ سمن", "روز کاری", 30)
REVIEW_DAYS = declare("decision.review_days", "مهلت بازبینی تعلیق فوری", "روز کاری", 15)
DELIVERY_DAYS = declare("decision.delivery_days", "مهلت ابلاغ نامه تصمیم", "روز کاری", 5)
OBJECTION_DAYS = declare("decision.objection_days", "مهلت اعتراض به تصمیم", "روز کاری", 15)
RULING_DAYS = declare("decision.ruling_days", "مهلت رسیدگی به اعتراض", "روز کاری", 20)
MODERATION_DAYS = declare("assessment.moderation_days", "مهلت هم‌سنجی", "روز کاری", 10)
CONFIRMATION_DAYS = declare("assessment.confirmation_days", "مهلت تأیید سطح", "روز کاری", 10)
