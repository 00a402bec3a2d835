"""The demo users of every role (design, «people»); all persons are invented."""

from dataclasses import dataclass
from datetime import datetime

from staff_portal.kernel.base.roles import Role, Side
from staff_portal.kernel.models import District, Unit, User
from staff_portal.kernel.operations import roles, users
from staff_portal.kernel.people.access import local_date

PASSWORD = "setad-1405"  # noqa: S105 - published in the README; a production start refuses these users


@dataclass(frozen=True)
class DemoUser:
    """One demo account: sign-in name, person, side, post and role with its scope."""

    username: str
    honorific: str
    first_name: str
    last_name: str
    side: str
    post: str
    role: str
    district: int | None = None
    unit: str = ""


DEMO_USERS = (
    DemoUser("admin", "آقای", "پیمان", "راستگو", Side.ADMINISTRATION, "راهبر سامانه", Role.ADMIN),
    DemoUser("hq.manager", "خانم", "زهرا", "کریمی", Side.HQ, "رئیس ستاد سمن‌ها", Role.HQ_MANAGER),
    DemoUser(
        "deputy.manager",
        "آقای",
        "سهراب",
        "نیک‌نام",
        Side.DEPUTY,
        "معاون امور اجتماعی و فرهنگی",
        Role.DEPUTY_MANAGER,
    ),
    DemoUser("hq.expert", "خانم", "مریم", "احمدی", Side.HQ, "کارشناس عضویت و ظرفیت‌سنجی", Role.HQ_EXPERT),
    DemoUser("hq.expert2", "آقای", "امید", "شریفی", Side.HQ, "کارشناس عضویت و ظرفیت‌سنجی", Role.HQ_EXPERT),
    DemoUser("hq.assessor1", "خانم", "نسرین", "فلاح", Side.HQ, "ارزیاب", Role.HQ_ASSESSOR),
    DemoUser("hq.assessor2", "آقای", "کاوه", "مقدم", Side.HQ, "ارزیاب", Role.HQ_ASSESSOR),
    DemoUser("hq.assessor3", "خانم", "شیدا", "رضوانی", Side.HQ, "ارزیاب", Role.HQ_ASSESSOR),
    DemoUser("hq.assessor4", "آقای", "بهنام", "سلطانی", Side.HQ, "ارزیاب", Role.HQ_ASSESSOR),
    DemoUser("hq.member1", "خانم", "فریبا", "توکلی", Side.HQ, "نماینده ستاد سمن‌ها در کمیته", Role.HQ_MEMBER),
    DemoUser("hq.member2", "آقای", "علیرضا", "صادقی", Side.HQ, "نماینده ستاد سمن‌ها در کمیته", Role.HQ_MEMBER),
    DemoUser(
        "deputy.member1",
        "آقای",
        "رامین",
        "گودرزی",
        Side.DEPUTY,
        "نماینده معاونت در کمیته",
        Role.DEPUTY_MEMBER,
    ),
    DemoUser(
        "deputy.member2",
        "خانم",
        "پروانه",
        "طاهری",
        Side.DEPUTY,
        "نماینده معاونت در کمیته",
        Role.DEPUTY_MEMBER,
    ),
    DemoUser("ngo.member", "خانم", "لیلا", "فرهمند", Side.NGO, "نماینده سمن‌ها در کمیته", Role.NGO_MEMBER),
    DemoUser("secretary", "آقای", "هومن", "یوسفی", Side.HQ, "دبیر کمیته مشترک", Role.SECRETARY),
    DemoUser("deputy.expert", "خانم", "ساناز", "مرادی", Side.DEPUTY, "کارشناس معاونت", Role.DEPUTY_EXPERT),
    DemoUser(
        "unit.sports",
        "آقای",
        "مهران",
        "کاظمی",
        Side.DEPUTY,
        "کارشناس سازمان ورزش",
        Role.UNIT_EXPERT,
        None,
        "سازمان ورزش",
    ),
    DemoUser(
        "unit.health",
        "خانم",
        "الهام",
        "نوری",
        Side.DEPUTY,
        "کارشناس اداره کل سلامت",
        Role.UNIT_EXPERT,
        None,
        "اداره کل سلامت",
    ),
    DemoUser(
        "region.6",
        "آقای",
        "فرزاد",
        "حیدری",
        Side.DEPUTY,
        "معاون اجتماعی و فرهنگی منطقه ۶",
        Role.REGION_OFFICER,
        6,
    ),
    DemoUser(
        "region.14",
        "خانم",
        "مهسا",
        "قربانی",
        Side.DEPUTY,
        "معاون اجتماعی و فرهنگی منطقه ۱۴",
        Role.REGION_OFFICER,
        14,
    ),
    DemoUser(
        "district.6", "خانم", "آزاده", "بهرامی", Side.HQ, "مسئول دبیرخانه منطقه ۶", Role.DISTRICT_HEAD, 6
    ),
    DemoUser(
        "district.14", "آقای", "داوود", "ملکی", Side.HQ, "مسئول دبیرخانه منطقه ۱۴", Role.DISTRICT_HEAD, 14
    ),
    DemoUser("ngo.user", "خانم", "نگار", "ستوده", Side.NGO, "مدیر روابط عمومی", Role.NGO_USER),
    DemoUser("ngo.user2", "آقای", "بهزاد", "رستگار", Side.NGO, "دبیر سمن", Role.NGO_USER),
    DemoUser("ngo.user3", "خانم", "سیما", "آذرمی", Side.NGO, "مدیر برنامه‌ها", Role.NGO_USER),
    DemoUser("ngo.user4", "آقای", "یاور", "نجفی‌نیا", Side.NGO, "عضو هیئت‌مدیره", Role.NGO_USER),
    DemoUser("auditor", "آقای", "جواد", "امینی", Side.OVERSIGHT, "ناظر شورای اسلامی شهر", Role.AUDITOR),
)


def create_people(*, at: datetime) -> dict[str, User]:
    """Create the demo users with their roles: granted by the administrator, confirmed by the side's manager."""
    people = {item.username: _create(item, at) for item in DEMO_USERS}
    admin = people["admin"]
    for item in DEMO_USERS:
        first = item.username in {"admin", "hq.manager", "deputy.manager"}
        assignment = roles.grant_role(
            people[item.username],
            item.role,
            scope_id=_scope(item),
            start_on=local_date(at),
            actor=None if first else admin,
            at=at,
        )
        manager = people["deputy.manager"] if item.side == Side.DEPUTY else people["hq.manager"]
        roles.confirm_role(assignment, actor=None if first else manager, at=at)
        people[item.username].__dict__.pop("_authorities", None)
        manager.__dict__.pop("_authorities", None)
        admin.__dict__.pop("_authorities", None)
    return people


def give_addresses(people: dict[str, User], *, at: datetime) -> None:
    """The administrator enters the e-mail addresses last, so that the demo's past is not mailed again."""
    for username, user in people.items():
        users.edit_user(user, actor=people["admin"], at=at, email=f"{username}@demo.example")


def _create(item: DemoUser, at: datetime) -> User:
    return users.create_user(
        actor=None,
        at=at,
        username=item.username,
        first_name=item.first_name,
        last_name=item.last_name,
        honorific=item.honorific,
        side=item.side,
        post=item.post,
        password=PASSWORD,
        is_demo=True,
        district=District.objects.get(pk=item.district) if item.district is not None else None,
        unit=Unit.objects.filter(title=item.unit).first() if item.unit else None,
    )


def _scope(item: DemoUser) -> int:
    if item.district is not None:
        return item.district
    return Unit.objects.get(title=item.unit).pk if item.unit else 0
