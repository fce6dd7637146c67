# SPDX-License-Identifier: ISC
"""What the body of a create request may have for a trial container: `docker run --rm alpine echo
…` with limits. Every change against the client's own baseline must be in a table here."""

import re

import images
from client import environment

CAPABILITY = re.compile(r"(CAP_)?[A-Z_]+\Z", re.I | re.A)
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=", re.A)
# Nothing of what surrounds the client: its own variables, its files.
OF_THE_CLIENT = re.compile("FROM_FILE|SCMP_ACT|HOME=.*/home$|DOCKER_(HOST|CONFIG)=" + "".join(
    "|%s=%s$" % (name, re.escape(value)) for name, value in environment("", "").items() if value))


def is_switch(value):
    return isinstance(value, bool)


def is_limit(value):
    return isinstance(value, int) and not isinstance(value, bool)


def is_alpine(value):
    reference = images.split(value)
    return bool(reference) and reference.domain + "/" + reference.path == "docker.io/library/alpine"


def is_echo(value):
    return isinstance(value, list) and value[:1] == ["echo"]


def are_plain_variables(value):
    return all(VARIABLE.match(text) and not OF_THE_CLIENT.match(text) for text in value)


def rates(value):
    return all(set(rate) == {"Path", "Rate"} for rate in value)


def is_no_network(value):
    """Endpoints by network, None where the usual one is not there."""
    return all(endpoint is None or name == "none" and not any(endpoint.values())
               for name, endpoint in value.items())


# Whoever may run echo at all.
BARE = {
    "Image": is_alpine, "Cmd": is_echo, "HostConfig.AutoRemove": lambda value: value is True,
    "AttachStdout": is_switch, "AttachStderr": is_switch,
    "Labels": lambda value: value in ({}, None),
}
TRIAL = {
    **BARE, "Tty": is_switch, "OpenStdin": is_switch, "StdinOnce": is_switch,
    "AttachStdin": is_switch, "HostConfig.Init": is_switch,
    "User": lambda value: re.fullmatch(r"[0-9]{1,10}(:[0-9]{1,10})?", value, re.A),
    "Env": are_plain_variables,
    "HostConfig.NetworkMode": lambda value: value == "none",
    "NetworkingConfig.EndpointsConfig": is_no_network,
    "HostConfig.ReadonlyRootfs": is_switch,
    "HostConfig.CapDrop": lambda value: all(CAPABILITY.match(name) for name in value),
    "HostConfig.SecurityOpt": lambda value: set(value) <= {
        "no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"},
}
TRIAL.update({"HostConfig." + name: is_limit for name in (
    "Memory", "MemorySwap", "MemoryReservation", "KernelMemory", "NanoCpus", "CpuShares",
    "CpuPeriod", "CpuQuota", "CpuCount", "CpuPercent", "PidsLimit", "IOMaximumBandwidth",
    "IOMaximumIOps")})
TRIAL.update({"HostConfig." + name: lambda value: isinstance(value, str)
              for name in ("CpusetCpus", "CpusetMems")})
TRIAL.update({"HostConfig.BlkioDevice" + name: rates
              for name in ("ReadBps", "WriteBps", "ReadIOps", "WriteIOps")})
TABLES = {"bare": BARE, "trial": TRIAL}
NEEDED = ("Image", "Cmd", "HostConfig.AutoRemove")


def trial(found, kind):
    """What is wrong with these changes, or None."""
    table, seen = TABLES[kind], set()
    for path, *new in found:
        name = ".".join(path)
        if name.startswith("NetworkingConfig.EndpointsConfig."):
            name, new = "NetworkingConfig.EndpointsConfig", [{path[2]: new[0] if new else None}]
        if name == "HostConfig.ConsoleSize":
            continue
        if name not in table or not new or not table[name](new[0]):
            return "%s is %r" % (name, new[0] if new else "gone")
        seen.add(name)
    missing = [name for name in NEEDED if name not in seen]
    return "%s as without an option" % missing[0] if missing else None
