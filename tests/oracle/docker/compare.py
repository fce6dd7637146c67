# SPDX-License-Identifier: ISC
"""The verdict on one vector: does writ read it as this client does?"""

import json
import traceback

from commands import expected_requests
from client_stricter import client_stricter
from expected import compare
from reading import NoRule, Reading, flag_value
from writ_stricter import writ_stricter


class Verdict:
    """agreed: whether this counts as agreement. kind: how ("read", "refused", "nothing", or the
    name of the permitted disagreement). details: what is wrong."""

    def __init__(self, agreed, kind, details=()):
        self.agreed, self.kind, self.details = agreed, kind, list(details)


def significant(outcome):
    """What the client sent, without what it may ask before it refuses a line."""
    return [r for r in outcome.requests
            if outcome.status == 0 or (r.method, r.path) not in (("GET", "/info"),
                                                                 ("GET", "/version"))]


# Commands that ask no engine for anything.
LOCAL = {"docker", "docker help", "docker completion"}


def asks_for_help(reading):
    if " ".join(reading.command.split()[:2]) in LOCAL:
        return True
    return any(o["name"] in ("help", "version") and flag_value(o)
               for o in reading.options + reading.parents)


def judge(argv, parsed, outcome, scene):
    reading = Reading(parsed)
    sent = significant(outcome)
    if reading.error is not None:
        if not sent:
            return Verdict(True, "refused" if outcome.refused else "nothing")
        kind = writ_stricter(argv, reading.error)
        return Verdict(kind is not None, "writ stricter: %s" % kind,
                       ["the client sends it, writ refuses it"])
    if not sent:
        if outcome.refused:
            kind = client_stricter(outcome.error, reading, scene.client)
            return Verdict(kind is not None, "client stricter: %s" % kind,
                           ["the client refuses it, writ reads it"])
        if scene.client.major < 23 and outcome.output.startswith("Docker version"):
            # It does not know the command and takes a -v among what follows for --version.
            return Verdict(True, "client stricter: older_command")
        return Verdict(asks_for_help(reading), "nothing",
                       ["the client does nothing, writ reads a command"])
    try:
        required, allowed = expected_requests(reading, scene)
        wrong, missing = compare(required, allowed, outcome.requests)
    except NoRule as gap:
        wrong, missing = [str(gap)], []
    except Exception:  # what writ read makes no sense for this command: a difference, not a crash
        wrong, missing = ["the reading cannot be carried out: " +
                          traceback.format_exc(limit=-2).strip()], []
    if outcome.files and not writes_files(reading):
        wrong.append("the client made files: %s" % outcome.files)
    if missing and not wrong and outcome.refused and only_looked(outcome):
        # The client looked something up as expected, and then gave up before the real request.
        kind = client_stricter(outcome.error, reading, scene.client)
        if kind:
            return Verdict(True, "client stricter: %s" % kind)
    return Verdict(not wrong + missing, "read", wrong + missing)


def writes_files(reading):
    names = {option["name"] for option in reading.options}
    return bool(names & {"cidfile", "output"}) or reading.command == "docker container cp"


def only_looked(outcome):
    return all(request.method in ("GET", "HEAD") for request in outcome.requests)


def show(argv, parsed, outcome, verdict, client):
    """For a failure: the vector, what the client did, what writ read."""
    lines = ["docker %s: %s" % (client.name, json.dumps(argv))]
    lines += ["  " + difference for difference in verdict.details]
    lines.append("  the client: %s" % ("exit status %s" % outcome.status if outcome.refused
                                      else "done"))
    if outcome.refused:
        lines.append("    " + outcome.error.strip().split("\n")[0])
    lines += ["    " + request.describe() for request in outcome.requests]
    lines.append("  writ: " + json.dumps(parsed))
    return "\n".join(lines)
