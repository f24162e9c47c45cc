"""What a liaison learns: all of a body whose people are no secret, the family of one whose are."""

from types import SimpleNamespace

import pytest

from figures.conftest import world, year
from tafahom.figures.disclosure.family import NotOfferedError
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery, FigureTable
from tafahom.parties.models import Partner
from tafahom.scoping import Scope, scoped_to

__all__ = ["world", "year"]


@pytest.fixture
def office(year: SimpleNamespace) -> SimpleNamespace:
    """The year of the figures, whose prisons say what people were."""
    year.prisons.reveals_status = True
    year.prisons.save(update_fields=["reveals_status"])
    return year


def ask(partner: Partner, *by: str, where: tuple[tuple[str, str], ...] = ()) -> FigureTable:
    with scoped_to(Scope(partners=frozenset({partner.pk}))):
        return figures(FigureQuery(1397, 12, by=by, where=where))


def test_a_body_that_tells_nothing_is_seen_in_full(office: SimpleNamespace) -> None:
    for by in (("centre", "standard"), ("agreement", "month"), ("partner", "education")):
        table = ask(office.guild, *by)
        assert table.rows
        assert not any(row.is_hidden for row in table.rows)
    assert ask(office.guild).total.values["persons"] == 3


@pytest.mark.parametrize(
    "by", [("standard",), ("month",), ("centre",), ("education",), ("gender",)]
)
def test_a_body_that_tells_is_not_split_further(
    office: SimpleNamespace, by: tuple[str, ...]
) -> None:
    with pytest.raises(NotOfferedError):
        ask(office.prisons, *by)


def test_its_few_people_are_hidden_from_its_liaison_too(office: SimpleNamespace) -> None:
    for by in ((), ("county",), ("agreement",)):
        table = ask(office.prisons, *by)
        assert table.total.is_hidden
        assert table.total.values["persons"] is None
        assert all(row.is_hidden for row in table.rows)


def test_an_audience_is_told_to_no_liaison(office: SimpleNamespace) -> None:
    for partner in (office.guild, office.prisons):
        with pytest.raises(NotOfferedError):
            ask(partner, "audience")
        with pytest.raises(NotOfferedError):
            ask(partner, where=(("audience", "زندانی"),))


def test_a_prison_that_another_body_uses_tells_of_its_people(office: SimpleNamespace) -> None:
    centre = office.three.centre
    centre.reveals_status = True
    centre.save(update_fields=["reveals_status"])
    with pytest.raises(NotOfferedError):
        ask(office.guild, "standard")
