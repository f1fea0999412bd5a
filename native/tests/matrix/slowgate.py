"""A relay of TCP connections that makes a gateway look far away or slow, and tells how often the talk changed sides.

slowgate.py LISTEN_ADDRESS LISTEN_PORT GATEWAY_PORT DELAY HOLD: each byte arrives DELAY seconds late, both ways; the gateway's first
bytes on a connection HOLD seconds later still. At the end of each connection prints its round trips: the client's bytes, then an answer.
"""

import asyncio
import sys


class Talk:
    """What went over one connection."""

    def __init__(self):
        self._is_client_last = False
        self.round_trips = 0

    def hear(self, from_client: bool):
        self.round_trips += self._is_client_last and not from_client
        self._is_client_last = from_client


async def carry(reader, writer, talk: Talk, from_client: bool, delay: float, hold: float):
    """Reads on while bytes are under way: a delay is not a limit."""
    loop, under_way = asyncio.get_running_loop(), asyncio.Queue()

    async def deliver():
        while (item := await under_way.get()) is not None:
            due, data = item
            await asyncio.sleep(due - loop.time())
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    delivery = asyncio.create_task(deliver())
    while data := await reader.read(65536):
        talk.hear(from_client)
        await under_way.put((loop.time() + delay + hold, data))
        hold = 0
    await under_way.put(None)
    await delivery


async def main(address: str, port: int, gateway_port: int, delay: float, hold: float):
    async def serve(reader, writer):
        talk = Talk()
        far_reader, far_writer = await asyncio.open_connection(address, gateway_port)
        ended = await asyncio.gather(
            carry(reader, far_writer, talk, True, delay, 0), carry(far_reader, writer, talk, False, delay, hold), return_exceptions=True)
        writer.close()
        far_writer.close()
        unexpected = [error for error in ended if error and not isinstance(error, OSError)]
        print(unexpected[0] if unexpected else talk.round_trips, flush=True)

    server = await asyncio.start_server(serve, address, port)
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])))
