"""The command line: in this process where that is enough, as a process of its own where signals and ports matter."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import cxcore.cli

PROGRAM = Path(sys.executable).with_name("cxcore")


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """What a good command printed."""
        assert self.code == 0, self.err
        assert "Traceback" not in self.err, self.err
        return self.out

    @property
    def refused(self) -> str:
        """The one line of a command that failed for a reason that the operator can put right."""
        assert self.code == 1, (self.code, self.out, self.err)
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("cxcore: "), self.err
        assert "Traceback" not in self.err
        assert self.out == "", self.out
        return lines[0].removeprefix("cxcore: ")


@dataclass
class Shell:
    """A shell with these variables set and no others of ours."""

    variables: dict[str, str]

    def environment(self, **more: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("CX_")}
        return kept | self.variables | more

    def __call__(self, *words: str, **more: str) -> Outcome:
        """Run a command in this process, as ``cxcore`` does."""
        out, err = io.StringIO(), io.StringIO()
        code = 0
        with (
            mock.patch.dict(os.environ, self.environment(**more), clear=True),
            mock.patch.object(sys, "argv", ["cxcore", *words]),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            try:
                cxcore.cli.main()
            except SystemExit as exc:
                code = exc.code if isinstance(exc.code, int) else int(exc.code is not None)
        return Outcome(code, out.getvalue(), err.getvalue())

    def process(self, *words: str, **more: str) -> Outcome:
        """Run a command as a process of its own, to its end."""
        done = subprocess.run(
            [PROGRAM, *words], env=self.environment(**more), capture_output=True, text=True, timeout=60, check=False
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    @contextlib.contextmanager
    def running(self, *words: str, **more: str) -> Iterator["Running"]:
        """A command that goes on until it is stopped."""
        process = subprocess.Popen(
            [PROGRAM, *words], env=self.environment(**more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        with process:
            try:
                yield Running(process)
            finally:
                if process.poll() is None:
                    process.kill()


@dataclass
class Running:
    """A command at work."""

    process: subprocess.Popen[str]

    def line(self) -> str:
        """The next line that it prints."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read() if self.process.stderr else ""
        return line

    def stop(self, number: signal.Signals = signal.SIGTERM) -> Outcome:
        """Ask it to stop, and wait until it has."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=40)
        return Outcome(self.process.returncode, out, err)


def until(true: object, *, seconds: float = 30.0) -> None:
    """Wait until a condition is true, looking again and again; fails when it never is."""
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


def environment(url: str, folder: Path) -> Mapping[str, str]:
    """What an operator sets for a server of their own."""
    return {"CX_DATABASE_URL": url, "CX_DATA_DIR": str(folder / "cx")}
