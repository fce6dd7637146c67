#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Records anew what the real docker clients make of many command lines (recording.py says how).

    record.py --commands DIR --policies DIR (--client PATH… | --cache DIR) [--count N] [--seed N]
              [--kind drawn|boundary] [--out DIR]

Two kinds, each in a file of its own: drawn from the command file (two thirds), and lines near what
the shipped policies allow. The recording is a judgement by the real programs: look at what has
changed before it is committed.
"""

import argparse
import json
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import recording  # noqa: E402
from boundary import Boundary  # noqa: E402
from client import Client  # noqa: E402
from generate import Generator  # noqa: E402
from oracle import clients_in  # noqa: E402
from scene import Scene  # noqa: E402

WORKERS = 4
SHARES = {"drawn": 2, "boundary": 1}
worker_scenes = []


def draw(kind, args, count):
    """The command lines of this kind; the same arguments give the same."""
    rng = random.Random("%s %d" % (kind, args.seed))
    if kind == "drawn":
        source = Generator(args.commands, rng)
    else:
        source = Boundary(args.policies, rng)
    return [source.vector() for _ in range(count)]


def start_worker(paths, scratch):
    for number, path in enumerate(paths):
        # As many folders deep as recording.SCRATCH: "../.." leads to as many names there.
        folder = os.path.join(scratch, "%d-%d" % (os.getpid(), number))
        os.mkdir(folder)
        worker_scenes.append(Scene(Client(path), folder))


def ask(argv):
    outcomes = []
    for scene in worker_scenes:
        when = time.time()
        outcomes.append(recording.pack(scene.client.run(argv, scene.scratch), scene, when))
    return outcomes


def describe_clients(_):
    """Baselines as the file has them: with the folder that it says."""
    return [{"version": scene.client.name, "baselines": json.loads(
        recording.relocate(json.dumps(scene.baselines()), scene.scratch))}
        for scene in worker_scenes]


def record(kind, args, scratch):
    vectors = draw(kind, args, args.count * SHARES[kind] // sum(SHARES.values()))
    with multiprocessing.Pool(WORKERS, start_worker, (args.client, scratch)) as pool:
        header = {"kind": kind, "seed": args.seed, "count": len(vectors),
                  "clients": pool.map(describe_clients, [None])[0]}
        lines, started = [], time.time()
        for argv, outcomes in zip(vectors, pool.imap(ask, vectors, chunksize=16)):
            lines.append((kind, argv, outcomes))
            if len(lines) % 1000 == 0:
                print("%s: %d of %d, %d s" % (kind, len(lines), len(vectors),
                                              time.time() - started), flush=True)
    path = os.path.join(args.out, kind + ".jsonl.xz")
    recording.write(path, header, lines)
    print("%s: %d lines, %d bytes" % (path, len(lines), os.path.getsize(path)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--commands", required=True)
    parser.add_argument("--policies", required=True)
    parser.add_argument("--client", action="append", default=[])
    parser.add_argument("--cache")
    parser.add_argument("--count", type=int, default=21000)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--kind", choices=sorted(SHARES), action="append")
    parser.add_argument("--out", default=recording.FOLDER)
    args = parser.parse_args()
    if args.cache:
        args.client += clients_in(args.cache)
    if not args.client:
        parser.error("give --client or --cache")
    os.makedirs(args.out, exist_ok=True)
    scratch = tempfile.mkdtemp(prefix="oracle-record-")
    try:
        for kind in args.kind or SHARES:
            record(kind, args, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
