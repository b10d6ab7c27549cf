"""HTML to the text a reader sees, in bounded time for any input."""

import re
from html import unescape

import html_text

from cxcore.sdk.plain_text import clean

MAX_CHARS = 1 << 20
MAX_NESTING = 256

_ELEMENT = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})[^<>]{0,4000}>")
_UNSEEN = re.compile(r"<(script|style|head|title)\b", re.IGNORECASE)
_ANY_ELEMENT = re.compile(r"<[^<>]{0,4000}>")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "option",
        "dd",
        "dt",
    ]
)


def nesting(html: str) -> int:
    """How deep tags nest at most, closing tags believed."""
    depth = deepest = 0
    for closing, name in _ELEMENT.findall(html):
        if name.lower() not in _VOID:
            depth = max(depth - 1, 0) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _stripped(html: str) -> str:
    """The text without tags, for what is too deep to parse."""
    lowered, kept, at = html.lower(), [], 0
    for found in _UNSEEN.finditer(html):
        if found.start() < at:
            continue
        kept.append(html[at : found.start()])
        end = lowered.find(f"</{found[1].lower()}", found.end())
        at = len(html) if end < 0 else end
    return unescape(_ANY_ELEMENT.sub(" ", "".join(kept) + html[at:]))


def html_to_text(html: str) -> str:
    """The text of at most ``MAX_CHARS`` of HTML, laid out in lines; "" if there is none."""
    html = clean(html[:MAX_CHARS])
    if not html.strip():
        return ""
    if nesting(html) > MAX_NESTING:
        return " ".join(_stripped(html).split())
    try:
        return clean(html_text.extract_text(html))
    except Exception:  # noqa: BLE001 - lxml and its cleaner raise many kinds on broken markup; the text must come through
        return " ".join(_stripped(html).split())


def split_quotes(html: str) -> tuple[str, str]:
    """Text outside and inside of the quotes (outermost ``blockquote``) of a mail."""
    html = clean(html[:MAX_CHARS])
    if "<blockquote" not in html.lower() or nesting(html) > MAX_NESTING:
        return html_to_text(html), ""
    try:
        tree = html_text.parse_html(html)
        quotes = [q for q in tree.iter("blockquote") if next(q.iterancestors("blockquote"), None) is None]
        quoted = "\n\n".join(clean(html_text.extract_text(quote)) for quote in quotes)
        for quote in quotes:
            quote.drop_tree()
        outside = clean(html_text.extract_text(tree))
    except Exception:  # noqa: BLE001 - as above
        return html_to_text(html), ""
    return (outside, quoted) if outside else (quoted, "")
