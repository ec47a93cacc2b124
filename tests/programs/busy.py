"""Spends its time in two functions: one computes, one waits."""
import time


def compute():
    until = time.perf_counter() + 0.02
    while time.perf_counter() < until:
        for _ in range(20000):
            pass


def wait():
    time.sleep(0.03)


print('ready', flush=True)
while True:
    compute()
    wait()
