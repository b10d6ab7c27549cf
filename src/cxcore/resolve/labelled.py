"""Labelled files: rows of any table of people, with or without the truth, made payloads by the product's normalisers. Pure.

Columns are told by their names; those that are no known attribute become traits, compared as text. What encodes the
truth (record ids, cluster numbers) never reaches a payload. A column ``verified`` names the row's attributes that its source
knows to be the person's: ``email``, ``loyalty``, or both.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cxcore.errors import InvalidInput
from cxcore.model.identifier import Identifier, Scheme
from cxcore.normalise.identifiers import normalise
from cxcore.resolve.payload import Payload, payload

_COLUMNS: dict[str, frozenset[str]] = {
    "id": frozenset({"id", "recid", "uniqueid", "recordid", "simulantid"}),
    "entity": frozenset({"cluster", "entityid", "entity", "clusterid", "truth", "personid", "truthid"}),
    "name": frozenset({"name", "fullname", "namefull", "primaryname", "primarynamefull"}),
    "given_name": frozenset({"givenname", "firstname", "first", "forename", "namefirst", "primarynamefirst"}),
    "middle": frozenset({"middlename", "middleinitial", "middle"}),
    "family_name": frozenset({"familyname", "lastname", "surname", "last", "namelast", "primarynamelast"}),
    "birth_date": frozenset({"dob", "dateofbirth", "birthdate", "birthday"}),
    "address": frozenset({"address", "addrfull", "fulladdress", "addressline"}),
    "number": frozenset({"streetnumber", "housenumber", "housenum"}),
    "street": frozenset({"street", "address1", "streetname", "streetaddress", "addrline1"}),
    "postcode": frozenset({"postcode", "zip", "zipcode", "postalcode", "postcodefake", "addrpostalcode"}),
    "city": frozenset({"city", "suburb", "town", "addrcity"}),
    "email": frozenset({"email", "emailaddress", "mail"}),
    "phone": frozenset({"phone", "phonenumber", "telephone", "mobile"}),
    "handle": frozenset({"handle", "username"}),
    "loyalty": frozenset({"loyalty", "loyaltynumber"}),
    "verified": frozenset({"verified"}),
}
_ACCOUNTS = re.compile(r"(soc_?sec_?id|ssn(_?number)?|passport(_?number)?|drivers_?license(_?number)?|national_?id)$")
_LEFT_OUT = frozenset({"source", "channel", "datasource", "recordtype", "unnamed0", ""})
_DATES = (
    (re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[-.](\d{1,2})[-.](\d{4})"), (3, 2, 1)),
    (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})"), (3, 1, 2)),
)
_FEBRL = re.compile(r"rec-(\d+)-(?:org|dup-\d+)")
_WORD = re.compile(r"[a-z]+")
_LEAST_DIGITS = 6
_LEAST_FILLED = 0.02


@dataclass(slots=True)
class Labelled:
    """Payloads in the order of the rows, and each row's entity where the file says it; ``traits`` name what is compared
    beyond the fixed attributes."""

    payloads: list[Payload] = field(default_factory=list)
    entities: list[str | None] = field(default_factory=list)
    traits: tuple[str, ...] = ()


def read(rows: Sequence[Mapping[str, str | None]], *, region: str, truth: Mapping[str, str] | None = None) -> Labelled:
    """Make payloads of rows. ``truth`` gives the entity of a record id, where the rows do not say it themselves.

    Raises:
        InvalidInput: no column tells one person from another.
    """
    if not rows:
        raise InvalidInput("The file has no rows.")
    roles = {column: _role(column) for column in rows[0]}
    if not set(roles.values()) & {"name", "given_name", "family_name", "email", "phone", "handle"}:
        raise InvalidInput(
            "No column names a person.", hint="Call the columns given_name, family_name, birth_date, email, phone ..."
        )
    traits = _traits(rows, [c for c, role in roles.items() if role == "trait"])
    result = Labelled(traits=tuple(sorted(traits.values())))
    for row in rows:
        values: dict[str, str] = {}
        identifiers: list[tuple[Scheme, str, str]] = []
        by_role: dict[str, list[tuple[Scheme, str, str]]] = {}
        for column, role in roles.items():
            text = (row.get(column) or "").strip()
            if text and role not in {"trait", "none"}:
                values[role] = f"{values[role]} {text}" if role in values else text
            if text and (role in _SCHEMES or role.startswith("account:")):
                found = _identifiers(role, text, region)
                identifiers += found
                by_role[role] = by_role.get(role, []) + found
        street = " ".join(v for v in (values.get("number"), values.get("street")) if v)
        placed = bool(street or values.get("postcode") or values.get("city"))
        result.payloads.append(
            payload(
                name=values.get("name"),
                given_name=values.get("given_name"),
                family_name=values.get("family_name"),
                birth_date=_date(values.get("birth_date", "")),
                address=None if placed else values.get("address"),
                street=(street or values.get("address")) if placed else None,
                postcode=values.get("postcode"),
                city=values.get("city"),
                identifiers=identifiers,
                verified=[
                    i for role in _WORD.findall(values.get("verified", "").casefold()) for i in by_role.get(role, ())
                ],
                traits={name: row.get(column) or "" for column, name in traits.items()},
            )
        )
        result.entities.append(_entity(values, truth))
    return result


_SCHEMES = {"email": Scheme.EMAIL, "phone": Scheme.PHONE, "handle": Scheme.HANDLE, "loyalty": Scheme.LOYALTY}


def _role(column: str) -> str:
    plain = re.sub(r"[^a-z0-9]", "", column.casefold())
    if plain in _LEFT_OUT:
        return "none"
    if _ACCOUNTS.fullmatch(column.strip().casefold()):
        return f"account:{plain}"
    return next((role for role, names in _COLUMNS.items() if plain in names), "trait")


def _traits(rows: Sequence[Mapping[str, str | None]], columns: Iterable[str]) -> dict[str, str]:
    """The further columns worth comparing: filled now and then, and not the same or different in every row."""
    found = {}
    for column in columns:
        counted = Counter((r.get(column) or "").strip() for r in rows)
        filled = len(rows) - counted.pop("", 0)
        if filled >= _LEAST_FILLED * len(rows) and 1 < len(counted) < filled:
            found[column] = re.sub(r"[^a-z0-9]+", "_", column.strip().casefold()).strip("_")
    return found


def _identifiers(role: str, text: str, region: str) -> list[tuple[Scheme, str, str]]:
    scheme, issuer = (_SCHEMES[role], "") if role in _SCHEMES else (Scheme.ACCOUNT, role)
    if scheme in {Scheme.HANDLE, Scheme.LOYALTY}:
        issuer = role
    found = normalise(Identifier(scheme=scheme, issuer=issuer, value=text[:1000]), region=region)
    if found is not None:
        return [(found.scheme, found.issuer, found.value)]
    digits = re.sub(r"\D", "", text)
    # a number no telephone can have is compared as it stands: in test data most are invented
    return (
        [(scheme, "", digits)]
        if scheme is Scheme.PHONE and len(digits) > _LEAST_DIGITS and set(digits[3:]) != {"5"}
        else []
    )


def _date(text: str) -> str:
    for pattern, order in _DATES:
        if found := pattern.fullmatch(text):
            year, month, day = (found[n] for n in order)
            return f"{year}{month:0>2}{day:0>2}"
    return text


def _entity(values: Mapping[str, str], truth: Mapping[str, str] | None) -> str | None:
    if truth is not None:
        return truth.get(values.get("id", ""))
    if "entity" in values:
        return values["entity"]
    febrl = _FEBRL.fullmatch(values.get("id", ""))
    return febrl[1] if febrl else None
