"""Has tasks of asyncio whose stacks and waits are known, each waiting for good: what memory images are recorded of."""
import asyncio

FOREVER = 100_000


async def sleeps(seconds):
    await asyncio.sleep(seconds)


async def calls(number):
    text = 'a local of a task'
    await sleeps(FOREVER + number)
    return text


async def numbers():
    yield 1
    await asyncio.sleep(FOREVER)


async def iterates():
    async for _ in numbers():
        pass


async def gathers():
    await asyncio.gather(calls(1), calls(2))


async def waits(awaitable):
    return await awaitable


async def holds(lock):
    async with lock:
        pass


async def cancelled():
    try:
        await asyncio.sleep(FOREVER)
    except asyncio.CancelledError:
        await asyncio.sleep(FOREVER)


async def main():
    loop = asyncio.get_running_loop()
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = [loop.create_task(coro) for coro in (calls(0), iterates(), gathers(), holds(lock), cancelled())]
    tasks.append(loop.create_task(waits(tasks[0])))
    tasks.append(loop.create_task(waits(asyncio.Queue().get())))
    tasks.append(asyncio.tasks._PyTask(waits(loop.create_future()), loop=loop, name='in Python'))
    for _ in range(3):
        await asyncio.sleep(0)
    tasks[4].cancel()
    for _ in range(3):
        await asyncio.sleep(0)
    print('ready', flush=True)
    await asyncio.sleep(FOREVER)


asyncio.run(main())
