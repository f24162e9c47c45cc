"""The connection behind the wall (``tafahom.scoping.wall``)."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from tafahom.scoping import scope_or_none
from tafahom.scoping.wall import SETTING

# Where the tables are. A role can keep another search path for itself, which each new session of
# it begins with: the words of a session come after that.
_PATH = "SELECT set_config('search_path', 'public, pg_temp', false)"
# The wall holds for a login at every table alike.
_IS_HELD = (
    "SELECT coalesce(bool_or(row_security_active(oid)), false) FROM pg_class"
    " WHERE relrowsecurity AND relnamespace = current_schema()::regnamespace"
)


class DatabaseWrapper(base.DatabaseWrapper):
    """Says the scope of now before a question, when it is another than was said last.

    Nothing is said where the login is not held by row-level security, such as the tables' owner.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_held = False
        self._said: str | None = None
        self.execute_wrappers.append(self._saying)

    def init_connection_state(self) -> None:
        """Begin a session: it has been told nothing, and either is held or is not."""
        super().init_connection_state()
        self._said = None
        if "search_path" not in self.settings_dict["OPTIONS"].get("options", ""):
            self.connection.execute(_PATH)
        self.find_out()

    def find_out(self) -> None:
        """See whether row-level security holds for who is logged in."""
        self.is_held = bool(self.connection.execute(_IS_HELD).fetchone()[0])

    def _rollback(self) -> None:
        """Take back what the transaction did, what it was told about the scope included."""
        self._said = None
        super()._rollback()  # type: ignore[misc]  # Django's own, not in its stubs

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # as above
        self._said = None

    def say_scope(self) -> None:
        """Tell the database the scope of now."""
        self.ensure_connection()
        if not self.is_held:
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return  # nothing is answered now but the way back
        scope = scope_or_none()
        said = scope.as_text if scope else ""
        if said != self._said:
            self.connection.execute("SELECT set_config(%s, %s, false)", [SETTING, said])
            self._said = said

    def _saying(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.say_scope()
        return execute(sql, params, many, context)
