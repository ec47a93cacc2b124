"""Has callables of many kinds, prints where each lies and how it is called, as one line of JSON, and waits. A name of None: it has no right one."""
import builtins
import collections
import datetime
import decimal
import functools
import io
import itertools
import json
import re
import sys
import threading
import time
import zlib

kept = []


def entry(kind, value, *names):
    kept.append(value)
    return [kind, id(value), list(names)]


def full(module, name):
    return '%s.%s' % (module, name)


def defined_in(owner, value, name):
    """The name of a bound method, or one of a class, with the class in which it is defined."""
    classes = (owner.__mro__ if isinstance(owner, type) else ()) + type(owner).__mro__
    made = next(one for one in classes if name in vars(one))
    return full(made.__module__, made.__qualname__ + '.' + value.__name__)


def of_the_library():
    for module in (time, itertools, zlib, sys, builtins, collections, re, functools, json):
        for name, value in sorted(vars(module).items()):
            if type(value) is type(len) and isinstance(value.__self__, type(sys)):
                yield entry('function', value, full(value.__module__, value.__name__))
    for class_ in (list, dict, str, bytes, int, bool, set, datetime.datetime, decimal.Decimal, io.BytesIO, collections.deque):
        for name, value in sorted(vars(class_).items()):
            if type(value) in (type(str.join), type(vars(dict)['fromkeys'])):
                yield entry('descriptor', value, full(class_.__module__, class_.__qualname__ + '.' + name))
    for value in ([], {}, '', b'', 1, True, set(), datetime.datetime.now(), decimal.Decimal(1), io.BytesIO(), collections.deque(),
                  re.compile('x'), threading.Lock(), collections.OrderedDict, dict, datetime.datetime, Derived(), int):
        for name in dir(value):
            method = getattr(value, name, None)
            if type(method) is type(len) and name != '__new__':
                yield entry('bound', method, defined_in(value, method, name))


class Derived(list):
    pass


def calls(self, *args):
    return None


def misleading():
    """Classes that have the names of the interpreter's own, and are none of them."""
    for name in ('function', 'method', 'builtin_function_or_method', 'builtin_method', 'method_descriptor', 'wrapper_descriptor',
                 'classmethod_descriptor', 'method-wrapper', 'functools.partial', 'cython_function_or_method',
                 'fused_cython_function', 'numpy.ufunc', 'numpy._ArrayFunctionDispatcher'):
        for bases in ((), (dict,), (list,)):
            made = type(name, bases, {'__call__': calls, '__slots__': ('a', 'b', 'c', 'd')})
            value = made()
            value.a, value.b, value.c, value.d = 'text', len, {}, 'other'
            yield entry('misleading ' + name, value)


def of_cython():
    import fastlim
    worker = fastlim.Worker()
    for value, name in (
        (fastlim.busy, 'busy'), (fastlim.Plain.work, 'Plain.work'), (fastlim.Plain().work, 'Plain.work'),
        (vars(fastlim.Worker)['run'], 'Worker.run'), (worker.run, 'Worker.run'), (fastlim.outer(), 'outer.<locals>.inner'),
        (functools.partial(fastlim.busy, 1.0), 'busy'),
    ):
        yield entry('cython ' + name, value, full('fastlim', name))


def of_an_extension():
    import made
    yield entry('in a module', made.in_module, 'made.in_module')
    for name, value in sorted(made.free.items()):
        yield entry('m_self is ' + name, value)
    yield entry('wrapped', made.wrapped, 'made.in_module')
    yield entry('of nobody', made.nobody, 'nobody')
    yield entry('partial', functools.partial(made.free['tuple']))
    yield entry('bound', made.Thing().method, 'made.Thing.method')
    yield entry('of a type', vars(made.Thing)['method'], 'made.Thing.method')
    yield entry('instance', made.Thing(), 'made.Thing.__call__')


found = list(of_the_library()) + list(misleading())
if 'cython' in sys.argv:
    found += of_cython()
if 'made' in sys.argv:
    found += of_an_extension()
print('ready', flush=True)
print(json.dumps(found), flush=True)
sys.stdin.read()
