"""Agreements that renew others: what goes along, and what has to be decided anew."""
