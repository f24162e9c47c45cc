"""People whose every field would sing if it were seen, brought in the way that people are."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from roster_files import line, roster
from rosters import national_id, prepare
from tafahom.access.rules import Role
from tafahom.parties.models import Audience
from tafahom.people.models import Person
from tafahom.persian import normal_key, sort_key, to_persian_digits
from tafahom.training.models import Enrolment

NUMBER, REFUSED_NUMBER = national_id(77123456), "9988776655"
FIDA = "220916842407"
AUDIENCE = "گروه‌قناری"
# What identifies somebody more than a name does: on no page that is only looked at.
HIDDEN = {
    "national_id": NUMBER,
    "fida_code": FIDA,
    "father_name": "پدرقناری",
    "mobile": "09351237766",
    "birth_date": "1371/02/13",
    "birth_date_iso": "1992-05-03",
    "refused_number": REFUSED_NUMBER,
    "refused_father": "پدرمردودقناری",
}
NAMES = {
    "first_name": "نام‌قناری",
    "last_name": "فامیل‌قناری",
    "refused_name": "مردودقناری",
}


def spellings(value: str) -> set[str]:
    """Return a canary as it may be written: in any digits, with and without joiners."""
    found = {value, value.replace("\u200c", ""), value.replace("\u200c", " ")}
    return found | {to_persian_digits(one) for one in found}


def sings(text: str, canaries: dict[str, str]) -> list[str]:
    """Return the names of the canaries that are in a text."""
    return [
        name for name, value in canaries.items() if any(one in text for one in spellings(value))
    ]


def canary_rows() -> list[dict[str, str]]:
    """Return rows with canaries: two good ones and one that is sent back."""
    about = {
        "نام": NAMES["first_name"],
        "نام خانوادگی": NAMES["last_name"],
        "نام پدر": HIDDEN["father_name"],
        "تاریخ تولد": HIDDEN["birth_date"],
        "تلفن همراه": HIDDEN["mobile"],
        "گروه مخاطب": AUDIENCE,
        "تحصیلات": "دیپلم",
    }
    return [
        line(1, **about, **{"کد ملی": NUMBER, "کد فراگیر اتباع": ""}),
        line(2, **about, **{"کد ملی": "", "کد فراگیر اتباع": FIDA}),
        line(
            3,
            **about | {"نام خانوادگی": NAMES["refused_name"], "نام پدر": HIDDEN["refused_father"]},
            **{"کد ملی": REFUSED_NUMBER, "کد فراگیر اتباع": ""},
        ),
        *(line(number, **{"گروه مخاطب": "صنف"}) for number in range(4, 12)),
    ]


@pytest.fixture
def nest(sign_in) -> SimpleNamespace:
    """An office into which a roster full of canaries was sent through the pages, and recorded."""
    prepare()
    Audience.objects.create(
        code="canary", name=AUDIENCE, key=normal_key(AUDIENCE), sort_key=sort_key(AUDIENCE),
        is_sensitive=True,
    )  # fmt: skip
    officer: Client = sign_in(Role.AGREEMENTS_OFFICER)
    sent = SimpleUploadedFile("فهرست.csv", roster(*canary_rows()))
    detail = officer.post(reverse("web:imports"), {"files": sent}).headers["Location"]
    officer.post(f"{detail}commit/")
    people = Person.objects.filter(enrolments__audience__code="canary")
    assert people.count() == 2, officer.get(detail).content.decode()
    course = Enrolment.objects.filter(audience__code="canary").first().course
    return SimpleNamespace(officer=officer, people=list(people), course=course, detail=detail)
