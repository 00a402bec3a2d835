"""Addresses of the ground floor's papers: letters and their public check, attachments, long work, the audit trail."""

from django.urls import path

from staff_portal.kernel.views import attachments, audit, jobs, letters, verify

urlpatterns = [
    path("verify/", verify.start, name="verify_start"),
    path("verify/public-key.pem", verify.public_key, name="verify_public_key"),
    path("verify/offline/", verify.offline, name="verify_offline"),
    path("verify/<path:code>/", verify.check, name="verify"),
    path("letters/<int:pk>/", letters.show, name="letter_detail"),
    path("letters/<int:pk>/pdf/", letters.pdf, name="letter_pdf"),
    path("letters/<int:pk>/pages/<int:page>/", letters.page, name="letter_page"),
    path("letters/<int:pk>/revoke/", letters.revoke, name="letter_revoke"),
    path("letters/<int:pk>/office-number/", letters.office_number, name="letter_office_number"),
    path("attachments/stage/", attachments.stage, name="attachment_stage"),
    path("attachments/<int:pk>/", attachments.download, name="attachment"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:pk>/", jobs.show, name="job"),
    path("jobs/<int:pk>/progress/", jobs.progress, name="job_progress"),
    path("audit/", audit.audit_log, name="audit_log"),
]
