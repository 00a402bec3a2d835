"""Sides, roles and scopes of the people who use the portal (page «people» of the design)."""

from django.db import models


class Side(models.TextChoices):
    HQ = "hq", "ستاد سمن‌ها"
    DEPUTY = "deputy", "معاونت امور اجتماعی و فرهنگی"
    NGO = "ngo", "سمن‌ها"
    OVERSIGHT = "oversight", "شورای اسلامی شهر"
    ADMINISTRATION = "admin", "راهبری سامانه"


class Role(models.TextChoices):
    HQ_EXPERT = "hq_expert", "کارشناس ستاد سمن‌ها"
    HQ_MANAGER = "hq_manager", "رئیس ستاد سمن‌ها"
    HQ_ASSESSOR = "hq_assessor", "ارزیاب"
    HQ_MEMBER = "hq_member", "نماینده ستاد سمن‌ها در کمیته"
    DEPUTY_MEMBER = "deputy_member", "نماینده معاونت در کمیته"
    NGO_MEMBER = "ngo_member", "نماینده سمن‌ها در کمیته"
    SECRETARY = "secretary", "دبیر کمیته"
    DEPUTY_MANAGER = "deputy_manager", "معاون امور اجتماعی و فرهنگی"
    DEPUTY_EXPERT = "deputy_expert", "کارشناس معاونت"
    UNIT_EXPERT = "unit_expert", "کارشناس واحد معاونت"
    REGION_OFFICER = "region_officer", "معاونت اجتماعی و فرهنگی منطقه"
    DISTRICT_HEAD = "district_head", "مسئول دبیرخانه منطقه"
    NGO_USER = "ngo_user", "نماینده سمن"
    AUDITOR = "auditor", "ناظر شورای اسلامی شهر"
    ADMIN = "admin", "راهبر سامانه"


class ScopeKind(models.TextChoices):
    DISTRICT = "district", "منطقه"
    UNIT = "unit", "واحد"


VOTING_ROLES = (Role.HQ_MEMBER, Role.DEPUTY_MEMBER, Role.NGO_MEMBER)
"""The committee's members: who votes on its motions."""

ROLE_SIDE: dict[str, Side] = {
    Role.HQ_EXPERT: Side.HQ,
    Role.HQ_MANAGER: Side.HQ,
    Role.HQ_ASSESSOR: Side.HQ,
    Role.HQ_MEMBER: Side.HQ,
    Role.DEPUTY_MEMBER: Side.DEPUTY,
    Role.NGO_MEMBER: Side.NGO,
    Role.SECRETARY: Side.HQ,
    Role.DEPUTY_MANAGER: Side.DEPUTY,
    Role.DEPUTY_EXPERT: Side.DEPUTY,
    Role.UNIT_EXPERT: Side.DEPUTY,
    Role.REGION_OFFICER: Side.DEPUTY,
    Role.DISTRICT_HEAD: Side.HQ,
    Role.NGO_USER: Side.NGO,
    Role.AUDITOR: Side.OVERSIGHT,
    Role.ADMIN: Side.ADMINISTRATION,
}

# The manager who confirms a role that the administrator granted (K6); the other sides have no manager
# in the system, so HQ's manager confirms those for NGOs, oversight and administration.
CONFIRMING_ROLE: dict[str, Role] = {
    role: Role.DEPUTY_MANAGER if side == Side.DEPUTY else Role.HQ_MANAGER for role, side in ROLE_SIDE.items()
}

ROLE_SCOPE: dict[str, ScopeKind] = {
    Role.UNIT_EXPERT: ScopeKind.UNIT,
    Role.REGION_OFFICER: ScopeKind.DISTRICT,
    Role.DISTRICT_HEAD: ScopeKind.DISTRICT,
}

DELEGABLE_ROLES = (Role.HQ_MANAGER, Role.DEPUTY_MANAGER)
