"""The agreements of the made-up years and what was promised in them."""

import random
from collections.abc import Sequence

from tafahom.demonstration.records import SampleAgreement, Year, partners


def agreement_numbers(chance: random.Random) -> dict[str, list[tuple[str, str]]]:
    """Numbers and levels of agreements by partner: a provincial one, most under a national one."""
    numbers: dict[str, list[tuple[str, str]]] = {}
    for place, row in enumerate(partners()):
        numbers[row[0]] = []
        if place % 4 != 3:
            numbers[row[0]].append(
                (f"{chance.randint(100, 999)}/95/{chance.randint(1000, 29999)}", "ملی")
            )
        if place % 5 != 2 or not numbers[row[0]]:
            numbers[row[0]].append(
                (f"{chance.randint(100, 999)}/96/{chance.randint(1000, 29999)}", "استانی")
            )
    return numbers


def make_agreements(
    numbers: dict[str, list[tuple[str, str]]], years: Sequence[Year], chance: random.Random
) -> list[SampleAgreement]:
    """Agreements with promises near what came of them: some kept, some not."""
    found = []
    for partner, own in numbers.items():
        national = next((number for number, level in own if level == "ملی"), "")
        for number, level in own:
            targets = {}
            for year in years:
                seats = [
                    seat
                    for course in year.through()
                    if course.agreement == number
                    for seat in course.seats
                ]
                promise = chance.uniform(0.84, 1.22)
                if seats:
                    persons = len({seat.trainee for seat in seats})
                    hours = sum(seat.hours for seat in seats)
                    # Round numbers: nobody promises 5,237 person-hours.
                    targets[year.year] = (
                        5 * max(1, round(persons * promise / 5)),
                        100 * max(1, round(hours * promise * chance.uniform(0.94, 1.06) / 100)),
                    )
            is_national = level == "ملی"
            found.append(
                SampleAgreement(
                    number, partner, level, "" if is_national else national,
                    signed_on="1394/11/20" if is_national else "1395/06/05",
                    starts_on="1395/01/15" if is_national else "1395/07/01",
                    ends_on="1399/12/29" if is_national else "1398/12/29",
                    targets=targets,
                )
            )  # fmt: skip
    return found
