#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Compares a command file with what the real client says of itself (TAP).

    help_walk.py --client PATH --file policies/commands/docker.json [--probe] [--minimum N]

Walks the client's --help, command by command, and looks for commands, aliases, options, short
letters and value kinds that the file lacks or has otherwise. One test per command; every difference
is a diagnostic. The file may hold more than one client shows: hidden options, and another version's.

--probe asks the client's parser too, which hides nothing: for each command of the file that this
client has, whether each option takes a value and whether options may follow operands. Nearly every
question ends in an unknown flag, so that the client only reports an error; none reaches an engine.

The client gets an empty home, the builder that needs no plugin, and a dead engine socket.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from tap import Tap  # noqa: E402

# Help's word for a value: the types that a command file may give it (None: any that is no number,
# duration or size), and whether it is a list.
NUMBER_TYPES = {"int", "uint", "bytes", "docker.memory_swap", "duration.go"}
WORDS = {
    "int": ({"int"}, False), "uint": ({"uint"}, False),
    "uint16": ({"uint"}, False), "uint32": ({"uint"}, False),
    "duration": ({"duration.go"}, False), "bytes": ({"bytes", "docker.memory_swap"}, False),
    "string": (None, False), "decimal": (None, False), "float": (None, False),
    "command": (None, False), "credential-spec": (None, False), "node-addr": (None, False),
    "pem-file": (None, False),
    "list": (None, True), "strings": (None, True), "stringArray": (None, True),
    "map": (None, True), "stringToString": (None, True), "filter": (None, True),
    "config": (None, True), "secret": (None, True), "ulimit": (None, True), "port": (None, True),
    "mount": (None, True), "network": (None, True), "pref": (None, True),
    "external-ca": (None, True), "gpu-request": (None, True), "ipNetSlice": (None, True),
    "ipSlice": (None, True), "argument=value": (None, True),
}
# Podman calls many values by what they are: that they are values is all that it says.
PODMAN_WORDS = re.compile(r"[A-Z][A-Za-z_:]+$|.*[\[</:-]|annotation$|architecture$|choice$|feature|file$|"
                          r"format$|ip$|name$|path$|pathname|tmpfs$|type$|variant$|version$")
# Two unknown flags: whichever the client complains of tells how it read what stands before it.
FIRST, SECOND = "--no-such-flag-one", "--no-such-flag-two"


class Client:
    """The real client, cut off from everything that could colour its answers."""

    def __init__(self, path, home):
        self.path = path
        self.name = os.path.basename(path)
        self.env = {
            "PATH": "/usr/bin:/bin", "HOME": home, "LC_ALL": "C", "DOCKER_CONFIG": home,
            "DOCKER_HOST": "unix://%s/no-engine.sock" % home,
            "DOCKER_BUILDKIT": "0", "DOCKER_CLI_HINTS": "false",
        }

    def ask(self, *args):
        """Standard output and error of one call; empty if it did not end."""
        try:
            done = subprocess.run([self.path, *args], env=self.env, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        except subprocess.TimeoutExpired:
            return ""
        return done.stdout.decode("utf-8", "replace")


class Help:
    """One page of --help, taken apart."""

    SECTION = re.compile(r"^(\S.*):\s*$")
    # At exactly these columns: a wrapped description may begin with --name, further right.
    OPTION = re.compile(r"^(?:  -(.), |      )--([^\s=]+)(?: (\S+|pathname or URL))?(?:  .*)?$")

    def __init__(self, text):
        self.usage = ""
        self.aliases = []
        self.commands = []
        self.plugins = []
        self.options = []  # (name, letter or None, type word or None)
        self.strange = []
        section = ""
        for line in text.splitlines():
            if line.startswith("Usage: ") and not self.usage:
                self.usage = line[len("Usage:"):].strip()
            elif self.SECTION.match(line):
                section = self.SECTION.match(line).group(1)
            elif line and not line[0].isspace():
                section = ""
            elif line.strip():
                self._line(section, line)

    def _line(self, section, line):
        if section == "Usage" and not self.usage:
            self.usage = line.strip()
        if section == "Aliases":
            self.aliases += [part.strip() for part in line.split(",") if part.strip()]
        elif section.endswith("Commands"):
            word = line.split()[0]
            if line.startswith("  ") and not line.startswith("   "):
                (self.plugins if word.endswith("*") else self.commands).append(word.rstrip("*"))
        elif section in ("Options", "Global Options"):
            found = self.OPTION.match(line)
            if found:
                self.options.append((found.group(2), found.group(1), found.group(3)))
            elif re.match(r"^ {2,6}-", line):
                self.strange.append(line.strip())


class CommandFile:
    """A command file, read as the engine reads it: same_as followed, parents' options inherited."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as stream:
            self.root = json.load(stream, object_pairs_hook=self._no_doubles)
        self.name = self.root["command"]

    @staticmethod
    def _no_doubles(pairs):
        keys = [key for key, _ in pairs]
        doubles = sorted({key for key in keys if keys.count(key) > 1})
        if doubles:
            raise ValueError("duplicate key: " + ", ".join(doubles))
        return dict(pairs)

    def find(self, words):
        """(canonical words, the nodes from the root down to it), or None."""
        nodes, path = [self.root], []
        for word in words:
            node = nodes[-1].get("subcommands", {}).get(word)
            if node is None:
                return None
            if "same_as" in node:
                target = self.find(node["same_as"].split())
                if target is None:
                    return None
                path, nodes = list(target[0]), list(target[1])
            else:
                path.append(word)
                nodes.append(node)
        return path, nodes

    def options(self, nodes):
        """{long name or alias: option} and {letter: option} that can be typed at this command."""
        names, letters = {}, {}
        for level, node in enumerate(reversed(nodes)):
            for name, option in node.get("options", {}).items():
                if level > 0 and option.get("here"):
                    continue
                # What is nearer to the command was there first, and hides the parent's.
                for each in [name] + option.get("aliases", []):
                    names.setdefault(each, option)
                if "short" in option:
                    letters.setdefault(option["short"], option)
        return names, letters

    def commands(self):
        """Every command of its own (no alias), as (words, nodes)."""
        stack = [([], [self.root])]
        while stack:
            words, nodes = stack.pop()
            yield words, nodes
            for word, node in sorted(nodes[-1].get("subcommands", {}).items(), reverse=True):
                if "same_as" not in node:
                    stack.append((words + [word], nodes + [node]))


def kind_difference(option, word):
    """What is wrong with the file's option if help calls its value by this word; or None."""
    value = option.get("value")
    if word is not None and word.startswith("string[="):
        return None if option.get("optional") else "its value is optional"
    if word is None:
        return None if value is None else "the client has a flag, the file a value of type " + value
    if word not in WORDS and PODMAN_WORDS.match(word):
        return None if value is not None else "takes a value (%s), the file has a flag" % word
    if word not in WORDS:
        return "help names a kind of value that this test does not know: " + word
    if value is None:
        return "takes a value (%s), the file has a flag" % word
    if option.get("optional"):
        return "its value is not optional"
    types, many = WORDS[word]
    if types is None:
        if value in NUMBER_TYPES:
            return "help says %s, the file %s" % (word, value)
    elif value not in types:
        return "help says %s, the file %s" % (word, value)
    if many != option.get("repeat", False):
        return "help says %s, the file %s repeat" % (word, "has" if not many else "lacks")
    return None


def command_differences(spec, nodes, canonical, page, prefix, words):
    """Everything that one page of help says and the file does not."""
    names, letters = spec.options(nodes)
    for line in page.strange:
        yield "help has a line that this test cannot read: " + line
    for name, letter, word in page.options:
        option = names.get(name)
        if option is None:
            yield "--%s is not in the file" % name
            continue
        if letter is not None and letters.get(letter) is not option:
            yield "-%s, --%s: the file has %s" % (
                letter, name, "-%s for another option" % letter if letter in letters
                else "no -" + letter)
        if letter is None and "short" in option:
            yield "--%s: the file has -%s, the client no letter" % (name, option["short"])
        wrong = kind_difference(option, word)
        if wrong:
            yield "--%s: %s" % (name, wrong)
    known = nodes[-1].get("subcommands", {})
    for sub in page.commands:
        if sub not in known:
            yield "the command %s is not in the file" % " ".join(words + [sub])
    for alias in page.aliases:
        other = alias.split()
        if other[0] == prefix:
            other = other[1:]
        else:
            other = words[:-1] + other
        found = spec.find(other)
        if found is None:
            yield "the alias %s is not in the file" % alias
        elif found[0] != canonical:
            yield "the alias %s is %s in the file" % (alias, " ".join(found[0]))


def walk(client, spec, tap):
    """Walks --help from the top; one test per command. The number of commands that answered."""
    answered, todo, plugins = 0, [[]], set()
    while todo:
        words = todo.pop(0)
        title = " ".join([spec.name] + words)
        page = Help(client.ask(*words, "--help"))
        plugins.update(page.plugins)
        if (page.usage + " ").startswith(" ".join([client.name] + words) + " "):
            answered += 1
        elif page.usage.split()[1:2] and page.usage.split()[1] in plugins:
            tap.diag("%s: handed to the plugin %s, not looked at" % (title, page.usage.split()[1]))
            continue
        else:
            tap.ok(False, title, "the client printed no help for it, but: %r" % page.usage)
            continue
        found = spec.find(words)
        if found is None:
            tap.ok(False, title, "the command is not in the file")
            continue
        canonical, nodes = found
        differences = list(command_differences(spec, nodes, canonical, page, client.name, words))
        tap.ok(not differences, title, "\n".join(differences))
        known = nodes[-1].get("subcommands", {})
        todo[:0] = [words + [sub] for sub in page.commands if sub in known]
    if plugins:
        tap.diag("plugins, not looked at: " + " ".join(sorted(plugins)))
    return answered


def reading(client, words, typed):
    """How the client reads an option without "=": flag, value, absent, or what else it answered."""
    answer = client.ask(*words, typed, FIRST, SECOND)
    if ("unknown flag: %s\n" % typed in answer or
            "unknown shorthand flag: '%s'" % typed[1:] in answer):
        return "absent"
    if 'invalid argument "%s" for ' % FIRST in answer or "unknown flag: " + SECOND in answer:
        return "value"
    if "unknown flag: " + FIRST in answer:
        return "flag"
    return answer.strip().partition("\n")[0]


def has_command(client, words):
    """Whether the client knows the command: its complaint points to that very command's help."""
    return "'%s --help'" % " ".join([client.name] + words) in client.ask(*words, FIRST)


def probe_command(client, spec, words, nodes):
    """(number of options that this client knows, differences)."""
    names, letters = spec.options(nodes)
    differences, known = [], 0
    typed = [("--" + name, option) for name, option in sorted(names.items())]
    typed += [("-" + letter, option) for letter, option in sorted(letters.items())]
    for text, option in typed:
        got = reading(client, words, text)
        if got == "absent":
            continue
        known += 1
        want = "value" if "value" in option and not option.get("optional") else "flag"
        if got != want:
            differences.append("%s: the file has a %s, the client reads: %s" % (text, want, got))
    if "operands" in nodes[-1] or "subcommands" not in nodes[-1]:
        after = "unknown flag: " + FIRST in client.ask(*words, "x", FIRST)
        if after != nodes[-1].get("interspersed", True):
            differences.append("options %s follow operands" % ("may" if after else "may not"))
    return known, differences


def probe(client, spec, tap):
    """Asks the parser; one test per command of the file that this client has."""
    def one(entry):
        words, nodes = entry
        if not has_command(client, words):
            return None
        return words, probe_command(client, spec, words, nodes)

    answered = known = 0
    entries = [entry for entry in spec.commands() if entry[0]]
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        for result in pool.map(one, entries):
            if result is None:
                continue
            words, (count, differences) = result
            answered, known = answered + 1, known + count
            title = "%s: as its parser reads" % " ".join([spec.name] + words)
            tap.ok(not differences, title, "\n".join(differences))
    tap.diag("the parser knew %d options of %d commands" % (known, answered))
    return answered


def compare(client, spec, args, tap):
    answered = walk(client, spec, tap)
    tap.ok(answered >= args.minimum, "at least %d commands answered" % args.minimum,
           "only %d did" % answered)
    if args.probe:
        answered = probe(client, spec, tap)
        tap.ok(answered >= args.minimum, "at least %d commands could be probed" % args.minimum,
               "only %d could" % answered)


def main():
    parser = argparse.ArgumentParser(description="compare a command file with the real client")
    parser.add_argument("--client", required=True, action="append",
                        help="the client binary; several are compared one after the other")
    parser.add_argument("--file", required=True, help="its command file")
    parser.add_argument("--probe", action="store_true", help="also ask the client's parser")
    parser.add_argument("--minimum", type=int, default=100,
                        help="fail if fewer commands answered (default: %(default)s)")
    args = parser.parse_args()
    tap = Tap()
    try:
        spec = CommandFile(args.file)
    except (OSError, ValueError, KeyError) as error:
        tap.bail_out("%s: %s" % (args.file, error))
    for path in args.client:
        if not os.access(path, os.X_OK):
            tap.bail_out("%s cannot be run" % path)
        tap.diag(path)
        with tempfile.TemporaryDirectory() as home:
            compare(Client(path, home), spec, args, tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
