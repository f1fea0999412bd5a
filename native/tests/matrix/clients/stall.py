"""Three connects at once in one event loop. Prints how long they took in all, and for how long at most the loop was held up."""

import asyncio
import sys
import time


async def main(host, port):
    longest, is_over = 0.0, False

    async def beat():
        nonlocal longest
        last = time.perf_counter()
        while not is_over:
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            longest, last = max(longest, now - last - 0.005), now

    async def connect():
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(b"x")
        await reader.readexactly(1)
        writer.close()

    beating = asyncio.create_task(beat())
    await asyncio.sleep(0)
    start = time.perf_counter()
    await asyncio.wait_for(asyncio.gather(connect(), connect(), connect()), 15)
    total = time.perf_counter() - start
    is_over = True
    await beating
    print(f"{total:.3f} {longest:.3f}")


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
