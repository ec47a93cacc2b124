"""Rounds of the same work in eight functions, of which `parse` does FACTOR times as much: two variants of one program.

Arguments: FACTOR, and how many rounds a second (0: one after the other, without a pause). Prints `ready`; on a line of
input the CPU time of a round in each function, nanoseconds, as JSON.
"""
import hashlib
import json
import re
import select
import sys
import time
from random import random
from time import thread_time_ns

factor, pace = float(sys.argv[1]), float(sys.argv[2])
TEXT = ' '.join(str(number * 7919 % 1000) for number in range(400))
RECORDS = [{'name': f'item {number}', 'price': number * 1.5, 'tags': ['a', 'b', str(number)]} for number in range(40)]
WORD = re.compile(r'(\d+) (\d)')


def parse(times):
    total = 0
    for _ in range(times):
        for word in TEXT.split():
            total += int(word) % 7
    return total


def order(times):
    for _ in range(times):
        sorted(((number * 7919) % 1009 for number in range(500)), key=lambda value: -value)


def count(times):
    for _ in range(times):
        seen = {}
        for character in TEXT:
            seen[character] = seen.get(character, 0) + 1


def compute(times):
    value = 1.0
    for _ in range(times):
        for number in range(900):
            value = value * 0.5 + number
    return value


def dump(times):
    for _ in range(times):
        json.loads(json.dumps(RECORDS))


def digest(times):
    for _ in range(times):
        for record in RECORDS:
            hashlib.sha256(record['name'].encode()).hexdigest()


def search(times):
    for _ in range(times):
        for _match in WORD.finditer(TEXT):
            pass


def gather(times):
    rows = []
    for _ in range(times):
        rows = [(record['name'], record['price'] * 2, len(record['tags'])) for record in RECORDS * 4]
    return rows


# Fixed work, some 20 ms a round on a quiet machine, a quarter of it in `parse`.
WORK = ((parse, 35 * factor), (order, 10), (count, 10), (compute, 28), (dump, 6), (digest, 40), (search, 40), (gather, 40))
spent = {work.__name__: 0 for work, _ in WORK}
rounds = 0


def one_round():
    for work, times in WORK:
        begin = thread_time_ns()
        # No two inputs are of one size.
        work(round(times * (0.7 + 0.6 * random())))
        spent[work.__name__] += thread_time_ns() - begin


print('ready', flush=True)
following = time.monotonic()
while True:
    one_round()
    rounds += 1
    if pace:
        following = max(following + 1 / pace, time.monotonic())
    left = max(0, following - time.monotonic()) if pace else 0
    if rounds % 16 == 0 and select.select([sys.stdin], [], [], 0)[0]:
        break
    time.sleep(left) if pace else None
print(json.dumps({name: time / rounds for name, time in spent.items()}), flush=True)
