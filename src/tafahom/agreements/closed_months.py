"""What closed months hold fast because the tables of their figures name agreements."""

from typing import Final

from tafahom.records.closed_months import Belongs, GuardedTable, Move

# What an agreement promised stands in the tables of closed months, by its key of the facts.
_KEPT_OF_AGREEMENT = Belongs(
    "q.province_id",
    "q.month",
    "periods_monthtablerow t, periods_monthtable m, periods_period q",
    "t.dimension = 'agreement' AND t.key = CAST({r}.id AS VARCHAR(20))"
    " AND m.id = t.table_id AND q.id = m.period_id",
)
_KEPT_OF_PARTNER = Belongs(
    "q.province_id",
    "q.month",
    "agreements_agreement a, periods_monthtablerow t, periods_monthtable m, periods_period q",
    "a.partner_id = {r}.id AND t.dimension = 'agreement'"
    " AND t.key = CAST(a.id AS VARCHAR(20)) AND m.id = t.table_id AND q.id = m.period_id",
)

CLOSED_MONTHS: Final = (
    GuardedTable("agreements_agreement", (), when_gone=(_KEPT_OF_AGREEMENT,)),
    GuardedTable("parties_partner", (), when_gone=(_KEPT_OF_PARTNER,)),
    Move("agreements_agreement", ("partner_id", "level", "province_id"), (_KEPT_OF_AGREEMENT,)),
    Move("parties_partner", ("kind_id",), (_KEPT_OF_PARTNER,)),
)
