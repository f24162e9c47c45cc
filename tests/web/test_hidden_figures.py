"""Pages show what may not be learned as confidential and say why; never as zero, a dash or a fault."""

import html
import json
import re
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from attacks.walking import addresses
from figures.small_cells import OTHERS, PRISONS, small_cells
from figures.world import World
from pages import compact
from periods.conftest import shut
from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.agreements.models import AgreementParty, CommittedMeasure
from tafahom.agreements.parts.rules import Place
from web.test_slices import divide

pytestmark = pytest.mark.once

WORD = '<span class="hidden-figure">محرمانه</span>'
REASON = "محرمانه: کمتر از حد نمایش"
GUARDED = (Role.PLANNER, Role.HEADQUARTERS, Role.PUBLIC_RELATIONS)
REPORT, FILE = "web:report", "web:report_file"
YEAR = {"year": "1397", "from": "1", "through": "12"}
# Pages and files on which figures stand, or that lead to them.
WALKED = (
    "home", "report", "report_file", "attention", "partners", "partner_detail", "agreements",
    "agreements_file", "counties", "partners_league", "partners_league_file", "agreement_detail",
    "commitments_file", "saved_views", "reminders", "courses", "course_detail", "periods", "period",
)  # fmt: skip
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _here(settings: Settings) -> None:
    settings.PROVINCE_CODE = "test"


@pytest.fixture
def few(world: World) -> SimpleNamespace:
    """Nine prisoners were trained: too few to be shown."""
    return small_cells(world, people=9)


def pages(made: SimpleNamespace) -> dict[str, str]:
    """Addresses of pages on which the figures of the prisons stand, by a name for each."""
    prisons, agreement = made.partners[PRISONS], made.agreements[PRISONS]
    return {
        "home": reverse("web:home"),
        "report": f"{reverse(REPORT)}?year=1397&from=1&through=12&by=partner&compare=on",
        "league": reverse("web:partners_league"),
        "partner": reverse("web:partner_detail", args=[prisons.uid]),
        "list": reverse("web:agreements"),
        "agreement": reverse("web:agreement_detail", args=[agreement.uid]),
    }


def of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.text


def row(page: str, name: str) -> list[str]:
    """The cells of a table's row, as text."""
    found = next(one for one in re.findall(r"<tr>.*?</tr>", page, re.S) if name in one)
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", found, re.S)
    return [re.sub(r"<[^>]*>", "", cell).strip() for cell in cells]


def seen_by_role(role: Role, made: SimpleNamespace) -> dict[str, str]:
    without = ("partner", "list", "agreement") if role == Role.PUBLIC_RELATIONS else ()
    return {name: address for name, address in pages(made).items() if name not in without}


@pytest.mark.parametrize("role", GUARDED)
def test_nine_people_are_confidential_on_every_page(few, sign_in: SignIn, role: Role) -> None:
    client = sign_in(role)
    for name, address in seen_by_role(role, few).items():
        page = of(client, address)
        assert WORD in page, name
        assert page.count(REASON) == 1, name


@pytest.mark.parametrize(
    ("people", "role"), [(10, Role.PLANNER), (10, Role.PUBLIC_RELATIONS), (9, Role.DIRECTOR)]
)
def test_ten_people_are_shown_and_nine_to_who_may_see_them(
    world: World, sign_in: SignIn, people: int, role: Role
) -> None:
    made = small_cells(world, people=people)
    client = sign_in(role)
    for name, address in seen_by_role(role, made).items():
        page = of(client, address)
        assert WORD not in page, name
        assert REASON not in page, name
    page = of(client, f"{reverse(REPORT)}?year=1397&from=1&through=12&by=partner&m=persons")
    assert row(page, PRISONS) == [PRISONS, {9: "۹", 10: "۱۰"}[people]]


def test_rows_say_confidential_where_the_figure_would_stand(few, sign_in: SignIn) -> None:
    client, asked = sign_in(Role.PLANNER), pages(few)
    assert row(of(client, asked["partner"]), "۱۳۹۷") == ["۱۳۹۷", "محرمانه", "۱۰۰", *["محرمانه"] * 3]
    assert row(of(client, asked["partner"]), "۱۳۹۶")[1] == "۱۲"
    told = row(of(client, asked["agreement"]), "۱۳۹۷")
    assert told == ["۱۳۹۷", "۱۰۰", *["محرمانه"] * 3, "۱٬۰۰۰", *["محرمانه"] * 2]
    league = row(of(client, asked["league"]), PRISONS)
    assert (league[0], league[3], league[4]) == ("محرمانه", "محرمانه", "۱٬۰۰۰")
    assert set(league[5:]) == {"محرمانه"}
    assert row(of(client, asked["list"]), "۱/۹۷")[-1] == "محرمانه"


def test_readers_of_english_are_told_too(few, sign_in: SignIn) -> None:
    page = of(sign_in(Role.PLANNER, "en"), pages(few)["report"])
    assert '<span class="hidden-figure">confidential</span>' in page
    assert "Confidential: below the publishing limit" in page


def test_home_lists_hidden_partners_after_the_others(few, sign_in: SignIn) -> None:
    page = compact(of(sign_in(Role.PUBLIC_RELATIONS), reverse("web:home")))
    bars = re.findall(r'<li class="bar-row"><a[^>]*>([^<]*)</a>(.*?)</li>', page, re.S)
    by_partner = dict(bars[:4])
    assert PRISONS in by_partner
    assert "bar-hidden" in by_partner[PRISONS]
    assert "<meter" not in by_partner[PRISONS]
    assert "<meter" in next(iter(by_partner.values()))
    assert "bar-hidden" not in list(by_partner.values())[1]


def test_links_lead_to_what_is_offered(few, sign_in: SignIn) -> None:
    client = sign_in(Role.PLANNER)
    followed = 0
    for address in [*pages(few).values(), reverse("web:counties")]:
        for link in set(re.findall(r'href="(/reports/\?[^"]+)"', of(client, address))):
            page = client.get(html.unescape(link))
            assert not page.context["form"].errors, link
            followed += 1
    assert followed > 10


def test_a_question_that_is_not_offered_is_answered_at_the_form(few, sign_in: SignIn) -> None:
    client = sign_in(Role.PLANNER)
    asked = YEAR | {"from": "2", "by": ["partner", "month"], "gender": "female", "m": "persons"}
    response = client.get(reverse(REPORT), asked)
    assert response.status_code == 200
    assert "table" not in response.context
    assert "می‌تواند نشان دهد که هر فرد چرا آموزش دیده است" in response.text
    assert response.context["by"] == ["partner", "month"]
    kept = re.findall(r'<option value="([^"]*)" selected>', compact(response.text))
    assert {"1397", "2", "partner", "month", "female"} <= set(kept)
    offers = response.context["offers"]
    assert len(offers) > 1
    for offer in offers:
        other = client.get(f"{reverse(REPORT)}?{offer.address}")
        assert other.context["table"], offer.label


def test_a_file_that_is_not_offered_leads_to_the_form(few, sign_in: SignIn) -> None:
    client = sign_in(Role.PUBLIC_RELATIONS)
    asked = YEAR | {"by": ["partner", "month"]}
    response = client.get(reverse(FILE, args=["xlsx"]), asked)
    assert response.status_code == 302
    assert response.url.startswith(reverse(REPORT))
    assert client.get(response.url).context["by"] == ["partner", "month"]
    page = client.get(reverse(FILE, args=["csv"]), YEAR | {"by": "partner"})
    assert "محرمانه (کمتر از حد نمایش)" in page.content.decode()


def test_only_who_is_guarded_is_told_what_is_offered(few, sign_in: SignIn) -> None:
    told = "هر بار یکی از آن‌ها و از ماه اول سال"
    assert told in of(sign_in(Role.PLANNER), reverse(REPORT))
    assert told not in of(sign_in(Role.AGREEMENTS_OFFICER), reverse(REPORT))


def test_a_liaison_of_what_tells_of_nobody_is_not_told_of_limits(few) -> None:
    few.partners[PRISONS].reveals_status = False
    few.partners[PRISONS].save()
    client = liaison(few)
    asked = YEAR | {"by": ["partner", "month"], "m": "persons"}
    page = client.get(reverse(REPORT), asked)
    assert row(page.text, PRISONS)[2] == "۹"
    assert "هر بار یکی از آن‌ها و از ماه اول سال" not in page.text
    assert "by=month" in of(client, pages(few)["partner"])


def test_charts_mark_hidden_bars_and_put_them_last(few, sign_in: SignIn) -> None:
    page = of(sign_in(Role.PLANNER), pages(few)["report"] + "&m=persons")
    data = json.loads(re.search(r'id="chart-data"[^>]*>(.*?)</script>', page, re.S)[1])
    [series] = data["series"]
    assert data["hidden_word"] == "محرمانه"
    assert series["hidden"] == [2, 3]
    assert series["values"][2:] == [None, None]
    assert all(series["values"][:2])
    assert PRISONS in data["labels"][2:]


def test_the_list_keeps_confidential_agreements_apart(few, sign_in: SignIn) -> None:
    client = sign_in(Role.PLANNER)

    def listed(band: str) -> set[str]:
        page = client.get(reverse("web:agreements"), {"realised": band})
        return {agreement.partner.name for agreement, _standing in page.context["rows"]}

    assert PRISONS in listed("hidden")
    assert PRISONS not in listed("none") | listed("0-25")
    last = client.get(reverse("web:agreements"), {"sort": "-realised"}).context["rows"][-2:]
    assert PRISONS in {agreement.partner.name for agreement, _standing in last}
    officer = of(sign_in(Role.AGREEMENTS_OFFICER), reverse("web:agreements"))
    assert 'value="hidden"' not in officer


def test_the_league_of_a_kind_is_of_the_same_figures(few, sign_in: SignIn) -> None:
    few.partners[OTHERS[0]].kind = few.world.kinds["صنفی"]
    few.partners[OTHERS[0]].save()
    page = sign_in(Role.PLANNER).get(reverse("web:partners_league"), {"kind": "test-guild"})
    assert [one.name for one in page.context["league"].rivals] == [OTHERS[0]]
    assert (
        sign_in(Role.PLANNER).get(reverse("web:partners_league"), {"kind": "nothing"}).status_code
        == 404
    )


def test_the_pace_of_an_agreement_says_that_it_is_confidential(few, sign_in: SignIn) -> None:
    told = "پیشرفت سال محرمانه است"
    address = pages(few)["agreement"]
    assert told in of(sign_in(Role.PLANNER), address)
    officer = of(sign_in(Role.AGREEMENTS_OFFICER), address)
    assert told not in officer
    assert "burn-chart" in officer


def test_parts_of_a_promise_are_confidential(few, sign_in: SignIn) -> None:
    national = few.agreements[PRISONS]
    prisoners = few.world.audiences["زندانی"].pk
    divide(
        national, ("audience",), {Place(audience=prisoners): 50}, measure=CommittedMeasure.PERSONS
    )
    page = of(sign_in(Role.PLANNER), pages(few)["agreement"])
    assert row(page, ">۵۰<")[1:] == ["۵۰", "محرمانه", "محرمانه"]
    assert row(of(sign_in(Role.DIRECTOR), pages(few)["agreement"]), ">۵۰<")[2:] == ["۰", "۰٫۰"]


def test_provincial_agreements_are_confidential(few, sign_in: SignIn) -> None:
    child = few.agreements[PRISONS]
    national = few.world.agreement("9/97", few.partners[PRISONS], "national")
    type(child).objects.filter(pk=child.pk).update(parent=national)
    address = reverse("web:agreement_detail", args=[national.uid])
    page = of(sign_in(Role.PLANNER), address)
    assert row(page, "۱/۹۷")[1:] == [
        "—",
        "۱۰۰",
        "محرمانه",
        "محرمانه",
        "—",
        "۱٬۰۰۰",
        "محرمانه",
        "محرمانه",
    ]
    assert row(page, "جمع استان‌ها")[7:] == ["محرمانه", "محرمانه"]


def liaison(made: SimpleNamespace) -> Client:
    """The browser of the liaison of the prisons."""
    user = User.objects.create_user("liaison")
    Membership.objects.create(user=user, role=Role.PARTNER_LIAISON, partner=made.partners[PRISONS])
    client = Client(headers={"accept-language": "fa"})
    client.force_login(user)
    return client


def test_a_liaison_sees_the_own_pages_with_reasons(few) -> None:
    client, asked = liaison(few), pages(few)
    for name in ("home", "report", "league", "partner", "list", "agreement"):
        assert "محرمانه" in of(client, asked[name]), name
    listed = client.get(asked["list"]).context["rows"]
    assert [agreement.partner.name for agreement, _standing in listed] == [PRISONS]
    home = of(client, asked["home"])
    assert home.count("آمار بخش‌های کوچک این تفاهم‌نامه‌ها") == 3  # months, clusters, centre types


def test_a_liaison_of_what_another_signed_is_told_why_there_is_no_league(few) -> None:
    AgreementParty.objects.create(
        agreement=few.agreements[OTHERS[0]], partner=few.partners[PRISONS], ordinal=1
    )
    client = liaison(few)
    for address in (reverse("web:partners_league"), reverse("web:counties")):
        refused = client.get(address)
        assert refused.status_code == 403
        assert "می‌تواند نشان دهد که هر فرد چرا آموزش دیده است" in refused.text
    for name in ("home", "partner", "list", "agreement"):
        of(client, pages(few)[name])


def test_counties_are_hidden_where_they_are_of_one_partner(few) -> None:
    page = liaison(few).get(reverse("web:counties"))
    assert {tile.is_hidden for tile in page.context["map"].tiles} == {True}
    assert page.text.count("tile-hidden") == 2
    assert REASON in page.text


def test_the_release_tells_the_officer_what_it_leaves_out(few, sign_in: SignIn) -> None:
    page = of(sign_in(Role.PUBLIC_RELATIONS), reverse("web:press"))
    assert "آمارشان در این ماه‌ها محرمانه است" in page


DIMENSIONS = ("partner", "agreement", "level", "centre", "county", "gender", "month", "cluster")


@pytest.mark.parametrize("role", [Role.PLANNER, Role.PARTNER_LIAISON])
@pytest.mark.parametrize("year", ["1396", "1397"])
def test_every_split_is_answered_or_refused_in_words(
    few, sign_in: SignIn, role: Role, year: str
) -> None:
    for month in range(139601, 139613):
        shut(few.world.province, month)
    client = liaison(few) if role == Role.PARTNER_LIAISON else sign_in(role)
    refused = set()
    for by in combinations(DIMENSIONS, 2):
        page = client.get(reverse(REPORT), YEAR | {"year": year, "by": by})
        assert page.status_code == 200, by
        errors = page.context["form"].errors
        assert bool(errors) != ("table" in page.context), by
        if errors:
            refused.add(by)
    assert ("partner", "month") in refused
    assert (("partner", "gender") in refused) == (year == "1397")
    assert ("partner", "county") not in refused


@pytest.mark.parametrize("role", [Role.PLANNER, Role.HEADQUARTERS, Role.PARTNER_LIAISON])
def test_no_page_fails(few, sign_in: SignIn, role: Role) -> None:
    client = liaison(few) if role == Role.PARTNER_LIAISON else sign_in(role)
    statuses = Counter(client.get(address).status_code for _name, address in addresses(*WALKED))
    assert statuses.keys() <= {200, 302, 403, 404}
    assert statuses[200] > 30
