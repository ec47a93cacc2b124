"""A thread that computes and sleeps in turn, beside threads that mostly sleep and one that only computes."""
import threading
import time

from truth import Truth, perf_counter


def busy(until):
    while perf_counter() < until:
        pass


def rest():
    time.sleep(0.002)


def doze():
    while True:
        nap()


def nap():
    time.sleep(0.003)


def grind():
    while True:
        mill()


def mill():
    for _ in range(300):
        pass


def work(truth):
    begin = perf_counter()
    busy(begin + 0.003)
    middle = perf_counter()
    rest()
    truth.add(begin, ('busy', middle), ('rest', perf_counter()))


for target in (doze, doze, doze, doze, grind):
    thread = threading.Thread(target=target)
    thread.daemon = True
    thread.start()
Truth().run(work)
