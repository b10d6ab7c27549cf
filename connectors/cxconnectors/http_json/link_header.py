"""The Link header (RFC 8288): the target of a relation."""

import re

_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[^\s=;,<>\"]+(?:\s*=\s*(?:\"(?:[^\"\\]|\\.)*\"|[^\s;,<>\"]*))?)*)")
_PARAMETER = re.compile(r";\s*([^\s=;,\"]+)(?:\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;,\"]*)))?")
_MOST = 16_000


def target(header: str, relation: str) -> str | None:
    """The first address that the header links by ``relation`` (names are compared without case); None without one."""
    for link in _LINK.finditer(header[:_MOST]):
        for name, quoted, plain in _PARAMETER.findall(link[2]):
            if name.lower() == "rel":
                if relation in (quoted or plain).lower().split():
                    return link[1].strip()
                break  # later rel parameters do not count (RFC 8288, 3.3)
    return None
