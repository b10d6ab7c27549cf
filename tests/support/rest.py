"""A REST system on a real socket of loopback, in a thread: lists with every kind of paging, and faults on request."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Request:
    """What was asked."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        self.method = handler.command
        self.target = handler.path
        self.path = parts.path
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.raw = handler.rfile.read(int(self.headers.get("content-length", 0)))

    @property
    def body(self) -> Any:
        return json.loads(self.raw) if self.raw else None


class Reply:
    """What is answered; ``body`` is written as JSON unless it is bytes."""

    def __init__(self, body: Any = None, *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.body, self.status, self.headers = body, status, headers or {}


class Server:
    """``with Server(answer) as server``; ``answer`` makes a Reply of a Request. ``requests``: all that came."""

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self.now: datetime | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                request = Request(self)
                outer.requests.append(request)
                reply = outer.answer(request)
                body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
                self.send_response_only(reply.status)
                if outer.now is not None:
                    self.send_header("Date", format_datetime(outer.now, usegmt=True))
                if reply.status == 204:
                    body = b""
                else:
                    self.send_header("Content-Length", str(len(body)))
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 - the base class's name

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the same
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self._up = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        if self._up:
            self._up = False
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()


def order(number: int, changed: datetime | None = None) -> dict[str, Any]:
    """An order as the invented shop has it; numbers change in the order of their time."""
    changed = changed or T0 + timedelta(minutes=number)
    return {
        "id": number,
        "state": "open",
        "created": (T0 + timedelta(minutes=number)).isoformat(),
        "changed": changed.isoformat(),
        "what": f"Room {number}",
        "customer": {"id": f"c{number % 5}", "name": f"Guest {number % 5}", "email": f"guest{number % 5}@home.example"},
    }


MAPPING: dict[str, Any] = {
    "version": 1,
    "key": "id",
    "changed_at": "changed",
    "deleted": "state == 'gone'",
    "interaction": [
        {
            "channel": "purchase",
            "kind": "order",
            "direction": "inbound",
            "occurred_at": "created",
            "subject": "what",
            "customer": {"key": "customer.id", "name": "customer.name", "email": "customer.email"},
        }
    ],
}
