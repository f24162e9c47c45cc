"""Measurements of speed, each beside the least that the same work could cost."""
