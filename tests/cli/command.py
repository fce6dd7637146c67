# SPDX-License-Identifier: ISC
"""The writ command as the tests here call it: a policy for it, and what came back.

Each test is called with WRIT SHIPPED_COMMANDS TEST_COMMANDS MAN_PAGE.
"""

import atexit
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from tap import Tap

WRIT, SHIPPED, COMMANDS, MAN = (os.path.abspath(path) for path in sys.argv[1:5])
tap = Tap()
folder = tempfile.mkdtemp(prefix="writ-cli-")
os.chmod(folder, 0o755)
atexit.register(shutil.rmtree, folder)
# Some tests run writ as another user, who may not enter root's home, where the sources may lie.
WRIT = shutil.copy(WRIT, folder)
COMMANDS = shutil.copytree(COMMANDS, os.path.join(folder, "commands"))

POLICY = {
    "version": 1,
    "subjects": {"only": {"users": ["someone"], "groups": ["root"]}},
    "rules": [
        {"id": "list", "effect": "allow", "command": "tool group list"},
        {"id": "begin", "effect": "allow", "command": "tool begin", "operands": {"NAME": "a"}},
        {"id": "some", "effect": "allow", "subjects": ["only"], "command": "tool group end"},
        {"id": "copy", "effect": "allow", "command": "tool copy",
         "operands": {"SOURCE": {"path": {"exact": ["/etc/hosts"]}}}},
        {"id": "run", "effect": "allow", "command": "tool run",
         "operands": {"IMAGE": "img", "COMMAND": True},
         "run": {"env": {"allow": {"MODE": "x"}}, "runas": {"user": ["root", "daemon"]}}},
        {"id": "no-verbose", "effect": "deny", "command": "tool *", "when": [{"option": "verbose"}],
         "reason": "it says too much", "hint": "be quiet"},
    ],
}


def path_of(name, content):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(content if isinstance(content, str) else json.dumps(content))
    return path


policy = path_of("policy.json", POLICY)


def writ(*args, stdin=b"", env=None, **more):
    """Runs writ; (exit status, standard output, standard error) as bytes."""
    environment = dict(os.environ, **(env or {}))
    done = subprocess.run([WRIT, *args], input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE,
                          env=environment, check=False, **more)
    return done.returncode, done.stdout, done.stderr


def check(*args, **more):
    return writ("check", "--policy", policy, "--commands", COMMANDS, *args, **more)


def decision(*args, **more):
    status, out, err = check("--json", *args, **more)
    try:
        return status, json.loads(out), err
    except ValueError:
        tap.diag("no JSON: %r, standard error %r" % (out, err))
        return status, {}, err


def batch(stdin, *args):
    status, out, err = check("--batch", *args, stdin=stdin)
    lines = out.split(b"\n")
    return status, [json.loads(line) for line in lines[:-1]], err


def control_free(text):
    decoded = text.decode("utf-8")
    return not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", decoded)


def parse(*args):
    status, out, err = writ("parse", "--commands", COMMANDS, *args)
    return status, out, err


def check_manual(subcommand):
    """The subcommand's own page names every option, long and short, that its --help has."""
    page = os.path.join(os.path.dirname(MAN), "writ-%s.1" % subcommand)
    with open(page, encoding="utf-8") as f:
        text = f.read()
    _, out, _ = writ(subcommand, "--help")
    options = re.findall(r"^  (?:-([a-zA-Z]), )?--([a-z-]+)", out.decode(), re.M)[:-1]
    missing = [o for o in options if not re.search(r"Fl (%s , )?-%s\b" % (o[0] or " ", o[1]), text)]
    tap.ok(options and not missing, "the man page has every option", "missing: %s" % missing)
