"""Connects again and again, one byte there and back each time; prints the median in microseconds.

connects.py COUNT HOST PORT            by itself
connects.py COUNT HOST PORT GATEWAY GATEWAY_PORT USER PASSWORD    as a plain SOCKS5 client, each message after the answer to the last
"""

import socket
import statistics
import sys
import time


def directly():
    return socket.create_connection((host, port), 10)


def by_socks5():
    call = socket.create_connection((sys.argv[4], int(sys.argv[5])), 10)
    ask(call, b"\x05\x01\x02", b"\x05\x02")
    user, password = sys.argv[6].encode(), sys.argv[7].encode()
    ask(call, bytes([1, len(user), *user, len(password), *password]), b"\x01\x00")
    ask(call, b"\x05\x01\x00\x01" + socket.inet_aton(host) + port.to_bytes(2, "big"), b"\x05\x00", 10)
    return call


def ask(call, message, expected, length=2):
    call.sendall(message)
    answer = call.recv(length, socket.MSG_WAITALL)
    if not answer.startswith(expected):
        raise ConnectionError(f"the gateway answered {answer.hex()}")


count, host, port = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
connect = by_socks5 if len(sys.argv) > 4 else directly
times = []
for _ in range(count):
    start = time.perf_counter()
    with connect() as call:
        call.sendall(b"x")
        if call.recv(1) != b"x":
            sys.exit("the connection ended")
        times.append(time.perf_counter() - start)
print(round(statistics.median(times) * 1e6))
