"""Shares at the scale of tens of microseconds, timed from outside of each call."""

from truth import Truth, perf_counter


def short():
    for _ in range(500):
        pass


def long():
    for _ in range(2000):
        pass


def work(truth):
    begin = perf_counter()
    short()
    middle = perf_counter()
    long()
    truth.add(begin, ('short', middle), ('long', perf_counter()))


Truth().run(work)
