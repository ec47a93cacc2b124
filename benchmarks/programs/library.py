"""Pure Python of the standard library that calls a lot: unparsing, pickling, tokenizing and comparing a module's source."""
import argparse
import ast
import difflib
import inspect
import io
import pickle
import tokenize

source = inspect.getsource(argparse)
tree = ast.parse(source)
lines = source.splitlines()


def unparse():
    return ast.unparse(tree)


def dump():
    return pickle._dumps([line.split() for line in lines])


def tokens():
    return sum(1 for _ in tokenize.generate_tokens(io.StringIO(source).readline))


def compare():
    return list(difflib.unified_diff(lines, lines[::2]))


print('ready', flush=True)
while True:
    unparse()
    dump()
    tokens()
    compare()
