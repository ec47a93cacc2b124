"""A recursion of 20 frames that returns at once, over and over. The leaf's share is found by timing with and without it."""

from truth import Truth, perf_counter


def leaf():
    x = 0
    for i in range(200):
        x += i
    return x


def nothing():
    return 0


def descend(left):
    if left == 0:
        return leaf()
    return descend(left - 1)


def descend_only(left):
    if left == 0:
        return nothing()
    return descend_only(left - 1)


def per_call(function, *args):
    begin = perf_counter()
    for _ in range(200):
        function(*args)
    return (perf_counter() - begin) / 200


def measure():
    # Of `without` the body of `nothing` is so small that it is left out; to be called is the caller's time.
    rounds = [(per_call(descend, 18), per_call(descend_only, 18)) for _ in range(300)]
    whole, without = (sorted(times)[len(times) // 2] for times in zip(*rounds))
    share = (whole - without) / whole
    return {'leaf': share, 'descend': 1 - share}


def work(truth):
    for _ in range(100):
        descend(18)


Truth(measure).run(work)
