#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""The real docker client as the judge of how writ reads arguments.

    oracle.py --writ PATH --commands DIR --policies DIR (--client PATH… | --cache DIR) [--seed N]
              [--fresh N]

Each argument vector is given to `writ parse --batch --json` and to each real client, which talks to
a recording stand-in for the engine; what the client sent must be what follows from what writ read,
and a line that one refuses the other must refuse. The hand-made vectors are in vectors.json;
--fresh adds vectors drawn anew, from the command file and from near what the shipped policies
allow; where a policy allows one, what the client sends must also be granted (granted.py). --cache
asks ../clients.sh for the clients. --show 'ARGV as JSON' explains one vector. Prints TAP, and at
its end how often writ and a client agreed and in what kind of case, each by its name, they were
allowed not to.
"""

import argparse
import collections
import concurrent.futures
import contextlib
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

import granted  # noqa: E402
from batch import parse_all  # noqa: E402
from boundary import Boundary  # noqa: E402
from client import Client  # noqa: E402
from compare import judge, show  # noqa: E402
from corruptions import CORRUPTIONS, NOT_GRANTED  # noqa: E402
from generate import Generator  # noqa: E402
from policies import Policies  # noqa: E402
from scene import Scene  # noqa: E402
from tap import Tap  # noqa: E402

AT_ONCE = 2
FRESH_IN_A_TEST = 100


def clients_in(cache):
    """What clients.sh makes available; it says on standard error why there is none."""
    done = subprocess.run([os.path.join(HERE, "..", "clients.sh"), cache], check=False,
                          stdout=subprocess.PIPE)
    if done.returncode != 0:
        raise SystemExit("no docker client, no test")
    return [line.split(" ")[0] for line in done.stdout.decode().splitlines()]


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

    def one(self, argv, parsed, client, spoil=None, allowed_by=()):
        """(verdict, text for people, breaches of the policies that allow the line)."""
        if spoil:
            parsed = copy.deepcopy(parsed)
            spoil(parsed)
        with self.scene(client) as scene:
            outcome = client.run(argv, scene.scratch)
            verdict = judge(argv, parsed, outcome, scene)
            breaches = ["%s.json allows it, but: %s" % (policy, wrong) for policy in allowed_by
                        for wrong in granted.beyond(policy, outcome, scene)]
        told = not verdict.agreed or breaches or self.args.show
        return verdict, told and show(argv, parsed, outcome, verdict, client), breaches

    @contextlib.contextmanager
    def scene(self, client):
        scene = self.places[client].get()
        try:
            yield scene
        finally:
            self.places[client].put(scene)

    def all(self, vectors, allowed_by=None):
        """A list per vector: what `one` says, by each client."""
        parsed = parse_all(self.args.writ, self.args.commands, vectors)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            waiting = [[pool.submit(self.one, argv, reading, client, None, policies)
                        for client in self.clients]
                       for argv, reading, policies in zip(vectors, parsed,
                                                          allowed_by or [()] * len(vectors))]
            results = [[future.result() for future in futures] for futures in waiting]
        for verdicts in results:
            self.kinds.update(verdict.kind for verdict, _, _ in verdicts)
        return results


def failures(verdicts):
    return "\n".join("\n".join(breaches + [text]) for verdict, text, breaches in verdicts
                     if breaches or not verdict.agreed)


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
            test_grants(tap, run)
            named = load_vectors(args.vectors)
        results = run.all([argv for _, argv in named])
        for (group, argv), verdicts in zip(named, results):
            tap.ok(all(v.agreed for v, _, _ in verdicts),
                   "%s: %s" % (group, " ".join(argv)), failures(verdicts))
            if args.show:
                tap.diag("\n".join("%s\n%s" % (v.kind, text) for v, text, _ in verdicts))
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


def test_grants(tap, run):
    """What no policy grants must be noticed in what each client sends."""
    def breaches(policy, argv, client):
        with run.scene(client) as scene:
            return granted.beyond(policy, client.run(argv, scene.scratch), scene)

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [[pool.submit(breaches, policy, argv, client) for client in run.clients]
                   for policy, argv in NOT_GRANTED]
    for (policy, argv), futures in zip(NOT_GRANTED, waiting):
        tap.ok(all(future.result() for future in futures),
               "%s does not grant: %s" % (policy, " ".join(argv)))


def test_fresh(args, tap, run):
    """One in four of the fresh vectors is from near what the policies allow."""
    tap.diag("fresh vectors: %d, --seed %d" % (args.fresh, args.seed))
    rng = random.Random(args.seed)
    drawn, near = Generator(args.commands, rng), Boundary(args.policies, rng)
    vectors = [(near if number % 4 == 3 else drawn).vector() for number in range(args.fresh)]
    policies = Policies(args.writ, args.commands, args.policies)
    results = run.all(vectors, policies.allowing(vectors))
    for start in range(0, len(vectors), FRESH_IN_A_TEST):
        part = results[start:start + FRESH_IN_A_TEST]
        failed = [text for text in map(failures, part) if text]
        tap.ok(not failed, "fresh vectors %d to %d of seed %d: %d differ, or are beyond the grants"
               % (start + 1, start + len(part), args.seed, len(failed)), "\n".join(failed))
    policies.test(tap, len(vectors))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--writ", required=True)
    parser.add_argument("--commands", required=True)
    parser.add_argument("--policies", required=True)
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
    if args.seed is None:  # a run that judges a change can be repeated; others draw anew
        args.seed = 20261121 if os.environ.get("CI") else int.from_bytes(os.urandom(4), "big")
    return run_tests(args, Tap())


if __name__ == "__main__":
    sys.exit(main())
