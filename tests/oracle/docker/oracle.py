#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""The real docker client as the judge of how writ reads arguments.

    oracle.py --writ PATH --commands DIR (--client PATH… | --cache DIR) [--seed N] [--fresh N]

Each argument vector is given to `writ parse --batch --json` and to each real client, which talks to
a recording stand-in for the engine; what the client sent must be what follows from what writ read,
and a line that one refuses the other must refuse. The hand-made vectors are in vectors.json;
--fresh adds vectors drawn anew from the command file. --cache asks ../clients.sh for the clients.
--show 'ARGV as JSON' explains one vector. Prints TAP, and at its end how often writ and a client
agreed and in what kind of case, each by its name, they were allowed not to.
"""

import argparse
import collections
import concurrent.futures
import copy
import json
import os
import queue
import random
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "..", "lib"))

from client import Client  # noqa: E402
from compare import judge, show  # noqa: E402
from corruptions import CORRUPTIONS  # noqa: E402
from generate import Generator  # noqa: E402
from scene import Scene  # noqa: E402
from tap import Tap  # noqa: E402

AT_ONCE = 2
FRESH_IN_A_TEST = 100


def parse_all(writ, commands, vectors):
    """What writ reads, one object per vector, in order."""
    lines = b"".join(encode(argv) + b"\n" for argv in vectors)
    done = subprocess.run([writ, "parse", "--batch", "--json", "--commands", commands], input=lines,
                          stdout=subprocess.PIPE, check=False)
    lines = done.stdout.decode("utf-8").split("\n")[:-1]
    if len(lines) != len(vectors):
        raise SystemExit("writ answered %d of %d vectors (exit status %d); the next was %s"
                         % (len(lines), len(vectors), done.returncode,
                            json.dumps(vectors[len(lines):len(lines) + 1])))
    return [json.loads(line) for line in lines]


def clients_in(cache):
    """What clients.sh makes available; it says on standard error why there is none."""
    done = subprocess.run([os.path.join(HERE, "..", "clients.sh"), cache], check=False,
                          stdout=subprocess.PIPE)
    if done.returncode != 0:
        raise SystemExit("no docker client, no test")
    return [line.split(" ")[0] for line in done.stdout.decode().splitlines()]


def encode(argv):
    """JSON, with bytes that are no UTF-8 as they are: that is how they reach writ."""
    return json.dumps(argv, ensure_ascii=False).encode("utf-8", "surrogateescape")


class Run:
    """All vectors through all clients, a few at once."""

    def __init__(self, args, scratch):
        self.args = args
        self.clients = [Client(path) for path in args.client]
        self.places = {}
        for number, client in enumerate(self.clients):
            free = self.places[client] = queue.Queue()
            for place in range(AT_ONCE):
                folder = os.path.join(scratch, "%d-%d" % (number, place))
                os.mkdir(folder)
                free.put(Scene(client, folder))
        self.kinds = collections.Counter()

    def one(self, argv, parsed, client, spoil=None):
        if spoil:
            parsed = copy.deepcopy(parsed)
            spoil(parsed)
        scene = self.places[client].get()
        try:
            outcome = client.run(argv, scene.scratch)
            verdict = judge(argv, parsed, outcome, scene)
        finally:
            self.places[client].put(scene)
        told = not verdict.agreed or self.args.show
        text = told and show(argv, parsed, outcome, verdict, client)
        return verdict, text

    def all(self, vectors):
        """A list per vector: (verdict, text) by each client."""
        parsed = parse_all(self.args.writ, self.args.commands, vectors)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            waiting = [[pool.submit(self.one, argv, reading, client) for client in self.clients]
                       for argv, reading in zip(vectors, parsed)]
            results = [[future.result() for future in futures] for futures in waiting]
        for verdicts in results:
            self.kinds.update(verdict.kind for verdict, _ in verdicts)
        return results


def failures(verdicts):
    return "\n".join(text for verdict, text in verdicts if not verdict.agreed)


def load_vectors(path):
    with open(path, encoding="utf-8") as file:
        groups = json.load(file)
    return [(group["group"], argv) for group in groups for argv in group["vectors"]]




def run_tests(args, tap):
    with tempfile.TemporaryDirectory(prefix="oracle-docker-") as scratch:
        run = Run(args, scratch)
        for client in run.clients:
            tap.diag("client: %s %s" % (client.path, client.name))
        if args.show:
            named = [("shown", json.loads(args.show))]
        else:
            test_oracle(tap, run)
            named = load_vectors(args.vectors)
        results = run.all([argv for _, argv in named])
        for (group, argv), verdicts in zip(named, results):
            tap.ok(all(v.agreed for v, _ in verdicts),
                   "%s: %s" % (group, " ".join(argv)), failures(verdicts))
            if args.show:
                tap.diag("\n".join("%s\n%s" % (v.kind, text) for v, text in verdicts))
        if args.fresh and not args.show:
            test_fresh(args, tap, run)
        for kind, count in sorted(run.kinds.items()):
            tap.diag("%6d  %s" % (count, kind))
    return tap.done()


def test_oracle(tap, run):
    """Spoilt readings must be noticed, with each client."""
    readings = parse_all(run.args.writ, run.args.commands, [argv for _, argv, _ in CORRUPTIONS])
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [[pool.submit(run.one, argv, parsed, client, spoil) for client in run.clients]
                   for (_, argv, spoil), parsed in zip(CORRUPTIONS, readings)]
    for (what, argv, _), futures in zip(CORRUPTIONS, waiting):
        kinds = [future.result()[0].kind for future in futures if future.result()[0].agreed]
        tap.ok(not kinds, "the oracle notices: %s (%s)" % (what, " ".join(argv)),
               "counted as agreement: %s" % kinds)


def test_fresh(args, tap, run):
    tap.diag("fresh vectors: %d, --seed %d" % (args.fresh, args.seed))
    generator = Generator(args.commands, random.Random(args.seed))
    vectors = [generator.vector() for _ in range(args.fresh)]
    results = run.all(vectors)
    for start in range(0, len(vectors), FRESH_IN_A_TEST):
        part = results[start:start + FRESH_IN_A_TEST]
        failed = [failures(v) for v in part if not all(verdict.agreed for verdict, _ in v)]
        tap.ok(not failed, "fresh vectors %d to %d of seed %d: %d differ"
               % (start + 1, start + len(part), args.seed, len(failed)), "\n".join(failed))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--writ", required=True)
    parser.add_argument("--commands", required=True)
    parser.add_argument("--client", action="append", default=[])
    parser.add_argument("--cache")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--fresh", type=int, default=0)
    parser.add_argument("--vectors", default=os.path.join(HERE, "vectors.json"))
    parser.add_argument("--show", metavar="ARGV")
    args = parser.parse_args()
    if args.cache:
        args.client += clients_in(args.cache)
    if not args.client:
        parser.error("give --client or --cache")
    if args.seed is None:
        args.seed = int.from_bytes(os.urandom(4), "big")
    return run_tests(args, Tap())


if __name__ == "__main__":
    sys.exit(main())
