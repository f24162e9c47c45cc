"""Rows of rosters for tests, made without a file."""

import datetime as dt
from typing import Any

from tafahom.agreements.models import Agreement, Level
from tafahom.parties.actions import load_reference_data, save_partner
from tafahom.parties.queries import home_province
from tafahom.persian import number_key
from tafahom.training.actions import load_reference_data as load_training
from tafahom.training.courses.rules import CourseFacts
from tafahom.training.rosters.rules import RosterEntry


def prepare(number: str = "553/96/2508") -> Agreement:
    """Reference data, one partner of guild members and its agreement for 1397."""
    load_reference_data()
    load_training()
    return agreement(number)


def agreement(number: str, *, partner: str = "اتاق اصناف ایران") -> Agreement:
    """An agreement from 2018-03-21 through 2019-03-20."""
    partner_record, _ = save_partner(name=partner, kind="غیردولتی", main_audience="صنف", by=None)
    return Agreement.objects.create(
        number=number,
        key=number_key(number),
        partner=partner_record,
        level=Level.PROVINCIAL,
        province=home_province(),
        starts_on=dt.date(2018, 3, 21),
        ends_on=dt.date(2019, 3, 20),
    )


def national_id(serial: int) -> str:
    """A valid national ID for each serial."""
    body = f"{serial:09d}"
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(body)) % 11
    return body + str(rest if rest < 2 else 11 - rest)


def course(code: str = "1397-1", **changes: Any) -> CourseFacts:
    """A course of 100 hours in Karaj, in Khordad 1397."""
    facts: dict[str, Any] = {
        "code": code,
        "title": "جوشکار آرگون",
        "standard_code": "721220230030011",
        "cluster": "صنعت",
        "group": "جوشکاری",
        "theory_minutes": 2400,
        "practice_minutes": 3600,
        "planned_minutes": 6000,
        "starts_on": dt.date(2018, 5, 25),
        "ends_on": dt.date(2018, 6, 10),
        "centre": "مرکز شماره 1 کرج",
        "centre_type": "ثابت شهری",
        "county": "کرج",
        "instructor": "",
        "partner": "اتاق اصناف ایران",
        "agreement_number": "553/96/2508",
    }
    return CourseFacts(**(facts | changes))


def entry(row: int, facts: CourseFacts, **changes: Any) -> RosterEntry:
    """The person with serial 1000 + row, who passed."""
    values: dict[str, Any] = {
        "sheet": "Sheet1",
        "row": row,
        "course": facts,
        "national_id": national_id(1000 + row),
        "fida_code": "",
        "first_name": "مریم",
        "last_name": f"اکبری {row}",
        "father_name": "یدالله",
        "gender": "female",
        "birth_date": dt.date(1990, 6, 1),
        "education": "لیسانس",
        "mobile": "09120000000",
        "audience": "",
        "credited_minutes": 6000,
        "written_mark": 5000,
        "practical_mark": 8000,
        "result": "قبول",
        "certificate_number": "",
    }
    return RosterEntry(**(values | changes))
