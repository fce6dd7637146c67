# SPDX-License-Identifier: ISC
"""The manual pages hold: the examples of writ_policy(5) load and decide what they say, every word of the
language is in it, and mandoc has nothing to say about any of them.

    man_examples.py WRIT POLICIES PAGE...      (the first page is writ_policy.5)
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from tap import Tap

WRIT, POLICIES, *PAGES = (os.path.abspath(path) for path in sys.argv[1:])
POLICY_PAGE = PAGES[0]
tap = Tap()


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def unescape(text):
    """What mandoc makes of a literal display."""
    for roff, plain in (("\\(dq", '"'), ("\\-", "-"), ("\\&", ""), ("\\e", "\\")):
        text = text.replace(roff, plain)
    return text


def examples(page):
    """(line, kind, rest, text) of every display with a mark above it."""
    pattern = re.compile(r'^\.\\" tested: (\w+) ?([^\n]*)\n\.Bd -literal[^\n]*\n(.*?)^\.Ed$', re.M | re.S)
    for found in pattern.finditer(page):
        kind, rest, text = found.groups()
        yield page.count("\n", 0, found.start()) + 1, kind, rest, unescape(text)


class Folder:
    """Where the examples are written: the policy, what it includes, and the command files."""

    def __init__(self, path):
        self.path = path
        self.commands = os.path.join(path, "commands")
        shutil.copytree(os.path.join(POLICIES, "commands"), self.commands)

    def write(self, name, text):
        path = os.path.join(self.path, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def writ(self, *args):
        return subprocess.run([WRIT, args[0], "--commands", self.commands, *args[1:]], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")

    def tests(self, text):
        """The output of `writ test`, and whether it liked the policy."""
        done = self.writ("test", self.write("policy.json", text))
        return done.returncode == 0, done.stdout


def policy(members):
    return '{ "version": 1, %s }' % members


def play(folder, kind, rest, text):
    if kind == "policy":
        good, said = folder.tests(text)
        return good, said
    if kind == "rule":
        return folder.tests(policy('"rules": [%s]' % text))
    if kind == "run":
        return folder.tests(policy('"defaults": %s, "rules": []' % text))
    if kind == "refused":
        good, said = folder.tests(text)
        return not good and rest in said, said
    if kind == "file":
        folder.write(rest, text)
        return True, ""
    if kind == "commands":
        folder.write("commands/%s.json" % rest, text)
        done = folder.writ("parse", "--json", "--", rest, "--no-such-option")
        return "has no option" in done.stdout, done.stdout
    return False, "no such kind of example: " + kind


def check_examples():
    page = read(POLICY_PAGE)
    found = list(examples(page))
    tap.equal(len(found), page.count('\n.\\" tested: '), "no marked example is missed")
    kinds = {kind for _, kind, _, _ in found}
    tap.equal(kinds, {"policy", "rule", "run", "file", "commands", "refused"}, "of every kind")
    with tempfile.TemporaryDirectory(prefix="writ-man-") as path:
        folder = Folder(path)
        for line, kind, rest, text in found:
            good, said = play(folder, kind, rest, text)
            tap.ok(good, "%s:%d: %s %s" % (os.path.basename(POLICY_PAGE), line, kind, rest), said)
        # The checks can fail: a misspelt key in each
        for line, kind, rest, text in found:
            if kind in ("policy", "rule", "run", "commands"):
                spoilt = re.sub(r'"(\w+)":', r'"\1x":', text, count=1)
                good, said = play(folder, kind, rest, spoilt)
                tap.ok(not good, "line %d: spoilt, it is refused" % line, said)
    shown = [text for text in re.findall(r"^\.Bd -literal[^\n]*\n(.*?)^\.Ed$", page, re.M | re.S)
             if text.lstrip().startswith("{")]
    tap.equal(len(shown), len(found), "every display of JSON is marked")


def words_of(page):
    """The words that are set as keys, values or parts of them."""
    words = set()
    for line in page.splitlines():
        if re.match(r"\.(It|Cm|Pq|Po|Li|Qq)\b", line):
            words.update(re.findall(r"[$A-Za-z_][\w.$-]*", line))
    return words | {w.rstrip(".") for w in words}


def properties(node):
    """The keys of every object with fixed keys."""
    if isinstance(node, dict):
        yield from node.get("properties", {})
        for value in node.values():
            yield from properties(value)
    elif isinstance(node, list):
        for value in node:
            yield from properties(value)


def check_completeness():
    words = words_of(read(POLICY_PAGE))
    schemas = {kind: load(os.path.join(POLICIES, "schema", kind + ".schema.json"))
               for kind in ("policy", "command", "decision")}
    for kind in ("policy", "command"):
        for key in sorted(set(properties(schemas[kind]))):
            tap.ok(key in words, "the key %s of %s files" % (key, kind))
    option = schemas["command"]["$defs"]["option"]["properties"]
    for name, values in (("type", option["value"]["enum"]), ("class", option["class"]["enum"]),
                         ("syntax", schemas["command"]["properties"]["syntax"]["enum"]),
                         ("code", schemas["decision"]["properties"]["code"]["enum"])):
        for value in values:
            tap.ok(value in words, "the %s %s" % (name, value))


def check_mandoc():
    if not shutil.which("mandoc"):
        tap.skip("mandoc -Tlint", "mandoc is not installed")
        return
    for page in PAGES:
        done = subprocess.run(["mandoc", "-Tlint", "-Wall", page], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, encoding="utf-8", check=False)
        # That a page of this project or of another package is not installed is no fault of the page.
        said = [line for line in done.stdout.splitlines() if "referenced manual not found" not in line]
        tap.equal(said, [], "mandoc -Tlint " + os.path.basename(page))


check_examples()
check_completeness()
check_mandoc()
sys.exit(tap.done())
