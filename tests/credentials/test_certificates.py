import io

import pytest
from django.core.management import call_command

from rosters import course, entry, prepare
from tafahom.credentials.actions import record_issued_certificates, revoke_certificate
from tafahom.credentials.models import Certificate
from tafahom.credentials.queries import CertificateStatus, verify
from tafahom.training.models import ChangedCourse
from tafahom.training.rosters.actions import record_roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate():
    prepare()
    rows = [entry(2, course(), certificate_number="۱۳۹۷۳۰۰۰۰۳۷۹"), entry(3, course())]
    done = record_roster(rows, sha256="a" * 64, file_name="a", rows=2, rejected=0, by=None)
    assert record_issued_certificates(done, by=None) == 1
    return Certificate.objects.get()


def run(text):
    out = io.StringIO()
    try:
        call_command("verify", text, stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def test_a_certificate_is_verified_by_token_and_by_number(certificate):
    assert certificate.enrolment.source_row == 2
    assert len(certificate.token) == 32
    for text in (certificate.token, "139730000379", " ۱۳۹۷۳۰۰۰۰۳۷۹ "):
        answer = verify(text)
        assert (answer.standing, answer.course) == (CertificateStatus.VALID, "جوشکار آرگون")
    assert run("139730000379")[0] == 0


def test_the_answer_does_not_name_the_holder(certificate):
    assert "اکبری" not in run(certificate.token)[1]


def test_a_revoked_certificate_says_so(certificate):
    ChangedCourse.objects.all().delete()
    revoke_certificate(certificate, reason="اشتباه در صدور", by=None)
    assert verify(certificate.token).standing is CertificateStatus.REVOKED
    status, text = run(certificate.token)
    assert status == 1
    assert "اشتباه در صدور" in text
    assert ChangedCourse.objects.count() == 1


def test_nothing_else_is_known(certificate):
    for text in ("", "404", certificate.token[:-1]):
        assert verify(text).standing is CertificateStatus.UNKNOWN
    assert run("404")[0] == 2


def test_a_file_may_hold_the_token(certificate, tmp_path):
    path = tmp_path / "certificate.txt"
    path.write_text(f"{certificate.token}\n", encoding="utf-8")
    assert run(str(path))[0] == 0
