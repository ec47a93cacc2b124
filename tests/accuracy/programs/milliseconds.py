"""Fixed shares at millisecond scale: 30 %, 50 % and 20 %, told by the clock itself."""
import time

from truth import Truth


def three(until):
    while time.perf_counter() < until:
        pass


def five(until):
    while time.perf_counter() < until:
        pass


def two(until):
    while time.perf_counter() < until:
        pass


def work(truth):
    begin = time.perf_counter()
    three(begin + 0.003)
    middle = time.perf_counter()
    five(middle + 0.005)
    late = time.perf_counter()
    two(late + 0.002)
    truth.add(begin, ('three', middle), ('five', late), ('two', time.perf_counter()))


Truth().run(work)
