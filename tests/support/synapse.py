"""A real Matrix homeserver, Synapse, on loopback, as the tests of the connector `matrix` need it."""

import contextlib
import hashlib
import hmac
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

MISSING = "Synapse is missing: make an environment, `pip install matrix-synapse` there, and name it in CX_TEST_SYNAPSE"
NAME = "desk.example"
PASSWORD = "correct horse"
_SHARED = "a secret for making accounts"
_CONFIG = """
server_name: {name}
pid_file: {folder}/pid
signing_key_path: {folder}/signing.key
media_store_path: {folder}/media
report_stats: false
bcrypt_rounds: 4
trusted_key_servers: []
suppress_key_server_warning: true
registration_shared_secret: {shared}
enable_registration: false
database: {{name: sqlite3, args: {{database: {folder}/db}}}}
listeners: [{{port: {port}, bind_addresses: [127.0.0.1], type: http, tls: false, resources: [{{names: [client]}}]}}]
log_config: {folder}/log.yaml
rc_message: &open {{per_second: 100000, burst_count: 100000}}
rc_registration: *open
rc_joins: {{local: *open, remote: *open}}
rc_joins_per_room: *open
rc_invites: {{per_room: *open, per_user: *open, per_issuer: *open}}
rc_login: {{address: *open, account: *open, failed_attempts: *open}}
rc_admin_redaction: *open
"""
HS_TOKEN = "token-of-the-homeserver"
_SERVICE = f"""
id: cxcore
url: {{url}}
as_token: token-of-the-service
hs_token: {HS_TOKEN}
sender_localpart: cxcore
rate_limited: false
namespaces: {{{{users: [{{{{exclusive: false, regex: '@desk:{{name}}'}}}}], rooms: [], aliases: []}}}}
"""
_LOG = "version: 1\ndisable_existing_loggers: false\nroot: {level: ERROR, handlers: []}\n"


def python() -> str | None:
    """The Python that has Synapse: CX_TEST_SYNAPSE names its environment, else this one or `synapse` beside it."""
    named = os.environ.get("CX_TEST_SYNAPSE")
    for candidate in [f"{named}/bin/python"] if named else [sys.executable]:
        if shutil.which(candidate):
            found = subprocess.run([candidate, "-c", "import synapse"], capture_output=True, check=False)
            if found.returncode == 0:
                return candidate
    return None


@dataclass
class Person:
    """A user of the homeserver, and what they do."""

    server: "Homeserver"
    id: str
    token: str

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        return self.server.call(method, path, body, token=self.token)

    def room(self, *invited: "Person") -> str:
        made = self.call(
            "POST", "/_matrix/client/v3/createRoom", {"invite": [p.id for p in invited], "preset": "private_chat"}
        )
        room: str = made["room_id"]
        for person in invited:
            person.call("POST", f"/_matrix/client/v3/join/{quote(room)}", {})
        return room

    def say(self, room: str, text: str, **more: Any) -> str:
        return self._send(room, "m.room.message", {"msgtype": "m.text", "body": text, **more})

    def edit(self, room: str, event: str, text: str) -> str:
        content = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event}
        return self._send(
            room, "m.room.message", {**content, "body": f"* {text}", "m.new_content": content, "m.relates_to": relation}
        )

    def react(self, room: str, event: str) -> str:
        relation = {"rel_type": "m.annotation", "event_id": event, "key": "+1"}
        return self._send(room, "m.reaction", {"m.relates_to": relation})

    def erase(self, room: str, event: str) -> None:
        path = f"/_matrix/client/v3/rooms/{quote(room)}/redact/{quote(event)}/{secrets.token_hex(8)}"
        self.call("PUT", path, {"reason": "by mistake"})

    def raw(self, room: str, kind: str, content: dict[str, Any]) -> str:
        return self._send(room, kind, content)

    def _send(self, room: str, kind: str, content: dict[str, Any]) -> str:
        path = f"/_matrix/client/v3/rooms/{quote(room)}/send/{kind}/{secrets.token_hex(8)}"
        event: str = self.call("PUT", path, content)["event_id"]
        return event


@dataclass
class Homeserver:
    """The server, its address, and a client to seed it with."""

    url: str
    client: httpx2.Client
    people: dict[str, Person] = field(default_factory=dict)

    def call(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.client.request(method, self.url + path, json=body, headers=headers)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        found: dict[str, Any] = answer.json()
        return found

    def person(self, name: str, *, admin: bool = False, shown: str | None = None) -> Person:
        """A new account."""
        nonce = self.call("GET", "/_synapse/admin/v1/register")["nonce"]
        told = "\0".join((nonce, name, PASSWORD, "admin" if admin else "notadmin"))
        mac = hmac.new(_SHARED.encode(), told.encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": PASSWORD, "admin": admin, "mac": mac}
        made = self.call("POST", "/_synapse/admin/v1/register", body | ({"displayname": shown} if shown else {}))
        person = Person(self, made["user_id"], made["access_token"])
        self.people[name] = person
        return person


@contextlib.contextmanager
def homeserver(folder: Path, *, pushes_to: str | None = None) -> Iterator[Homeserver]:
    """A fresh Synapse in a folder, stopped afterwards.

    ``pushes_to``: the address of an application service, which is told of the rooms that ``@desk`` is in.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = _CONFIG.format(name=NAME, folder=folder, shared=_SHARED, port=port)
    if pushes_to is not None:
        config += f"app_service_config_files: [{folder}/service.yaml]\n"
        (folder / "service.yaml").write_text(_SERVICE.format(url=pushes_to, name=NAME.replace(".", r"\.")))
    (folder / "hs.yaml").write_text(config)
    (folder / "log.yaml").write_text(_LOG)
    program = [str(python()), "-m", "synapse.app.homeserver", "-c", str(folder / "hs.yaml")]
    subprocess.run([*program, "--generate-keys"], check=True, capture_output=True, cwd=folder)
    with (folder / "out").open("wb") as out, subprocess.Popen(program, stdout=out, stderr=out, cwd=folder) as server:
        try:
            with httpx2.Client(timeout=30, trust_env=False) as client:
                _wait(client, f"http://127.0.0.1:{port}", server, folder)
                yield Homeserver(f"http://127.0.0.1:{port}", client)
        finally:
            server.terminate()


def _wait(client: httpx2.Client, url: str, server: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        with contextlib.suppress(httpx2.HTTPError):
            if client.get(f"{url}/_matrix/client/versions").status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"Synapse does not start: {(folder / 'out').read_text()[-2000:]}")
