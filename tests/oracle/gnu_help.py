#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Compares command files with the installed programs, option by option. TAP.

    gnu_help.py [COMMAND-FILE…]

For each program: every option in its --help is in the file; the file has exactly the options of
the program's own table (option_tables.py), each with the same kind of value, the same letter and
the same second names; subcommands and the words that an option takes after it (`next`) as far as
the program can be asked for them harmlessly. Without arguments: every shipped file but those of Go
programs, which have oracles of their own.

The last test takes options out of each file, one at a time, and wants to see a complaint each time.
"""

import glob
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import option_tables  # noqa: E402
from option_tables import FLAG, KIND_NAMES, OPTIONAL, REQUIRED  # noqa: E402
from tap import Tap  # noqa: E402

COMMANDS = os.path.join(HERE, "..", "..", "policies", "commands")
SYNTAXES = ("getopt_long", "getopt", "literal")

# Options that a program has and its file does not, on purpose (the file's note says why). Such a
# file cannot be complete.
LEFT_OUT = {
    "env": "split-string S",
    "rocm-smi": "showevents e showfwinfo showpidgpus showrasinfo setclock setslevel setmlevel "
                "setvc setsrange setmrange rasenable rasdisable",
}
# Letters in a program's option string that it refuses all the same, or that are no options but
# digits of an obsolete form (-50, of which the file says `digits` where it is read).
REFUSED = {"systemctl": ".", "iptables": "b", "ip6tables": "b", "dmesg": "i", "env": " \t\n\v\f\r",
           "head": "0123456789", "tail": "0123456789", "grep": "0123456789"}
# Programs that keep glibc from printing what is wrong with an option.
SILENT = ("iptables", "ip6tables")
# What --name=VALUE and --name[=VALUE] in a help text can mean.
HELP_KINDS = {"": (FLAG, REQUIRED, OPTIONAL), "=": (REQUIRED, OPTIONAL), "[=": (OPTIONAL,)}
HELP = {"ps": ["--help", "all"], "sshd": ["-?"]}
# In fail2ban-client's help as a command, but the client does not know it.
NO_COMMANDS = {"fail2ban-client": {"help"}}


def file_options(command):
    """long name → (option, kind) and letter → (option, kind), as the file has them."""
    longs, shorts = {}, {}
    for name, option in command.get("options", {}).items():
        if "behind" in option or "of" in option:
            continue  # a word behind another option's value; a module's (modules.py)
        kind = FLAG if "value" not in option else OPTIONAL if option.get("optional") else REQUIRED
        if len(name) == 1:
            shorts[name] = (name, kind)
            continue
        for long_name in [name] + option.get("aliases", []):
            longs[long_name] = (name, kind)
        if "short" in option:
            shorts[option["short"]] = (name, kind)
    return longs, shorts


def compare_names(dashes, ours, theirs, left_out):
    """Complaints about names or letters that one side lacks or gives another kind of value."""
    for name in sorted(set(theirs) - set(ours) - left_out):
        yield "the file lacks %s%s" % (dashes, name)
    for name in sorted(set(ours) - set(theirs)):
        yield "the program has no %s%s" % (dashes, name)
    for name in sorted(left_out & set(ours)):
        yield "%s%s is said to be left out" % (dashes, name)
    for name in sorted(set(ours) & set(theirs)):
        if ours[name][1] != theirs[name][1]:
            yield "%s%s takes %s, the file says %s" % (
                dashes, name,
                "several" if theirs[name][1] is None else KIND_NAMES[theirs[name][1]],
                KIND_NAMES[ours[name][1]])


def compare_identities(longs, shorts, table):
    """Complaints about names that are one option on one side and two on the other."""
    ours = {"--" + n: v for n, v in longs.items()} | {"-" + c: v for c, v in shorts.items()}
    theirs = ({"--" + n: v for n, v in table.longs.items()}
              | {"-" + c: v for c, v in table.shorts.items()})
    names = sorted(n for n in ours if n in theirs and theirs[n][0] is not None)
    for i, one in enumerate(names):
        for other in names[i + 1:]:
            same = theirs[one] == theirs[other]
            if same != (ours[one] == ours[other]):
                yield "%s and %s are %s for the program" % (one, other,
                                                             "one" if same else "two options")


def compare_table(command, table):
    """Complaints about a file against the program's own table."""
    name = command["command"]
    longs, shorts = file_options(command)
    left_out = set(LEFT_OUT.get(name, "").split())
    theirs = {c: v for c, v in table.shorts.items() if c not in REFUSED.get(name, "")}
    left_long = {n for n in left_out if n in table.longs}
    left_short = {n for n in left_out if n in theirs}
    yield from compare_names("--", longs, table.longs, left_long)
    yield from compare_names("-", shorts, theirs, left_short)
    yield from compare_identities(longs, shorts, table)
    for option in sorted(left_out - left_long - left_short):
        yield "%s is said to be left out, but the program does not have it" % option
    if left_out and command.get("complete"):
        yield "a file that leaves out options is not complete"
    if table.stops == command.get("interspersed", command["syntax"] != "getopt"):
        yield "options %s at the first operand" % ("end" if table.stops else "do not end")
    for option, description in command.get("options", {}).items():
        if "class" not in description:
            yield "%s has no class" % option


def compare_help(command, text):
    """Complaints about options in the help text that the file lacks or reads otherwise."""
    longs, shorts = file_options(command)
    left_out = set(LEFT_OUT.get(command["command"], "").split())
    # A line further to the right goes on with a description.
    lines = [line for line in text.splitlines() if re.match(r"\s{0,10}(\[!\] )?-", line)]
    lines += re.findall(r"\[-.*?\]", text) if command["syntax"] == "getopt" else []
    found = 0
    for line in lines:
        for name, ends in re.findall(r"(?<![\w-])--([a-z][\w-]*)(\[=|=|)", line):
            found += 1
            if name in left_out:
                continue
            full = [n for n in longs if n == name] or [n for n in longs if n.startswith(name)]
            if len(full) != 1:
                yield "--help has --%s, the file does not" % name
            elif longs[full[0]][1] not in HELP_KINDS[ends]:
                yield "--help says --%s%s…" % (name, ends)
        for letters in re.findall(r"(?<![\w-])-(\w+)" if command["syntax"] == "getopt" else
                                  r"(?<![\w-])-(\w)(?![\w-])", line):
            found += 1
            for letter in set(letters) - set(shorts) - left_out:
                yield "--help has -%s, the file does not" % letter
    if not found:
        yield "its help names no options:\n" + text


def compare_subcommands(command, program, text):
    """Complaints about subcommands: against the help text, and for hidden ones the binary."""
    ours = set(command.get("subcommands", {}))
    if not ours:
        return
    # The descriptions that begin a line further to the right are no commands.
    listed = set(re.findall(r"^(?:  |    )([a-z][a-z-]+)(?= |$)", text, re.M))
    listed -= NO_COMMANDS.get(command["command"], set())
    for name in sorted(listed - ours):
        yield "--help has the command %s, the file does not" % name
    with open(program, "rb") as f:
        binary = f.read()
    for name in sorted(ours - listed):
        if name.encode() + b"\0" not in binary:
            yield "the program has no command %s" % name


# Words that might or might not be the value of journalctl's -n and -b.
BOOT_ID = "0123456789abcdef" * 2
NEXT_WORDS = ["", " ", "0", "50", "50x", "all", "All", "-5", "-1", "+5", "+-5", "0b11", "0b2",
              "0B1", "0o17", "0o8", "0x1f", "0X", "0x", "08", "07", "-0", "-00", " 7", "\t7", "\n7",
              "7 ", "1e3", "+", "-", "--", "+0b1", "+0x1", "-0x1", "99999999999", "2147483648",
              "A=1", "/bin/sh", "-n", "fail2ban", BOOT_ID, BOOT_ID.upper(), BOOT_ID + "+1",
              BOOT_ID + "-2", BOOT_ID + "x", BOOT_ID[:-1] + "g", BOOT_ID[:16]]


def compare_next(command, program):
    """Complaints about `next` of journalctl: with --new-id128 it prints a random number, after a
    complaint about any operand, so it tells whether it took the word for a value."""
    if command["command"] != "journalctl":
        return
    for name in ("lines", "boot"):
        option = command["options"].get(name, {})
        for spelling in ("--" + name, "-" + option.get("short", "?")):
            for word in NEXT_WORDS:
                text, status = option_tables.run([program, "--new-id128", spelling, word])
                takes = status == 0 and "Extraneous" not in text and word not in ("--", "-n")
                reads = re.fullmatch(option.get("next", "(?!)"), word) is not None
                # A word that is read too much and could be no operand either is refused by both.
                refused = "=" not in word and not word.startswith("/") and word != "+"
                if takes != reads and not (reads and refused and "Extraneous" in text):
                    yield "%s %r: %s a value for the program" % (spelling, word,
                                                                "is" if takes else "is not")


def complaints(asker, command, program):
    """All that is wrong with one file, as far as its program can be asked."""
    name = command["command"]
    text, _ = option_tables.run([program] + HELP.get(name, ["--help"]))
    if not text.strip():
        return ["%s printed nothing when asked for help" % program], None
    if command["syntax"] == "literal":
        return ["a literal file has no options"] if command.get("options") else [], None
    table = asker.table(program, command["syntax"])
    found = list(compare_help(command, text))
    found += compare_table(command, table)
    found += compare_subcommands(command, program, text)
    found += compare_next(command, program)
    if command.get("complete") and name not in SILENT:
        listed = option_tables.all_long_names(program)
        if listed is None and not table.stops:
            found.append("%s --=x does not list the long options" % program)
        elif listed is not None and listed != set(table.longs):
            found.append("%s --=x lists %s" % (program, sorted(listed ^ set(table.longs))))
    return found, table


def unnoticed(command, table):
    """Options whose absence from the file, or whose other kind of value, draws no complaint."""
    for name, option in command.get("options", {}).items():
        if "behind" in option or "of" in option:
            continue
        options = dict(command["options"])
        del options[name]
        changed = dict(option, value="string")
        if "value" in option:
            del changed["value"]
        for broken in (options, dict(command["options"], **{name: changed})):
            if not list(compare_table(dict(command, options=broken), table)):
                yield "%s --%s" % (command["command"], name)


def main(paths):
    tap = Tap()
    asker = option_tables.Asker()
    missed, tables = [], 0
    try:
        for path in paths or sorted(glob.glob(os.path.join(COMMANDS, "*.json"))):
            with open(path, encoding="utf-8") as f:
                command = json.load(f)
            if command["syntax"] not in SYNTAXES:
                continue
            name = command["command"]
            program = next(filter(os.path.exists, command["programs"]), None)
            if not program:
                tap.skip(name, "not installed")
                continue
            try:
                found, table = complaints(asker, command, program)
            except option_tables.NoTable as error:
                found, table = [str(error)], None
            tap.ok(not found, "%s (%s)" % (name, command["checked_with"]), "\n".join(found))
            if table:
                tables += 1
                missed += unnoticed(command, table)
    finally:
        asker.close()
    tap.ok(tables and not missed, "an option taken out or changed is noticed, in %d files" % tables,
           "\n".join(missed))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
