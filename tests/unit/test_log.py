"""Logs: JSON lines of known keys; what could be about a person never gets in."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from cxcore import log

CANARY = "anna.canary@personal-data.example"


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.getLogger("uvicorn.access").disabled = False
    structlog.reset_defaults()


@pytest.mark.usefixtures("logging_as_it_was")
def test_only_known_keys_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info")
    structlog.get_logger("x").warning("pull failed", source="shop", code="auth_failed", name=CANARY, phone=CANARY)
    [line] = capsys.readouterr().err.splitlines()
    found = json.loads(line)
    assert found.pop("timestamp").endswith("Z")
    assert found == {"event": "pull failed", "level": "warning", "source": "shop", "code": "auth_failed"}


@pytest.mark.usefixtures("logging_as_it_was")
def test_neither_a_stack_nor_an_exceptions_words_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("debug")
    structlog.get_logger("x").error("request failed", exc_info=ValueError(CANARY), stack_info=True)
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert CANARY not in err


@pytest.mark.usefixtures("logging_as_it_was")
@pytest.mark.parametrize("hostile", ["a\nb", "a\r\nlevel=info", "\x1b[2Jx", "a\x00b", "\u2028"])
def test_a_value_stays_on_its_line(hostile: str, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info")
    structlog.get_logger("x").info("pulled", source=hostile)
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.strip().isprintable()
    assert json.loads(err)["source"] == hostile


@pytest.mark.usefixtures("logging_as_it_was")
def test_less_severe_lines_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("error")
    structlog.get_logger("x").warning("pull failed")
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("logging_as_it_was")
def test_a_server_error_below_us_is_told_by_its_kind_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """uvicorn writes the whole traceback of what it did not foresee, and its last line can hold anything."""
    logging.getLogger().handlers[:] = []  # pytest's own, beside which ours would not be put
    log.configure("info")
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=ValueError(CANARY))
    [line] = capsys.readouterr().err.splitlines()
    assert CANARY not in line
    found = json.loads(line)
    assert found.pop("timestamp")
    assert found == {
        "event": "Exception in ASGI application",
        "level": "error",
        "logger": "uvicorn.error",
        "error": "ValueError",
    }


@pytest.mark.usefixtures("logging_as_it_was")
def test_requests_are_not_logged() -> None:
    log.configure("info")
    assert logging.getLogger("uvicorn.access").disabled
