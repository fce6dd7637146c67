# SPDX-License-Identifier: ISC
"""What real clients did with many command lines, kept in a file: JSON lines, compressed by xz.

The first line says what was recorded: how many lines of which kind, by which seed, the clients'
versions, and what each client sends when no option is given at all. Each further line is one
command line: [kind, argv, outcome by the first client, by the second, …]; an outcome that is equal
to the first client's is not repeated. Bodies are kept as what differs from the client's own baseline.
"""

import json
import lzma
import os
import re
import urllib.parse

from body import clone
from client import FILES, Client, Outcome
from scene import BASELINES, Scene
from standin import Request

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorded")
# Where a recorded client seems to have run: whatever its folder was, it is this one in the file.
SCRATCH = "/oracle/recorded/0"
ERROR_MAX = 600

# Which baseline a body is compared with.
BASES = [(re.compile(pattern), name) for pattern, name in (
    (r"/containers/create\Z", "baseline"), (r"/containers/.*/exec\Z", "exec_baseline"),
    (r"/containers/.*/update\Z", "update_baseline"), (r"/networks/create\Z", "network_baseline"),
    (r"/volumes/create\Z", "volume_baseline"), (r"/networks/.*/connect\Z", "connect_baseline"))]


def base_of(path, baselines):
    return next((baselines[name] for pattern, name in BASES if pattern.match(path)), {})


def changes(base, value, path=()):
    """[path, new value] for each difference, [path] for what is gone."""
    found = [[list(path + (key,))] for key in base if key not in value]
    for key, item in value.items():
        if key not in base:
            found.append([list(path + (key,)), item])
        elif isinstance(item, dict) and isinstance(base[key], dict):
            found += changes(base[key], item, path + (key,))
        elif item != base[key]:
            found.append([list(path + (key,)), item])
    return found


def apply(base, found):
    value = clone(base)
    for path, *new in found:
        place = value
        for key in path[:-1]:
            place = place[key]
        if new:
            place[path[-1]] = new[0]
        else:
            del place[path[-1]]
    return value


def relocate(text, scratch):
    """The folders that the client ran in have other names in every recording."""
    for here, there in ((scratch, SCRATCH), (os.path.dirname(scratch), os.path.dirname(SCRATCH))):
        for form in (lambda path: path, lambda path: urllib.parse.quote(path, safe="")):
            text = text.replace(form(here), form(there))
    return text


def pack(outcome, scene, when):
    """An outcome as it stands in the file."""
    packed = {}
    if outcome.status != 0:
        packed["status"] = outcome.status
        packed["error"] = relocate(outcome.error, scene.scratch)[:ERROR_MAX]
    if outcome.files:
        packed["files"] = outcome.files
    if outcome.output.startswith("Docker version"):
        packed["version"] = True
    if outcome.requests:
        packed["requests"] = [pack_request(request, scene) for request in outcome.requests]
    if any(name in ("since", "until") for request in outcome.requests
           for name, _ in request.query):
        packed["when"] = round(when)
    return packed


def pack_request(request, scene):
    target = re.sub(r"^/v\d+\.\d+", "", relocate(request.target, scene.scratch))
    try:
        body = json.loads(relocate(request.body.decode("utf-8", "replace"), scene.scratch))
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return [request.method, target]
    return [request.method, target, changes(base_of(request.path, scene.baselines()), body)]


class RecordedRequest(Request):
    json = None    # the body itself is not in the file, but what it says

    @property
    def body(self):
        return b"" if self.json is None else json.dumps(self.json).encode()

    @body.setter
    def body(self, nothing):
        pass


def unpack(packed, scene):
    requests = []
    for method, target, *delta in packed.get("requests", []):
        request = RecordedRequest(method, target, {}, b"")
        if delta:
            request.json = apply(base_of(request.path, scene.baselines()), delta[0])
        requests.append(request)
    scene.now = packed.get("when")
    return Outcome(requests, packed.get("status", 0),
                   "Docker version" if packed.get("version") else "", packed.get("error", ""),
                   packed.get("files", []))


class RecordedScene(Scene):
    """The surroundings of a recorded client."""

    def __init__(self, header):
        self.place(Client(None, header["version"]), SCRATCH)
        for name in BASELINES:
            setattr(self, name, header["baselines"][name])

    def read(self, name):
        inside = os.path.relpath(os.path.join(self.cwd, name), self.cwd)
        if inside not in FILES:
            raise FileNotFoundError(name)
        return FILES[inside]


def write(path, header, lines):
    """lines: an iterable of (kind, argv, list of packed outcomes)."""
    with lzma.open(path + ".new", "wt", encoding="ascii", preset=9 | lzma.PRESET_EXTREME) as out:
        out.write(json.dumps(header) + "\n")
        for kind, argv, outcomes in lines:
            while len(outcomes) > 1 and outcomes[-1] == outcomes[0]:
                outcomes = outcomes[:-1]
            out.write(json.dumps([kind, argv] + outcomes, separators=(",", ":")) + "\n")
    os.replace(path + ".new", path)


def read(path):
    """(header, list of (kind, argv, list of packed outcomes, one for each client))."""
    with lzma.open(path, "rt", encoding="ascii") as file:
        header = json.loads(file.readline())
        lines = [json.loads(line) for line in file]
    count = len(header["clients"])
    return header, [(kind, argv, outcomes + outcomes[:1] * (count - len(outcomes)))
                    for kind, argv, *outcomes in lines]

