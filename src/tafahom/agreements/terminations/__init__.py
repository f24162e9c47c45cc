"""Agreements that end before their term does, and what is left of their commitments."""
