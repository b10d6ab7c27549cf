"""Who is the customer of a mail, who else took part, and which way it went."""

from dataclasses import dataclass
from email.message import Message

from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Direction, Participant, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk.mail.header import Address, addresses
from cxcore.sdk.mail.own_side import OwnSide

MAX_CUSTOMERS = 100
MAX_PARTICIPANTS = 100

_NO_REPLY = ("no-reply", "noreply", "no_reply", "donotreply", "do-not-reply", "do_not_reply", "ei-vastausta", "eivastausta", "svara-inte", "svarainte")  # fmt: skip


@dataclass(frozen=True, slots=True)
class People:
    """The sides of a mail."""

    direction: Direction
    customers: tuple[SourceProfile, ...]
    role: Role
    participants: tuple[Participant, ...]


def profile(address: Address) -> SourceProfile:
    name = address.name if address.name and address.name.lower() != address.address.lower() else None
    return SourceProfile(name=name, identifiers=(Identifier.email(address.address),))


def _participants(groups: list[tuple[Role, list[Address]]], without: set[str]) -> tuple[Participant, ...]:
    found: dict[str, Participant] = {}
    for role, members in groups:
        for name, address in members:
            if address.lower() not in without:
                found.setdefault(address.lower(), Participant(role=role, name=name, address=address))
    return tuple(found.values())[:MAX_PARTICIPANTS]


def _never_reads(sender: Address) -> bool:
    local = sender.address.lower().partition("@")[0]
    return any(local.startswith(word) for word in _NO_REPLY)


def people(mail: Message, own: OwnSide, failed: list[Address] | None) -> People:
    """The sides of a mail. ``failed``: if it is a bounce, whom the bounced mail did not reach.

    On inbound mail the customer is From; Reply-To instead, when From is a web form's or says no-reply and Reply-To is a
    foreign address. On outbound mail all foreign To and Cc are.
    """
    senders = addresses(mail, "From") or addresses(mail, "Sender")
    to, copied = addresses(mail, "To"), addresses(mail, "Cc")
    groups = [(Role.SENDER, senders), (Role.RECIPIENT, to), (Role.COPY, copied)]
    if failed is not None:
        return _sides(Direction.INBOUND, failed[:MAX_CUSTOMERS], Role.RECIPIENT, groups)
    receivers = [*to, *copied]
    foreign = [each for each in receivers if each.address not in own]
    from_own = any(sender.address in own for sender in senders)
    answer_to = [each for each in addresses(mail, "Reply-To") if each.address not in own]
    form = (from_own and not foreign and receivers) or any(_never_reads(sender) for sender in senders)
    if answer_to and form and (not from_own or not foreign):
        return _sides(Direction.INBOUND, answer_to[:1], Role.SENDER, groups)
    if not from_own:
        return _sides(Direction.INBOUND, senders[:1], Role.SENDER, groups)
    if receivers and not foreign:
        return _sides(Direction.INTERNAL, [], Role.SENDER, groups)
    return _sides(Direction.OUTBOUND, foreign[:MAX_CUSTOMERS], Role.RECIPIENT, groups)


def _sides(direction: Direction, who: list[Address], role: Role, groups: list[tuple[Role, list[Address]]]) -> People:
    return People(
        direction,
        tuple(profile(each) for each in who),
        role,
        _participants(groups, {each.address.lower() for each in who}),
    )
