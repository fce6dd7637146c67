# SPDX-License-Identifier: ISC
"""The shipped policies, asked by `writ check --batch`."""

import collections
import os

from batch import ask
from boundary import POLICIES

# Of all lines at least so many per mille must be allowed, or nothing much is tested.
ALLOWED_MIN = {"ai-worker": 60, "whitelist": 25}


class Policies:
    def __init__(self, writ, commands, folder):
        self.writ, self.commands, self.folder = writ, commands, folder
        self.counts = collections.Counter()

    def decisions(self, name, vectors):
        command = [self.writ, "check", "--batch", "--commands", self.commands, "--cwd", "/",
                   "--policy", os.path.join(self.folder, name + ".json"), "--user", "ai-worker"]
        return [answer["decision"] for answer in ask(command, vectors)]

    def allowing(self, vectors):
        """For each line the names of the policies that allow it."""
        found = [[] for _ in vectors]
        for policy in POLICIES:
            for allowed, decision in zip(found, self.decisions(policy, vectors)):
                self.counts[policy, decision] += 1
                if decision == "allow":
                    allowed.append(policy)
        return found

    def test(self, tap, total):
        for policy in POLICIES:
            allowed, denied = (self.counts[policy, word] for word in ("allow", "deny"))
            tap.ok(allowed * 1000 >= total * ALLOWED_MIN[policy] and allowed + denied == total,
                   "%s.json allowed %d lines and denied %d" % (policy, allowed, denied))
