"""Disclosure control: what of the figures is hidden from who may not see statuses.

``family`` says which questions may be asked, ``rules`` which slices are too small, ``tables`` what is
published of a year, ``suppression`` which cells are hidden so that no other gives them back,
``patterns`` keeps that, and ``guard`` applies it to an answer.
"""
