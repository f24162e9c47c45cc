import datetime as dt
import io
import json

import pytest
import xlsxwriter
from django.core.management import call_command
from django.db import IntegrityError

from rosters import course, entry, prepare
from shared import SHARED
from tafahom.agreements.models import Agreement, Commitment, Level
from tafahom.parties.actions import load_reference_data, save_partner
from tafahom.parties.models import Audience, Centre, CentreType, County, Partner, PartnerKind
from tafahom.training.actions import load_reference_data as load_training
from tafahom.training.models import ChangedCourse, Cluster, OccupationalStandard
from tafahom.training.rosters.actions import record_roster

pytestmark = pytest.mark.django_db
HEADER = (
    "number,partner,level,signed_on,starts_on,ends_on,parent,target_persons,"
    "target_person_hours,year"
)


def load(kind, path):
    """JSON and exit status of the command."""
    out, status = io.StringIO(), 0
    try:
        call_command("load", kind, str(path), "--json", stdout=out)
    except SystemExit as stop:
        status = stop.code
    return json.loads(out.getvalue()), status


@pytest.fixture
def agreements(tmp_path):
    load_reference_data()
    save_partner(name="اتاق اصناف ایران", kind="غیردولتی", by=None)

    def load_lines(*lines, header=HEADER):
        path = tmp_path / "agreements.csv"
        path.write_text("\n".join([header, *lines]), encoding="utf-8-sig")
        return load("agreements", path)

    return load_lines


def test_an_agreement_has_a_row_for_each_year(agreements):
    answer, status = agreements(
        "1/97/2,اتاق اصناف ایران,استانی,1396/05/18,1396/08/13,1399/12/30,,198,18970,1397",
        "۱/۹۷/۲,اتاق اصناف ايران,استانی,۱۳۹۶/۰۵/۱۸,1396/08/13,1399/12/30,,۲۰۰,,1398",
    )
    assert (status, answer["accepted"]) == (0, 2)
    agreement = Agreement.objects.get()
    assert agreement.starts_on == dt.date(2017, 11, 4)
    assert agreement.province.code == "alborz"
    assert list(Commitment.objects.values_list("year", "measure", "quantity")) == [
        (1397, "person_hours", 18970),
        (1397, "persons", 198),
        (1398, "persons", 200),
    ]


def test_a_parent_may_stand_later(agreements):
    _, status = agreements(
        "2,اتاق اصناف ایران,استانی,,1396/08/13,1399/12/30,1,,,",
        "1,اتاق اصناف ایران,ملی,,1396/08/13,1399/12/30,,,,",
    )
    assert status == 0
    assert Agreement.objects.get(number="2").parent.number == "1"
    assert Agreement.objects.get(number="1").level == Level.NATIONAL
    again, status = agreements(
        "2,اتاق اصناف ایران,استانی,,1396/08/13,1399/12/30,1,,,",
        "1,اتاق اصناف ایران,ملی,,1396/08/13,1399/12/30,,,,",
    )
    assert (status, again["changed"]) == (0, 0)


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("9,ناشناس,ملی,,1396/08/13,1399/12/30,,,,", "partner", "partner.unknown"),
        ("9,اتاق اصناف ایران,جهانی,,1396/08/13,1399/12/30,,,,", "level", "level.unknown"),
        ("9,اتاق اصناف ایران,ملی,,1396/13/13,1399/12/30,,,,", "starts_on", "date.invalid"),
        (
            "9,اتاق اصناف ایران,ملی,,1396/08/13,1395/01/01,,,,",
            "ends_on",
            "date.end_before_start",
        ),
        ("9,اتاق اصناف ایران,ملی,,,1399/12/30,,,,", "starts_on", "cell.missing"),
        (
            "9,اتاق اصناف ایران,ملی,,1396/08/13,1399/12/30,,x,,1397",
            "target_persons",
            "number.invalid",
        ),
        ("9,اتاق اصناف ایران,ملی,,1396/08/13,1399/12/30,,5,,97", "year", "year.invalid"),
        ("9,اتاق اصناف ایران,ملی,,1396/08/13,1399/12/30,404,,,", "parent", "agreement.unknown"),
        ("1,اتاق اصناف ایران,ملی,,1396/08/14,1399/12/30,,,,", "number", "agreement.conflict"),
    ],
)
def test_a_bad_row_is_named_and_the_good_one_registered(agreements, line, column, code):
    good = "1,اتاق اصناف ایران,ملی,,1396/08/13,1399/12/30,,,,"
    answer, status = agreements(good, line)
    assert status == 1
    assert (answer["accepted"], answer["rejected"]) == (1, 1)
    problem = answer["errors"][0]
    assert (problem["row"], problem["column"], problem["code"]) == (3, column, code)
    assert problem["message"]


def test_persian_headers_and_workbooks_are_read(tmp_path):
    load_reference_data()
    path = tmp_path / "centres.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["فهرست مراکز"])
        sheet.write_row(2, 0, ["نام مرکز", "نوع مركز", "شهرستان"])
        sheet.write_row(3, 0, ["مرکز ۱", "ثابت شهری", "کرج"])
    answer, status = load("centres", path)
    assert (status, answer["accepted"]) == (0, 1)
    assert Centre.objects.get().county.name == "کرج"


def test_standards_keep_hours_as_minutes_and_title_alone_is_enough(tmp_path):
    load_training()
    path = tmp_path / "standards.csv"
    path.write_text(
        "code;title;cluster;group;theory_hours;practice_hours\n"
        "7212;جوشکار;صنعت;جوشکاری;40.5;۶۰\n;نقاش;;;;\n;بد;;;چهل;\n",
        encoding="utf-8",
    )
    answer, status = load("standards", path)
    assert (status, answer["errors"][0]["row"]) == (1, 4)
    welder = OccupationalStandard.objects.get(code="7212")
    assert (welder.theory_minutes, welder.practice_minutes, welder.total_minutes) == (
        2430,
        3600,
        6030,
    )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "file.empty"),
        ("a.csv", b"x,y\n1,2\n", "header.missing_column"),
        ("a.xlsx", b"PK\x03\x04 no workbook", "file.damaged"),
        ("a.bin", b"\0\1\2", "file.not_a_spreadsheet"),
    ],
)
def test_an_unusable_file_loads_nothing(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    answer, status = load("partners", path)
    assert (status, answer["errors"][0]["code"]) == (2, code)
    assert not Partner.objects.exists()


def test_a_changed_registry_has_facts_of_courses_told_again(tmp_path):
    prepare()
    record_roster([entry(2, course())], sha256="a" * 64, file_name="a", rows=1, rejected=0, by=None)
    ChangedCourse.objects.all().delete()
    path = tmp_path / "partners.csv"
    path.write_text("name,kind\nاتاق اصناف ایران,غیردولتی\n", encoding="utf-8")
    load("partners", path)
    assert not ChangedCourse.objects.exists()
    path.write_text("name,kind\nاتاق اصناف ایران,صنف و اتاق\n", encoding="utf-8")
    load("partners", path)
    assert ChangedCourse.objects.count() == 1


@pytest.mark.skipif(SHARED is None, reason="no shared rosters beside the checkout")
def test_the_shared_registries_load_whole_and_repeat_without_change():
    load_reference_data()
    folder = SHARED / "rosters" / "alborz"
    for expected in (True, False):
        for kind, rows in (("partners", 26), ("agreements", 38)):
            answer, status = load(kind, folder / f"{kind}.csv")
            assert (status, answer["accepted"]) == (0, rows)
            assert bool(answer["changed"]) is expected


def test_the_database_keeps_terms_and_years_in_order(agreements):
    agreements("1,اتاق اصناف ایران,ملی,,1396/08/13,1399/12/30,,,,")
    agreement = Agreement.objects.get()
    agreement.ends_on = agreement.starts_on - dt.timedelta(days=1)
    with pytest.raises(IntegrityError):
        agreement.save()


@pytest.mark.parametrize(
    ("registry", "rows", "column", "value", "listed"),
    [
        ("partners", "name,kind,main_audience\nالف,دولتی,زندانیان\nب,انجمن,", "kind", "انجمن", "صنف و اتاق"),
        ("partners", "name,kind,main_audience\nالف,دستگاه اجرایی,\nب,دولتی,کارگر", "main_audience", "کارگر", "زندانی"),
        ("centres", "name,type,county\nالف,ثابت,شهرستان کرج\nب,مدرسه,", "type", "مدرسه", "ثابت شهری"),
        ("centres", "name,type,county\nالف,,\nب,زندان,تهران", "county", "تهران", "ساوجبلاغ"),
        ("standards", "title,cluster\nالف,صنعتی\nب,فنی", "cluster", "فنی", "فرهنگ و هنر"),
    ],
)  # fmt: skip
def test_a_word_in_no_list_is_refused_with_the_names_of_the_list(
    registry, rows, column, value, listed, tmp_path
):
    load_reference_data()
    load_training()
    lists = (PartnerKind, Audience, CentreType, County, Cluster)
    counts = [one.objects.count() for one in lists]
    path = tmp_path / "registry.csv"
    path.write_text(rows, encoding="utf-8")
    answer, status = load(registry, path)
    assert (status, answer["accepted"], answer["rejected"]) == (1, 1, 1)
    [problem] = answer["errors"]
    assert (problem["row"], problem["column"]) == (3, column)
    assert (problem["code"], problem["value"]) == ("list.unknown", value)
    assert listed in problem["message"]
    assert [one.objects.count() for one in lists] == counts


def test_words_for_entries_are_understood(tmp_path):
    load_reference_data()
    path = tmp_path / "centres.csv"
    path.write_text("name,type,county\nالف,زندان‌ها,شهر هشتگرد\nب,نامشخص,-\n", encoding="utf-8")
    assert load("centres", path)[1] == 0
    first, second = Centre.objects.order_by("sort_key")
    assert (first.centre_type.name, first.county.name) == ("زندان", "ساوجبلاغ")
    assert (second.centre_type, second.county) == (None, None)


def test_a_name_of_signs_only_is_no_name(tmp_path):
    load_reference_data()
    path = tmp_path / "partners.csv"
    path.write_text("name,kind\n-,دولتی\nب,-\n", encoding="utf-8")
    answer, status = load("partners", path)
    assert status == 2
    assert [problem["code"] for problem in answer["errors"]] == ["cell.missing"] * 2
