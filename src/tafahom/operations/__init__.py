"""Keeping an installation: backup and restore, its health, and a safe start."""
