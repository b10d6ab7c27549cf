"""A real WordPress for tests, with a MariaDB of its own, from Debian's packages: `make test-servers` installs them."""

import contextlib
import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx2

from support.private import free_port

_PROGRAM = Path("/usr/share/wordpress")
USER, PASSWORD = "desk", "secret-of-the-site"
_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{folder}/socket'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '{url}'); define('WP_SITEURL', '{url}'); define('WP_ENVIRONMENT_TYPE', 'local');
define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true); define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
_GUESTS = """<?php
add_filter('rest_allow_anonymous_comments', '__return_true');
add_filter('comment_flood_filter', '__return_false');
"""
_INSTALL = """<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = 'localhost';
function wp_mail() {{ return true; }}
require '{site}/wp-load.php';
require '{site}/wp-admin/includes/upgrade.php';
$made = wp_install('A blog', '{user}', 'desk@shop.example', true, '', '{password}');
update_option('timezone_string', 'Europe/Helsinki');
update_option('comment_moderation', '0');
update_option('comment_previously_approved', '0');
wp_delete_comment(1, true);
[$password] = WP_Application_Passwords::create_new_application_password($made['user_id'], ['name' => 'tests']);
echo "\\napplication password: $password\\n";
"""


@dataclass(slots=True)
class WordPress:
    """A running site, and the application password of its administrator."""

    url: str
    password: str
    client: httpx2.Client

    def call(self, method: str, route: str, *, guest: bool = False, force: bool = False, **body: Any) -> Any:
        route, _, query = route.partition("&")
        asked = {"rest_route": f"/wp/v2/{route}", **dict(parse_qsl(query))} | ({"force": "true"} if force else {})
        who = None if guest else (USER, self.password)
        answer = self.client.request(method, self.url, params=asked, json=body, auth=who)
        assert answer.is_success, f"{method} {route}: {answer.status_code} {answer.text[:300]}"
        return answer.json()

    def post(self, title: str = "A post") -> int:
        return int(self.call("POST", "posts", title=title, content="…", status="publish")["id"])

    def user(self, name: str) -> int:
        body = {"username": name, "email": f"{name}@home.example", "password": PASSWORD, "roles": ["subscriber"]}
        return int(self.call("POST", "users", **body)["id"])

    def comment(self, post: int, name: str, words: str, **more: Any) -> int:
        """A comment by a guest of this name, or, with ``author``, by a user."""
        guest = "author" not in more
        who = {"author_name": name, "author_email": f"{name.lower()}@home.example"} if guest else {}
        return int(self.call("POST", "comments", guest=guest, post=post, content=words, **who, **more)["id"])

    def change(self, comment: int, **fields: Any) -> None:
        self.call("POST", f"comments/{comment}", **fields)

    def clear(self) -> None:
        """Erase all comments, whatever their status."""
        while found := self.call("GET", "comments&status=any&per_page=100&context=edit"):
            for each in found:
                self.erase(each["id"])

    def erase(self, comment: int) -> None:
        self.call("DELETE", f"comments/{comment}", force=True)


@contextlib.contextmanager
def running() -> Iterator[WordPress]:
    """A fresh site on loopback, run by an ordinary user."""
    user = "nobody" if os.geteuid() == 0 else getpass.getuser()
    owner: dict[str, Any] = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    owner = owner if os.geteuid() == 0 else {}
    with contextlib.ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="cxcore-wordpress-", ignore_cleanup_errors=True))
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        url, site = f"http://127.0.0.1:{port}", folder / "site"
        shutil.copytree(_PROGRAM, site, ignore=shutil.ignore_patterns("wp-config.php"), ignore_dangling_symlinks=True)
        (site / "wp-config.php").write_text(_CONFIG.format(folder=folder, url=url), encoding="ascii")
        (site / "wp-content" / "mu-plugins").mkdir(exist_ok=True)
        (site / "wp-content" / "mu-plugins" / "guests.php").write_text(_GUESTS, encoding="ascii")
        install = _INSTALL.format(site=site, user=USER, password=PASSWORD)
        (folder / "install.php").write_text(install, encoding="ascii")
        if owner:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        out = stack.enter_context((folder / "out").open("wb"))
        _start_database(stack, folder, owner, out)
        told = subprocess.run(
            ["php", folder / "install.php"], check=True, capture_output=True, text=True, **owner
        ).stdout
        password = told.partition("application password: ")[2].strip()
        environment = {**os.environ, "PHP_CLI_SERVER_WORKERS": "3"}
        serve = ["php", "-S", f"127.0.0.1:{port}", "-t", str(site)]
        _started(
            stack, subprocess.Popen(serve, stdout=out, stderr=out, env=environment, start_new_session=True, **owner)
        )
        _wait(port, folder)
        client = stack.enter_context(httpx2.Client(timeout=60, trust_env=False))
        yield WordPress(url, password, client)


def _start_database(stack: contextlib.ExitStack, folder: Path, owner: dict[str, Any], out: Any) -> None:
    data = ["--no-defaults", f"--datadir={folder}/data"]
    install = ["mariadb-install-db", *data, "--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run(install, check=True, stdout=out, stderr=out, **owner)
    places = [
        f"--socket={folder}/socket",
        f"--pid-file={folder}/pid",
        "--skip-networking",
        "--innodb-buffer-pool-size=32M",
    ]
    binary = shutil.which("mariadbd", path=os.environ.get("PATH", "") + ":/usr/sbin") or "mariadbd"
    _started(stack, subprocess.Popen([binary, *data, *places], stdout=out, stderr=out, start_new_session=True, **owner))
    make = [
        "mariadb",
        "--no-defaults",
        f"--socket={folder}/socket",
        "--user=root",
        "--execute=create database wordpress",
    ]
    for _ in range(300):
        if subprocess.run(make, check=False, stdout=out, stderr=out, **owner).returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError(f"MariaDB does not start: {(folder / 'out').read_text()[-2000:]}")


def _started(stack: contextlib.ExitStack, process: subprocess.Popen[bytes]) -> None:
    """Have a process and its children end with the test."""

    def stop() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        process.wait(timeout=30)

    stack.callback(stop)


def _wait(port: int, folder: Path) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"WordPress does not answer: {(folder / 'out').read_text()[-2000:]}")
