"""Disclosure control: which figures of a revealing row are shown, so that nobody's status is."""
