"""An office full of canaries, and accounts for each role."""

from attacks.canaries import nest
from web.conftest import give_name, known, officer, sign_in, stranger, world, year

__all__ = ["give_name", "known", "nest", "officer", "sign_in", "stranger", "world", "year"]
