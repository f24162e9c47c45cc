"""``report --role`` answers as somebody in that role is answered; the release is for everybody."""

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from figures.world import record
from tafahom.access.rules import Act, Role, may
from tafahom.agreements.models import AgreementParty
from tafahom.parties.models import Centre, Province
from tafahom.reports.management.commands import report as command
from tafahom.reports.press import press_release
from tafahom.reports.press import release as release_module
from tafahom.scoping import NOTHING, Scope, current_scope, everything, guarded, scoped_to

PERIOD = ("--year", "1397", "--through", "12", "--format", "json")
ANYWHERE = [role for role in Role if may(role, Act.SEE_FIGURES) and role != Role.PARTNER_LIAISON]


def report(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("report", *PERIOD, *arguments, stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Scope]:
    """The scopes in which the command and the release ask the figures."""
    scopes: list[Scope] = []
    for module in (command, release_module):
        ask = module.figures

        def spy(query: Any, ask: Any = ask) -> Any:
            scopes.append(current_scope())
            return ask(query)

        monkeypatch.setattr(module, "figures", spy)
    return scopes


@pytest.mark.parametrize("role", ANYWHERE)
def test_a_role_is_answered_of_the_installation(
    year: SimpleNamespace, asked: list[Scope], role: Role
) -> None:
    exact = report()
    answer = report("--role", role)
    assert answer["total"] == exact["total"]
    sees = may(role, Act.SEE_SENSITIVE_FIGURES)
    assert asked == [
        Scope(is_everything=True, sees_statuses=True),
        Scope(is_everything=True, sees_statuses=sees),
    ]


def test_a_role_of_a_province_is_answered_of_that(
    year: SimpleNamespace, asked: list[Scope]
) -> None:
    there = record(Province, "استان دور", code="far")
    far = record(Centre, "مرکز دور", province=there)
    course = year.world.course(year.trade, (1397, 6, 1), centre=far, hours=10)
    year.world.enrol(year.world.person(), course, minutes=600)
    answer = report("--role", "director", "--province", "استان  دور")
    assert answer["total"]["persons"] == 1
    assert report()["total"]["persons"] == 5
    assert asked[0] == Scope(provinces=frozenset({there.pk}), sees_statuses=True)


def test_a_liaison_is_answered_of_their_partner_and_what_it_signs(
    year: SimpleNamespace, asked: list[Scope]
) -> None:
    AgreementParty.objects.create(agreement=year.trade, partner=year.prisons, ordinal=1)
    answer = report("--role", "partner_liaison", "--partner", "سازمان زندان‌ها")
    assert answer["total"]["persons"] == 4
    assert asked == [
        Scope(
            partners=frozenset({year.prisons.pk}),
            agreements=frozenset({year.trade.uid}),
        )
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--role", "centre_clerk"), "centre_clerk"),
        (("--role", "administrator"), "administrator"),
        (("--role", "partner_liaison"), "partner_liaison"),
        (("--role", "partner_liaison", "--province", "استان آزمون"), "partner_liaison"),
        (("--role", "planner", "--partner", "اتاق اصناف ایران"), "planner"),
        (("--role", "director", "--province", "ناکجا"), "ناکجا"),
        (("--role", "king"), "king"),
        (("--province", "استان آزمون"), "--role"),
    ],
)
def test_what_no_role_is_given_for_is_refused(
    year: SimpleNamespace, arguments: tuple[str, ...], says: str
) -> None:
    with pytest.raises(CommandError) as caught:
        report(*arguments)
    assert says in str(caught.value)
    assert caught.value.returncode == 2 or "invalid choice" in str(caught.value)


def test_the_release_is_guarded_whoever_writes_it(
    busy: SimpleNamespace, asked: list[Scope]
) -> None:
    with everything("a test"):
        press_release(1397, 2)
        assert current_scope().sees_statuses
    assert asked
    assert {scope.sees_statuses for scope in asked} == {False}


def test_guarding_hides_no_row() -> None:
    for scope in (NOTHING, Scope(provinces=frozenset({1}), sees_statuses=True)):
        with scoped_to(scope), guarded() as seen:
            assert seen.as_text == scope.as_text
            assert current_scope() is seen
            assert not seen.sees_statuses
