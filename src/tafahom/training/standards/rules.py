"""What tells occupational standards apart."""

from tafahom.persian import normal_key


def standard_key(code: str, title: str) -> str:
    """What tells occupational standards apart: the code, or else the title."""
    return normal_key(code) or normal_key(title)
