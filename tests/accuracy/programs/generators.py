"""Many short generators, whose frames lie on the heap and are gone soon."""

from truth import Truth, perf_counter


def numbers(count):
    for number in range(count):
        x = number
        for _ in range(30):
            x += 1
        yield x


def consume():
    total = 0
    for number in numbers(5):
        total += number
    return total


def plain():
    total = 0
    for number in range(150):
        total += number
    return total


def work(truth):
    begin = perf_counter()
    for _ in range(20):
        consume()
    middle = perf_counter()
    for _ in range(20):
        plain()
    truth.add(begin, ('consume', middle), ('plain', perf_counter()))


Truth().run(work)
