"""matrix under the conformance suite, on a real Synapse."""

import secrets
from pathlib import Path
from typing import Any

import pytest

from cxconnectors.matrix import Matrix
from cxconnectors.matrix.config import MatrixConfig
from cxcore.sdk.testing import ConnectorConformance, SourceFixture
from support.synapse import NAME, Homeserver, Person

NOWHERE = "http://127.0.0.1:9"


class Desk(SourceFixture):
    """A company's account that is in three rooms with guests, on a homeserver that others use, too."""

    server: Homeserver
    admin: Person

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        tag = secrets.token_hex(4)
        self.bot = self.server.person(f"desk-{tag}")
        self.guests = [self.server.person(f"guest{n}-{tag}", shown=f"Guest {n}") for n in range(3)]
        self.rooms = [self.bot.room(guest) for guest in self.guests]
        self.said = [
            (room, (self.bot if n % 3 == 2 else guest).say(room, f"message {n}"))
            for room, guest in zip(self.rooms, self.guests, strict=True)
            for n in range(7)
        ]
        self.url = self.server.url

    @property
    def config(self) -> dict[str, Any]:
        return {
            "url": self.server.url,
            "token": self.bot.token,
            "admin_token": self.admin.token,
            "own_users": [self.bot.id],
            "page": 5,
        }

    @property
    def account(self) -> str:
        return self.bot.id

    def attach(self, connector: Matrix) -> None:
        connector.config = connector.config.model_copy(update={"url": self.url})

    def change(self) -> None:
        guest, (room, event) = self.guests[0], self.said[0]
        guest.edit(room, event, "changed")

    def delete(self) -> None:
        room, event = self.said[8]
        self.guests[1].erase(room, event)

    def go_down(self) -> None:
        self.url = NOWHERE


@pytest.fixture(autouse=True)
def _on(homeserver: Homeserver) -> None:
    Desk.server, Desk.admin = homeserver, homeserver.people["admin"]


class TestMatrix(ConnectorConformance):
    connector = Matrix
    source_type = Desk


@pytest.mark.parametrize("user", ["desk", "@desk", "@desk:", "desk:x.example", "@a b:x.example"])
def test_what_is_no_matrix_id_is_refused(user: str) -> None:
    with pytest.raises(ValueError, match="Matrix id"):
        MatrixConfig(url="https://x.example", token="t", own_users=(user,))


def test_a_whole_server_may_be_the_companys() -> None:
    config = MatrixConfig(url="https://x.example/", token="t", own_users=("@*:staff.example", "@bot:x.example"))
    assert config.url == "https://x.example"
    assert config.own("@anybody:staff.example")
    assert config.own("@bot:x.example")
    assert not config.own(f"@bot:{NAME}")
