"""What the committee's seats put into the frame: the rail, the word for the heads' work, the file of a term."""

from committee import rules
from committee.models import Term
from committee.workflow.terms import TASK, term_page, visible_terms
from staff_portal.kernel import panels, roots
from staff_portal.kernel.roles import Role

panels.add_nav(
    "کمیته مشترک", "کمیته و کرسی‌ها", "committee:home", rules.COMMITTEE_READERS, order=200, task_kind=TASK
)
panels.label_tasks(TASK, "کرسی‌های کمیته")
panels.add_action(
    "کمیته مشترک",
    "committee:home",
    [Role.DEPUTY_MANAGER, *rules.MEMBERS, Role.SECRETARY],
    icon="meeting",
    hint="می‌توانید کرسی‌ها و کارهای جاری کمیته را ببینید.",
    order=60,
)
roots.register(Term, visible=visible_terms, url=term_page)
