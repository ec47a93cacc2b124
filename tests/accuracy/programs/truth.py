"""What a program of the accuracy suite says of itself: which share of its time is below which function."""
import json
import sys
import threading
from time import perf_counter


class Truth:
    """Runs `work`. At the line `begin` it starts to count, at the next one it prints the shares and ends.

    `measure`, when given, finds the shares instead of `add`.
    """

    def __init__(self, measure=None):
        self.measure = measure
        self.times = {}
        self.asked = threading.Event()

    def add(self, begin, *phases):
        for name, end in phases:
            self.times[name] = self.times.get(name, 0.0) + end - begin
            begin = end

    def run(self, work):
        # What specialises and compiles does so before.
        warm = perf_counter() + 0.3
        while perf_counter() < warm:
            work(self)
        self.times.clear()
        shares = self.measure() if self.measure else None
        threading.Thread(target=self.listen, daemon=True).start()
        print('ready', flush=True)
        # Looked at seldom, so that what is measured is the work.
        until = self.asked.is_set
        while not until():
            for _ in range(20):
                work(self)
        if shares is None:
            whole = sum(self.times.values())
            shares = {name: time / whole for name, time in self.times.items()}
        print(json.dumps(shares), flush=True)

    def listen(self):
        for line in sys.stdin:
            if line != 'begin\n':
                break
            self.times.clear()
        self.asked.set()
