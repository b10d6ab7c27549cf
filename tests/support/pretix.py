"""A real pretix on loopback, with many organizers, and a shop to seed and change through its own API."""

import contextlib
import itertools
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

MISSING = "pretix is missing: make an environment, install requirements/pretix.txt there, and name it in CX_TEST_PRETIX"
ORGANIZERS = 40
_CONFIG = """
[pretix]
instance_name=tests
url=http://127.0.0.1:{port}
datadir={folder}
allow_http_to_private_networks=true
plugins_default=
[database]
backend=sqlite3
[mail]
enabled=false
"""
_BEGIN = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "pretix.settings"
from django.conf import settings
"""
# Tables straight from the models, as pretix' own tests make them: seconds instead of minutes of migrations.
_FILL = (
    _BEGIN
    + """
class Unmigrated:
    __contains__ = lambda self, app: True
    __getitem__ = get = lambda self, *app: None
    setdefault = lambda self, *app: None
settings.MIGRATION_MODULES = Unmigrated()
import django
django.setup()
from django.core.management import call_command
from django.db import transaction
from django_scopes import scopes_disabled
from pretix.base.models import Organizer, Team, TeamAPIToken
call_command("migrate", run_syncdb=True, verbosity=0)
with scopes_disabled(), transaction.atomic():
    for n in range({organizers}):
        made = Organizer.objects.create(name=f"Organizer {{n}}", slug=f"org{{n}}")
        for kind, all_of in ("full", True), ("bare", False):
            team = Team.objects.create(organizer=made, name=kind, all_events=True, all_event_permissions=all_of,
                                       all_organizer_permissions=all_of)
            TeamAPIToken.objects.create(team=team, name="tests", token=f"{{kind}}-{key}-{{n}}")
"""
)
_SERVE = (
    _BEGIN
    + """
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from pretix.wsgi import application
class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
class Quiet(WSGIRequestHandler):
    def log_message(self, *said):
        pass
make_server("127.0.0.1", {port}, application, Server, Quiet).serve_forever()
"""
)
_SHRED = (
    _BEGIN
    + """
import django
django.setup()
from django_scopes import scopes_disabled
from pretix.base.models import Event
from pretix.base.shredder import AttendeeInfoShredder
with scopes_disabled():
    AttendeeInfoShredder(Event.objects.get(slug="{event}", organizer__slug="{organizer}")).shred_data()
"""
)


def python() -> str | None:
    """The Python that has pretix: CX_TEST_PRETIX names its environment, else this one."""
    named = os.environ.get("CX_TEST_PRETIX")
    candidate = f"{named}/bin/python" if named else sys.executable
    found = shutil.which(candidate) and subprocess.run(
        [candidate, "-c", "import pretix"], capture_output=True, check=False
    )
    return candidate if found and found.returncode == 0 else None


@dataclass
class Pretix:
    """The server, and the organizers that no test has used yet."""

    url: str
    key: str
    config: Path
    client: httpx2.Client
    unused: Iterator[int] = field(default_factory=lambda: iter(range(ORGANIZERS)))

    def shop(self) -> "Shop":
        """An organizer with an event of its own."""
        return Shop(self, next(self.unused))

    def run(self, script: str) -> None:
        """Run a script inside of pretix."""
        _run(script, self.config)


class Shop:
    """An organizer, and what its staff and its customers do, all of it by pretix' own API."""

    def __init__(self, server: Pretix, number: int) -> None:
        self.server, self.organizer = server, f"org{number}"
        self.token = f"full-{server.key}-{number}"
        self.bare_token = f"bare-{server.key}-{number}"
        self.numbers = itertools.count(1)
        self.items: dict[str, int] = {}
        self.lists: dict[str, int] = {}
        self.event("fair")

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.server.client.request(
            method,
            f"{self.server.url}/api/v1/organizers/{self.organizer}/{path}",
            json=body,
            headers={"Authorization": f"Token {self.token}"},
        )
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def event(self, slug: str, *, series: bool = False, **more: Any) -> None:
        """A fair with a product and a list for the door; of a series only the frame."""
        told = {
            "name": {"en": f"The {slug}", "fi": f"{slug} suomeksi"},
            "slug": slug,
            "currency": "EUR",
            "date_from": "2027-05-01T10:00:00+03:00",
            "date_to": "2027-05-01T18:00:00+03:00",
            "timezone": "Europe/Helsinki",
            "location": {"en": "Quay 1"},
            "has_subevents": series,
            **more,
        }
        self.call("POST", "events/", told)
        item = {"name": {"en": "Day ticket", "fi": "Päivälippu"}, "default_price": "25.00", "admission": True}
        self.items[slug] = self.call("POST", f"events/{slug}/items/", {**item, "personalized": True})["id"]
        if not series:
            quota = {"name": "all", "size": None, "items": [self.items[slug]], "variations": []}
            self.call("POST", f"events/{slug}/quotas/", quota)
            self.door(slug)

    def door(self, event: str, subevent: int | None = None) -> None:
        kept = {"all_products": True, "allow_multiple_entries": True, "include_pending": True, "subevent": subevent}
        self.lists[event] = self.call("POST", f"events/{event}/checkinlists/", {"name": "Gate", **kept})["id"]

    def date(self, event: str, name: str, starts: str) -> int:
        """A date of a series, with a list for the door."""
        told = {"name": {"en": name}, "date_from": starts, "active": True, "meta_data": {}}
        told |= {"item_price_overrides": [], "variation_price_overrides": []}
        number: int = self.call("POST", f"events/{event}/subevents/", told)["id"]
        quota = {"name": name, "size": None, "items": [self.items[event]], "variations": [], "subevent": number}
        self.call("POST", f"events/{event}/quotas/", quota)
        self.door(event, number)
        return number

    def order(
        self, *attendees: dict[str, Any], event: str = "fair", subevent: int | None = None, **more: Any
    ) -> dict[str, Any]:
        """An order, paid, with a ticket for each attendee, or one without a name."""
        n = next(self.numbers)
        ticket = {"item": self.items[event], "variation": None, "price": "25.00", "answers": [], "subevent": subevent}
        told = {
            "email": f"guest{n}@home.example",
            "locale": "en",
            "sales_channel": "web",
            "status": "p",
            "payment_provider": "manual",
            "fees": [],
            "positions": [{**ticket, **attendee} for attendee in attendees or ({},)],
            **more,
        }
        made: dict[str, Any] = self.call("POST", f"events/{event}/orders/", told)
        return made

    def change(self, order: dict[str, Any], **fields: Any) -> None:
        self.call("PATCH", f"{_path(order)}/", fields)

    def cancel(self, order: dict[str, Any]) -> None:
        self.call("POST", f"{_path(order)}/mark_canceled/", {"send_email": False})

    def delete(self, order: dict[str, Any]) -> None:
        """Only orders of test mode can be deleted."""
        self.call("DELETE", f"{_path(order)}/")

    def refund(self, order: dict[str, Any], amount: str) -> None:
        told = {"state": "done", "source": "admin", "amount": amount, "payment": 1, "provider": "manual"}
        self.call("POST", f"{_path(order)}/refunds/", {**told, "execution_date": "2026-11-22T10:00:00Z"})

    def scan(self, position: dict[str, Any], at: str | None = None, *, kind: str = "entry", event: str = "fair") -> str:
        """A scan at the door; answers its nonce, by which it can be annulled."""
        told = {"lists": [self.lists[event]], "secret": position["secret"], "type": kind, "force": True}
        told |= {"nonce": secrets.token_hex(8), "datetime": at}
        found = self.call("POST", "checkinrpc/redeem/", told)
        assert found["status"] == "ok", found
        return str(told["nonce"])

    def annul(self, nonce: str, event: str = "fair") -> None:
        self.call("POST", "checkinrpc/annul/", {"lists": [self.lists[event]], "nonce": nonce})

    def customer(self, email: str, **more: Any) -> str:
        """An account; answers its number."""
        names = {"_scheme": "given_family", "given_name": "Anna", "family_name": "Virtanen"}
        told = {"email": email, "name_parts": names, "is_active": True, "is_verified": True, "locale": "fi", **more}
        number: str = self.call("POST", "customers/", told)["identifier"]
        return number

    def membership(self, customer: str, name: str) -> None:
        kind = {"name": {"en": name}, "transferable": False, "allow_parallel_usage": True, "max_usages": None}
        number = self.call("POST", "membershiptypes/", kind)["id"]
        told = {"customer": customer, "membership_type": number, "testmode": False, "attendee_name_parts": None}
        times = {"date_start": "2026-01-01T00:00:00Z", "date_end": "2027-01-01T00:00:00Z"}
        self.call("POST", "memberships/", {**told, **times})

    def anonymise(self, customer: str) -> None:
        self.call("POST", f"customers/{customer}/anonymize/", {})

    def shred_attendees(self, event: str = "fair") -> None:
        """Take names and addresses out of all tickets, as a company does when an event is long over."""
        self.server.run(_SHRED.format(event=event, organizer=self.organizer))

    def webhook(self, url: str, *actions: str) -> None:
        """Have pretix deliver what happens to ``url``."""
        told = {"enabled": True, "target_url": url, "all_events": True, "limit_events": [], "action_types": actions}
        self.call("POST", "webhooks/", told)

    def codes(self) -> set[str]:
        """All orders that are there, by pretix' own list."""
        found: list[dict[str, Any]] = []
        path = "orders/?page_size=50"
        while path:
            page = self.call("GET", path)
            found += page["results"]
            path = (page["next"] or "").rpartition(f"{self.organizer}/")[2]
        return {f"{order['event']}/{order['code']}" for order in found}


def _path(order: dict[str, Any]) -> str:
    return f"events/{quote(order['event'])}/orders/{order['code']}"


@contextlib.contextmanager
def server(folder: Path) -> Iterator[Pretix]:
    """A fresh pretix in a folder, stopped afterwards. Its tasks run where they come up: a webhook is sent at once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config, key = folder / "pretix.cfg", secrets.token_hex(4)
    config.write_text(_CONFIG.format(port=port, folder=folder))
    _run(_FILL.format(organizers=ORGANIZERS, key=key), config)
    serving = [str(python()), "-c", _SERVE.format(port=port)]
    url = f"http://127.0.0.1:{port}"
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(serving, stdout=out, stderr=out, cwd=folder, env=_environment(config))
    with process, httpx2.Client(timeout=60, trust_env=False) as client:
        try:
            _wait(client, url, process, folder)
            yield Pretix(url, key, config, client)
        finally:
            process.terminate()


def _run(script: str, config: Path) -> None:
    done = subprocess.run(
        [str(python()), "-c", script],
        cwd=config.parent,
        env=_environment(config),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"pretix does not run: {done.stderr[-3000:]}"


def _environment(config: Path) -> dict[str, str]:
    return {**os.environ, "PRETIX_CONFIG_FILE": str(config)}


def _wait(client: httpx2.Client, url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(1800):
        if process.poll() is not None:
            break
        with contextlib.suppress(httpx2.HTTPError):
            if client.get(f"{url}/api/v1/version").status_code < 500:
                return
        time.sleep(0.1)
    raise AssertionError(f"pretix does not start: {(folder / 'out').read_text()[-3000:]}")
