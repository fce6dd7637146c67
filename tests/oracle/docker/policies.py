# SPDX-License-Identifier: ISC
"""The shipped policies, asked by `writ check --batch`, and what a client may send for a line that
they allow."""

import collections
import os

import granted
from batch import ask
from boundary import POLICIES

# Of all lines at least so many per mille must be allowed, or nothing much is tested.
ALLOWED_MIN = {"ai-worker": 60, "whitelist": 25}


class Policy:
    def __init__(self, name):
        self.name = name

    def breaches(self, outcome, scene):
        """What this outcome of an allowed line has that the grants do not cover."""
        return ["%s.json allows it, but: %s" % (self.name, wrong)
                for wrong in granted.beyond(self.name, outcome, scene)]


class Policies:
    def __init__(self, writ, commands, folder):
        self.writ, self.commands, self.folder = writ, commands, folder
        self.policies = [Policy(name) for name in POLICIES]
        self.counts = collections.Counter()

    def decisions(self, name, vectors):
        command = [self.writ, "check", "--batch", "--commands", self.commands, "--cwd", "/",
                   "--policy", os.path.join(self.folder, name + ".json"), "--user", "ai-worker"]
        return [answer["decision"] for answer in ask(command, vectors)]

    def allowing(self, vectors):
        """For each line the policies that allow it."""
        found = [[] for _ in vectors]
        for policy in self.policies:
            for allowed, decision in zip(found, self.decisions(policy.name, vectors)):
                self.counts[policy.name, decision] += 1
                if decision == "allow":
                    allowed.append(policy)
        return found

    def test(self, tap, total):
        for policy in self.policies:
            allowed, denied = (self.counts[policy.name, word] for word in ("allow", "deny"))
            tap.ok(allowed * 1000 >= total * ALLOWED_MIN[policy.name] and
                   allowed + denied == total,
                   "%s.json allowed %d lines and denied %d" % (policy.name, allowed, denied))
