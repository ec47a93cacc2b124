"""Fixed shares at millisecond scale: 30 %, 50 % and 20 %, told by the clock itself."""
import time

from truth import Truth, perf_counter


def three(until):
    while perf_counter() < until:
        pass


def five(until):
    while perf_counter() < until:
        pass


def two(until):
    while perf_counter() < until:
        pass


def work(truth):
    begin = perf_counter()
    three(begin + 0.003)
    middle = perf_counter()
    five(middle + 0.005)
    late = perf_counter()
    two(late + 0.002)
    truth.add(begin, ('three', middle), ('five', late), ('two', perf_counter()))


Truth().run(work)
