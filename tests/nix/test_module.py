# SPDX-License-Identifier: ISC
"""The NixOS module and the package: they parse, what the module makes of a configuration, and that the
files that it names are those that the package installs.

Called with WRIT COMMANDS SOURCE_FOLDER. Nothing is built with Nix here.
"""

import json
import os
import subprocess
import sys
import tempfile

from tap import Tap

WRIT, COMMANDS, SOURCE = (os.path.abspath(path) for path in sys.argv[1:4])
tap = Tap()
folder = tempfile.TemporaryDirectory(prefix="writ-nix-")
package = os.path.join(folder.name, "package")


def nix(*arguments):
    return subprocess.run(["nix-instantiate", "--store", "dummy://", *arguments], text=True,
                          capture_output=True, env={**os.environ, "HOME": folder.name})


def evaluate(configuration):
    expression = (f"import {SOURCE}/tests/nix/standin.nix {{ package = {json.dumps(package)};"
                  f" configuration = {configuration}; }}")
    run = nix("--eval", "--strict", "--json", "-E", expression)
    if run.returncode:
        tap.bail_out(run.stderr.strip().splitlines()[-1])
    return json.loads(run.stdout)


def check_syntax():
    for name in ["nix/package.nix", "nix/module.nix", "pam/examples/nixos.nix"]:
        run = nix("--parse", os.path.join(SOURCE, name))
        tap.ok(run.returncode == 0, f"{name} parses", run.stderr)


def installed():
    """What the package installs, configured as package.nix configures it; relative to the package."""
    out = "/nix/store/0-writ"
    script = nix("--eval", "--strict", "--json", "-E", f"""
        (import {SOURCE}/nix/package.nix {{
          lib = {{ cleanSourceWith = x: x; licenses.isc = null; platforms.linux = []; }};
          stdenv.mkDerivation = x: x;
          meson = null; ninja = null; pkg-config = null; python3 = null; audit = null; nettle = null;
          pam = null; pcre2 = null; sudo = null; yajl = null; zlib = null;
        }}).mesonFlags""")
    if script.returncode:
        tap.bail_out(script.stderr)
    hole = nix("--eval", "--json", "-E", 'builtins.placeholder "out"')
    flags = [flag.replace(json.loads(hole.stdout), out) for flag in json.loads(script.stdout)]
    build = os.path.join(folder.name, "build")
    run = subprocess.run(["meson", "setup", f"--prefix={out}", "--libdir=lib", "--libexecdir=libexec",
                          *flags, build, SOURCE], text=True, capture_output=True)
    if run.returncode:
        tap.bail_out("meson setup fails")
    files = subprocess.run(["meson", "introspect", "--installed", build], text=True,
                           capture_output=True, check=True)
    names = json.loads(files.stdout).values()
    outside = [name for name in names if not name.startswith(out + "/")]
    tap.equal(outside, [], "the package installs nothing outside of itself")
    return {os.path.relpath(name, out) for name in names}


def check_configuration():
    made = evaluate('{ enable = true; subjects = [ "ai-worker" "%ai-workers" ]; policy = "/etc/p.json"; }')
    tap.equal(made["environment"]["etc"]["sudo.conf"]["text"],
              f"Plugin writ_policy {package}/libexec/sudo/writ.so subjects=ai-worker,%ai-workers "
              f"commands={package}/share/writ/commands sudoers=/nix/store/0-sudo/libexec/sudo/sudoers.so\n"
              "Plugin sudoers_io /nix/store/0-sudo/libexec/sudo/sudoers.so\n"
              "Plugin sudoers_audit /nix/store/0-sudo/libexec/sudo/sudoers.so\n",
              "sudo.conf")
    rule = made["security"]["pam"]["services"]["sshd"]["rules"]["session"]["writ"]
    with open(os.path.join(SOURCE, "pam/examples/common-session"), encoding="utf-8") as file:
        line = [line for line in file if not line.startswith("#")][0].split("\t")
    tap.equal([rule["control"], os.path.basename(rule["modulePath"]) + " " + " ".join(rule["args"])],
              [line[1], line[2].strip()], "the PAM rule is that of Debian's stanza")
    tap.ok(rule["order"] > 10500, "it comes after pam_loginuid")
    tap.ok("pam_unix.so" in made["security"]["pam"]["services"]["writ"]["text"], "PAM's service writ")
    tap.equal(made["systemd"]["timers"]["writ-sessions"]["wantedBy"], ["timers.target"], "the timer")
    tap.ok(not made["systemd"]["timers"].get("writ-forward", {}).get("wantedBy"), "no timer for a log server")
    tap.equal([a["assertion"] for a in made["assertions"]], [True], "no objection")
    files = installed()
    for name in ["libexec/sudo/writ.so", "lib/security/pam_writ.so", "bin/writ", "share/writ/commands",
                 "lib/systemd/system/writ-sessions.timer", "lib/systemd/system/writ-forward.timer",
                 "lib/systemd/system/writ-forward.path", "lib/systemd/system/writ-forward.service", "lib/tmpfiles.d/writ.conf"]:
        tap.ok(name in files or any(f.startswith(name + "/") for f in files), f"the package has {name}")

    tap.equal(evaluate('{ enable = false; subjects = [ "a" ]; policy = "/p"; }'), None,
              "nothing, unless enabled")
    made = evaluate('{ enable = true; subjects = [ "a" ]; policy = "/p"; audit = true; sudo = false; '
                    'clearSessions = false; forward = true; }')
    tap.equal([made["systemd"][kind]["writ-forward"]["wantedBy"] for kind in ("timers", "paths")],
              [["timers.target"], ["paths.target"]], "what waits for a log server is sent, on wish")
    tap.ok(f"Plugin writ_audit {package}/libexec/sudo/writ.so subjects=a\n"
           in made["environment"]["etc"]["sudo.conf"]["text"], "the audit plugin, on wish")
    tap.equal([a["assertion"] for a in made["assertions"]], [False], "not without sudo")


def try_policy(policy, name, works):
    """The step that tries the policy when a system is built, run here by the real writ."""
    made = evaluate(f'{{ enable = true; subjects = [ "a" ]; policy = "{policy}"; }}')
    script = made["environment"]["etc"]["writ/policy.json"]["source"]["script"]
    out = os.path.join(folder.name, "out")
    run = subprocess.run(["sh", "-e", "-c", script], env={**os.environ, "out": out},
                         capture_output=True, text=True)
    tap.equal((run.returncode == 0, os.path.exists(out)), (works, works), name)
    if os.path.exists(out):
        os.unlink(out)


def check_policies():
    os.makedirs(os.path.join(package, "bin"))
    os.makedirs(os.path.join(package, "share/writ"))
    os.symlink(WRIT, os.path.join(package, "bin/writ"))
    os.symlink(COMMANDS, os.path.join(package, "share/writ/commands"))
    for name in ["ai-worker", "whitelist", "diag"]:
        try_policy(os.path.join(SOURCE, "policies", name + ".json"), f"{name}.json makes a system", True)
    wrong = os.path.join(folder.name, "wrong.json")
    with open(wrong, "w", encoding="utf-8") as file:
        json.dump({"version": 1, "rules": [], "tests": [{"run": "docker ps", "expect": "allow"}]}, file)
    try_policy(wrong, "a policy whose examples do not hold makes none", False)


check_syntax()
check_configuration()
check_policies()
sys.exit(tap.done())
