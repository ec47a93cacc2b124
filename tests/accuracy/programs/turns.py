"""Threads that all compute and so take turns with the GIL. One tells how long it was in each of two functions, running or waiting."""
import threading

from truth import Truth, perf_counter


def one():
    for _ in range(20000):
        pass


def two():
    for _ in range(60000):
        pass


def hum():
    while True:
        buzz()


def buzz():
    for _ in range(5000):
        pass


def work(truth):
    begin = perf_counter()
    one()
    middle = perf_counter()
    two()
    truth.add(begin, ('one', middle), ('two', perf_counter()))


for _ in range(2):
    thread = threading.Thread(target=hum)
    thread.daemon = True
    thread.start()
Truth().run(work)
