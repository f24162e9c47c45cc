"""Decisions about personal data: forgetting people, letting bulk exports out."""
