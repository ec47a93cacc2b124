"""Spends its time in two functions: one computes, one waits. Of C it calls only functions of `time`."""
import time


def compute():
    until = time.perf_counter() + 0.02
    while time.perf_counter() < until:
        for _ in rounds:
            pass


def wait():
    time.sleep(0.03)


rounds = range(20000)
print('ready', flush=True)
while True:
    compute()
    wait()
