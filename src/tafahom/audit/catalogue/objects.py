"""Guards as values, each with the statement that puts it up."""

from dataclasses import dataclass

# PostgreSQL's bits of what a trigger fires at (pg_trigger.h).
_ROW, _BEFORE = 1, 2
_EVENTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
TRIGGER = "trigger"


@dataclass(frozen=True, slots=True)
class Function:
    """A function of PostgreSQL. ``as_owner``: it runs with the rights of the tables' owner."""

    name: str
    body: str
    returns: str = TRIGGER
    arguments: str = ""
    language: str = "plpgsql"
    stable: bool = False
    as_owner: bool = True

    def statement(self, schema: str) -> str:
        """Return what makes it. A function of the owner looks in the schema before ``pg_temp``."""
        rights = f" SECURITY DEFINER SET search_path = {schema}, pg_temp" if self.as_owner else ""
        return (
            f"CREATE OR REPLACE FUNCTION {self.name}({self.arguments}) RETURNS {self.returns}"
            f" LANGUAGE {self.language}{' STABLE' if self.stable else ''}{rights}"
            f" AS $guard${self.body}$guard$"
        )


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger of PostgreSQL, without a condition of its own.

    ``rows`` names the rows of the statement, "OLD" or "NEW", that the function sees as ``changed``;
    it then runs once a statement. ``each_row`` runs it once a row.
    """

    name: str
    table: str
    timing: str
    events: tuple[str, ...]
    function: str
    columns: tuple[str, ...] = ()
    each_row: bool = True
    rows: str = ""
    arguments: tuple[str, ...] = ()

    def statement(self) -> str:
        """Return what makes it."""
        of = f" OF {', '.join(self.columns)}" if self.columns else ""
        rows = f" REFERENCING {self.rows} TABLE AS changed" if self.rows else ""
        each = "ROW" if self.each_row else "STATEMENT"
        arguments = ", ".join(f"'{one}'" for one in self.arguments)
        return (
            f'CREATE TRIGGER {self.name} {self.timing} {" OR ".join(self.events)}{of} ON "{self.table}"'
            f"{rows} FOR EACH {each} EXECUTE FUNCTION {self.function}({arguments})"
        )

    @property
    def bits(self) -> int:
        """When it fires, as PostgreSQL writes it down."""
        found = sum(_EVENTS[event] for event in self.events)
        return found + _ROW * self.each_row + _BEFORE * (self.timing == "BEFORE")


@dataclass(frozen=True, slots=True)
class Text:
    """A trigger of SQLite, which keeps the statement to the letter."""

    name: str
    table: str
    statement: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of PostgreSQL for all commands and all roles: rows for which the condition holds."""

    name: str
    table: str
    condition: str

    def statement(self) -> str:
        """Return what makes it."""
        return f'CREATE POLICY {self.name} ON "{self.table}" USING ({self.condition})'


@dataclass(frozen=True, slots=True)
class Bound:
    """A check of PostgreSQL that keeps ids of a table far below where its sequence ends."""

    name: str
    table: str
    column: str
    most: int

    @property
    def condition(self) -> str:
        """What holds for every row."""
        return f'"{self.column}" <= {self.most}'

    def statement(self) -> str:
        """Return what makes it."""
        return f'ALTER TABLE "{self.table}" ADD CONSTRAINT {self.name} CHECK ({self.condition})'
