"""Prints src/cpython/opcodes/pythonX_Y.ts for the Python that runs it: what each instruction does to the value stack.

    python3.13 tools/generate-opcodes.py > src/cpython/opcodes/python3_13.ts

The numbers come from that Python's own dis.stack_effect, opcode tables and headers, not from anybody's reading of ceval.c.
"""
from __future__ import print_function

import dis
import json
import opcode
import re
import sys
import sysconfig

# As `versions.ts` numbers them: Python 2 comes before all of Python 3.
minor = sys.version_info[1] if sys.version_info[0] == 3 else -1
PERIOD = 16


def specialized():
    """Numbers of the instructions that the interpreter puts in place of others while it runs, by name."""
    if minor < 11:
        return {}
    if minor >= 13:
        import _opcode_metadata

        return dict(_opcode_metadata._specialized_opmap)
    header = sysconfig.get_paths()["include"] + "/opcode.h"
    with open(header) as lines:
        found = re.findall(r"^#define (\w+)\s+(\d+)$", lines.read(), re.M)
    other = ("NB_", "HAVE_", "MIN_", "MAX_")
    return {
        name: int(number)
        for name, number in found
        if int(number) < 256 and name not in opcode.opmap and not name.startswith(other)
    }


def base_of(name):
    """The instruction that a specialized one stands for."""
    families = {}
    if minor >= 13:
        import _opcode_metadata

        families = _opcode_metadata._specializations
    elif minor >= 11:
        families = opcode._specializations
    for family, members in families.items():
        if name in members:
            return family
    # Two instructions in one: the second stays in its place and is met there.
    if "__" in name:
        return name.split("__")[0]
    for ending in ("_QUICK", "_ADAPTIVE"):
        if name.endswith(ending):
            return name[: -len(ending)]
    return None


def caches(name, op):
    table = getattr(opcode, "_inline_cache_entries", {})
    return table[op] if isinstance(table, (list, tuple)) else table.get(name, 0)


# Up to 3.7 dis.stack_effect knows no jumps and no NOP, and of blocks it says the most that may be there when an exception comes. This is what
# Python/ceval.c does to the stack when there is none, and the jump: where a handler of exceptions begins with six values of them, and one that
# runs in any case with None.
BLOCKS = {
    "NOP": ([0, 0], None),
    "EXTENDED_ARG": ([0, 0], None),
    "SETUP_LOOP": ([0, 0], [0, 0]),
    "SETUP_EXCEPT": ([0, 0], [0, 6]),
    "SETUP_FINALLY": ([0, 0], [0, 1]),
    "SETUP_WITH": ([0, 1], [0, 1]),
    "SETUP_ASYNC_WITH": ([0, 0], [0, 0]),
    "WITH_CLEANUP_START": ([0, 1], None),
    "WITH_CLEANUP_FINISH": ([0, -2], None),
    "END_FINALLY": ([0, -1], None),
    "POP_EXCEPT": ([0, -3], None),
    "FOR_ITER": ([0, 1], [0, -1]),
    "JUMP_IF_FALSE_OR_POP": ([0, -1], [0, 0]),
    "JUMP_IF_TRUE_OR_POP": ([0, -1], [0, 0]),
}


# Python 2 says nothing of itself: this is what its Python/ceval.c does, where it is not as in the table above and not in the name.
# The arguments of calls are two numbers in one (`growthBy` of stack-depths.ts).
BLOCKS_OF_2 = {
    "SETUP_EXCEPT": ([0, 0], [0, 3]),
    "SETUP_FINALLY": ([0, 0], [0, 1]),
    "SETUP_WITH": ([0, 1], [0, 1]),
    "END_FINALLY": ([0, -1], None),
    "FOR_ITER": ([0, 1], [0, -1]),
    "JUMP_IF_FALSE_OR_POP": ([0, -1], [0, 0]),
    "JUMP_IF_TRUE_OR_POP": ([0, -1], [0, 0]),
    "POP_JUMP_IF_FALSE": ([0, -1], [0, -1]),
    "POP_JUMP_IF_TRUE": ([0, -1], [0, -1]),
}
EFFECTS_OF_2 = [
    (r"(STOP_CODE|NOP|ROT_.*|UNARY_.*|GET_ITER|LOAD_ATTR|PRINT_NEWLINE|YIELD_VALUE|POP_BLOCK|EXTENDED_ARG|SETUP_LOOP)$", [0, 0]),
    (r"(JUMP_ABSOLUTE|JUMP_FORWARD|CONTINUE_LOOP|BREAK_LOOP|DELETE_(NAME|GLOBAL|FAST))$", [0, 0]),
    (r"(DUP_TOP|LOAD_(?!ATTR).*|IMPORT_FROM|BUILD_MAP)$", [0, 1]),
    (r"(BINARY_.*|INPLACE_.*|COMPARE_OP|LIST_APPEND|SET_ADD|IMPORT_NAME)$", [0, -1]),
    (r"(POP_TOP|PRINT_EXPR|PRINT_ITEM|PRINT_NEWLINE_TO|RETURN_VALUE|IMPORT_STAR|WITH_CLEANUP|DELETE_ATTR)$", [0, -1]),
    (r"STORE_(NAME|GLOBAL|FAST|DEREF)$", [0, -1]),
    (r"(PRINT_ITEM_TO|STORE_ATTR|STORE_MAP|MAP_ADD|DELETE_SUBSCR|BUILD_CLASS)$", [0, -2]),
    (r"(STORE_SUBSCR|EXEC_STMT)$", [0, -3]),
    (r"(SLICE\+0)$", [0, 0]),
    (r"(SLICE\+[12]|DELETE_SLICE\+0)$", [0, -1]),
    (r"(SLICE\+3|STORE_SLICE\+0|DELETE_SLICE\+[12])$", [0, -2]),
    (r"(STORE_SLICE\+[12]|DELETE_SLICE\+3)$", [0, -3]),
    (r"STORE_SLICE\+3$", [0, -4]),
    (r"DUP_TOPX$", [1, 0]),
    (r"UNPACK_SEQUENCE$", [1, -1]),
    (r"BUILD_(LIST|TUPLE|SET|SLICE)$", [-1, 1]),
    (r"(RAISE_VARARGS|MAKE_FUNCTION)$", [-1, 0]),
    (r"MAKE_CLOSURE$", [-1, -1]),
]


def effect_in_2(name, jump):
    if name in BLOCKS_OF_2:
        return BLOCKS_OF_2[name][jump]
    return next((effect for pattern, effect in EFFECTS_OF_2 if re.match(pattern, name)), None)


def stack_effect(op, arg, jump):
    if minor >= 8:
        return dis.stack_effect(op, arg, jump=jump)
    return dis.stack_effect(op) if arg is None else dis.stack_effect(op, arg)


def effect(op, name, jump):
    """[slope, then what is added by the lowest bits of the argument]; None when it follows no such rule."""
    if minor < 0:
        return effect_in_2(name, jump)
    if minor <= 7 and name in BLOCKS:
        return BLOCKS[name][jump]

    def at(arg):
        return stack_effect(op, arg, jump)

    # Takes 2 or 3 and nothing else.
    if name == "BUILD_SLICE":
        return [-1, at(2) + 2]
    try:
        if op < dis.HAVE_ARGUMENT and minor < 13 or (minor >= 13 and op not in dis.hasarg):
            return [0, stack_effect(op, None, jump)]
        for period in (1, 2, 4, 8, PERIOD):
            for slope in range(-3, 4):
                low = [at(arg) - slope * arg for arg in range(period)]
                if all(at(arg) == slope * arg + low[arg % period] for arg in range(120)):
                    return [slope] + low
    except ValueError:
        return None
    return None


def ends(name):
    """After it the next instruction is not reached."""
    always = ("RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE", "INTERPRETER_EXIT", "BREAK_LOOP", "CONTINUE_LOOP")
    return name in always or (name.startswith("JUMP_") and "IF" not in name)


def direction(op, name):
    # To where its loop begins, which is reached before; how much of the stack it drops is in no argument.
    if name == "CONTINUE_LOOP":
        return None
    if op in dis.hasjabs:
        return "absolute"
    if op in dis.hasjrel:
        return "back" if "BACKWARD" in name else "forward"
    return None


rows = []
for name, op in sorted(opcode.opmap.items(), key=lambda item: item[1]):
    if op > 255 or name.startswith("INSTRUMENTED_") or name in ("CACHE", "RESERVED", "ENTER_EXECUTOR"):
        continue
    row = {"code": op, "name": name}
    if caches(name, op):
        row["caches"] = caches(name, op)
    if effect(op, name, False) is not None:
        row["effect"] = effect(op, name, False)
    to = direction(op, name)
    if to:
        row["jump"] = to
        row["jumpEffect"] = effect(op, name, True)
    if ends(name):
        row["ends"] = True
    rows.append(row)

instead = []
for name, op in sorted(specialized().items(), key=lambda item: item[1]):
    base = base_of(name)
    if base in opcode.opmap:
        instead.append([op, opcode.opmap[base]])

print("import type { Opcodes } from '../calls/opcodes.js';\n")
print("/** By tools/generate-opcodes.py, run by CPython %s. Not to be edited. */" % sys.version.split()[0])
print("export const opcodes%d_%d = (): Opcodes => ({" % sys.version_info[:2])
print("  instructions: [")
for row in rows:
    print("    %s," % json.dumps(row))
print("  ],")
print("  /** [specialized, what it stands for] */")
print("  specialized: [")
for at in range(0, len(instead), 10):
    print("    %s," % ", ".join(json.dumps(pair) for pair in instead[at : at + 10]))
print("  ],")
print("});")
