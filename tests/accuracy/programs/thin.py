"""A hundred functions with a thin share each (about half a percent, a few microseconds at a time) beside one that is thick."""

from truth import Truth, perf_counter

code = 'def thin_%d():\n    for _ in range(40):\n        pass\n'
functions = {}
for number in range(100):
    exec(compile(code % number, __file__, 'exec'), functions)
thin = [functions['thin_%d' % number] for number in range(100)]


def many():
    for function in thin:
        function()


def thick():
    for _ in range(4000):
        pass


def work(truth):
    begin = perf_counter()
    many()
    middle = perf_counter()
    thick()
    truth.add(begin, ('many', middle), ('thick', perf_counter()))


Truth().run(work)
