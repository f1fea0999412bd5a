"""python3: one way of using sockets a run. sockets.py WAY HOST PORT; prints what the echo server sent back."""

import asyncio
import socket
import sys

HELLO = b"hello\n"


def tcp():
    with socket.create_connection((host, port), 30) as call:
        call.sendall(HELLO)
        call.shutdown(socket.SHUT_WR)
        return call.makefile("rb").read()


def peer():
    """The address that was asked for is the one the application is told."""
    with socket.create_connection((host, port), 30) as call:
        call.sendall(HELLO)
        return f"{call.getpeername()[:2]} ".encode() + call.recv(100)


def getaddrinfo():
    """An address of a name is good for a connect of its own, later."""
    kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(kind) as call:
        call.settimeout(30)
        call.connect(address)
        call.sendall(HELLO)
        return call.recv(100)


def refused():
    """Port 9 has no server: the reason gets through."""
    try:
        socket.create_connection((host, 9), 30)
    except ConnectionRefusedError:
        return HELLO
    return b"connected\n"


def asyncio_tcp():
    async def one():
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(HELLO)
        writer.write_eof()
        return await reader.read()

    async def ten():
        return set(await asyncio.wait_for(asyncio.gather(*[one() for _ in range(10)]), 30))

    return b"".join(asyncio.run(ten()))


def udp():
    with socket.socket(family(), socket.SOCK_DGRAM) as flow:
        flow.settimeout(30)
        flow.sendto(HELLO, (host, port))
        data, sender = flow.recvfrom(100)
        return data if sender[:2] == (host, port) else f"from {sender}\n".encode()


def udp_connected():
    with socket.socket(family(), socket.SOCK_DGRAM) as flow:
        flow.settimeout(30)
        flow.connect((host, port))
        flow.send(HELLO)
        return flow.recv(100)


def udp_large():
    """9,000 bytes there and back, unchanged."""
    data = bytes(i * 7 % 251 for i in range(9000))
    with socket.socket(family(), socket.SOCK_DGRAM) as flow:
        flow.settimeout(30)
        flow.sendto(data, (host, port))
        return HELLO if flow.recv(65536) == data else b"changed\n"


def asyncio_udp():
    class Client(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            transport.sendto(HELLO)

        def datagram_received(self, data, sender):
            answer.set_result(data)

        def error_received(self, error):
            answer.set_exception(error)

    async def ask():
        global answer
        answer = asyncio.get_running_loop().create_future()
        await asyncio.get_running_loop().create_datagram_endpoint(Client, remote_addr=(host, port))
        return await asyncio.wait_for(answer, 30)

    return asyncio.run(ask())


def family():
    return socket.AF_INET6 if ":" in host else socket.AF_INET


way, host, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.stdout.buffer.write(globals()[way]())
