"""Disclosure control: what of the figures is hidden from who may not see statuses.

``family`` says which questions may be asked, ``rules`` and ``slices`` which rows are too small, ``tables``
what is published of a year as one ``systems.System``, ``suppression`` which cells are hidden so that no
other gives them back, ``decisions`` what stays as it was, ``patterns`` keeps that, and ``guard``
applies it to an answer.
"""
