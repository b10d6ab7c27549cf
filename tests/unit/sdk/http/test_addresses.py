"""Addresses: where a source may be."""

import pytest

from cxcore.sdk.http.addresses import Reach, literal, reach
from cxcore.sdk.http.network import Hosts


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("93.184.215.14", Reach.PUBLIC),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", Reach.PUBLIC),
        ("127.0.0.1", Reach.PRIVATE),
        ("10.1.2.3", Reach.PRIVATE),
        ("172.31.255.1", Reach.PRIVATE),
        ("192.168.0.9", Reach.PRIVATE),
        ("100.64.0.1", Reach.PRIVATE),
        ("::1", Reach.PRIVATE),
        ("fd12::1", Reach.PRIVATE),
        ("::ffff:127.0.0.1", Reach.PRIVATE),
        ("64:ff9b::7f00:1", Reach.PRIVATE),
        ("2002:7f00:1::", Reach.PRIVATE),
        ("169.254.169.254", Reach.NEVER),
        ("::ffff:169.254.169.254", Reach.NEVER),
        ("169.254.7.7", Reach.NEVER),
        ("fe80::1%eth0", Reach.NEVER),
        ("fd00:ec2::254", Reach.NEVER),
        ("100.100.100.200", Reach.NEVER),
        ("168.63.129.16", Reach.NEVER),
        ("0.0.0.0", Reach.NEVER),  # noqa: S104 - no server listens here
        ("::", Reach.NEVER),
        ("224.0.0.1", Reach.NEVER),
    ],
)
def test_an_address_leads_where_it_leads(address: str, where: Reach) -> None:
    assert reach(address) is where


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "api.localhost", "[::1]", "10.0.0.1"])
def test_a_host_written_as_private_is_seen_to_be(host: str) -> None:
    assert literal(host) is Reach.PRIVATE


@pytest.mark.parametrize("host", ["shop.example", "localhost.example", "intranet"])
def test_of_other_names_only_dns_can_tell(host: str) -> None:
    assert literal(host) is None


def test_a_home_in_plain_sight_may_be_private_and_nobody_else() -> None:
    hosts = Hosts(["10.0.0.1", "shop.example"], private_network=False)
    assert hosts.permits("10.0.0.1", "10.0.0.1")
    assert not hosts.permits("10.0.0.2", "10.0.0.2")
    assert not hosts.permits("shop.example", "10.0.0.1"), "DNS leads a public name inwards"
    assert hosts.permits("shop.example", "93.184.215.14")


def test_the_setting_opens_the_private_network_and_still_no_metadata() -> None:
    hosts = Hosts(["intranet"], private_network=True)
    assert hosts.permits("intranet", "10.0.0.1")
    assert hosts.permits("other", "192.168.1.1")
    assert not hosts.permits("intranet", "169.254.169.254")
