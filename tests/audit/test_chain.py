import pytest

from tafahom.access.models import User
from tafahom.audit.actions import record
from tafahom.audit.models import Entry
from tafahom.audit.verification import verify_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_entries():
    clerk = User.objects.create(username="clerk")
    return [record(action=f"test.{n}", details={"نفر": n}, by=clerk) for n in range(3)]


def test_each_entry_follows_the_one_before(three_entries):
    first, second, third = three_entries
    assert (second.previous, third.previous) == (first.digest, second.digest)
    state = verify_chain()
    assert (state.entries, state.head, state.intact) == (3, third.digest, True)


def test_an_empty_chain_is_intact():
    assert verify_chain().intact


@pytest.mark.parametrize(
    "change",
    [
        {"details": {"نفر": 7}},
        {"action": "test.other"},
        {"by": None},
        {"target": "x"},
        {"at": "2020-01-01T00:00:00Z"},
        {"digest": "f" * 64},
    ],
)
def test_a_changed_entry_shows(three_entries, unguarded, change):
    with unguarded():
        Entry.objects.filter(pk=three_entries[1].pk).update(**change)
    assert verify_chain().broken_at == three_entries[1].pk


def test_a_removed_entry_shows(three_entries, unguarded):
    with unguarded():
        three_entries[1].delete()
    assert verify_chain().broken_at == three_entries[2].pk
