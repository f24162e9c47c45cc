"""Coming in: proofs, limits and what stands between a stranger and the pages."""
