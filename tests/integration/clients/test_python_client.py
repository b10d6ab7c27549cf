"""cxcore-client against the service: generated operations, sync and async, refusals, pages, ids that lead elsewhere."""

import asyncio
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

import cxcore_client
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore_client import Failed, Patience, connect, pages, pages_async, result
from cxcore_client.v1.api.customers import (
    read_coverage,
    read_customer,
    read_timeline,
    resolve_customer,
    search_customers,
)
from cxcore_client.v1.api.decisions import merge_customers, revoke_decision
from cxcore_client.v1.api.operations import read_health
from cxcore_client.v1.client import AuthenticatedClient
from cxcore_client.v1.models import IdentifierIn, MergeIn, ResolveIn, Scheme, SearchIn
from cxcore_client.v1.models.channel import Channel
from support.calling import new_key
from support.parley import Parley
from support.served import Service
from support.story import ANNA, PEKKA, tell, who

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "openapi" / "cxcore.v1.json"
GENERATED = Path(cxcore_client.__file__).parent / "v1"
BY_SOURCES = {"deliver", "deliverTo", "postTo"}
"""What sources call with a signature and a body of any kind, which the generator leaves out."""


@pytest.fixture
async def told(database: Database, parley: type[Parley]) -> Database:
    await tell(database)
    return database


@pytest.fixture
async def client(told: Database, service: Service) -> AuthenticatedClient:
    return connect(service.url, await new_key(told), patience=Patience(attempts=1))


def known(address: str) -> ResolveIn:
    return ResolveIn(identifiers=[IdentifierIn(scheme=Scheme.EMAIL, value=address)])


def test_the_client_is_of_the_present_document() -> None:
    digest = (GENERATED / "document.sha256").read_text(encoding="utf-8").strip()
    assert digest == hashlib.sha256(DOCUMENT.read_bytes()).hexdigest(), "run `make clients`"


def test_every_operation_has_a_module() -> None:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    every = {o["operationId"] for path in document["paths"].values() for o in path.values()} - BY_SOURCES
    modules = {path.stem for path in GENERATED.glob("api/*/*.py")}
    assert {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in every} - modules == set()


def test_a_customer_is_resolved_and_read_page_by_page(client: AuthenticatedClient) -> None:
    with client:
        found = result(resolve_customer.sync(client=client, body=known(ANNA)))
        assert isinstance(found.customer_id, UUID)
        read = [p.entries for p in pages(read_timeline.sync, found.customer_id, client=client, limit=2)]
        assert [len(entries) for entries in read] == [2, 2, 1]
        assert len({e.id for entries in read for e in entries}) == 5
        assert {e.channel for entries in read for e in entries} > {Channel.EMAIL, Channel.PHONE}
        covered = result(read_coverage.sync(found.customer_id, client=client))
        assert [s.source for s in covered.sources] == ["parley1"]


async def test_the_same_under_asyncio(client: AuthenticatedClient) -> None:
    async with client:
        found = result(await resolve_customer.asyncio(client=client, body=known(ANNA)))
        assert found.customer_id is not None
        walked = pages_async(read_timeline.asyncio, found.customer_id, client=client, limit=2)
        assert [len(p.entries) async for p in walked] == [2, 2, 1]
        with pytest.raises(Failed):
            await read_customer.asyncio(uuid4(), client=client)
    client.get_httpx_client().close()


async def test_a_merge_leads_the_old_id_to_the_new_and_is_undone(client: AuthenticatedClient, told: Database) -> None:
    anna, pekka = await who(told, ANNA), await who(told, PEKKA)
    with client:
        made = result(merge_customers.sync(client=client, body=MergeIn(customers=[anna, pekka], reason="one person")))
        assert len(made.customers) == 1
        assert {result(read_customer.sync(c, client=client)).id for c in (anna, pekka)} == set(made.customers)
        undone = result(revoke_decision.sync(made.decision_id, client=client))
        assert set(undone.customers) == {anna, pekka}


async def test_a_refusal_is_raised_with_its_code_and_the_requests_number(told: Database, service: Service) -> None:
    with connect(service.url, await new_key(told, Scope.READ_SOURCES)) as client:
        with pytest.raises(Failed) as caught:
            search_customers.sync(client=client, body=SearchIn(query="anna"))
        assert (caught.value.status, caught.value.code) == (403, "permission_denied")
        assert caught.value.request_id
        assert caught.value.problem is not None
        assert "customers:read" in caught.value.problem.detail
    with connect(service.url, "cx_nobody") as stranger, pytest.raises(Failed, match="401 unauthenticated"):
        search_customers.sync(client=stranger, body=SearchIn(query="anna"))


def test_a_value_of_a_later_version_is_kept_as_its_text() -> None:
    assert Channel("pigeon_post") == "pigeon_post"
    assert Channel("email") is Channel.EMAIL
    assert len(Channel) < 30
    assert "pigeon_post" not in list(Channel)


def test_health_needs_no_right(service: Service) -> None:
    with connect(service.url, "cx_nobody") as client:
        assert result(read_health.sync(client=client)).status == "ok"


async def test_the_example_program_counts_what_there_is(told: Database, service: Service) -> None:
    key = await new_key(told, Scope.READ_CUSTOMERS)
    run = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, ROOT / "clients" / "python" / "example.py", service.url, key, "040 123 4567"],
        env={"PYTHONPATH": str(GENERATED.parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(run.stdout.splitlines()) == 5
