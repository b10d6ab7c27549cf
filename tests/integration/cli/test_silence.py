"""What the running service writes of those it serves: nothing."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import text

from cxcore.db.session import Database
from support import server as servers

CANARY = "canary-4711-kaarina"


def test_neither_names_nor_keys_nor_bodies_get_into_the_output(server_url: str, worker_id: str, tmp_path: Path) -> None:
    name = f"cxcore_silence_{worker_id}"
    database_url = servers.fresh_database(server_url, name)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "CX_DATABASE_URL": database_url,
        "CX_PORT": str(port),
        "CX_DATA_DIR": str(tmp_path),
        "CX_LOG_LEVEL": "debug",
    }
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CX_")} | settings
    program = [sys.executable, "-c", "from cxcore.cli import main; main()", "serve"]
    process = subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            ready(client, process)
            key = {"Authorization": f"Bearer cx_{CANARY}_{CANARY}"}
            asked: list[dict[str, Any]] = [
                {"method": "POST", "url": "/v1/customers:search", "json": {"query": CANARY}, "headers": key},
                {"method": "POST", "url": "/v1/customers:search", "content": CANARY, "headers": key},
                {"method": "POST", "url": "/v1/customers:search", "content": b"\xff" * 2_000_000, "headers": key},
                {"method": "GET", "url": f"/v1/customers/{CANARY}?cursor={CANARY}", "headers": key},
                {"method": "GET", "url": f"/{CANARY}?to={CANARY}"},
                {"method": "GET", "url": f"/sign-in?ticket={CANARY}"},
                {"method": "POST", "url": "/sign-in", "data": {"key": CANARY}},
                {"method": "POST", "url": "/search", "data": {"query": CANARY}, "headers": {"Cookie": f"cx={CANARY}"}},
                {"method": CANARY.upper().replace("-", ""), "url": "/"},
                {
                    "method": "GET",
                    "url": "/",
                    "headers": {"Upgrade": "websocket", "Connection": "Upgrade", "X": CANARY},
                },
            ]
            for request in asked:
                answer = client.request(**request)
                assert 300 <= answer.status_code < 500, (request, answer.text)
                assert "server" not in answer.headers
            spoil(database_url)
            broken = client.post("/v1/customers:search", json={"query": CANARY}, headers=key)
            assert (broken.status_code, broken.json()["code"]) == (500, "internal")
            assert broken.headers["connection"] == "close"
            assert client.post("/sign-in", data={"key": f"cx_{CANARY}_{CANARY}"}).status_code == 500
        garbage(port)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, err
    assert CANARY not in out + err
    assert "Traceback" not in err
    lines = [json.loads(line) for line in err.splitlines()]
    assert {"ProgrammingError", "DBAPIError"} & {line.get("error") for line in lines}  # its kind is told, not its words
    servers.drop_database(server_url, name)


def spoil(url: str) -> None:
    """Take away a column, so that a statement fails in a way that nobody foresaw, its values in the error's words."""

    async def execute() -> None:
        database = Database(url)
        async with database.unit() as session:
            await session.execute(text("alter table api_key rename column digest to gone"))
        await database.close()

    asyncio.run(execute())


def ready(client: httpx2.Client, process: subprocess.Popen[str]) -> None:
    for _ in range(600):
        assert process.poll() is None, process.communicate()
        try:
            client.get("/healthz")
        except httpx2.ConnectError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the service does not answer")


def garbage(port: int) -> None:
    """What is no HTTP at all, and a request that is never finished."""
    for raw in (
        f"{CANARY}\r\n\r\n",
        f"GET /{CANARY} HTTP/9.9\r\nX: {CANARY}\r\n\r\n",
        f"POST /search HTTP/1.1\r\nContent-Length: 9\r\n\r\n{CANARY[:3]}",
    ):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(raw.encode())
