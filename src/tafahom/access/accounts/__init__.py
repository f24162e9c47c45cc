"""Accounts: who comes in, by what proofs, and who lets them."""
