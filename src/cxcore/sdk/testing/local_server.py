"""LocalServer: what a connector's tests read over a real socket of loopback, in place of the vendor's system."""

import json
import threading
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


class Request:
    """What was asked: ``method``, ``target`` as it was sent, of it the ``path`` and the ``query`` (the last of repeated
    names), ``headers`` (names in small letters), ``raw`` and, read as JSON, ``body``."""

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


class LocalServer:
    """``with LocalServer(answer) as server``, in a thread; ``answer`` makes a Reply of a Request.

    ``requests``: all that came, in their order. ``now``: the server's clock, sent as ``Date``; None: none is sent.
    """

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
                if reply.status == HTTPStatus.NO_CONTENT:
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
