#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""ip and apt-get read their options by code of their own: each option of their command files is
tried on the installed program, in a line that ends in an option that it refuses before it does
anything; and each option that the program has a name for is looked for in the file. TAP.

    own_parsers.py [ip | apt-get]…
"""

import json
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import option_tables  # noqa: E402
from tap import Tap  # noqa: E402

COMMANDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "policies",
                        "commands")
# Options that end the program before the rest of the line is read.
IP_ENDS = {"Version", "help"}
# What apt-get is asked with: options differ from command to command.
APT_COMMANDS = ("install", "update", "upgrade", "source", "build-dep", "indextargets")


def ip_reading(program, word):
    """How ip reads -word: flag, value, end or None."""
    text, status = option_tables.run([program, "-" + word, "-zz"])
    if '"-%s" is unknown' % word in text:
        return None
    if '"-zz" is unknown' in text:
        return "flag"
    return "end" if text.startswith("ip utility") else "value" if status else "?"


def ip_help(program, words):
    return option_tables.run([program, *words, "help"])[0]


def test_ip(tap, file, program):
    wrong, names = [], {}
    for name, option in file["options"].items():
        for each in [name] + option.get("aliases", []):
            names[each] = name
            want = "value" if "value" in option else "flag"
            got = ip_reading(program, each)
            # -help and -loops print the usage: that tells no more.
            if got != want and not (name in IP_ENDS and got in ("end", "value")):
                wrong.append("-%s: the program reads a %s" % (each, got))
    tap.ok(not wrong, "ip: %d options and short forms" % len(names), "\n".join(wrong))
    with open(program, "rb") as f:
        words = {w.decode() for w in re.findall(rb"(?<=\0)-([A-Za-z][a-z-]+)(?=\0)", f.read())}
    missing = sorted(w for w in words if w not in names and ip_reading(program, w))
    tap.ok(len(words) > 10 and not missing, "ip: every option in the binary", " ".join(missing))
    wrong = []
    for word, node in file["subcommands"].items():
        target = node.get("same_as")
        if target and ip_help(program, [word]) != ip_help(program, [target]):
            wrong.append("%s is not %s" % (word, target))
    tap.ok(not wrong, "ip: short forms of objects", "\n".join(wrong))
    unknown = [w for w, node in file["subcommands"].items()
               if "same_as" not in node and "is unknown" in ip_help(program, [w])]
    tap.ok(not unknown, "ip: every object of the file is one", " ".join(unknown))


def apt_reading(program, command, word):
    typed = "-" + word if len(word) == 1 else "--" + word
    text, _ = option_tables.run([program, command, typed, "--no-such-zz"])
    if "--no-such-zz is not understood" in text:
        return "flag"
    if "requires an argument" in text or "is not boolean" in text:
        return "value"
    return None


def apt_kinds(program, word):
    return {apt_reading(program, command, word) for command in APT_COMMANDS} - {None}


def test_apt(tap, file, program):
    ours = {}
    for name, option in file["options"].items():
        for each in [name] + ([option["short"]] if "short" in option else []):
            ours[each] = "value" if "value" in option else "flag"
    with ThreadPoolExecutor(2) as pool:
        kinds = dict(zip(ours, pool.map(lambda w: apt_kinds(program, w), ours)))
    wrong = ["%s: the program reads %s" % (w, sorted(kinds[w]) or "nothing")
             for w in ours if kinds[w] != {ours[w]}]
    tap.ok(not wrong, "apt-get: %d options" % len(ours), "\n".join(wrong))
    letters = [c for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in ours]
    missing = [c for c in letters if apt_kinds(program, c)]
    tap.ok(not missing, "apt-get: every letter", " ".join(missing))
    # --with-NAME is another spelling of --NAME.
    missing = [w for w in sorted(manual_names())
               if w not in ours and "with-" + w not in ours and apt_kinds(program, w)]
    tap.ok(not missing, "apt-get: every option that its library names", " ".join(missing))


def manual_names():
    """Words of the library that could be options: those with a hyphen."""
    names = set()
    for folder in ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"):
        for entry in os.listdir(folder) if os.path.isdir(folder) else []:
            if entry.startswith("libapt-private.so."):
                with open(os.path.join(folder, entry), "rb") as f:
                    names |= {w.decode() for w in re.findall(rb"(?<=\0)[a-z]+(?:-[a-z]+)+(?=\0)",
                                                            f.read())}
    return {n for n in names if not n.startswith(("no-", "use-", "with-"))}


def main(names):
    tap = Tap()
    for name, test in (("ip", test_ip), ("apt-get", test_apt)):
        if names and name not in names:
            continue
        with open(os.path.join(COMMANDS, name + ".json"), encoding="utf-8") as f:
            file = json.load(f)
        program = next(filter(os.path.exists, file["programs"]), None)
        if program:
            test(tap, file, program)
        else:
            tap.skip(name, "not installed")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
