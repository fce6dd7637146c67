#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""The recorded judgement of the real docker clients (recording.py), asked again of today's writ.

    replay.py --writ PATH --commands DIR --policies DIR [RECORDING…]

No client is needed. Each recorded line is read by `writ parse --batch`, and what each client sent
must be what follows from that; each is given to `writ check --batch` with each shipped policy, and
what a client sent for an allowed line must be within what that policy grants (granted.py), by the
request alone. Prints TAP, and how often each kind of agreement was seen.
"""

import argparse
import collections
import glob
import multiprocessing
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "..", "lib"))

import recording  # noqa: E402
from batch import parse_all  # noqa: E402
from compare import judge, show  # noqa: E402
from policies import Policies  # noqa: E402
from tap import Tap  # noqa: E402

LINES_MIN = 20000
AT_ONCE = 2
PART = 500
SHOWN = 5     # failures of one test that are printed


def judge_part(work):
    """What every client's outcome says to these lines:, in order."""
    header, lines, readings, allowed_by = work
    scenes = [recording.RecordedScene(client) for client in header["clients"]]
    found = []
    for (_, argv, outcomes), parsed, policies in zip(lines, readings, allowed_by):
        kinds, differences, breaches = [], [], []
        for scene, packed in zip(scenes, outcomes):
            outcome = recording.unpack(packed, scene)
            verdict = judge(argv, parsed, outcome, scene)
            kinds.append(verdict.kind)
            wrong = [breach for policy in policies for breach in policy.breaches(outcome, scene)]
            if wrong or not verdict.agreed:
                text = show(argv, parsed, outcome, verdict, scene.client)
                differences += [] if verdict.agreed else [text]
                breaches += ["\n".join(wrong + [text])] if wrong else []
        found.append((kinds, differences, breaches))
    return found


def replay(path, args, tap, policies):
    header, lines = recording.read(path)
    name = os.path.basename(path)
    tap.ok(len(lines) == header["count"], "%s: %d lines, seed %d, by docker %s" % (
        name, len(lines), header["seed"], " and ".join(c["version"] for c in header["clients"])))
    vectors = [argv for _, argv, _ in lines]
    readings = parse_all(args.writ, args.commands, vectors)
    allowed_by = policies.allowing(vectors)
    parts = [(header, *(whole[at:at + PART] for whole in (lines, readings, allowed_by)))
             for at in range(0, len(lines), PART)]
    with multiprocessing.Pool(AT_ONCE) as pool:
        found = [result for part in pool.map(judge_part, parts) for result in part]
    kinds = collections.Counter(kind for all_kinds, _, _ in found for kind in all_kinds)
    different = ["\n".join(texts) for _, texts, _ in found if texts]
    breaches = ["\n".join(texts) for _, _, texts in found if texts]
    tap.ok(not different, "%s: %d lines are read otherwise than a client reads them"
           % (name, len(different)), "\n".join(different[:SHOWN]))
    tap.ok(not breaches, "%s: for %d allowed lines a client sends what is not granted"
           % (name, len(breaches)), "\n".join(breaches[:SHOWN]))
    for kind, count in sorted(kinds.items()):
        tap.diag("%6d  %s" % (count, kind))
    return len(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--writ", required=True)
    parser.add_argument("--commands", required=True)
    parser.add_argument("--policies", required=True)
    parser.add_argument("recordings", nargs="*")
    args = parser.parse_args()
    paths = args.recordings or sorted(glob.glob(os.path.join(recording.FOLDER, "*.jsonl.xz")))
    tap = Tap()
    policies = Policies(args.writ, args.commands, args.policies)
    total = sum(replay(path, args, tap, policies) for path in paths)
    if not args.recordings:
        tap.ok(total >= LINES_MIN, "%d command lines are recorded" % total)
    policies.test(tap, total)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
