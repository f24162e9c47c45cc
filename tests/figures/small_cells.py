"""A directorate of which some figures tell of a handful of people."""

from types import SimpleNamespace

from figures.world import World, record
from tafahom.parties.models import CentreType, County, Partner
from tafahom.persian import normal_key, sort_key

# Of these one learns why somebody was trained; the number of people decides what is shown.
PRISONS, WELFARE = "سازمان زندان‌ها", "بهزیستی"
OTHERS = ("اتاق اصناف ایران", "شهرک‌های صنعتی")
PROMISED = 1000


def small_cells(world: World, *, people: int, in_1396: int = 12) -> SimpleNamespace:
    """Make a year in which so many prisoners were trained, and other people with other partners.

    Each partner promised 1,000 person-hours of 1397, all of whose courses ended in month 2. In 1396
    each trained ``in_1396`` people: enough to be shown.
    """
    world.centre_type = record(CentreType, "کارگاه آزمون", code="test-workshop")
    far = County.objects.create(
        province=world.province,
        name="ساوجبلاغ",
        key=normal_key("ساوجبلاغ"),
        sort_key=sort_key("ساوجبلاغ"),
    )
    centres = {
        "نظرآباد": world.centre("مرکز یک"),
        "ساوجبلاغ": world.centre("مرکز دو", county=far),
    }
    partners: dict[str, Partner] = {}
    agreements = {}
    counts = {PRISONS: people, WELFARE: 24, **dict.fromkeys(OTHERS, 20)}
    for number, (name, count) in enumerate(counts.items(), 1):
        partners[name] = world.partner(name)
        if name in (PRISONS, WELFARE):
            partners[name].reveals_status = True
            partners[name].save()
        agreements[name] = world.agreement(
            f"{number}/97", partners[name], person_hours_1397=PROMISED, persons_1397=100
        )
        for place, centre in enumerate(centres.values()):
            here = count // 2 if place else count - count // 2
            _train(world, agreements[name], (1397, 2, 20), here, centre=centre)
        _train(world, agreements[name], (1396, 2, 20), in_1396, centre=centres["نظرآباد"])
    return SimpleNamespace(world=world, partners=partners, agreements=agreements, centres=centres)


def _train(world, agreement, ends, count, *, centre):
    if count:
        course = world.course(agreement, ends, centre=centre, hours=10)
        people = world.people(("male", "female")[number % 2] for number in range(count))
        world.enrol_many(people, course, minutes=600)
