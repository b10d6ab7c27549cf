"""A real Dovecot for tests: one server a test session, a mailbox of its own for each test."""

import contextlib
import getpass
import grp
import imaplib
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLAIN = "imap_capability = IMAP4rev1 UIDPLUS MOVE"
"""Settings of a server that offers none of the extensions that the connector can use."""
MISSING = "needs Dovecot: sudo apt-get install --no-install-recommends dovecot-imapd openssl"
PASSWORD = "secret-of-the-mailbox"
MAILBOXES = 1000
"""Made beforehand, since Dovecot does not look twice in a second whether there are new ones."""
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
ssl = {ssl}
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
mailbox_list_index = no
mail_max_userip_connections = 100
{more}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Drafts {{
    auto = create
    special_use = \\Drafts
  }}
}}
"""


def installed() -> bool:
    return _binary() is not None and shutil.which("openssl") is not None


def _binary() -> str | None:
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def version() -> str:
    """As the server says it: 2.3.19."""
    told = subprocess.run([_binary() or "dovecot", "--version"], capture_output=True, text=True, check=True).stdout
    return told.split()[0]


@dataclass(slots=True)
class Dovecot:
    """A running server. ``certificate`` is what its TLS port shows, made for localhost."""

    folder: Path
    port: int
    tls_port: int
    certificate: Path
    _made: int = 0

    def mailbox(self) -> "Mailbox":
        """A new, empty mailbox."""
        self._made += 1
        return Mailbox(self, f"guest{self._made}")


@dataclass(slots=True)
class Mailbox:
    """An account of the server, worked on as a mail program does it, with the standard library's client."""

    server: Dovecot
    user: str

    @property
    def config(self) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "port": self.server.port,
            "security": "none",
            "user": self.user,
            "password": PASSWORD,
            "folders": ["INBOX", "\\Sent"],
        }

    @contextlib.contextmanager
    def opened(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.server.port, timeout=20) as client:
            client.login(self.user, PASSWORD)
            yield client

    def append(self, *mails: bytes, folder: str = "INBOX", flags: str = "", at: float | None = None) -> None:
        with self.opened() as client:
            for mail in mails:
                when = imaplib.Time2Internaldate(at if at is not None else time.time())
                status, told = client.append(folder, flags, when, mail)
                assert status == "OK", told

    def delete(self, *uids: int, folder: str = "INBOX") -> None:
        """Delete mails for good."""
        with self.opened() as client:
            client.select(folder)
            for uid in uids:
                client.uid("STORE", str(uid), "+FLAGS", "(\\Deleted)")
            client.expunge()

    def flag(self, uid: int, flags: str, folder: str = "INBOX") -> None:
        with self.opened() as client:
            client.select(folder)
            client.uid("STORE", str(uid), "+FLAGS", f"({flags})")

    def move(self, uid: int, to: str, folder: str = "INBOX") -> None:
        with self.opened() as client:
            client.select(folder)
            status, told = client.uid("MOVE", str(uid), to)
            assert status == "OK", told

    def create(self, folder: str) -> None:
        with self.opened() as client:
            assert client.create(folder)[0] == "OK"

    def remove(self, folder: str) -> None:
        with self.opened() as client:
            assert client.delete(folder)[0] == "OK"

    def uids(self, folder: str = "INBOX") -> list[int]:
        with self.opened() as client:
            client.select(folder, readonly=True)
            return [int(uid) for uid in client.uid("SEARCH", "ALL")[1][0].split()]

    def renumber(self, folder: str = "INBOX") -> None:
        """Give a folder another UIDVALIDITY and its mails other UIDs, as when it is restored from elsewhere."""
        place = self.server.folder / "mail" / self.user / ("" if folder == "INBOX" else f".{folder}")
        listed = place / "dovecot-uidlist"
        before = self.validity(folder)
        for index in [*place.glob("dovecot.index*"), *place.glob("dovecot-uidvalidity*")]:
            index.unlink()
        head, *rest = listed.read_text(encoding="utf-8").splitlines()
        head = re.sub(r"V\d+", f"V{before + 1}", re.sub(r"N\d+", f"N{len(rest) + 101}", head))
        lines = [f"{number} {line.split(' ', 1)[1]}" for number, line in enumerate(rest, 101)]
        listed.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        assert self.validity(folder) == before + 1

    def validity(self, folder: str = "INBOX") -> int:
        with self.opened() as client:
            found = re.search(rb"UIDVALIDITY (\d+)", client.status(folder, "(UIDVALIDITY)")[1][0])
            assert found
            return int(found[1])


@contextlib.contextmanager
def running(*, more: str = "") -> Iterator[Dovecot]:
    """A server on loopback, run by an ordinary user. ``more`` are further settings."""
    binary = _binary()
    assert binary is not None
    user = "nobody" if os.geteuid() == 0 else getpass.getuser()
    group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    with tempfile.TemporaryDirectory(prefix="cxcore-dovecot-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Dovecot(folder, free_port(), free_port(), folder / "certificate.pem")
        _certificate(server)
        users = [f"guest{number}:{{PLAIN}}{PASSWORD}\n" for number in range(1, MAILBOXES + 1)]
        (folder / "users").write_text("".join(users), encoding="utf-8")
        (folder / "mail").mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder / "mail", user, group)
        ssl = f"yes\nssl_cert = <{server.certificate}\nssl_key = <{folder}/key.pem"
        config = CONFIG.format(
            folder=folder, user=user, group=group, port=server.port, tls_port=server.tls_port, ssl=ssl, more=more
        )
        (folder / "dovecot.conf").write_text(config, encoding="utf-8")
        process = subprocess.Popen([binary, "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.PIPE)
        try:
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _certificate(server: Dovecot) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(server.folder / "key.pem"), "-out", str(server.certificate)],
        check=True, capture_output=True,
    )  # fmt: skip


def _wait(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"Dovecot does not start: {process.communicate()[1].decode()}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1) as probe:
            if probe.recv(100).startswith(b"* OK"):
                return
        time.sleep(0.05)
    raise RuntimeError(f"Dovecot does not answer: {(server.folder / 'log').read_text()}")
