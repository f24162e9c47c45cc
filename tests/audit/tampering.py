"""Things that somebody can do to the audit past the application, drawn at random.

Most need the triggers out of the way, as the owner of the tables can have them. ``BY_SQL`` are
those of somebody who can only write, as the service can.
"""

import datetime as dt
import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from django.db.utils import DatabaseError

from tafahom.audit import marks
from tafahom.audit.models import Entry, Head
from tafahom.audit.rules import ACCEPTED, GENESIS, entry_digest, first_entry_digest
from tafahom.audit.sealing import body_of

TABLES = {
    "audit_entry": [
        "id", "at", "by_id", "action", "target", "details", "changes", "previous", "digest",
    ],
    "audit_head": [
        "id", "day", "sealed_at", "last", "count", "digest", "previous", "key", "signature",
    ],
    "audit_change": [
        "id", "table", "row", "owner", "old", "new", "at", "token", "entry_id",
    ],
}  # fmt: skip
Rows = list[tuple[Any, ...]]
# What keeps the history of verdicts is made useless, as its owner can, before one is changed.
KEEPER = '"audit_guard_training_enrolment_changed"'
WEAKENED = {
    "sqlite": {
        "a trigger dropped": [f"DROP TRIGGER {KEEPER}"],
        "a trigger that does nothing": [
            f"DROP TRIGGER {KEEPER}",
            f"CREATE TRIGGER {KEEPER} AFTER UPDATE ON training_enrolment BEGIN SELECT 1; END",
        ],
    },
    "postgresql": {
        "a trigger dropped": [f"DROP TRIGGER {KEEPER} ON training_enrolment"],
        "a trigger that does nothing": [
            "CREATE OR REPLACE FUNCTION audit_note() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN NULL; END $$"
        ],
        "a trigger switched off": [f"ALTER TABLE training_enrolment DISABLE TRIGGER {KEEPER}"],
        "a trigger of replicas only": [
            f"ALTER TABLE training_enrolment ENABLE REPLICA TRIGGER {KEEPER}"
        ],
    },
}[connection.vendor]
# Of a roster of three, an account with a role, and a partner.
BY_SQL = {
    "a verdict by SQL": "UPDATE training_enrolment SET passed = NOT passed",
    "one verdict by SQL": "UPDATE training_enrolment SET passed = NOT passed WHERE id ="
    " (SELECT max(id) FROM training_enrolment)",
    "a written mark by SQL": "UPDATE training_enrolment SET written_mark = 9900",
    "minutes by SQL": "UPDATE training_enrolment SET credited_minutes = 1",
    "a mark in the register by SQL": "UPDATE training_attendance SET mark = 'absent'",
    "a mark in the register removed": "DELETE FROM training_attendance",
    "gender by SQL": "UPDATE people_person SET gender = 'male'",
    "a role given by SQL": "INSERT INTO access_membership"
    " (user_id, role, agreement_uid, course_uid, at_machine, confirmed_at)"
    " SELECT id, 'auditor', '', '', FALSE, CURRENT_TIMESTAMP FROM access_user",
    "a role prolonged by SQL": "UPDATE access_membership SET valid_to = NULL",
    "a role raised by SQL": "UPDATE access_membership SET role = 'director'",
    "a role removed by SQL": "DELETE FROM access_membership",
    "a partner renamed by SQL": "UPDATE parties_partner SET name = 'x'",
}


class Tamperer:
    """Does one thing at a time; each returns nothing and may find that it cannot be done."""

    def __init__(self, seed: int, users: Sequence[int]) -> None:
        self.random, self.users = random.Random(seed), users
        self.older_mark = b""

    def draw(self, count: int) -> list[str]:
        """Return the names of so many acts, each at least once where there are enough."""
        names = [*self.acts(), *BY_SQL, *WEAKENED]
        drawn = names[:count] + self.random.choices(names, k=max(0, count - len(names)))
        self.random.shuffle(drawn)
        return drawn

    def do(self, name: str) -> None:
        """Do one thing that leaves other rows, or another mark, than before."""
        before = snapshot()
        while True:
            try:
                with transaction.atomic():
                    self.act(name)
                    if snapshot() == before and name not in WEAKENED:
                        raise DatabaseError
            except DatabaseError:  # what the database itself does not hold is no tampering
                continue
            return

    def act(self, name: str) -> None:
        if name in WEAKENED:
            for statement in [*WEAKENED[name], BY_SQL["a verdict by SQL"]]:
                run(statement)
        elif name in BY_SQL:
            run(BY_SQL[name])
        else:
            self.acts()[name]()

    def acts(self) -> dict[str, Callable[[], None]]:
        return {
            "flip in an entry": lambda: self.flip("audit_entry"),
            "flip in an entry again": lambda: self.flip("audit_entry"),
            "flip in a head": lambda: self.flip("audit_head"),
            "flip in a change": lambda: self.flip("audit_change"),
            "remove entries": self.remove_entries,
            "remove a head": lambda: self.remove("audit_head"),
            "remove a change": lambda: self.remove("audit_change"),
            "swap entries": lambda: self.swap("audit_entry", "id"),
            "swap heads": lambda: self.swap("audit_head", "id"),
            "swap changes": lambda: self.swap("audit_change", "entry_id"),
            "cut the tail": self.cut,
            "cut the tail and its heads": self.cut_with_heads,
            "empty the tables": self.empty,
            "cut the tail, put an older mark back": self.cut_with_older_mark,
            "put an entry in": self.put_in,
            "rewrite from an entry on": self.rewrite,
            "rewrite without heads": lambda: self.without_heads(self.rewrite),
            "reorder and digest anew": lambda: self.without_heads(self.reorder),
            "digest all as at first": lambda: self.without_heads(lambda: self.downgrade(1)),
            "digest the tail as at first": self.downgrade_tail,
            "spoil the mark": self.spoil_mark,
            "remove the mark": lambda: marks.mark_file().unlink(),
            "accept a loss without the key": self.forge_acceptance,
            "sign with another key": self.sign_anew,
            "a change without entry": self.unlink,
            "a change without author": self.unknown_change,
        }

    def flip(self, table: str) -> None:
        """Change one bit of text, or one number, of one row."""
        pk = self.any_row(table)
        column = self.random.choice(TABLES[table])
        value = one_value(f'SELECT "{column}" FROM {table} WHERE id = %s', pk)
        self.set(table, pk, column, self.flipped(value, column))

    def flipped(self, value: Any, column: str) -> Any:
        if column == "by_id":
            return self.random.choice([pk for pk in [*self.users, None] if pk != value])
        if value is None:
            return self.random.randint(1, 9)
        if isinstance(value, int):
            return value ^ (1 << self.random.randrange(5))
        if isinstance(value, dt.datetime):
            return value + dt.timedelta(microseconds=self.random.choice([-1, 1, 10**6, 10**11]))
        if isinstance(value, dt.date):
            return value + dt.timedelta(days=self.random.choice([-1, 1, 30]))
        text = str(value)
        if not text:
            return "x"
        place = self.random.randrange(len(text))
        # Letters stay letters of any kind; bytes that are no text are the next test's.
        other = chr(ord(text[place]) ^ (1 << self.random.randrange(5)))
        return text[:place] + (other if other.isprintable() else "?") + text[place + 1 :]

    def set(self, table: str, pk: int, column: str, value: Any) -> None:
        if column == "details" and not isinstance(value, str):
            value = json.dumps(value)
        run(f'UPDATE {table} SET "{column}" = %s WHERE id = %s', value, pk)

    def remove(self, table: str) -> None:
        run(f"DELETE FROM {table} WHERE id = %s", self.any_row(table))

    def remove_entries(self) -> None:
        first = self.any_row("audit_entry")
        many = self.random.choice([1, 1, 1, 2, 5])
        self.delete_entries("id >= %s AND id < %s", first, first + many)
        if self.random.random() < 0.5:  # and close the gap
            run("UPDATE audit_entry SET id = -id WHERE id > %s", first)
            run("UPDATE audit_entry SET id = -id - %s WHERE id < 0", many)

    def swap(self, table: str, column: str) -> None:
        a, b = self.random.sample(ids(table), 2)
        values = [one_value(f"SELECT {column} FROM {table} WHERE id = %s", pk) for pk in (a, b)]
        if column == "id":
            run(f"UPDATE {table} SET id = -1 WHERE id = %s", a)
            run(f"UPDATE {table} SET id = %s WHERE id = %s", a, b)
            run(f"UPDATE {table} SET id = %s WHERE id = -1", b)
        else:
            self.set(table, a, column, values[1])
            self.set(table, b, column, values[0])

    def cut(self) -> None:
        self.delete_entries("id > %s", self.random.randrange(len(ids("audit_entry"))))

    def cut_with_heads(self) -> None:
        """Leave a chain that is right in itself."""
        last = self.random.randrange(len(ids("audit_entry")))
        run("DELETE FROM audit_head WHERE last > %s", last)
        self.delete_entries("id > %s", last)

    def put_in(self) -> None:
        """Invent an entry, with the digest that it should have, and move the others on."""
        place = self.any_row("audit_entry")
        if self.random.random() < 0.5:
            run("UPDATE audit_entry SET id = -id WHERE id >= %s", place)
            run("UPDATE audit_entry SET id = -id + 1 WHERE id < 0")
        else:
            place = max(ids("audit_entry")) + self.random.choice([2, 3])
        before = Entry.objects.filter(id__lt=place).order_by("-id").first()
        forged = Entry(
            id=place,
            at=(before.at if before else dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
            by_id=self.random.choice(self.users),
            action="people.seen",
            target="person:0123",
            details={"n": self.random.randrange(99)},
            previous=f"{self.random.getrandbits(256):064x}",
        )
        forged.digest = digest_of(forged)
        forged.save(force_insert=True)

    def rewrite(self) -> None:
        """Change an entry and compute everything anew that follows, as only an insider can."""
        first = self.any_row("audit_entry")
        run("UPDATE audit_entry SET action = 'training.other' WHERE id = %s", first)
        digest_anew(first)

    def reorder(self) -> None:
        """Let two entries change places, in a chain that is right in itself."""
        a, b = sorted(self.random.sample(ids("audit_entry"), 2))
        self.swap_values(a, b, ["by_id", "action", "target", "details", "at"])
        digest_anew(a)

    def downgrade(self, first: int) -> None:
        run("DELETE FROM audit_change WHERE entry_id >= %s", first)
        digest_anew(first, first_way=True)

    def downgrade_tail(self) -> None:
        self.downgrade(self.any_row("audit_entry"))

    def empty(self) -> None:
        self.delete_entries("id > %s", 0)
        run("DELETE FROM audit_head")

    def without_heads(self, act: Callable[[], None]) -> None:
        run("DELETE FROM audit_head")
        act()

    def cut_with_older_mark(self) -> None:
        """What only heads outside contradict."""
        self.cut_with_heads()
        marks.mark_file().write_bytes(self.older_mark)

    def spoil_mark(self) -> None:
        text = bytearray(marks.mark_file().read_bytes())
        place = self.random.randrange(10, 200)
        for start in (0, marks.BLOCK):
            text[start + place] ^= 1 << self.random.randrange(5)
        marks.mark_file().write_bytes(text)

    def forge_acceptance(self) -> None:
        """Cut the tail and write an entry that says that this is right."""
        self.cut_with_heads()
        last = Entry.objects.order_by("-id").first()
        details = {"reason": "x", "kept": last.pk if last else 0, "lost": 40, "heads": []}
        details |= {"key": "0" * 16, "signature": "0" * 128}
        forged = Entry(
            id=last.pk + 1 if last else 1,
            at=last.at if last else dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
            action=ACCEPTED,
            details=details,
            previous=last.digest if last else GENESIS,
        )
        forged.digest = digest_of(forged)
        forged.save(force_insert=True)

    def sign_anew(self) -> None:
        """Change what a head says and sign it with a key that one has."""
        head = Head.objects.get(pk=self.any_row("audit_head"))
        head.count += 1
        head.signature = Ed25519PrivateKey.generate().sign(body_of(head)).hex()
        head.save(force_update=True)

    def swap_values(self, a: int, b: int, columns: list[str]) -> None:
        for column in columns:
            values = [one_value(f"SELECT {column} FROM audit_entry WHERE id = %s", pk)
                      for pk in (a, b)]  # fmt: skip
            self.set("audit_entry", a, column, values[1])
            self.set("audit_entry", b, column, values[0])

    def unlink(self) -> None:
        self.set("audit_change", self.any_row("audit_change"), "entry_id", None)

    def unknown_change(self) -> None:
        pk = self.any_row("audit_change")
        columns = '"table", "row", owner, old, "new", at, token, entry_id'
        run(f"INSERT INTO audit_change ({columns}) SELECT {columns} FROM audit_change"
            " WHERE id = %s", pk)  # fmt: skip

    def delete_entries(self, where: str, *values: int) -> None:
        run(f"DELETE FROM audit_change WHERE entry_id IN (SELECT id FROM audit_entry WHERE {where})",
            *values)  # fmt: skip
        run(f"DELETE FROM audit_entry WHERE {where}", *values)

    def any_row(self, table: str) -> int:
        return self.random.choice(ids(table))


def digest_anew(first: int, *, first_way: bool = False) -> None:
    """Give each entry from one on the digest that it should have after the one before it."""
    rows = list(Entry.objects.filter(id__gte=first).order_by("id"))
    before = Entry.objects.filter(id__lt=first).order_by("-id").first()
    previous = before.digest if before else GENESIS
    run("UPDATE audit_entry SET previous = 'x' || id, digest = 'x' || id WHERE id >= %s", first)
    for row in rows:
        row.previous = previous
        row.changes = "" if first_way else row.changes
        row.digest = previous = first_way_digest_of(row) if first_way else digest_of(row)
        row.save(force_update=True)


def first_way_digest_of(entry: Entry) -> str:
    return first_entry_digest(
        previous=entry.previous,
        at=entry.at,
        by=entry.by_id,
        action=entry.action,
        target=entry.target,
        details=entry.details,
    )


def digest_of(entry: Entry) -> str:
    return entry_digest(
        number=entry.pk,
        previous=entry.previous,
        at=entry.at,
        by=entry.by_id,
        action=entry.action,
        target=entry.target,
        details=entry.details,
        changes=entry.changes,
        is_keyed=bool(entry.code),
    )


def ids(table: str) -> list[int]:
    return [row[0] for row in rows(f"SELECT id FROM {table} ORDER BY id")]


def one_value(statement: str, *values: Any) -> Any:
    return rows(statement, *values)[0][0]


def rows(statement: str, *values: Any) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: Rows = cursor.fetchall()
    return found


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def snapshot() -> list[Any]:
    """Every row of the audit, as the database has it, and the mark."""
    is_sqlite = connection.vendor == "sqlite"
    file = marks.mark_file()
    found: list[Any] = [file.read_bytes() if file.exists() else b""]
    for table, columns in TABLES.items():
        names = ", ".join(
            f'CAST("{name}" AS BLOB)' if is_sqlite else f'"{name}"::text' for name in columns
        )
        found.append(rows(f"SELECT {names} FROM {table} ORDER BY id"))
    return found
