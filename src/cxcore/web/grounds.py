"""Evidence in words: what speaks for one person, and what against."""

from collections.abc import Mapping
from typing import Any

from cxcore.model.identifier import Scheme
from cxcore.web.reach import readable
from cxcore.web.words import word


def speaks_for(evidence: Mapping[str, Any], language: str, *, values: bool = False) -> tuple[str, ...]:
    """What speaks for one person: what is verified, then the strongest first; with ``values``, also which value is shared,
    little as it may say if many people use it, and by how many."""
    found = []
    verified = evidence.get("verified", ())
    for a in sorted(evidence.get("attributes", ()), key=lambda a: a["name"] not in verified):
        if a["bits"] > 0 or a["name"] in verified or (values and "value" in a):
            likeness = "verified" if a["name"] in verified else "same" if a.get("level") == "same" else "similar"
            said = word(f"{likeness}_{a['name']}" if not a["name"].startswith("trait:") else "same_trait", language)
            if values and "value" in a:
                said = f"{said} {readable(Scheme(a['name']), a['value'])}"
                if a["people"] > 1:
                    said = f"{said}, {word('used_by', language)} {a['people']}"
            found.append(said)
    return tuple(found)


def speaks_against(evidence: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """What speaks against it: what cannot be one person's, then the strongest first."""
    contradicts = [(c["name"], c["issuer"]) for c in evidence.get("contradicts", ())]
    said = [word(f"conflict_{n}", language) + (f" ({issuer})" if issuer else "") for n, issuer in contradicts]
    known = {name for name, _ in contradicts}
    found = [a["name"] for a in evidence.get("attributes", ()) if a["bits"] < 0 and "value" not in a]
    said += [word("other_trait" if n.startswith("trait:") else f"other_{n}", language) for n in found if n not in known]
    return tuple(said)
