#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Which files real programs touch, beside the paths that writ reads in their lines. TAP.

    opened.py --writ WRIT [--lines N] [--seed N]

Lines in all spellings (spellings.py) are run whole, under strace, in a folder of small files. Every
name in that folder that the program opens or looks at must be an operand or a value of type path to
writ; and where the program ends well, every operand of that type must have been touched.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import option_tables  # noqa: E402
import spellings  # noqa: E402
from spellings import COMMANDS, Lines, Program  # noqa: E402
from tap import Tap  # noqa: E402

PROGRAMS = ("cat", "head", "tail", "stat", "ls", "grep", "du")
FILES = ["one", "two", "-n", "-x", "--", "a b", "5", "é", "+5"]
# What would wait, or for ever, or look at more than is named.
NEVER = {"tail": {"f", "F", "follow", "retry", "pid", "sleep-interval", "-disable-inotify"},
         "grep": {"recursive", "dereference-recursive", "directories"}, "ls": {"recursive"},
         "du": {"files0-from"}}


def names(text):
    """Relative paths in strace's lines: all others are the system's own. What did not exist too."""
    found = re.findall(r'\b(?:open|openat|stat|statfs|lstat|newfstatat|statx|readlink|access|'
                       r'getxattr|lgetxattr|faccessat2?)\((?:AT_FDCWD, )?"((?:[^"\\]|\\.)*)"', text)
    names = {name.encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
             for name in found}
    return {n for n in names if n and not n.startswith("/") and n != "."}


def touched(path, words, folder, trace):
    argv = ["strace", "-f", "-o", trace, "-s", "200", "-e", "trace=%file", path, *words]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, cwd=folder, timeout=60, check=False,
                          env=option_tables.ENVIRONMENT)
    with open(trace, encoding="utf-8", errors="surrogateescape") as f:
        return names(f.read()), done.returncode


def read_paths(writ, command, words):
    """(operands of type path, values of type path, whether nothing may be opened for all that), or
    None if writ does not read the line."""
    done = subprocess.run([writ, "parse", "--commands", COMMANDS, "--json", "--",
                           command["command"], *words], stdout=subprocess.PIPE, check=False)
    answer = json.loads(done.stdout.decode("utf-8", "surrogateescape"))
    if "error" in answer:
        return None
    kinds = {re.split(r"[:.\]]", o.strip("["))[0]: ":path" in o for o in command["operands"]}
    operands = {w for name, values in answer["operands"].items() if kinds[name] for w in values}
    values = {o["value"] for o in answer["options"]
              if command["options"][o["name"]].get("value") == "path"}
    # A lone - is standard input to those that read; who reads nothing of a file opens none.
    stdin = set() if command["command"] in ("ls", "du") else {"-"}
    none = any(re.fullmatch(r"[-+]?0+\w?", str(o.get("value"))) for o in answer["options"])
    return operands - stdin, values - stdin, none


def try_program(tap, name, args, folder):
    with open(os.path.join(COMMANDS, name + ".json"), encoding="utf-8") as f:
        command = json.load(f)
    path = next(filter(os.path.exists, command["programs"]))
    program = Program(command, path, None)
    lines = Lines(program, random.Random("%d %s" % (args.seed, name)))
    lines.typed = [(n, o) for n, o in lines.typed if n not in NEVER.get(name, ())]
    wrong, both, whole = [], 0, 0
    for _ in range(args.lines):
        words = lines.line()
        if name in ("head", "tail") and words and re.match(r"[-+](\d|[bcf]*$)", words[0]):
            words = ["-5", "one"] if name == "tail" else ["one"]
        read = read_paths(args.writ, command, words)
        if read is None:
            continue
        found, status = touched(path, words, folder, os.path.join(folder, "..", "trace"))
        both += 1
        whole += status <= (name == "grep")
        if not read[0] and name in ("ls", "du"):
            continue  # all that is in this folder
        if found - read[0] - read[1]:
            wrong.append("%r: touches %s" % (words, sorted(found - read[0] - read[1])))
        if status == 0 and not read[2] and read[0] - found - {""}:
            wrong.append("%r: does not touch %s" % (words, sorted(read[0] - found)))
    tap.ok(not wrong and whole * 20 >= args.lines, "%s: %d lines read, %d of them ended well"
           % (name, both, whole), "\n".join(wrong[:12]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--writ", required=True)
    parser.add_argument("--lines", type=int, default=120)
    parser.add_argument("--seed", type=int,
                        default=1 if os.environ.get("CI") else random.randrange(1 << 32))
    args = parser.parse_args()
    tap = Tap()
    print("# seed %d" % args.seed)
    spellings.WORDS[:] = FILES + ["-", "missing"]
    spellings.VALUES["path"] = ["one", "two", "-n"]
    with tempfile.TemporaryDirectory() as above:
        folder = os.path.join(above, "files")
        os.mkdir(folder)
        for name in FILES:
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write("one\ntwo\n")
        for name in PROGRAMS:
            try_program(tap, name, args, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
