"""Who may not assess an NGO (N9)."""

from collections.abc import Sequence

from ngos.models import Ngo, NgoAccount, Officer
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.search import search_fold


def assessor_conflicts(users: Sequence[User], ngo: Ngo) -> dict[int, str]:
    """Those who may not assess this NGO, with the sentence that says why (N9). Two queries.

    An officer is recognised by national code, else by the same name when one of the codes is missing; a
    representative by the account.
    """
    representatives = set(
        NgoAccount.objects.filter(user__in=users, ngo=ngo).values_list("user_id", flat=True)
    )
    officers = list(Officer.objects.filter(ngo=ngo))
    found = {}
    for user in users:
        if user.pk in representatives:
            found[user.pk] = f"{user.full_name} نماینده این سمن است و نمی‌تواند آن را ارزیابی کند."
        elif any(_is_officer(user, officer) for officer in officers):
            found[user.pk] = f"{user.full_name} از مسئولان این سمن است و نمی‌تواند آن را ارزیابی کند."
    return found


def _is_officer(user: User, officer: Officer) -> bool:
    if officer.national_code and user.national_code:
        return officer.national_code == user.national_code
    return officer.name_folded == search_fold(user.full_name)
