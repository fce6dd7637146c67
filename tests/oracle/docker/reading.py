# SPDX-License-Identifier: ISC
"""What `writ parse --json` said about one argument vector, and short ways to ask it."""

import re

import golang


class NoRule(Exception):
    """The oracle has no rule for something that writ read: a gap in the oracle, shown as a
    failure."""


class Reading:
    def __init__(self, parsed):
        self.parsed = parsed
        self.error = parsed.get("error")
        self.command = parsed.get("command")
        options = parsed.get("options", [])
        self.options = [o for o in options if o.get("of", self.command) == self.command]
        self.parents = [o for o in options if o.get("of", self.command) != self.command]
        self.operands = parsed.get("operands", {})
        self.unused = {o["name"] for o in self.options}

    def words(self):
        """All operands in the order given."""
        return [word for values in self.operands.values() for word in values]

    def all(self, *names):
        """Every occurrence of the option, by any of its names, in order."""
        self.unused -= set(names)
        return [o for o in self.options if o["name"] in names]

    def texts(self, *names):
        return [o["value"] for o in self.all(*names)]

    def text(self, *names, default=""):
        """The last occurrence counts."""
        values = self.texts(*names)
        return values[-1] if values else default

    def integer(self, *names, default=None):
        """writ gives integers in plain decimal, whatever was typed (0x10, 1_000)."""
        options = self.all(*names)
        if not options:
            return default
        plain = options[-1].get("normal", options[-1]["value"])
        if not re.fullmatch(r"-?(0|[1-9][0-9]*)", plain, re.A):
            raise NoRule("--%s %r is not in plain decimal" % (options[-1]["name"], plain))
        return int(plain)

    def given(self, *names):
        return bool(self.all(*names))

    def flag(self, *names, default=False):
        values = [flag_value(o) for o in self.all(*names)]
        return values[-1] if values else default

    def fields(self, *names):
        """One dictionary of fields per occurrence: name -> list of values."""
        return [fields_of(o) for o in self.all(*names)]

    def ignore(self, *names):
        """Options that change nothing in what is sent."""
        self.unused -= set(names)

    def finish(self):
        if self.unused:
            raise NoRule("the oracle has no rule for %s of %s"
                         % (sorted(self.unused), self.command))


def flag_value(option):
    value = option.get("value", True)
    return golang.boolean(value) if isinstance(value, str) else bool(value)


def fields_of(option):
    fields = option.get("fields")
    if fields is None:
        raise NoRule("writ gives no fields for --%s %r" % (option["name"], option.get("value")))
    return {name: value if isinstance(value, list) else [value] for name, value in fields.items()}


def one(fields, name, default=""):
    return fields[name][-1] if name in fields else default


def many(fields, name):
    return fields.get(name, [])
