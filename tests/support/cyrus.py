"""A real Cyrus for tests: one server a test session, a JMAP account of its own for each test."""

import contextlib
import getpass
import grp
import os
import pwd
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import orjson

from support.mails import mail
from support.private import free_port

MISSING = "needs Cyrus with JMAP: sudo apt-get install --no-install-recommends cyrus-caldav sasl2-bin"
PASSWORD = "secret-of-the-account"
_PROGRAMS = Path("/usr/lib/cyrus/bin")
_USING = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"]
_SHARING = "https://cyrusimap.org/ns/jmap/mail"
_IMAPD = """
configdirectory: {folder}/conf
partition-default: {folder}/spool
proc_path: {folder}/conf/proc
mboxname_lockpath: {folder}/conf/lock
lmtpsocket: {folder}/conf/socket/lmtp
idlesocket: {folder}/conf/socket/idle
notifysocket: {folder}/conf/socket/notify
cyrus_user: {user}
cyrus_group: {group}
httpmodules: jmap
conversations: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {folder}/sasldb2
sasl_mech_list: PLAIN LOGIN
allowplaintext: yes
servername: localhost
virtdomains: off
unixhierarchysep: yes
altnamespace: yes
autocreate_quota: 0
autocreate_post: yes
autocreate_inbox_folders: Sent | Drafts | Trash
xlist-sent: Sent
xlist-drafts: Drafts
xlist-trash: Trash
admins: admin
skiplist_unsafe: yes
jmap_nonstandard_extensions: yes
"""
_SERVICES = """
START {{
}}
SERVICES {{
  http cmd="httpd -C {folder}/imapd.conf" listen="127.0.0.1:{port}" prefork=2
  lmtp cmd="lmtpd -C {folder}/imapd.conf -a" listen="127.0.0.1:{lmtp}" prefork=1
}}
EVENTS {{
}}
"""


def installed() -> bool:
    return (_PROGRAMS / "httpd").is_file() and (_PROGRAMS / "master").is_file()


class Lost(Exception):
    """What was uploaded is not found."""


@dataclass(slots=True)
class Cyrus:
    """A running server."""

    folder: Path
    port: int
    lmtp: int
    owner: dict[str, Any]
    client: httpx2.Client
    _made: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def account(self) -> "Account":
        """A new account with the usual mailboxes, all empty.

        Of some Cyrus never finds what is uploaded, however often it is sent: another is made then.
        """
        for _ in range(5):
            made = self._new()
            with contextlib.suppress(Lost):
                made.destroy(*made.append(mail(0)))
                return made
        raise RuntimeError("Cyrus makes no account in which it finds what is uploaded.")

    def _new(self) -> "Account":
        self._made += 1
        made = Account(self, f"guest{self._made}")
        self._run("/usr/sbin/saslpasswd2", "-p", "-c", "-f", str(self.folder / "sasldb2"), "-u", "localhost", made.user)
        with smtplib.LMTP("127.0.0.1", self.lmtp) as client:  # the account is made when its first mail comes
            client.sendmail("post@home.example", [f"{made.user}@localhost"], mail(0))
        made.boxes = {each["role"] or each["name"]: each["id"] for each in made.call("Mailbox/get")["list"]}
        made.destroy(*made.ids())
        return made

    def forget(self) -> None:
        """Throw away what has been expunged, and with it what changed until now."""
        self._run(str(_PROGRAMS / "cyr_expire"), "-C", str(self.folder / "imapd.conf"), "-E", "0", "-X", "0", "-D", "0")

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, input=PASSWORD.encode(), **self.owner)


@dataclass(slots=True)
class Account:
    """An account of the server, worked on as a mail program does it. ``boxes`` are ids by role, else by name."""

    server: Cyrus
    user: str
    boxes: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> dict[str, Any]:
        return {"url": self.server.url, "user": self.user, "password": PASSWORD}

    def call(self, method: str, *, using: str | None = None, **arguments: Any) -> dict[str, Any]:
        asked = {
            "using": [*_USING, *([using] if using else [])],
            "methodCalls": [[method, {"accountId": self.user, **arguments}, "0"]],
        }
        told = self._send("/jmap/", orjson.dumps(asked), "application/json")
        name, found, _ = told["methodResponses"][0]
        assert name == method, found
        return dict(found)

    def append(
        self, *mails: bytes, box: str = "inbox", at: str = "2026-01-05T08:00:00Z", draft: bool = False
    ) -> list[str]:
        """Store mails; the ids of those that the server takes (some odd ones it does not).

        Of an account just made, Cyrus now and then does not find what has just been uploaded: such mails are sent again.

        Raises:
            Lost: it does not find them, however often.
        """
        lies = {"mailboxIds": {self.boxes[box]: True}, "receivedAt": at, "keywords": {"$draft": True} if draft else {}}
        made: dict[int, str] = {}
        left = dict(enumerate(mails))
        for _ in range(10):
            blobs = {
                n: self._send(f"/jmap/upload/{self.user}/", each, "message/rfc822")["blobId"]
                for n, each in left.items()
            }
            told = self.call("Email/import", emails={f"n{n}": {"blobId": b, **lies} for n, b in blobs.items()})
            made |= {int(name[1:]): each["id"] for name, each in (told["created"] or {}).items()}
            lost = [int(n[1:]) for n, why in (told["notCreated"] or {}).items() if why.get("properties") == ["blobId"]]
            left = {n: mails[n] for n in lost}
            if not left:
                return [made[n] for n in sorted(made)]
        raise Lost(f"Cyrus does not find what was uploaded: {told['notCreated']}")

    def raw(self, blob: str) -> bytes:
        """A mail as the server hands it out."""
        path = f"{self.server.url}/jmap/download/{self.user}/{blob}/mail"
        answer = self.server.client.get(path, auth=(self.user, PASSWORD))
        assert answer.is_success, answer.text
        return answer.content

    def ids(self, box: str | None = None) -> list[str]:
        """The mails of a mailbox, or all."""
        wanted = {"inMailbox": self.boxes[box]} if box else None
        return list(self.call("Email/query", filter=wanted)["ids"])

    def put(self, email: str, *boxes: str) -> None:
        """Have a mail lie in these mailboxes and no others."""
        self.update(email, mailboxIds={self.boxes[each]: True for each in boxes})

    def flag(self, email: str, keyword: str) -> None:
        self.update(email, **{f"keywords/{keyword}": True})

    def update(self, email: str, **changes: Any) -> None:
        told = self.call("Email/set", update={email: changes})
        assert email in (told["updated"] or {}), told

    def destroy(self, *emails: str) -> None:
        told = self.call("Email/set", destroy=list(emails))
        assert not told["notDestroyed"], told

    def create(self, name: str, parent: str | None = None) -> None:
        made = self.call("Mailbox/set", create={"a": {"name": name, "parentId": parent and self.boxes[parent]}})
        self.boxes[name] = made["created"]["a"]["id"]

    def remove(self, box: str) -> None:
        told = self.call("Mailbox/set", destroy=[self.boxes.pop(box)], onDestroyRemoveEmails=True)
        assert told["destroyed"], told

    def share(self, other: "Account") -> None:
        """Have another account read the inbox."""
        rights = {"mayRead": True, "mayWrite": False, "mayAdmin": False}
        change = {self.boxes["inbox"]: {f"shareWith/{other.user}": rights}}
        told = self.call("Mailbox/set", using=_SHARING, update=change)
        assert told["updated"], told

    def _send(self, path: str, body: bytes, kind: str) -> dict[str, Any]:
        answer = self.server.client.post(
            self.server.url + path, content=body, headers={"Content-Type": kind}, auth=(self.user, PASSWORD)
        )
        assert answer.is_success, answer.text
        return dict(answer.json())


@contextlib.contextmanager
def running() -> Iterator[Cyrus]:
    """A server on loopback, run by an ordinary user."""
    user = "nobody" if os.geteuid() == 0 else getpass.getuser()
    group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    owner = {"user": user, "group": group, "extra_groups": []} if os.geteuid() == 0 else {}
    with contextlib.ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="cxcore-cyrus-", ignore_cleanup_errors=True))
        client = stack.enter_context(httpx2.Client(timeout=30, trust_env=False))
        server = Cyrus(Path(name), free_port(), free_port(), owner, client)
        _lay_out(server, user, group)
        command = [_PROGRAMS / "master", "-D", "-C", server.folder / "imapd.conf", "-M", server.folder / "cyrus.conf"]
        with (server.folder / "out").open("wb") as out:  # a session of its own: it ends its whole process group
            process = subprocess.Popen(
                [*command, "-p", server.folder / "pid"], stdout=out, stderr=out, start_new_session=True, **owner
            )
        try:
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=30)


def _lay_out(server: Cyrus, user: str, group: str) -> None:
    folder = server.folder
    folder.chmod(0o755)
    for place in ("conf/proc", "conf/db", "conf/socket", "conf/log", "conf/lock", "spool"):
        (folder / place).mkdir(parents=True)
    (folder / "imapd.conf").write_text(_IMAPD.format(folder=folder, user=user, group=group), encoding="ascii")
    services = _SERVICES.format(folder=folder, port=server.port, lmtp=server.lmtp)
    (folder / "cyrus.conf").write_text(services, encoding="ascii")
    if os.geteuid() == 0:
        for place in (folder, *folder.rglob("*")):
            os.chown(place, pwd.getpwnam(user).pw_uid, grp.getgrnam(group).gr_gid)


def _wait(server: Cyrus, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.lmtp), 1) as probe:
            if probe.recv(100).startswith(b"220"):
                return
        time.sleep(0.05)
    raise RuntimeError(f"Cyrus does not start: {(server.folder / 'out').read_text()}")
