"""A person as a record shows them, made comparable: the row of a profile and its identifiers."""

import hashlib
import json
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cxcore.model.ids import ProfileId, profile_id
from cxcore.model.profile import SourceProfile
from cxcore.normalise import names
from cxcore.normalise.identifiers import Normalised, normalise
from cxcore.normalise.texts import clean, clean_json, optional

SHOWN = "shown:"
NOBODY = "nobody:"
TIMELESS = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Person:
    """One observation of a profile. ``keyed``: the source has an id of its own for the person. ``mentioned``: an interaction
    shows who it was by that id and nothing else of them, so what is known of them stays."""

    id: ProfileId
    key: str
    keyed: bool
    name: str | None
    given_name: str | None
    family_name: str | None
    birth_date: Any
    language: str | None
    address: str | None
    attributes: dict[str, Any]
    name_key: str
    observed_at: datetime
    revision: bytes
    identifiers: tuple[Normalised, ...]
    state: dict[str, Any] | None
    mentioned: bool = False

    def within(self) -> "Person":
        """The same as an interaction tells of them: only mentioned, where it shows neither name nor anything but ways to
        reach them."""
        if not self.keyed or any(
            (
                self.name,
                self.given_name,
                self.family_name,
                self.birth_date,
                self.language,
                self.address,
                self.attributes,
            )
        ):
            return self
        mentioned = copy(self)
        mentioned.mentioned = True
        return mentioned

    def seen(self, at: datetime) -> "Person":
        """The same person, seen at another time; one that is not keyed has no age."""
        if not self.keyed or at == self.observed_at:
            return self
        return Person(  # dataclasses.replace takes ten times as long
            self.id,
            self.key,
            self.keyed,
            self.name,
            self.given_name,
            self.family_name,
            self.birth_date,
            self.language,
            self.address,
            self.attributes,
            self.name_key,
            at,
            self.revision,
            self.identifiers,
            self.state,
        )


Shown = tuple[Any, ...]
"""All that a record shows of a person but the time, as a key."""


def shown(profile: SourceProfile) -> Shown | None:
    """What makes two profiles of one source the same person's same state; None where they never are (nobody shown)."""
    if profile.key is None and not profile.identifiers:
        return None
    return (
        profile.key,
        profile.name,
        profile.given_name,
        profile.family_name,
        profile.birth_date,
        profile.language,
        profile.address,
        *((i.scheme, i.issuer, i.value, i.verified) for i in profile.identifiers),
        *profile.attributes.items(),
    )


def person(profile: SourceProfile, *, namespace: UUID, region: str, at: datetime, record: str) -> Person:
    """Make a profile comparable.

    ``at`` dates it where it does not date itself; ``record`` names it where it shows nobody at all. A profile without a
    key of the source's is keyed by the normalised identity it shows, and has no age: of several ways to write the same
    identity one is chosen by content, so the order of arrival does not matter.
    """
    given, family = optional(profile.given_name), optional(profile.family_name)
    name = optional(profile.name) or optional(f"{given or ''} {family or ''}".strip())
    name = " ".join(name.split()) if name else None
    key_of_name = names.name_key(name) if name else ""
    if not key_of_name:
        name = None
    found = {(n.scheme, n.issuer, n.value): n for i in profile.identifiers if (n := normalise(i, region=region))}
    identifiers = tuple(found[k] for k in sorted(found))
    if profile.key is not None:
        key, keyed = clean(profile.key), True
    else:
        keyed = False
        if identifiers:
            shown = json.dumps([[*(k for k in sorted(found))], key_of_name])
            key = SHOWN + hashlib.sha256(shown.encode()).hexdigest()[:40]
        else:
            key = f"{NOBODY}{record}"
    attributes = clean_json(profile.attributes)
    language, address = optional(profile.language), optional(profile.address)
    state = None
    revision = json.dumps([name or "", given, family, language, address, attributes], sort_keys=True).encode()
    if keyed:
        state = {
            "name": name,
            "given_name": given,
            "family_name": family,
            "birth_date": profile.birth_date.isoformat() if profile.birth_date else None,
            "language": language,
            "address": address,
            "attributes": attributes,
            "identifiers": [[n.scheme.value, n.issuer, n.raw] for n in identifiers],
        }
        revision = hashlib.sha256(json.dumps(state, sort_keys=True).encode()).digest()[:16]
    return Person(
        id=profile_id(namespace, key),
        key=key,
        keyed=keyed,
        name=name,
        given_name=given,
        family_name=family,
        birth_date=profile.birth_date,
        language=language,
        address=address,
        attributes=attributes,
        name_key=key_of_name,
        observed_at=(profile.observed_at or at) if keyed else TIMELESS,
        revision=revision,
        identifiers=identifiers,
        state=state,
    )
