# SPDX-License-Identifier: ISC
"""What a client must send, and how that is compared with what it did send."""

import json

# The size of the terminal is nobody's argument.
ENVIRONMENTAL = {"ConsoleSize"}
# Go keeps these in maps: their order is chance.
UNORDERED = {"Binds", "Env"}


class Expected:
    """A request. A query or body of None is not looked at; a value in the query that is a function
    judges what was sent."""

    def __init__(self, method, path, query=None, body=None, ordered_env=False):
        self.method, self.path, self.query, self.body = method, path, query, body
        self.ordered_env = ordered_env

    def describe(self):
        shown = "%s %s" % (self.method, self.path)
        if self.query:
            shown += " %s" % {name: "(judged)" if callable(want) else want
                              for name, want in self.query.items()}
        if self.body is not None:
            shown += " " + json.dumps(self.body, ensure_ascii=True, sort_keys=True)
        return shown

    def same_place(self, request):
        return self.method == request.method and self.path == request.path

    def differences(self, request):
        """What is not as expected, as a list of texts."""
        if not self.same_place(request):
            return ["%s %s" % (request.method, request.path)]
        found = []
        if self.query is not None:
            found += query_differences(self.query, request.query)
        if self.body is not None:
            sent = request.json
            found += body_differences("", tidy(self.body, self.ordered_env),
                                      tidy(sent, self.ordered_env))
        return found


def query_differences(expected, sent):
    found, got = [], {}
    for name, value in sent:
        got.setdefault(name, []).append(value)
    for name in sorted(set(expected) | set(got)):
        want, have = expected.get(name, []), got.get(name, [])
        # An empty value and none at all are one thing to the engine.
        if not callable(want) and want in ([], [""]) and have in ([], [""]):
            continue
        if callable(want):
            if not want(have):
                found.append("?%s: sent %r, not as read" % (name, have))
        elif name == "filters":
            if (json.loads(have[0]) if any(have) else {}) != want:
                found.append("?filters: sent %r, read %r" % (have, want))
        elif want != have:
            found.append("?%s: sent %r, read %r" % (name, have, want))
    return found


def tidy(value, ordered_env):
    if isinstance(value, dict):
        out = {}
        for key, item in value.items():
            if key in ENVIRONMENTAL:
                continue
            item = tidy(item, ordered_env)
            if key == "Mounts" and item:
                item = [full_groups(mount) for mount in item]
            if key in UNORDERED and isinstance(item, list) and not (ordered_env and key == "Env"):
                item = sorted(item)
            out[key] = item
        return out
    if isinstance(value, list):
        return [tidy(item, ordered_env) for item in value]
    return value


def full_groups(mount):
    """A mount without option groups that say nothing: "bind-nonrecursive=false" makes an empty
    one."""
    return {key: value for key, value in mount.items() if value not in ({}, {"DriverConfig": {}})}


def body_differences(path, expected, sent):
    if isinstance(expected, dict) and isinstance(sent, dict):
        found = []
        for key in sorted(set(expected) | set(sent)):
            found += body_differences(path + "." + key if path else key,
                                      expected.get(key, "(not there)"),
                                      sent.get(key, "(not there)"))
        return found
    if expected == sent:
        return []
    return ["%s: sent %s, read %s" % (path or "body", json.dumps(sent), json.dumps(expected))]


def compare(required, allowed, requests):
    """Pairs each sent request with an expected one; returns what is wrong with what was sent, and
    what was not sent, as two lists of texts."""
    found, left = [], list(required)
    for request in requests:
        candidates = [e for e in left if e.same_place(request)]
        exact = [e for e in candidates if not e.differences(request)]
        if exact:
            left.remove(exact[0])
        elif candidates:
            found += ["%s %s: %s" % (request.method, request.path, difference)
                      for difference in candidates[0].differences(request)]
            left.remove(candidates[0])
        elif not any(not e.differences(request) for e in allowed):
            found.append("sent, but does not follow from what was read: " + request.describe())
    return found, ["follows from what was read, but was not sent: " + e.describe() for e in left]
