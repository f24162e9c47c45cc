"""The connection behind the wall (``tafahom.scoping.wall``)."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from tafahom.scoping import scope_or_none
from tafahom.scoping.wall import SETTING, setting_of

# Any walled table: the wall holds for one login as for another.
_IS_HELD = "SELECT row_security_active(to_regclass('agreements_agreement')::oid)"


class DatabaseWrapper(base.DatabaseWrapper):
    """Says the scope of now before a question, when it is another than was said last.

    Nothing is said where the login is not held by row-level security, such as the tables' owner.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_held: bool | None = None
        self._said: str | None = None
        self.execute_wrappers.append(self._saying)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; the new session has been told nothing."""
        self.is_held = self._said = None
        return super().get_new_connection(conn_params)

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
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return  # nothing is answered now but the way back
        ask = self.connection.execute
        if self.is_held is None:
            self.is_held = bool(ask(_IS_HELD).fetchone()[0])
        if not self.is_held:
            return
        said = setting_of(scope_or_none())
        if said != self._said:
            ask("SELECT set_config(%s, %s, false)", [SETTING, said])
            self._said = said

    def _saying(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        # What a transaction is like is said before anything is asked in it.
        if not str(sql).startswith("SET TRANSACTION"):
            self.say_scope()
        return execute(sql, params, many, context)
