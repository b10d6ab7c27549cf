"""Methods that a path does not take."""

import pytest

from support.calling import Api, problem

ID = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("OPTIONS", "/v1/sources", "GET, POST"),
        ("PUT", "/v1/sources/shop", "DELETE, GET, PATCH"),
        ("PATCH", "/v1/sources/shop:pause", "POST"),
        ("GET", f"/v1/customers/{ID}:separate", "POST"),
        ("POST", f"/v1/customers/{ID}", "GET"),
        ("DELETE", "/v1/deliveries/shop/a/b", "POST, PUT"),
        ("POST", "/healthz", "GET"),
    ],
)
async def test_what_a_path_does_not_take_is_refused_with_all_that_it_takes(
    api: Api, method: str, path: str, allowed: str
) -> None:
    answer = await api.send(method, path)
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["/", "/v1/nothing"])
async def test_a_path_that_is_not_there_is_not_found_whatever_the_method(api: Api, path: str) -> None:
    problem(await api.send("TRACE", path), 404, "not_found")


async def test_a_line_break_in_a_deliverys_path_makes_no_difference(api: Api) -> None:
    problem(await api.send("PUT", "/v1/deliveries/nobody/a%0Ab"), 401, "unauthenticated")
