"""Functions whose names are as wide, as long and as hostile as names can be; each is innermost for a while."""
import time

NAMES = ['関数名前とても長い', 'größe', 'e\u0301tude\u0301', '한국어함수', 'x' * 500, 'plain']


def make(name):
    def function():
        until = time.perf_counter() + 0.01
        while time.perf_counter() < until:
            pass
    function.__code__ = function.__code__.replace(co_name=name)
    if hasattr(function.__code__, 'co_qualname'):
        function.__code__ = function.__code__.replace(co_qualname=name)
    return function


functions = [make(name) for name in NAMES + ['\x1b[2J\x1b[31mred', 'two\nlines']]
print('ready', flush=True)
while True:
    for function in functions:
        function()
