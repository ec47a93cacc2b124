"""Waits in a function with more variables than are shown, of which an argument is a cell."""
import sys


def hold(get):
    print('ready', flush=True)
    sys.stdin.read()


lines = ['def many(argument):']
lines += ['    v%d = %d' % (number, number) for number in range(1100)]
lines += ['    def closure():', '        return argument', '    hold(closure)']
exec('\n'.join(lines))
many('in a cell')
