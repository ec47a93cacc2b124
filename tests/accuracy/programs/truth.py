"""What a program of the accuracy suite says of itself: which share of its time is below which function."""
from __future__ import print_function
import json
import os
import sys
import threading
try:
    from time import perf_counter
except ImportError:
    # Python 2.
    from time import time as perf_counter


def nothing():
    pass


def cost_of_timing():
    """Seconds that pass between two readings of the clock around a call, which are not the called function's."""
    times = []
    for _ in range(20000):
        begin = perf_counter()
        nothing()
        times.append(perf_counter() - begin)
    return sorted(times)[len(times) // 2]


class Truth:
    """Runs `work`. At the line `begin` it starts to count, at the next one it prints the shares and ends.

    `measure`, when given, finds the shares instead of `add`.
    """

    def __init__(self, measure=None):
        self.measure = measure
        self.times = {}
        self.cost = cost_of_timing()
        self.asked = threading.Event()

    def add(self, begin, *phases):
        for name, end in phases:
            self.times[name] = self.times.get(name, 0.0) + end - begin - self.cost
            begin = end

    def run(self, work):
        # What specialises and compiles does so before.
        warm = perf_counter() + 0.3
        while perf_counter() < warm:
            work(self)
        self.times.clear()
        shares = self.measure() if self.measure else None
        listener = threading.Thread(target=self.listen)
        listener.daemon = True
        listener.start()
        print('ready')
        sys.stdout.flush()
        # Looked at seldom, so that what is measured is the work.
        until = self.asked.is_set
        while not until():
            for _ in range(20):
                work(self)
        if shares is None:
            whole = sum(self.times.values())
            shares = {name: time / whole for name, time in self.times.items()}
        print(json.dumps(shares))
        sys.stdout.flush()
        # Python 2 takes globals away from threads that still run.
        os._exit(0)

    def listen(self):
        # Python 2 reads ahead when it goes through the lines.
        for line in iter(sys.stdin.readline, ''):
            if line != 'begin\n':
                break
            self.times.clear()
        self.asked.set()
