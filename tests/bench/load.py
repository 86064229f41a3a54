"""A small load generator: pipelined requests over a few connections, counted by their answers."""

import selectors
import socket
import time
from dataclasses import dataclass

CONNECTIONS = 8
PIPELINE = 8


@dataclass(frozen=True)
class Load:
    per_second: float
    answers: int


def measure(host: str, port: int, path: str, *, seconds: float, accept: str = "*/*") -> Load:
    """Ask for `path` for some seconds; return the rate of answers with status 200.

    The client is the same for everything that is compared, and counts status lines instead of parsing answers, so
    that on two cores the server is what is measured. Raises `RuntimeError` on any other status.
    """
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: {accept}\r\n\r\n".encode()
    selector = selectors.DefaultSelector()
    for _ in range(CONNECTIONS):
        connection = socket.create_connection((host, port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request * PIPELINE)
        selector.register(connection, selectors.EVENT_READ, {"tail": b"", "due": PIPELINE})
    answers, started = 0, time.perf_counter()
    until = started + seconds
    while time.perf_counter() < until:
        for key, _ in selector.select(timeout=0.5):
            connection, state = key.fileobj, key.data
            data = connection.recv(262_144)  # type: ignore[union-attr]
            if not data:
                raise RuntimeError("The server closed a connection.")
            seen = state["tail"] + data
            good, lines = seen.count(b"HTTP/1.1 200"), seen.count(b"HTTP/1.1 ")
            if good != lines:
                raise RuntimeError(f"Not every answer was 200: {seen[:200]!r}")
            # A status line may be cut by the edge of a read: keep what could be its beginning.
            state["tail"] = seen[-12:].replace(b"HTTP/1.1 200", b"") if not seen.endswith(b"HTTP/1.1 200") else b""
            answers += good
            state["due"] -= good
            if state["due"] <= 0:
                connection.sendall(request * PIPELINE)  # type: ignore[union-attr]
                state["due"] += PIPELINE
    elapsed = time.perf_counter() - started
    for key in list(selector.get_map().values()):
        key.fileobj.close()  # type: ignore[union-attr]
    return Load(per_second=answers / elapsed, answers=answers)
