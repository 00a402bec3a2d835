"""What the committee's seats put into the frame: the rail, the word for the heads' work, the file of a term."""

from committee import rules
from committee.models import Term
from committee.operations import appointment_letters
from committee.workflow.terms import TASK, term_page, visible_terms
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.letters import letter_rules
from staff_portal.kernel.trail import file_kinds

contributions.add_nav(
    "کمیته مشترک",
    "کمیته و کرسی‌ها",
    "committee:home",
    rules.COMMITTEE_READERS,
    order=200,
    task_kind=TASK,
    when=rules.reads_committee,
)
contributions.label_tasks(TASK, "کرسی‌های کمیته")
contributions.add_action(
    "کمیته مشترک",
    "committee:home",
    [Role.DEPUTY_MANAGER, *rules.MEMBERS, Role.SECRETARY],
    icon="meeting",
    hint="می‌توانید کرسی‌ها و کارهای جاری کمیته را ببینید.",
    when=rules.reads_committee,
    order=60,
)
letter_rules.OWN.append(appointment_letters.own_papers)
file_kinds.register(Term, visible=visible_terms, url=term_page)
