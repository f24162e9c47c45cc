"""A directorate with two partners and two years, small enough to count on one's fingers."""

from types import SimpleNamespace

import pytest

from figures.world import World


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def year(world: World) -> SimpleNamespace:
    """Three agreements, four persons; in 1397 five courses ended, in 1396 one.

    | course | agreement   | month   | who (minutes)         |
    | one    | prison N    | 1397-02 | ali 600, sara 630     |
    | two    | prison P    | 1397-05 | ali 1200              |
    | three  | guild P     | 1397-05 | sara 300, mina 90     |
    | four   | guild P     | 1397-11 | reza 6000             |
    | before | prison N    | 1396-02 | reza 600              |
    """
    prisons = world.partner("سازمان زندان‌ها")
    guild = world.partner("اتاق اصناف ایران", kind="صنفی")
    national = world.agreement(
        "1/97", prisons, "national", persons_1397=10, person_hours_1397=100, persons_1396=4
    )
    child = world.agreement("2/97", prisons, parent=national, persons_1397=6)
    trade = world.agreement("3/97", guild, person_hours_1397=50)
    ali, reza = world.person("male"), world.person("male")
    sara, mina = world.person("female"), world.person("")
    services = world.standard("کاربر رایانه", "خدمات", hours=40)
    one = world.course(national, (1397, 2, 31), starts=(1397, 1, 15), hours=12)
    two = world.course(child, (1397, 5, 31), standard=services, hours=20)
    three = world.course(trade, (1397, 5, 1), standard=services, hours=5)
    four = world.course(trade, (1397, 11, 1), hours=100)
    before = world.course(national, (1396, 2, 1), hours=10)
    enrol = world.enrol
    good = {"marks": (7000, 8000), "passed": True, "certificate": "G-1"}
    people = {
        "one_ali": enrol(ali, one, minutes=600, audience="زندانی", age=19, **good),
        "one_sara": enrol(sara, one, minutes=630, audience="زندانی", marks=(4000, None)),
        "two_ali": enrol(ali, two, minutes=1200, audience="زندانی", age=20, education="دیپلم"),
        "three_sara": enrol(sara, three, minutes=300, audience="صنف"),
        "three_mina": enrol(mina, three, minutes=90, education="ديپلم "),
        "four_reza": enrol(reza, four, minutes=6000, audience="صنف"),
        "before_reza": enrol(reza, before, minutes=600),
    }
    return SimpleNamespace(
        world=world, prisons=prisons, guild=guild, national=national, child=child, trade=trade,
        ali=ali, sara=sara, one=one, two=two, three=three, enrolments=people,
    )  # fmt: skip
