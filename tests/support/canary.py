"""Canaries: values that some roles do not see, told of a few people, and the look for them in whatever is answered."""

import re
from datetime import date
from typing import Any

from cxcore.auth.masks import Masked

LOCAL, DIGITS, BORN, HOME, SECRET = "kanarialintu", "401239876", date(1971, 9, 23), "Kanariakuja 7", "kanariasalaisuus"
MAIL = f"{LOCAL}@kotiposti.example"

MESSAGES: list[dict[str, Any]] = [
    {"id": 1, "who": "a", "name": "Anna Kanaria", "emails": [MAIL], "phones": [f"+358{DIGITS}"], "born": BORN,
     "address": f"{HOME}, 33100 Tampere", "text": f"Write to {MAIL} or call 0{DIGITS[:2]} {DIGITS[2:]}",
     "attributes": {"contact": MAIL, "callback": f"+358 {DIGITS[:2]} {DIGITS[2:5]} {DIGITS[5:]}"}},
    {"id": 2, "who": "b", "name": "Anna Kanaria", "emails": ["anna.k@tyo.example"], "phones": [f"+358{DIGITS}"],
     "born": BORN, "address": f"{HOME} B, 33100 Tampere"},
    {"id": 3, "who": "c", "name": "Olli Kanaria", "emails": ["olli@tyo.example"], "phones": [f"+358{DIGITS}"],
     "address": f"{HOME}, 33100 Tampere", "born": date(1969, 1, 2)},
    {"id": 4, "who": "a", "name": "Anna Kanaria", "emails": [MAIL], "direction": "internal", "subject": SECRET,
     "text": f"She is {SECRET}", "quoted": SECRET, "attributes": {"memo": SECRET}},
    {"id": 5, "phones": [f"+358{DIGITS}"], "channel": "phone", "kind": "call"},
]  # fmt: skip


def heard(text: str) -> set[Masked]:
    """Which canaries are in a text, JSON or HTML, however their digits are grouped."""
    together = re.sub(r"[\s()\-\u00a0]|\\u00a0|&nbsp;", "", text)
    signs = {
        Masked.EMAIL: LOCAL in text,
        Masked.PHONE: DIGITS in together,
        Masked.BIRTH_DATE: BORN.isoformat() in text,
        Masked.ADDRESS: HOME in text,
        Masked.INTERNAL: SECRET in text,
    }
    return {masked for masked, found in signs.items() if found}
