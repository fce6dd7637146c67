# SPDX-License-Identifier: ISC
"""Asks installed programs for the table of the options that they have, without letting them act.

Four kinds of program, told apart by what is installed:
  C programs on glibc's getopt_long   the table as handed to it (getopt_table.c, preloaded)
  Python programs on getopt           the same, as handed to getopt.getopt
  Python programs on argparse         the parser's actions
  sshd, which brings its own getopt   its option string, read out of the binary and then tried out
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FLAG, REQUIRED, OPTIONAL = 0, 1, 2
KIND_NAMES = ["no value", "a value", "an optional value"]

ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/nonexistent",
    "LC_ALL": "C",
    "TERM": "dumb",
    "COLUMNS": "200",
    "PAGER": "cat",
    "SYSTEMD_PAGER": "cat",
}

PYTHON_TABLE = """
import argparse, getopt, json, os, runpy, sys
def out(table):
    with open(os.environ["OPTION_TABLE"], "w") as f:
        json.dump(table, f)
    os._exit(0)
def getopt_table(args, short, long=()):
    out({"short": short, "long": list(long)})
def argparse_table(self, args=None, namespace=None):
    out({"actions": [[a.option_strings, a.nargs if a.nargs is None else str(a.nargs)]
                     for a in self._actions]})
getopt.getopt = getopt_table
argparse.ArgumentParser.parse_args = argparse_table
sys.argv = sys.argv[1:]
sys.path[0] = os.path.dirname(os.path.realpath(sys.argv[0]))
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class NoTable(Exception):
    """The program did not tell its options."""


class Table:
    """longs: name → (identity, kind); shorts: letter → (identity, kind). Names and letters of
    one identity are one option; an identity of None says nothing."""

    def __init__(self):
        self.longs = {}
        self.shorts = {}
        self.stops = False  # options end at the first operand

    def read_optstring(self, optstring):
        self.stops = optstring.startswith("+")
        for letter, colons in re.findall(r"(?s)(.)(:{0,2})", optstring.lstrip("+-:")):
            self.shorts[letter] = (str(ord(letter)), len(colons))


def run(argv, **environment):
    """Output and exit status of a real program that is asked for its help or its options."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, cwd=folder, timeout=60,
                              env=dict(ENVIRONMENT, **environment))
    return done.stdout.decode("utf-8", "replace"), done.returncode


class Asker:
    """Holds what asking needs: the built getopt_table.so and a place for its answers."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="option-tables.")
        self.answer = os.path.join(self.folder, "answer")
        self.library = self.build("getopt_table")
        self.trace_library = self.build("getopt_trace")
        self.trace_path = os.path.join(self.folder, "trace")

    def build(self, name):
        library = os.path.join(self.folder, name + ".so")
        compiler = os.environ.get("CC", "cc").split()
        subprocess.run([*compiler, "-shared", "-fPIC", "-O1", "-o", library,
                        os.path.join(HERE, name + ".c")], check=True)
        return library

    def close(self):
        shutil.rmtree(self.folder)

    def table(self, program, syntax, loads=()):
        """loads: an option that the program reads before it is asked, for what it brings. None if
        the program does not come so far then."""
        if syntax == "getopt":
            return sshd_table(program)
        if os.path.exists(self.answer):
            os.unlink(self.answer)
        with open(program, "rb") as f:
            script = f.readline(200).startswith(b"#!")
        if script:
            run(["/usr/bin/python3", "-c", PYTHON_TABLE, program, "--help"],
                OPTION_TABLE=self.answer)
        else:
            run([program, *(loads or ["--help"])], OPTION_TABLE=self.answer,
                LD_PRELOAD=self.library, OPTION_TABLE_CALL="1" if loads else "0")
        try:
            with open(self.answer, encoding="utf-8") as f:
                text = f.read()
        except FileNotFoundError:
            if loads:
                return None
            raise NoTable("%s did not come as far as reading its options" % program) from None
        return python_table(json.loads(text)) if script else glibc_table(text)


def glibc_table(text):
    table = Table()
    optstring, *records = text.split("\0")[:-1]
    table.read_optstring(optstring)
    for record in records:
        value, kind, name = record.split(" ", 2)
        table.longs[name] = (None if value == "-" else value, int(kind))
    return table


def python_table(answer):
    table = Table()
    if "actions" in answer:
        for strings, nargs in answer["actions"]:
            kind = FLAG if nargs == "0" else REQUIRED if nargs in (None, "1", "+") else None
            for string in strings:
                if string.startswith("--"):
                    table.longs[string[2:]] = (strings[0], kind)
                else:
                    table.shorts[string[1:]] = (strings[0], kind)
        return table
    table.read_optstring(answer["short"])
    table.shorts = {letter: (None, kind) for letter, (_, kind) in table.shorts.items()}
    for name in answer["long"]:
        table.longs[name.rstrip("=")] = (None, REQUIRED if name.endswith("=") else FLAG)
    table.stops = True
    return table


def sshd_table(program):
    """sshd's own getopt cannot be intercepted: the option string is found in the binary, as the
    one that has every letter of the usage message, and each letter is then tried on a line that
    ends in an unknown option, which sshd refuses before it does anything."""
    usage, _ = run([program, "-@"])
    letters = set("".join(re.findall(r"\[-(\w+)", usage)))
    with open(program, "rb") as f:
        strings = {s.decode() for s in re.findall(rb"[A-Za-z0-9:]{12,}(?=\0)", f.read())}
    found = [s for s in strings if letters and letters <= set(s) and ":" in s]
    if len(found) != 1:
        raise NoTable("%d strings in %s could be its options" % (len(found), program))
    table = Table()
    table.read_optstring(found[0])
    table.stops = True
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789":
        tried = re.search(r"unknown option -- (.)", run([program, "-%s~" % letter, "-@"])[0])
        kind = table.shorts.get(letter, (None, None))[1]
        want = {None: letter, FLAG: "~", REQUIRED: "@"}[kind]
        # No such message: the value ~ was read and refused (-p ~), or the version was printed (-V).
        if tried and tried.group(1) != want:
            raise NoTable("-%s of %s: %s" % (letter, program, tried.group(0)))
        if not tried and kind is None:
            raise NoTable("%s has an option -%s that its option string lacks" % (program, letter))
    return table


def all_long_names(program):
    """Every long name, from the unchanged program: --=x abbreviates all of them, so glibc refuses
    the line and lists them. None where the program keeps glibc from saying so."""
    text, _ = run([program, "--=x"])
    listed = re.search(r"option '--=x' is ambiguous; possibilities:(.*)", text)
    return set(re.findall(r"'--(\S+?)'(?: |$)", listed.group(1))) if listed else None


if __name__ == "__main__":
    asker = Asker()
    try:
        for path in sys.argv[1:]:
            shown = asker.table(path, "getopt" if path.endswith("/sshd") else "getopt_long")
            print(path, shown.longs, shown.shorts, shown.stops)
    finally:
        asker.close()
