"""A certified OpenID provider in a process of its own, from the folder that CX_TEST_OIDC names."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx2

MISSING = (
    "oidc-provider is missing: copy requirements/oidc to a folder, `npm ci --ignore-scripts --omit=optional` there (Node 18 "
    "or newer), and name it in CX_TEST_OIDC"
)
_PROGRAM = Path(__file__).with_name("oidc_provider.mjs")


def folder() -> Path | None:
    """The folder; None without it, or without Node."""
    named = os.environ.get("CX_TEST_OIDC")
    found = Path(named) if named else None
    return found if found and (found / "node_modules/oidc-provider").is_dir() and shutil.which("node") else None


@contextlib.contextmanager
def running(told: str = "http://127.0.0.1:9/") -> Iterator[str]:
    """The provider; gives its issuer. ``told``: where it says that a session is over."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", str(_PROGRAM), str(folder()), str(port), told]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip() == "listening", "oidc-provider does not start"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()  # it keeps nothing


async def signed_in_at(url: str) -> dict[str, str]:
    """Go through the provider's own pages from the address we sent the browser to; what it comes back with."""
    async with httpx2.AsyncClient(trust_env=False) as browser:
        return await led_back(browser, url)


async def led_back(browser: httpx2.AsyncClient, url: str) -> dict[str, str]:
    """The same in a browser that goes on."""
    for _ in range(8):
        answer = await browser.get(url)
        assert answer.status_code in {302, 303}, answer.text
        url = urljoin(url, answer.headers["location"])
        if url.startswith("http://cx.example/"):
            return dict(httpx2.URL(url).params)
    raise AssertionError("the provider leads nowhere")


async def signed_out_at(browser: httpx2.AsyncClient, url: str) -> None:
    """Say at the provider that one wants to be signed out."""
    asked = await browser.get(url)
    assert asked.status_code == 200, asked.text
    (mark,) = re.findall(r'name="xsrf" value="(\w+)"', asked.text)
    said = await browser.post(f"{url.partition('?')[0]}/confirm", data={"xsrf": mark, "logout": "yes"})
    assert said.status_code in {302, 303}, said.text
