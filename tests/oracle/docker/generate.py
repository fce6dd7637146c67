#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Random docker command lines, drawn from the command file: every option that it knows, in every
spelling, with ordinary and odd values, and now and then an argument spoilt.

    generate.py --commands DIR --seed N --count M      one JSON array per line

The same seed and command file give the same lines. Nothing that makes a client write a file, reach
another host, or wait for one is drawn.
"""

import argparse
import json
import os
import random
import sys

import pools
from commands import RULES

NOT_DRAWN = {"docker container cp", "docker login", "docker image load"}
OPTIONS_NOT_DRAWN = {"disable-content-trust", "checkpoint", "checkpoint-dir", "aux-address",
                     "keep-storage", "use-api-socket", "help", "config-only", "config-from"}
# Swarm's cluster volumes.
CLUSTER = {"group", "availability", "limit-bytes", "required-bytes", "scope", "secret", "sharing",
           "topology-preferred", "topology-required", "type"}
CLASSES_NOT_DRAWN = {"write", "remote"}
DRAWN_ANYWAY = {"log-driver", "log-opt"}
OFTEN = ["docker container run", "docker container create", "docker container exec"]


class Command:
    def __init__(self, path, spec):
        self.path = path
        self.options = spec.get("options", {})
        self.operands = spec.get("operands", [])
        self.interspersed = spec.get("interspersed", True)
        self.names = []


class Generator:
    def __init__(self, folder, rng):
        self.rng = rng
        with open(os.path.join(folder, "docker.json"), encoding="utf-8") as file:
            root = json.load(file)
        self.commands = {}
        self.find_commands(root, [])
        self.find_names(root, [])
        self.drawn = sorted(path for path in self.commands
                            if path in RULES and path not in NOT_DRAWN)

    def find_commands(self, spec, words):
        for name, sub in spec.get("subcommands", {}).items():
            if "same_as" not in sub:
                path = "docker " + " ".join(words + [name])
                if "operands" in sub or "subcommands" not in sub:
                    self.commands[path] = Command(path, sub)
                    self.commands[path].names.append(words + [name])
                self.find_commands(sub, words + [name])

    def find_names(self, root, words):
        """Other names under which a command can be typed (docker ps, docker image ls)."""
        def walk(spec, typed):
            for name, sub in spec.get("subcommands", {}).items():
                if "same_as" in sub:
                    command = self.commands.get("docker " + sub["same_as"])
                    if command:
                        command.names.append(typed + [name])
                walk(sub, typed + [name])
        walk(root, words)

    def chance(self, percent):
        return self.rng.random() * 100 < percent

    def vector(self):
        path = self.rng.choice(OFTEN if self.chance(50) else self.drawn)
        command = self.commands[path]
        argv = ["docker"] + self.global_options() + self.rng.choice(command.names)
        options = self.options(command)
        operands = self.all_operands(command)
        if command.interspersed and self.chance(30):
            argv += self.mix(options, operands)
        else:
            argv += [arg for option in options for arg in option]
            argv += (["--"] if self.chance(8) else []) + operands
        if self.chance(18):
            argv = self.spoil(argv)
        return argv

    def global_options(self):
        if not self.chance(6):
            return []
        return self.rng.choice([
            ["-D"], ["--debug"], ["-l", "error"], ["--log-level=info"], ["-lwarn"], ["-D=false"],
            ["--debug=x"], ["-Dl", "error"], ["--"], ["--tls=false"]])

    def mix(self, options, operands):
        parts = options + [[operand] for operand in operands]
        self.rng.shuffle(parts)
        if self.chance(10):
            parts.insert(self.rng.randrange(len(parts) + 1), ["--"])
        return [arg for part in parts for arg in part]

    def options(self, command):
        known = {name: spec for name, spec in command.options.items()
                 if name not in OPTIONS_NOT_DRAWN and
                 not (command.path == "docker volume create" and name in CLUSTER) and
                 (spec.get("class") not in CLASSES_NOT_DRAWN or name in DRAWN_ANYWAY)}
        structured = [name for name, spec in known.items() if "." in spec.get("value", "")]
        drawn = []
        for _ in range(self.rng.choice([0, 1, 1, 2, 2, 3, 4, 6])):
            if known:
                name = self.rng.choice(structured if structured and self.chance(40)
                                       else sorted(known))
                drawn.append(self.option(name, known[name]))
        return self.join_clusters(drawn)

    def option(self, name, spec):
        """One option, spelt in one of the ways there are, as a list of one or two arguments."""
        long_name = self.rng.choice([name] + spec.get("aliases", []))
        short = spec.get("short")
        if "value" not in spec:
            value = "=" + self.rng.choice(pools.BOOLEANS) if self.chance(20) else ""
            as_letter = short and self.chance(60)
            return [("-" + short if as_letter else "--" + long_name) + value]
        value = self.value(name, spec["value"])
        if short and self.chance(55):
            return self.rng.choice([["-" + short, value], ["-" + short + value],
                                    ["-" + short + "=" + value]])
        return self.rng.choice([["--" + long_name, value], ["--" + long_name + "=" + value]])

    def join_clusters(self, options):
        """-i -t -v x becomes -itv x, now and then."""
        out = []
        for option in options:
            if (out and self.chance(50) and len(out[-1]) == 1 and option[0][:2] != "--" and
                    out[-1][0][:1] == "-" and len(out[-1][0]) == 2 and out[-1][0] != "--"):
                previous = out.pop()[0]
                option = [previous + option[0][1:]] + option[1:]
            out.append(option)
        return out

    def pick(self, values):
        """The first of a pool are the ordinary ones, and likelier."""
        return values[int(len(values) * self.rng.random() ** 1.7)]

    def value(self, name, kind):
        pick = self.pick
        if name in pools.FILES:
            return pools.FILES[name]
        if name in pools.TEXTS:
            return pick(pools.TEXTS[name])
        simple = {"int": pools.INTEGERS, "bytes": pools.SIZES, "duration.go": pools.DURATIONS,
                  "env": pools.ENVIRONMENT, "docker.capability": pools.CAPABILITIES,
                  "path.inside": pools.INSIDE, "image": pools.IMAGES + pools.ODD_IMAGES,
                  "docker.name": pools.NAMES + pools.ODD_NAMES, "bool": pools.BOOLEANS}
        if kind in simple:
            return pick(simple[kind])
        compound = {"docker.volume": self.volume, "docker.mount": self.mount,
                    "docker.network": self.network, "docker.device": self.device,
                    "docker.publish": self.publish}
        return compound[kind]() if kind in compound else pick(pools.ANY_TEXT)

    def volume(self):
        pick = self.pick
        parts = [pick(pools.SOURCES), pick(pools.TARGETS), pick(pools.MODES), pick(pools.MODES)]
        return ":".join(parts[:self.rng.choice([1, 2, 2, 2, 3, 3, 4])])

    def csv(self, table, least):
        """A CSV record of fields of the table; those of least are likely there."""
        names = [name for name in least if self.chance(85)]
        names += [self.rng.choice(table)[0] for _ in range(self.rng.randrange(3))]
        self.rng.shuffle(names)
        choices = dict(table)
        fields = []
        for name in names:
            value = self.rng.choice(choices[name])
            shown = name.upper() if self.chance(10) else name.title() if self.chance(5) else name
            field = shown if value is None else shown + "=" + value
            if self.chance(12) or "," in field:
                field = '"%s"' % field.replace('"', '""')
            fields.append((" " if self.chance(3) else "") + field)
        before = self.rng.choice(["\n", "\r\n", " "]) if self.chance(4) else ""
        after = self.rng.choice(["\n", "\nx=y,\"", ",", "\r"]) if self.chance(6) else ""
        return before + ",".join(fields) + after

    def mount(self):
        return self.csv(pools.MOUNT_FIELDS, ["type", self.rng.choice(["source", "src"]),
                                             self.rng.choice(["target", "dst", "destination"])])

    def network(self):
        if self.chance(50):
            return self.rng.choice(pools.NETWORKS)
        return self.csv(pools.NETWORK_FIELDS, ["name"])

    def device(self):
        pick = self.pick
        parts = [pick(pools.DEVICES), pick(pools.DEVICE_TARGETS), pick(pools.DEVICE_TARGETS), "x"]
        return ":".join(parts[:pick([1, 1, 2, 2, 3, 4])])

    def publish(self):
        pick = self.pick
        container = pick(pools.PORTS) + (pick(pools.PROTOCOLS) if self.chance(40) else "")
        if self.chance(15):
            fields = ["target=" + pick(pools.PORTS), "published=" + pick(pools.PORTS)]
            if self.chance(50):
                fields.append(pick(["protocol=udp", "protocol=TCP", "mode=host", "x", "protocol="]))
            self.rng.shuffle(fields)
            return ",".join(fields)
        return pick([container, pick(pools.PORTS) + ":" + container,
                     pick(pools.ADDRESSES) + ":" + pick(pools.PORTS) + ":" + container])

    def all_operands(self, command):
        out = []
        for text in command.operands:
            optional, repeated = text.startswith("["), "..." in text
            name, _, kind = text.strip("[]").replace("...", "").partition(":")
            if optional and self.chance(50) or self.chance(3):
                continue
            for _ in range(self.rng.choice([1, 1, 2, 3]) if repeated else 1):
                out.append(self.operand(name, kind, repeated))
        if self.chance(2):
            out.append("extra")
        return out

    def operand(self, name, kind, repeated):
        pick = self.pick
        if kind == "docker.name":
            return pick(pools.NAMES if self.chance(85) else pools.ODD_NAMES)
        if kind == "image" or name == "REPOSITORY":
            return pick(pools.IMAGES if self.chance(80) else pools.ODD_IMAGES)
        if name == "FILE":
            return "archive.tar"
        if name == "PRIVATE_PORT":
            return pick(["80", "80/tcp"])
        return pick(pools.WORDS) if repeated else pick(pools.ANY_TEXT)

    def spoil(self, argv):
        """One change somewhere after the program's name."""
        argv = list(argv)
        at = self.rng.randrange(1, len(argv))
        arg = argv[at]
        cut = self.rng.randrange(len(arg) + 1)
        odd = self.rng.choice(pools.ODD_TEXT)
        argv[at:at + 1] = self.rng.choice([
            [arg[:cut] + odd + arg[cut:]], [arg[:cut] + odd + arg[cut:]], [arg[:cut]], [arg[cut:]],
            [], [arg, arg], [arg.upper()], [arg, odd], ["--", arg], [arg.replace("=", " ")],
            [arg[:cut], arg[cut:]]])
        return argv


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--commands", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    args = parser.parse_args()
    generator = Generator(args.commands, random.Random(args.seed))
    for _ in range(args.count):
        print(json.dumps(generator.vector()))


if __name__ == "__main__":
    sys.exit(main())
