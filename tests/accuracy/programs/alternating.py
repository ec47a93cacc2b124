"""Two callers that each call a function of their own: a -> x, b -> y. A stack with a -> y or b -> x never was."""

from truth import Truth, perf_counter


def x():
    for _ in range(20):
        pass


def y():
    for _ in range(20):
        pass


def a():
    for _ in range(20):
        x()


def b():
    for _ in range(20):
        y()


def work(truth):
    begin = perf_counter()
    for _ in range(20):
        a()
    middle = perf_counter()
    for _ in range(20):
        b()
    truth.add(begin, ('a', middle), ('b', perf_counter()))


Truth().run(work)
