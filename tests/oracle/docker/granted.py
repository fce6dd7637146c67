# SPDX-License-Identifier: ISC
"""What a client may send for a line that a shipped policy allows: the grants, told again as a list
of requests, independently of writ and of the policies. Anything that is not in the list is a
breach; what was typed and what writ made of it are not looked at.

A row: method, path, for which policies, and a function of (match, query, changes) that says what
is wrong, or nothing. The query is a dictionary of lists; changes are those of the body against what
this client sends without any option.
"""

import re

import images
from granted_create import trial
from granted_exec import command_inside
from recording import base_of, changes
from standin import CONTAINER_ID, EXEC_ID

BOTH = ("ai-worker", "whitelist")
AGENT, LIST = BOTH[:1], BOTH[1:]
# What a client says when it wanted an engine that is not the stand-in.
ELSEWHERE = re.compile(r"[Cc]annot connect to the Docker daemon|error during connect|dial |lookup |"
                       r"unable to resolve docker endpoint|connection refused|TLS|certificate")


def anything(match, query, found):
    return None


def only(*names):
    """The query has no other names than these, and there is no body."""
    def judge(match, query, found):
        extra = sorted(set(query) - set(names))
        return ("query %s" % extra if extra else None) or ("a body" if found else None)
    return judge


def timeout(match, query, found):
    seconds = query.get("t", ["0"])
    plain = len(seconds) == 1 and re.fullmatch(r"[0-9]{1,4}", seconds[0], re.A)
    if not plain or int(seconds[0]) > 3600:
        return "timeout %s" % seconds
    return only("t")(match, query, found)


def process_list(match, query, found):
    if query.get("ps_args", ["aux"])[-1] not in ("aux", "-aux", "-ef"):
        return "options of ps"
    return only("ps_args")(match, query, found)


def pulled(*repositories):
    def judge(match, query, found):
        reference = images.split(query.get("fromImage", [""])[0])
        name = reference and reference.domain + "/" + reference.path
        if name not in ["docker.io/" + known for known in repositories]:
            return "image %s" % query.get("fromImage")
        return only("fromImage", "tag")(match, query, found)
    return judge


def pruned_images(match, query, found):
    """Only images that have no name and no use."""
    if query.get("filters", ["{}"])[0] not in ("{}", '{"dangling":{"true":true}}'):
        return "filters %s" % query["filters"]
    return only("filters")(match, query, found)


def no_filters(match, query, found):
    if query.get("filters", ["{}"])[0] not in ("", "{}"):
        return "filters %s" % query["filters"]
    return only("filters", "keep-storage")(match, query, found)


def made(names):
    """A trial container; it must be removed at its end, and may have a name of its own."""
    def judge(match, query, found):
        name = query.get("name", ["x"])[-1]
        if name == "ollama" or not re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*", name, re.A):
            return "name %s" % name
        return trial(found, names) or only("name")(match, query, None)
    return judge


OLLAMA = r"/containers/ollama"
ITS_ID = r"/containers/" + CONTAINER_ID
ROWS = [
    ("GET", r"/info|/version|/images/json|/containers/json|/system/df|/networks|/volumes|/events",
     BOTH, anything),
    ("GET", OLLAMA + "/(json|stats)", BOTH, only("size", "stream", "one-shot")),
    ("GET", "/containers/(ollama|%s)/logs" % CONTAINER_ID, BOTH,
     only("stdout", "stderr", "tail", "since", "until", "follow", "timestamps", "details")),
    ("GET", OLLAMA + "/top", AGENT, process_list),
    ("POST", OLLAMA + "/start", BOTH, only()),
    ("POST", OLLAMA + "/(stop|restart)", BOTH, timeout),
    ("POST", "/images/create", AGENT, pulled("library/alpine", "ollama/ollama")),
    ("POST", "/images/create", LIST, pulled("library/alpine")),
    ("POST", OLLAMA + "/exec", AGENT, command_inside),
    ("POST", "/exec/%s/start" % EXEC_ID, AGENT, anything),
    ("POST", "/exec/%s/resize" % EXEC_ID, AGENT, only("h", "w")),
    ("GET", "/exec/%s/json" % EXEC_ID, AGENT, only()),
    ("POST", "/containers/create", AGENT, made("trial")),
    ("POST", "/containers/create", LIST, made("bare")),
    ("POST", ITS_ID + "/attach", BOTH, only("stream", "stdin", "stdout", "stderr")),
    ("POST", ITS_ID + "/start", BOTH, only()),
    ("POST", ITS_ID + "/wait", BOTH, only("condition")),
    ("POST", ITS_ID + "/resize", BOTH, only("h", "w")),
    ("DELETE", r"/containers/bench-[A-Za-z0-9_.-]*", LIST, only("force")),
    ("POST", r"/containers/bench-[A-Za-z0-9_.-]*/wait", LIST, only("condition")),
    ("POST", "/containers/prune|/networks/prune|/build/prune", LIST, no_filters),
    ("POST", "/images/prune", LIST, pruned_images),
]
ROWS = [(method, re.compile(pattern, re.A), policies, judge)
        for method, pattern, policies, judge in ROWS]


def breach(policy, request, scene):
    """What is wrong with one request, or None."""
    query = {}
    for name, value in request.query:
        query.setdefault(name, []).append(value)
    body = request.json
    found = changes(base_of(request.path, scene.baselines()), body) if body else []
    reason = "nothing like it is granted"
    for method, pattern, policies, judge in ROWS:
        match = pattern.fullmatch(request.path)
        if method == request.method and match and policy in policies:
            reason = judge(match, query, found)
            if reason is None:
                return None
    return "%s %s: %s" % (request.method, request.path, reason)


def beyond(policy, outcome, scene):
    """All that an allowed line led to, and that is not granted."""
    wrong = [found for request in outcome.requests
             for found in [breach(policy, request, scene)] if found]
    if outcome.files:
        wrong.append("files were made: %s" % outcome.files)
    if outcome.status is None:
        wrong.append("the client did not end")
    if outcome.refused and not outcome.requests and ELSEWHERE.search(outcome.error):
        wrong.append("another engine was wanted: " + outcome.error.strip())
    return wrong
