"""Tasks that each sleep for a moment again and again, three coroutines deep. Argument: how many. Prints `ready`."""
import asyncio
import random
import sys


async def sleeps(seconds):
    await asyncio.sleep(seconds)


async def handles(longest):
    while True:
        await sleeps(random.random() * longest)


async def main(count):
    tasks = [asyncio.ensure_future(handles(float(sys.argv[2]))) for _ in range(count)]
    await asyncio.sleep(0.1)
    print("ready", flush=True)
    await asyncio.gather(*tasks)


asyncio.run(main(int(sys.argv[1])))
