"""Spends its time in two functions: one computes, one waits. Of C it calls only functions of `time`."""
import sys, time


def compute():
    until = clock() + 0.02
    while clock() < until:
        for _ in rounds:
            pass


def wait():
    time.sleep(0.03)


rounds = range(20000)
clock = getattr(time, 'perf_counter', time.time)
sys.stdout.write('ready\n')
sys.stdout.flush()
while True:
    compute()
    wait()
