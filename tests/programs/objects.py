"""Makes objects of every kind that is read from outside, prints where they are and what they hold as one line of
JSON, and lives until its input ends."""
import ctypes
import json
import os
import sys
import threading
import types

main_interpreter = ctypes.pythonapi.PyInterpreterState_Head
main_interpreter.restype = ctypes.c_void_p
keep = []


def address(thing):
    keep.append(thing)
    return id(thing)


class StrChild(str):
    pass


strings = [
    "", "a", "ascii text", "caf\xe9", "\xe9" * 300, "\u4e2d\u6587", "\u4e2d" * 5000, "smile \U0001f600!", "x" * 10000,
    "lone \ud800 surrogate", "\U0001f600 and \udfff", "nul\0inside", sys.intern("interned_name"), "".join(["made", "here"]),
    StrChild("of a subclass"), StrChild("subclass \u4e2d"),
]

integers = [0, 1, -1, 255, 2**30 - 1, 2**30, -(2**30), 2**31, 2**47 - 8, 2**53 - 1, 1 - 2**53, True]
too_large = [2**53, 2**64, -(2**100)]

byte_strings = [b"", b"abc", bytes(range(256)), b"z" * 5000]


def deleted(count, keep_every):
    made = {"key%d" % n: n for n in range(count)}
    for n in range(count):
        if n % keep_every:
            del made["key%d" % n]
    return made


class Shared:
    def __init__(self, n):
        self.first = n
        self.second = n + 1
        self.third = n + 2


shared = [Shared(n) for n in range(5)]
del shared[1].second
shared[2].extra = 99
dicts = [
    {}, {"one": 1}, {"one": 1, 2: 2, "three": 3}, {n: n * n for n in range(10)}, {"key%d" % n: n for n in range(1000)},
    {n: n for n in range(100000)}, {"key%d" % n: n for n in range(40000)}, deleted(10, 2), deleted(1000, 7), deleted(5, 6),
    {"\u4e2d": 1, "caf\xe9": 2, "\U0001f600": 3}, {"emptied": 1}, {1: 2, "\ud800": 3}, {2**40: 1, -5: 2},
] + [instance.__dict__ for instance in shared]
dicts[11].clear()


class Plain:
    def __init__(self):
        self.name = "plain"
        self.other = "value"
        self.gone = "deleted"
        self.last = "last"
        del self.gone


class Many:
    def __init__(self, count):
        for n in range(count):
            setattr(self, "attribute%d" % n, "value%d" % n)


class Slots:
    __slots__ = ("zulu", "alpha", "unset")

    def __init__(self):
        self.alpha = "slot a"
        self.zulu = "slot z"


class SlotsChild(Slots):
    def __init__(self):
        super().__init__()
        self.extra = "in dict"


class SlotsGrandchild(Slots):
    __slots__ = ("beta",)

    def __init__(self):
        super().__init__()
        self.beta = "slot b"


class IntChild(int):
    pass


class TupleChild(tuple):
    pass


class BytesChild(bytes):
    pass


class DictChild(dict):
    pass


class Failure(Exception):
    pass


class Inherited(Plain):
    def __init__(self):
        super().__init__()
        self.more = "of the subclass"


class Meta(type):
    pass


def function():
    pass


def with_attributes(thing, **attributes):
    for name, value in attributes.items():
        setattr(thing, name, value)
    return thing


materialized = Plain()
materialized.__dict__["added"] = "through the dict"
replaced = Plain()
replaced.__dict__ = {"name": "new dict"}
aliased = Plain()
aliased.__dict__ = {"name": "general", 1: 2}
plain = {"name": "plain", "other": "value", "last": "last", "gone": None, "missing": None}
numbered = {"attribute%d" % n: "value%d" % n for n in range(40)}
both = {"one": "first", "two": "second", "three": None}
instances = [
    (Plain(), "Plain", plain),
    (Inherited(), "Inherited", dict(plain, more="of the subclass")),
    (materialized, "Plain", dict(plain, added="through the dict")),
    (replaced, "Plain", {"name": "new dict", "other": None}),
    (aliased, "Plain", {"name": "general", "other": None}),
    (Many(3), "Many", {"attribute2": "value2", "attribute3": None}),
    (Many(40), "Many", numbered),
    (Slots(), "Slots", {"alpha": "slot a", "zulu": "slot z", "unset": None, "missing": None}),
    (SlotsChild(), "SlotsChild", {"alpha": "slot a", "zulu": "slot z", "extra": "in dict", "unset": None}),
    (SlotsGrandchild(), "SlotsGrandchild", {"alpha": "slot a", "zulu": "slot z", "beta": "slot b"}),
    (with_attributes(IntChild(7), one="first", two="second"), "IntChild", both),
    (with_attributes(IntChild(-(2**70)), one="first", two="second"), "IntChild", both),
    (with_attributes(TupleChild((1, 2, 3)), one="first", two="second"), "TupleChild", both),
    (with_attributes(BytesChild(b"odd"), one="first", two="second"), "BytesChild", both),
    (with_attributes(StrChild("text"), one="first", two="second"), "StrChild", both),
    (with_attributes(DictChild(a=1), one="first", two="second"), "DictChild", both),
    (with_attributes(Failure("why"), one="first", two="second"), "Failure", both),
    (with_attributes(function, one="first", two="second"), "function", both),
    (with_attributes(types.ModuleType("made"), one="first", two="second"), "module", both),
    (with_attributes(Meta("Made", (), {}), one="first", two="second"), "Meta", both),
    (5, "int", {"real": None}),
    (object(), "object", {"one": None}),
    (with_attributes(type("N\xe4me", (), {})(), one="first", two="second"), "N\xe4me", both),
]

ready = threading.Barrier(6)
stop = threading.Event()
native_ids = {}


def native_id():
    """threading.get_native_id() is there from 3.8 on; before, the system is asked."""
    return ctypes.CDLL(None).syscall(186)


def wait():
    native_ids[threading.get_ident()] = native_id()
    ready.wait()
    stop.wait()


threads = [threading.Thread(target=wait, name=name, daemon=True) for name in
           ("worker-0", "before", "\u7ebf\u7a0b \U0001f600", "<script>", "n" * 300)]
for thread in threads:
    thread.start()
threads[1].name = "after"
native_ids[threading.get_ident()] = native_id()
ready.wait()

print('ready', flush=True)
print(json.dumps({
    "interpreter": main_interpreter(),
    "pid": os.getpid(),
    "strings": [[address(text), text] for text in strings],
    "integers": [[address(number), int(number)] for number in integers],
    "tooLarge": [address(number) for number in too_large],
    "bytes": [[address(content), list(content)] for content in byte_strings],
    "dicts": [[address(entries), list(entries.items())] for entries in dicts],
    "instances": [[address(thing), kind, attributes] for thing, kind, attributes in instances],
    "threads": [[thread.ident, thread.name, native_ids[thread.ident]] for thread in threading.enumerate()],
    "mainThread": threading.main_thread().ident,
}), flush=True)
sys.stdin.read()
