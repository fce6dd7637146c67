# SPDX-License-Identifier: ISC
"""The rules by which requests follow from what writ read: one for each command, and what they
share.

A rule is a function of the reading and the scene that returns (required, allowed): requests that
must be sent, each once, and harmless ones that may be (looking up a container before the real
request).
"""

import re

import golang
from expected import Expected
from reading import NoRule

RULES = {}


def rule(*commands):
    def add(function):
        for command in commands:
            RULES["docker " + command] = function
        return function
    return add


def expected_requests(reading, scene):
    function = RULES.get(reading.command)
    if function is None:
        raise NoRule("the oracle has no rule for the command %r" % reading.command)
    required, allowed = function(reading, scene)
    reading.ignore("help")
    reading.finish()
    # The client may ask these on its own before anything else.
    return required, allowed + [Expected("GET", "/info"), Expected("GET", "/version")]


def container(name, rest="", method="POST", query=None, body=None):
    return Expected(method, "/containers/" + name + rest, {} if query is None else query, body)


def switches(reading, **names):
    """Query values "1" for the flags that are set."""
    return {query: ["1"] for query, option in names.items() if reading.flag(option)}


def several(reading, name):
    """Values of an option that takes a list: each is a CSV record; an empty one has no fields."""
    return [field for text in reading.texts(name) if text for field in golang.csv_record(text)]


def filters(texts, extra=None):
    out = {}
    for text in texts:
        if text:
            name, _, value = text.partition("=")
            out.setdefault(name.strip().lower(), {})[value.strip()] = True
    for name, value in extra or ():
        out.setdefault(name, {})[value] = True
    return {"filters": out} if out else {}


def moment(text, now):
    """--since and --until: a duration counts back from now, numbers are seconds."""
    if not text:
        return None
    try:
        wanted = now - golang.duration(text) / 10**9
        return lambda sent: len(sent) == 1 and abs(float(sent[0]) - wanted) < 60
    except golang.Unreadable:
        pass
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return lambda sent: len(sent) == 1 and float(sent[0]) == float(text)
    # A date: the engine gets seconds; that there is such a number is all that is checked.
    return lambda sent: len(sent) == 1 and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", sent[0])


def moments(reading, scene):
    now = scene.time()
    found = {name: moment(reading.text(name), now) for name in ("since", "until")}
    return {name: judge for name, judge in found.items() if judge}
