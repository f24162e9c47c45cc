"""Django's PostgreSQL backend, which tells the database in which scope it is asked."""
