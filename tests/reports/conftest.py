"""Reports are tested on the small directorate of the figures."""

from types import SimpleNamespace

import pytest

from figures.conftest import world, year
from figures.world import World
from tafahom.parties.actions import load_reference_data

__all__ = ["world", "year"]

PRISONS, INDUSTRY, GUILD = "سازمان زندان‌ها", "شهرک‌های صنعتی", "اتاق اصناف ایران"


@pytest.fixture
def busy(world: World) -> SimpleNamespace:
    """In two months of 1397: 12 prisoners, 9 industry workers, 100 guild members; 100 in 1396."""
    load_reference_data()
    prisons, industry, guild = (world.partner(name) for name in (PRISONS, INDUSTRY, GUILD))
    agreements = {
        PRISONS: world.agreement("1/97", prisons, person_hours_1397=1000),
        INDUSTRY: world.agreement("2/97", industry),
        GUILD: world.agreement("3/97", guild, person_hours_1397=1000),
    }
    for name, count, audience, month in (
        (PRISONS, 12, "زندانی", 1), (INDUSTRY, 9, "صنف", 2), (GUILD, 100, "صنف", 2),
    ):  # fmt: skip
        course = world.course(agreements[name], (1397, month, 20), hours=10)
        people = world.people(("male", "female")[number % 2] for number in range(count))
        good = {"written_mark": 8000, "practical_mark": 9000, "passed": True, "certificate": name}
        world.enrol_many(people, course, minutes=600, audience=audience, **good)
    before = world.course(agreements[GUILD], (1396, 2, 20), hours=10)
    world.enrol_many(world.people([""] * 100), before, minutes=480)
    return SimpleNamespace(world=world, agreements=agreements)
