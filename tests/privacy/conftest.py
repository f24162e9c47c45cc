"""The year of the figures with named trainees, and accounts for each role."""

from web.conftest import give_name, known, officer, sign_in, stranger, world, year

__all__ = ["give_name", "known", "officer", "sign_in", "stranger", "world", "year"]
