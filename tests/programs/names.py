"""Prints its own stack, outermost first, and waits in it: what a profiler must show."""
import asyncio
import json
import sys


def stack_of(frame):
    frames = []
    while frame is not None:
        code = frame.f_code
        frames.append([getattr(code, 'co_qualname', code.co_name), frame.f_lineno])
        frame = frame.f_back
    return frames[::-1]


class Größe:
    def __init__(self, tiefe):
        # The second time the interpreter may enter this without a C call in between.
        self.inhalt = Größe(tiefe - 1) if tiefe else self.methode()

    def methode(self):
        return [self.element(value) for value in (1,)]

    def element(self, _):
        return next(erzeuge())


def erzeuge():
    warte = lambda: innermost()
    yield warte()


def innermost():
    frames = stack_of(sys._getframe())
    # Both of these lines are the same frame; the one that waits is told.
    frames[-1][1] += 5
    print('ready', flush=True)
    print(json.dumps(frames), flush=True)
    sys.stdin.read()


async def main():
    await inner()


async def inner():
    Größe(12)


# asyncio.run is there from 3.7 on.
run = getattr(asyncio, 'run', None) or asyncio.new_event_loop().run_until_complete
run(main())
