"""Spends its time in two functions: one computes, one waits half as long again. Of C it calls only functions of `time`."""
import sys, time


def compute():
    until = clock() + 0.02
    while clock() < until:
        for _ in rounds:
            pass


def wait(seconds):
    time.sleep(seconds)


rounds = range(20000)
clock = getattr(time, 'perf_counter', time.time)
sys.stdout.write('ready\n')
sys.stdout.flush()
while True:
    begin = clock()
    compute()
    # On a busy machine to compute takes longer.
    wait(1.5 * (clock() - begin))
