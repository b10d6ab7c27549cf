"""Strangers: as many names as a test wants, no two of which could be one person's."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def stranger(n: int) -> str:
    """A given and a family name, in small letters; another for each number below 17,576."""
    a, b, c = _LETTERS[n % 26], _LETTERS[n // 26 % 26], _LETTERS[n // 676 % 26]
    return f"{a}{b}{a}{c}{b}{b} {c}{a}{b}{c}{a}{c}{b}"
