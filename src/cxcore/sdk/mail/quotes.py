"""What of a mail's text is newly said, and what is history or signature.

Own code instead of mail-parser-reply or email-reply-parser: it reads each line once, so 100 kB of "> > >" cost what any
100 kB cost, it keeps answers written between quotes, and it knows Finnish and Swedish Outlook. Patterns run on one line
of at most 1,000 characters each.
"""

import re

MAX_LINES = 20_000
_MAX_LINE = 1000
_MAX_SIGNATURE = 25
_MAX_ATTRIBUTION = 4

_QUOTE = re.compile(r"\s{0,3}>")
_WROTE = re.compile(
    r"\b(?:wrote|writes|kirjoitti|skrev|schrieb|schreef|escribió|scrisse|a écrit)\b[^\n]{0,200}:\s*$", re.IGNORECASE
)
_OPENING = re.compile(
    r"\s*(?:On|Den|Am|Le|Op|El|Il|Em)\b|\s*(?:ma|ti|ke|to|pe|la|su|mån|tis|ons|tors|fre|lör|sön)\b|"
    r"\s*\d{1,4}[./-]\d{1,2}[./-]|[^\n]{0,200}<[^<>\s]{1,200}@[^<>\s]{1,200}>",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"\s*-{2,}\s*(?:Original Message|Original Appointment|Forwarded message|Alkuperäinen viesti|Välitetty viesti|"
    r"Edelleenlähetetty viesti|Ursprungligt meddelande|Originalmeddelande|Vidarebefordrat meddelande|"
    r"Ursprüngliche Nachricht|Weitergeleitete Nachricht|Oprindelig meddelelse|Opprinnelig melding)\s*-{2,}\s*$|"
    r"\s*Begin forwarded message:\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"\s*\*?(?:From|Lähettäjä|Från|Von|Fra|Van|De)\s?\*?:\s?\*?\s?\S", re.IGNORECASE)
_OTHER_FIELD = re.compile(
    r"\s*\*?(?:Sent|Date|To|Cc|Subject|Lähetetty|Päivämäärä|Päiväys|Vastaanottaja|Kopio|Aihe|Skickat|Datum|Till|Kopia|Ämne|"
    r"Gesendet|An|Betreff|Sendt|Til|Emne|Verzonden|Aan|Onderwerp|Envoyé|À|Objet)\s?\*?:",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*_{10,}\s*$")


def _is_header_block(lines: list[str], at: int) -> bool:
    """A "From:" line, and at least two more header lines among the five after it."""
    if not _FROM.match(lines[at]):
        return False
    return sum(1 for line in lines[at + 1 : at + 6] if _OTHER_FIELD.match(line)) >= 2  # noqa: PLR2004 - as the docstring


def _attribution(lines: list[str], at: int) -> int:
    """How many lines from ``at`` on are "On … wrote:"; 0 if it is none."""
    if not lines[at].strip():
        return 0
    joined = ""
    for count in range(1, _MAX_ATTRIBUTION + 1):
        line = lines[at + count - 1] if at + count <= len(lines) else ""
        if not line.strip():
            return 0
        joined += " " + line
        if _WROTE.search(line) or (line.rstrip().endswith(":") and len(joined) < _MAX_LINE and _WROTE.search(joined)):
            dated = any(char.isdigit() for char in joined)
            return count if dated and (_OPENING.match(lines[at]) or _quote_follows(lines, at + count)) else 0
    return 0


def _quote_follows(lines: list[str], at: int) -> bool:
    """Thunderbird's Finnish and Swedish begin with the name: only the quote behind it tells it from a sentence."""
    after = _next_said(lines, at)
    return after < len(lines) and _QUOTE.match(lines[after]) is not None


def _next_said(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _history_from(lines: list[str]) -> int:
    """From which line on all is history: after a line that says so with nothing marked as quoted."""
    for at, line in enumerate(lines):
        if _ORIGINAL.match(line) or _is_header_block(lines, at):
            return at
        if _RULE.match(line) and (after := _next_said(lines, at + 1)) < len(lines) and _is_header_block(lines, after):
            return at
        if count := _attribution(lines, at):
            after = _next_said(lines, at + count)
            if after >= len(lines) or not _QUOTE.match(lines[after]):
                return at
    return len(lines)


def _signature_from(lines: list[str]) -> int:
    """Where the signature begins: "-- " on its own line; a bare "--" only near the end."""
    left = sum(1 for line in lines if line.strip() and not _QUOTE.match(line))
    for at, line in enumerate(lines):
        if line == "-- " or (line.rstrip() == "--" and left <= _MAX_SIGNATURE):
            return at
        left -= bool(line.strip() and not _QUOTE.match(line))
    return len(lines)


def _tidy(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n").rstrip()


def fold(text: str) -> tuple[str, str]:
    """The newly said part and the rest. If nothing would be new, all of it is."""
    whole = text.split("\n", MAX_LINES)
    overflow = whole[MAX_LINES:]
    lines = [line[:_MAX_LINE] for line in whole[:MAX_LINES]]
    end = _history_from(lines)
    end = min(end, _signature_from(lines[:end]))
    new: list[str] = []
    quoted: list[str] = []
    at = 0
    while at < end:
        count = _attribution(lines, at)
        if count:
            quoted += whole[at : at + count]
            at += count
            continue
        (quoted if _QUOTE.match(lines[at]) else new).append(whole[at])
        at += 1
    quoted += whole[end:MAX_LINES] + overflow
    said = _tidy(new)
    return (said, _tidy(quoted)) if said.strip() else (text.strip("\n").rstrip(), "")
