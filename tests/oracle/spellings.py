#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""What real programs on glibc's getopt_long are handed, word by word, beside what writ reads: lines
in all spellings, drawn from the command files, run by the program with getopt_trace.c preloaded,
which ends it before it does its work. Also every module of iptables: its own options. TAP.

    spellings.py --writ WRIT [--lines N] [--seed N] [PROGRAM…]

What writ reads must be what the program was handed: each option with its value, words that the
program takes by itself, operands. What the program refuses writ may not read. Writ may refuse more
(values that a type does not read, operands that are missing).
"""

import argparse
import glob
import json
import os
import random
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import option_tables  # noqa: E402
from option_tables import FLAG, REQUIRED  # noqa: E402
from tap import Tap  # noqa: E402

COMMANDS = os.path.join(HERE, "..", "..", "policies", "commands")
# Not traced: scripts, and programs that bring their own getopt.
OTHERS = {"fail2ban-client", "rocm-smi", "sshd"}
# What programs answer at once, or what would change how the rest is read.
ENDS = {"help", "version", "usage"}
WORDS = ["x", "a/b", "/var/log/syslog", "-", "", "5", "+5", "a=b", "x y", "all", "status", "é",
         "sshd"]
VALUES = {"int": ["5", "0", "-1", "x"], "uint": ["5", "0"], "path": ["/etc/x", "x", "-"],
          "systemd.unit": ["nginx", "a.service", "a*"], "time": ["today", "-1h", "x"],
          "signal": ["TERM", "9", "x"], "size": ["1M", "x"], "cidr": ["10.0.0.0/8", "::1"], "duration.systemd": ["1h", "x"]}
ODD = ["--", "-", "--=x", "-=", "---", "--x-", "-Q9", "--no", "!", "-\xe9", "--help=x", "-?", "-W",
       "-:"]


PROTOCOLS = {"tcp", "udp", "sctp", "dccp", "ah", "esp", "icmp", "icmpv6", "mh"}
# What each file is to be missed for: the file, the option, the key that is taken out or set.
SPOILT = [("journalctl", "lines", "next", None), ("ls", "color", "optional", None),
          ("iptables", "source", "value", None), ("iptables", "list", "optional", None),
          ("stat", "format", "short", "t"), ("systemctl", "property", "value", None)]


class Program:
    def __init__(self, command, path, asker):
        self.command, self.path, self.asker = command, path, asker
        self.options = command.get("options", {})
        self.names = {}
        for name, option in self.options.items():
            for each in [name, *option.get("aliases", [])]:
                self.names[each] = name
            if "short" in option:
                self.names[option["short"]] = name

    def trace(self, words):
        """What the program was handed: (options as [name, value], operands, how it ended)."""
        if os.path.exists(self.asker.trace_path):
            os.unlink(self.asker.trace_path)
        environment = dict(option_tables.ENVIRONMENT, GETOPT_TRACE=self.asker.trace_path,
                           LD_PRELOAD=self.asker.trace_library)
        done = subprocess.run([self.path, *words], cwd=self.asker.folder, env=environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=60, check=False)
        if not os.path.exists(self.asker.trace_path):
            return [], [], "silent %d" % done.returncode
        with open(self.asker.trace_path, "rb") as f:
            fields = f.read().decode("utf-8", "surrogateescape").split("\0")[:-1]
        return self.follow(fields)

    def follow(self, fields):
        found, at, negated = [], 0, False
        while at < len(fields):
            kind = fields[at]
            if kind == "e":
                return found, fields[at + 1:], "end"
            if kind == "?":
                if at == len(fields) - 1:
                    return found, [], "refused"
                at += 1  # it loaded something, and read on
                continue
            if kind == "w":
                self.take_word(found, fields[at + 1])
            elif kind == "o":
                if fields[at + 1] != "!" or negated:
                    return found, [], "refused"
                negated = True
            else:
                name = self.names.get(fields[at + 1], "?" + fields[at + 1])
                value = fields[at + 3] if fields[at + 2] == "=" else None
                found.append(["!" + name if negated else name, value])
                negated = False
                at += 2
            at += 2
        return found, [], "stopped"

    def take_word(self, found, word):
        last = found[-1] if found else ["", None]
        option = self.options.get(last[0].lstrip("!"), {})
        if option.get("optional") and last[1] is None:
            last[1] = word
            return
        behind = [n for n, o in self.options.items()
                  if last[0].lstrip("!") in aslist(o.get("behind"))]
        found.append([behind[0] if behind else "?word", word])


def aslist(value):
    return value if isinstance(value, list) else [] if value is None else [value]


class Lines:
    """Lines of one program, in spellings that people and attackers would choose."""

    def __init__(self, program, dice):
        self.program, self.dice = program, dice
        self.typed = [(n, o) for n, o in program.options.items()
                      if "behind" not in o and "of" not in o and n not in ENDS]
        self.of = {}
        for name, option in program.options.items():
            for module in aslist(option.get("of")):
                self.of.setdefault(module, []).append((name, option))

    def value(self, option):
        pool = VALUES.get(option.get("value"), []) + WORDS
        return self.dice.choice(pool)

    def long(self, name, option):
        name = self.dice.choice([name, *option.get("aliases", [])])
        if self.dice.random() < 0.4:
            name = name[:self.dice.randint(1, len(name))]
        word = "--" + name
        if "value" not in option:
            return [word + "=x"] if self.dice.random() < 0.03 else [word]
        ways = [[word + "=" + self.value(option)], [word, self.value(option)]]
        return self.dice.choice(ways + ([[word]] if option.get("optional") else []))

    def short(self):
        cluster, words = "-", []
        for _ in range(self.dice.randint(1, 4)):
            name, option = self.dice.choice(self.typed)
            letter = option.get("short", name if len(name) == 1 else None)
            if letter is None:
                continue
            cluster += letter
            if "value" in option:
                attach = self.dice.random() < 0.5
                cluster += self.value(option) if attach else ""
                words = [] if attach else [self.value(option)]
                break
        return [cluster, *words]

    def option(self):
        name, option = self.dice.choice(self.typed)
        long = len(name) > 1 and self.dice.random() < 0.5
        words = self.long(name, option) if long else self.short()
        behind = any(name in aslist(o.get("behind")) for o in self.program.options.values())
        second = behind and self.dice.random() < 0.6
        return words + ([self.dice.choice(["3", "x"])] if second else [])

    def module(self):
        """A module, and options that may be its own."""
        module = self.dice.choice(sorted(self.of))
        # A chain may have the name of a match: -j loads none then.
        words = ["-p" if module in PROTOCOLS and self.dice.random() < 0.5 else
                 "-j" if module.isupper() else "-m", module]
        for _ in range(self.dice.randint(0, 3)):
            name, option = self.dice.choice(self.of[module])
            words += ["!"] * (self.dice.random() < 0.3) + self.long(name, option)
            words += [self.dice.choice(["3", "src"])] * (self.dice.random() < 0.3)
        return words

    def line(self):
        words, verbs = [], sorted(self.program.command.get("subcommands", {}))
        for _ in range(self.dice.randint(0, 5)):
            roll = self.dice.random()
            if self.of and roll < 0.35:
                words += self.module()
            elif self.program.command.get("negation") and roll < 0.45:
                words += ["!", *self.option()]
            elif roll < 0.7:
                words += self.option()
            elif roll < 0.9 and not self.of:
                words.append(self.dice.choice(WORDS))
            elif roll < 0.93:
                words.append(self.dice.choice(ODD))
        if verbs and self.dice.random() < 0.9:
            words.insert(self.dice.randint(0, len(words)), self.dice.choice(verbs))
        return words


class Writ:
    def __init__(self, path, commands=COMMANDS):
        self.path, self.commands = path, commands

    def read(self, words):
        """(options as [name, value], operands as they were given), or None and why."""
        argv = [self.path, "parse", "--commands", self.commands, "--json", "--", *words]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
        answer = json.loads(done.stdout.decode("utf-8", "surrogateescape"))
        if "error" in answer:
            return None, answer["error"]
        options = [[o["name"], o.get("value")] for o in answer["options"]]
        operands = [w for words in answer["operands"].values() for w in words]
        return options, answer["command"].split()[1:] + operands


def plain(options, program):
    """Writ's options as the trace has them: flags without a value."""
    result = []
    for name, value in options:
        flag = "value" not in program.options.get(name.lstrip("!"), {})
        result.append([name, None if flag else value])
    return result


def differs(program, writ, words):
    """(complaint or None, whether both read the line)."""
    found, operands, ended = program.trace(words)
    options, rest = writ.read([program.command["command"], *words])
    if options is None:
        return None, False
    options = plain(options, program)
    if ended == "refused":
        return "the program refuses it, writ reads %s %s" % (options, rest), False
    if ended == "end":
        same = found == options and sorted(rest) == sorted(operands)
        verb = program.command.get("subcommands")
        if verb and found == options and len(rest) == len(operands):
            same = True
        return (None if same else "the program reads %s %s, writ %s %s"
                % (found, operands, options, rest)), True
    # Of the last one the program may have taken the value by itself, and stopped at that.
    sure = max(len(found) - 1, 0)
    last = [[name for name, _ in side[sure:sure + 1]] for side in (options, found)]
    if ended == "stopped" and (options[:sure] != found[:sure] or last[0] != last[1]):
        return "the program reads %s … before it stops, writ %s" % (found, options), False
    return None, False


def try_program(tap, program, writ, dice, lines):
    generator, wrong, both = Lines(program, dice), [], 0
    for _ in range(lines):
        words = generator.line()
        # The obsolete forms of head and tail are read before getopt is asked (syntax_oracle).
        if words and re.match(r"[-+]\d|\+[bcfl]*$|-[bcl]*f?$", words[0]) and words[0] != "-":
            continue
        if any("\0" in w for w in words):
            continue
        complaint, read = differs(program, writ, words)
        both += read
        if complaint:
            wrong.append("%r: %s" % (words, complaint))
    name = program.command["command"]
    tap.ok(not wrong and (both * 20 >= lines or lines < 100),
           "%s: %d lines, %d read by both" % (name, lines, both), "\n".join(wrong[:12]))


def module_tables(tap, program, asker):
    """Each module's options: the table that the program has once the module is loaded, without what
    it has anyway."""
    file, wrong, count = program.command, [], 0
    base = asker.table(program.path, "getopt_long")
    left_out = set(re.findall(r"--([\w-]+)", file.get("note", "")))
    for module in file["modules"]:
        ours = {each: FLAG if "value" not in o else REQUIRED
                for n, o in program.options.items() if module in aslist(o.get("of"))
                for each in [n, *o.get("aliases", [])]}
        theirs, loaded = {}, False
        for flag in ("-m", "-j"):
            table = asker.table(program.path, "getopt_long", [flag, module, "--zz"])
            if table:
                loaded = True
                theirs.update({n: k for n, (_, k) in table.longs.items()
                               if n not in base.longs})
        missing = set(theirs) - set(ours) - left_out
        wrong += ["%s lacks --%s" % (module, n) for n in sorted(missing)]
        wrong += ["%s has no --%s" % (module, n) for n in sorted(set(ours) - set(theirs))]
        wrong += ["%s --%s" % (module, n) for n in sorted(set(ours) & set(theirs))
                  if ours[n] != theirs[n]]
        wrong += [] if loaded else ["there is no module " + module]
        count += len(theirs)
    tap.ok(count > 200 and not wrong, "%s: %d options of %d modules"
           % (file["command"], count, len(file["modules"])), "\n".join(wrong))


def try_spoilt(tap, asker, writ_path, dice):
    """A file that is wrong in one thing is told from the program within some lines."""
    for name, option, key, value in SPOILT:
        with open(os.path.join(COMMANDS, name + ".json"), encoding="utf-8") as f:
            command = json.load(f)
        real = next(filter(os.path.exists, command["programs"]), None)
        if not real:
            continue
        spoilt = json.loads(json.dumps(command))
        if key == "short" and value:
            for each in spoilt["options"].values():
                if each.get("short") == value:
                    del each["short"]
        spoilt["options"][option].pop(key, None)
        spoilt["options"][option].update({key: value} if value else {})
        if key == "optional" and not value:
            spoilt["options"][option].pop("next", None)
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as f:
                json.dump(spoilt, f)
            program, writ = Program(command, real, asker), Writ(writ_path, folder)
            generator = Lines(program, dice)
            generator.typed += [(n, o) for n, o in generator.typed if n == option] * 20
            noticed = any(differs(program, writ, generator.line())[0] for _ in range(600))
        tap.ok(noticed, "%s: a wrong %s of %s is noticed" % (name, key, option))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--writ", required=True)
    parser.add_argument("--lines", type=int, default=150)
    parser.add_argument("--seed", type=int,
                        default=1 if os.environ.get("CI") else random.randrange(1 << 32))
    parser.add_argument("program", nargs="*")
    args = parser.parse_args()
    seed = args.seed
    # Iptables and ss may look at the network while they read: at one of their own.
    if os.environ.get("SPELLINGS_ALONE") is None and os.geteuid() == 0:
        os.execvpe("unshare", ["unshare", "--net", sys.executable, os.path.abspath(__file__),
                               *sys.argv[1:], "--seed", str(seed)],
                   dict(os.environ, SPELLINGS_ALONE="1"))
    print("# seed %d" % seed)
    tap, asker, writ = Tap(), option_tables.Asker(), Writ(args.writ)
    try:
        for path in sorted(glob.glob(os.path.join(COMMANDS, "*.json"))):
            with open(path, encoding="utf-8") as f:
                command = json.load(f)
            name = command["command"]
            if (command["syntax"] != "getopt_long" or name in OTHERS
                    or (args.program and name not in args.program)):
                continue
            real = next(filter(os.path.exists, command["programs"]), None)
            if not real:
                tap.skip(name, "not installed")
                continue
            program = Program(command, real, asker)
            if "modules" in command:
                module_tables(tap, program, asker)
            try_program(tap, program, writ, random.Random("%d %s" % (seed, name)), args.lines)
        if not args.program:
            try_spoilt(tap, asker, args.writ, random.Random(seed))
    finally:
        asker.close()
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
