"""Invented mails."""


def mail(number: int, text: str = "Hello", *, extra: str = "", own: bool = False) -> bytes:
    """A letter from a guest to the company, or the other way round; all its own by its number."""
    guest, us = f"Guest {number} <guest{number}@home.example>", "help@shop.example"
    sender, receiver = (us, guest) if own else (guest, us)
    return (
        f"{extra}From: {sender}\r\nTo: {receiver}\r\nSubject: Question {number}\r\n"
        f"Date: Mon, 5 Jan 2026 {10 + number // 60 % 12}:{number % 60:02}:00 +0200\r\n"
        f"Message-ID: <m{number}@home.example>\r\n\r\n{text} {number}\r\n"
    ).encode()
