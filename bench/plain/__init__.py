"""A Django project as ``startproject`` makes it, with one page: a table of 50 rows."""
