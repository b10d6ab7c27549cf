"""Reading a page as a browser does: its elements, their attributes and texts. Any slip of its markup is an error."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_ENDS_P = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    ]
)
"""Elements before which a browser closes an open <p>, whatever the markup meant."""
_VOID = frozenset({"meta", "link", "input", "img", "br"})


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


class Page(HTMLParser):
    """A parsed page. Elements that are open at the end or closed out of turn are slips."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.slips: list[str] = []
        self.feed(html)
        self.close()
        self.slips += [f"<{e.tag}> is never closed" for e in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        if len(attrs) != len(element.attributes):
            self.slips.append(f"<{tag}> has an attribute twice")
        if tag in _ENDS_P and any(e.tag == "p" for e in self._open):
            self.slips.append(f"<{tag}> stands in a <p>, which ends there")
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.slips.append(f"</{tag}> closes {self._open[-1].tag if self._open else 'nothing'}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.texts.append(data)

    def classed(self, class_: str) -> list[Element]:
        return [e for e in self.elements if class_ in (e.attributes.get("class") or "").split()]

    def all(self, tag: str, class_: str | None = None) -> list[Element]:
        return [
            e
            for e in self.elements
            if e.tag == tag and (class_ is None or class_ in (e.attributes.get("class") or "").split())
        ]

    @property
    def text(self) -> str:
        return self.elements[0].text

    def addresses(self) -> list[str]:
        """Every address the page names: links, forms, pictures, styles, scripts."""
        names = ("href", "src", "action", "formaction", "data", "poster")
        return [value for e in self.elements for n in names if (value := e.attributes.get(n)) is not None]


def read(html: str) -> Page:
    """The page, which must be well-formed."""
    page = Page(html)
    assert page.slips == []
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids)), "an id stands twice"
    return page
