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

import granted  # noqa: E402
import recording  # noqa: E402
from batch import parse_all  # noqa: E402
from boundary import POLICIES  # noqa: E402
from compare import judge, show  # noqa: E402
from policies import Policies  # noqa: E402
from tap import Tap  # noqa: E402

LINES_MIN = 20000
AT_ONCE = 2
PART = 500
SHOWN = 9     # failures of one test that are printed


def judge_part(work):
    """What every client's outcome says to these lines, in order."""
    header, lines, readings, allowed_by, names = work
    scenes = [recording.RecordedScene(client) for client in header["clients"]]
    return [judge_line(line, parsed, allowed, scenes, names)
            for line, parsed, allowed in zip(lines, readings, allowed_by)]


def judge_line(line, parsed, allowed_by, scenes, names):
    """The kinds of agreement; text about differences; text about breaches; and for each policy
    whether what was sent is beyond its grants, nothing where nothing was sent."""
    _, argv, outcomes = line
    kinds, differences, breaches, beyond = [], [], [], {}
    for scene, packed in zip(scenes, outcomes):
        outcome = recording.unpack(packed, scene)
        verdict = judge(argv, parsed, outcome, scene)
        kinds.append(verdict.kind)
        if not verdict.agreed:
            differences.append(show(argv, parsed, outcome, verdict, scene.client))
        for name in names:
            wrong = granted.beyond(name, outcome, scene)
            if outcome.requests:
                beyond[name] = bool(wrong) or beyond.get(name, False)
            if wrong and name in allowed_by:
                breaches.append("%s.json allows it, but: %s\n%s" % (
                    name, "; ".join(wrong), show(argv, parsed, outcome, verdict, scene.client)))
    return kinds, "\n".join(differences), "\n".join(breaches), beyond


def replay(path, args, tap, policies):
    header, lines = recording.read(path)
    name = os.path.basename(path)
    tap.ok(len(lines) == header["count"], "%s: %d lines, seed %d, by docker %s" % (
        name, len(lines), header["seed"], " and ".join(c["version"] for c in header["clients"])))
    vectors = [argv for _, argv, _ in lines]
    readings = parse_all(args.writ, args.commands, vectors)
    allowed_by = policies.allowing(vectors)
    parts = [(header, *(whole[at:at + PART] for whole in (lines, readings, allowed_by)), POLICIES)
             for at in range(0, len(lines), PART)]
    with multiprocessing.Pool(AT_ONCE) as pool:
        found = [result for part in pool.map(judge_part, parts) for result in part]
    different = [text for _, text, _, _ in found if text]
    breaches = [text for _, _, text, _ in found if text]
    tap.ok(not different, "%s: %d lines are read otherwise than a client reads them"
           % (name, len(different)), "\n".join(different[:SHOWN]))
    tap.ok(not breaches, "%s: for %d allowed lines a client sends what is not granted"
           % (name, len(breaches)), "\n".join(breaches[:SHOWN]))
    for kind, count in sorted(collections.Counter(
            kind for kinds, _, _, _ in found for kind in kinds).items()):
        tap.diag("%6d  %s" % (count, kind))
    test_judges(tap, name, parts[0], found, allowed_by)
    return len(lines)


def test_judges(tap, name, part, found, allowed_by):
    """Both judges can say no: to readings of other lines, and to what the policies deny."""
    header, lines, readings, allowed, names = part
    moved = judge_part((header, lines, readings[1:] + readings[:1], allowed, names))
    noticed = sum(bool(text) for _, text, _, _ in moved)
    tap.ok(noticed * 3 > len(lines), "%s: of %d readings of other lines %d are noticed"
           % (name, len(lines), noticed))
    for policy in POLICIES:
        denied = [beyond[policy] for (_, _, _, beyond), names in zip(found, allowed_by)
                  if policy in beyond and policy not in names]
        tap.ok(sum(denied) * 2 > len(denied), "%s: of %d lines that %s.json denies, and a client "
               "sends, %d are beyond the grants" % (name, len(denied), policy, sum(denied)))


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
