"""A TCP and UDP echo server on port 7 of each address given. TCP ends its direction when the client has ended its own."""

import asyncio
import sys

PORT = 7


async def echo_stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()


class EchoDatagrams(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, sender):
        self.transport.sendto(data, sender)


async def main():
    loop = asyncio.get_running_loop()
    for address in sys.argv[1:]:
        await asyncio.start_server(echo_stream, address, PORT)
        await loop.create_datagram_endpoint(EchoDatagrams, local_addr=(address, PORT))
    await asyncio.Event().wait()


asyncio.run(main())
