"""Tests reach no network, and this proves it."""

import socket
import urllib.request

import pytest
from pytest_socket import SocketBlockedError, SocketConnectBlockedError


def test_network_is_off_for_sockets():
    with pytest.raises(SocketBlockedError):
        socket.socket(socket.AF_INET, socket.SOCK_STREAM)


def test_network_is_off_for_names():
    with pytest.raises(SocketBlockedError):
        socket.getaddrinfo("example.org", 443)


def test_network_is_off_for_http():
    with pytest.raises(SocketBlockedError):
        urllib.request.urlopen("http://192.0.2.1/", timeout=1)


def test_loopback_is_all_that_loopback_gives(loopback):
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as near,
    ):
        assert near.getpeername() == server.getsockname()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as far, pytest.raises(SocketConnectBlockedError):
        far.connect(("192.0.2.1", 80))


def test_postgresql_needs_no_network(db, settings):
    database = settings.DATABASES["default"]

    assert settings.TEST_ON_SQLITE or (database["HOST"] == "" and database["OPTIONS"]["host"].startswith("/"))
