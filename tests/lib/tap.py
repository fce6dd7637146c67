# SPDX-License-Identifier: ISC
"""A small writer of TAP, the Test Anything Protocol.

    tap = Tap()
    tap.ok(got == want, "volume", detail="got …\\nwanted …")
    tap.skip("docker 28", "not installed")
    sys.exit(tap.done())

The plan is printed last, so that a run that dies half way has none and counts as failed.
"""

import re
import sys


class Tap:
    def __init__(self, out=None):
        self.out = out or sys.stdout
        self.count = 0
        self.failed = 0
        self.finished = False

    def _line(self, text):
        self.out.write(text + "\n")
        self.out.flush()

    @staticmethod
    def _name(name):
        """A name on one line, without the characters that TAP gives a meaning."""
        shown = "".join(c if c.isprintable() else "\\x%02x" % ord(c) for c in name)
        return re.sub(r"#", r"\\#", shown)

    def ok(self, passed, name, detail=None):
        """One test. The detail is printed only where the test failed."""
        self.count += 1
        if not passed:
            self.failed += 1
        self._line("%s %d - %s" % ("ok" if passed else "not ok", self.count, self._name(name)))
        if not passed and detail:
            self.diag(detail)
        return bool(passed)

    def equal(self, got, want, name):
        return self.ok(got == want, name, "got:    %r\nwanted: %r" % (got, want))

    def skip(self, name, reason):
        """A test that was not run; say why."""
        self.count += 1
        self._line("ok %d - %s # SKIP %s" % (self.count, self._name(name), self._name(reason)))

    def diag(self, text):
        for line in text.splitlines() or [""]:
            self._line("# " + "".join(c if c.isprintable() else "\\x%02x" % ord(c) for c in line))

    def bail_out(self, reason):
        """Nothing further can be tested: the run fails, loudly."""
        self._line("Bail out! " + self._name(reason))
        self.failed += 1
        self.finished = True
        sys.exit(1)

    def done(self):
        """Prints the plan; the exit status of the test program. No test at all is a failure."""
        self._line("1..%d" % self.count)
        self.finished = True
        if self.failed:
            self.diag("%d of %d failed" % (self.failed, self.count))
        return 1 if self.failed or self.count == 0 else 0
