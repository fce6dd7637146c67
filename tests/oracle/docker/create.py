# SPDX-License-Identifier: ISC
"""docker run and docker create: the requests that follow from what writ read.

The body of POST /containers/create is what this very client sends for `docker create IMAGE`, asked
at the start of the run, changed by the options that writ read; it is compared whole. So nothing
that a client sends can go unnoticed, and nothing of a version is written down here but what is said
openly.
"""

import re

import golang
import images
from body import Body
from create_mounts import set_devices, set_mounts, set_volumes
from create_network import set_network, set_ports
from expected import Expected
from reading import one
from standin import CONTAINER_ID

# Option -> where its last value goes.
TEXTS = {
    "hostname": "Hostname", "domainname": "Domainname", "user": "User", "workdir": "WorkingDir",
    "stop-signal": "StopSignal", "cgroup-parent": "HostConfig.CgroupParent",
    "cpuset-cpus": "HostConfig.CpusetCpus", "cpuset-mems": "HostConfig.CpusetMems",
    "ipc": "HostConfig.IpcMode", "isolation": "HostConfig.Isolation", "pid": "HostConfig.PidMode",
    "uts": "HostConfig.UTSMode", "userns": "HostConfig.UsernsMode",
    "cgroupns": "HostConfig.CgroupnsMode", "runtime": "HostConfig.Runtime",
    "volume-driver": "HostConfig.VolumeDriver", "cidfile": "HostConfig.ContainerIDFile",
}
# A text that the client leaves out of the body where it is empty.
OMITTED_EMPTY = {"StopSignal", "HostConfig.Runtime"}
INTEGERS = {
    "cpu-count": "HostConfig.CpuCount", "cpu-percent": "HostConfig.CpuPercent",
    "cpu-period": "HostConfig.CpuPeriod", "cpu-quota": "HostConfig.CpuQuota",
    "cpu-rt-period": "HostConfig.CpuRealtimePeriod",
    "cpu-rt-runtime": "HostConfig.CpuRealtimeRuntime", "cpu-shares": "HostConfig.CpuShares",
    "blkio-weight": "HostConfig.BlkioWeight", "memory-swappiness": "HostConfig.MemorySwappiness",
    "oom-score-adj": "HostConfig.OomScoreAdj", "pids-limit": "HostConfig.PidsLimit",
    "io-maxiops": "HostConfig.IOMaximumIOps", "stop-timeout": "StopTimeout",
}
SIZES = {"memory": "HostConfig.Memory", "memory-reservation": "HostConfig.MemoryReservation",
         "memory-swap": "HostConfig.MemorySwap", "shm-size": "HostConfig.ShmSize",
         "io-maxbandwidth": "HostConfig.IOMaximumBandwidth"}
FLAGS = {"privileged": "HostConfig.Privileged", "rm": "HostConfig.AutoRemove",
         "read-only": "HostConfig.ReadonlyRootfs", "publish-all": "HostConfig.PublishAllPorts",
         "oom-kill-disable": "HostConfig.OomKillDisable", "init": "HostConfig.Init", "tty": "Tty",
         "interactive": "OpenStdin"}
LISTS = {"group-add": "HostConfig.GroupAdd", "device-cgroup-rule": "HostConfig.DeviceCgroupRules",
         "link": "HostConfig.Links", "volumes-from": "HostConfig.VolumesFrom",
         "dns-option": "HostConfig.DnsOptions", "dns-opt": "HostConfig.DnsOptions"}
MAPS = {"label": "Labels", "annotation": "HostConfig.Annotations", "sysctl": "HostConfig.Sysctls",
        "storage-opt": "HostConfig.StorageOpt"}


def expected_create(reading, scene):
    """(query, body) of the create request."""
    body = Body(scene.baseline)
    words = reading.words()
    body.set("Image", words[0])
    body.set("Cmd", words[1:] or None)
    set_scalars(reading, body, scene)
    set_lists(reading, body, scene)
    set_streams(reading, body)
    set_environment(reading, body, scene)
    set_volumes(reading, body, scene)
    set_mounts(reading, body, scene)
    set_devices(reading, body)
    set_ports(reading, body)
    set_security(reading, body, scene)
    set_health(reading, body)
    set_network(reading, body, scene)
    query = {}
    if reading.text("name"):
        query["name"] = [reading.text("name")]
    if reading.text("platform"):
        query["platform"] = [platform(reading.text("platform"))]
    if reading.flag("use-api-socket"):
        body.add("HostConfig.Mounts", {"Type": "bind", "Source": scene.socket_path,
                                       "Target": "/var/run/docker.sock", "BindOptions": {}})
    reading.ignore("disable-content-trust", "quiet", "pull", "detach", "sig-proxy", "detach-keys",
                   "help")
    reading.finish()
    return query, body.tree


def platform(text):
    parts = text.lower().split("/")
    if len(parts) == 1:
        known = {"linux", "windows", "darwin", "freebsd"}
        parts = [parts[0], "amd64"] if parts[0] in known else ["linux", parts[0]]
    return "/".join({"x86_64": "amd64", "aarch64": "arm64"}.get(part, part) for part in parts)


def set_scalars(reading, body, scene):
    for name, path in TEXTS.items():
        if reading.given(name) and not (path in OMITTED_EMPTY and not reading.text(name)):
            body.set(path, reading.text(name))
    for name, path in INTEGERS.items():
        if reading.given(name):
            body.set(path, reading.integer(name))
    for name, path in SIZES.items():
        if reading.given(name):
            body.set(path, golang.size_or_unlimited(reading.text(name)))
    if reading.given("kernel-memory") and "KernelMemory" in scene.baseline["HostConfig"]:
        body.set("HostConfig.KernelMemory", golang.size(reading.text("kernel-memory")))
    for name, path in FLAGS.items():
        if reading.given(name):
            body.set(path, reading.flag(name))
    if reading.given("cpus"):
        body.set("HostConfig.NanoCpus", golang.cpus(reading.text("cpus")))
    if reading.given("entrypoint"):
        body.set("Entrypoint", [reading.text("entrypoint")])
    if reading.given("restart"):
        body.set("HostConfig.RestartPolicy", golang.restart_policy(reading.text("restart")))


def set_lists(reading, body, scene):
    for name, path in LISTS.items():
        for text in reading.texts(name):
            body.add(path, text)
    for name, path in MAPS.items():
        if reading.given(name):
            body.set(path, dict(map(golang.key_value, reading.texts(name))))
    for text in reading.texts("label-file"):
        body.set("Labels", {**scene.file_pairs(text), **body.get("Labels")})
    log = {"Type": reading.text("log-driver"),
           "Config": dict(map(golang.key_value, reading.texts("log-opt")))}
    body.set("HostConfig.LogConfig", log)
    for text in reading.texts("dns"):
        body.add("HostConfig.Dns", golang.ip_address(text))
    for text in reading.texts("dns-search"):
        text = text.strip(" ")
        body.add("HostConfig.DnsSearch", text if text == "." else text.rstrip().rstrip("."))
    for text in reading.texts("add-host"):
        host, _, address = text.partition("=" if "=" in text else ":")
        body.add("HostConfig.ExtraHosts", host + ":" + re.sub(r"^\[(.+)\]$", r"\1", address))
    for text in reading.texts("tmpfs"):
        target, _, options = text.partition(":")
        body.set("HostConfig.Tmpfs", {**(body.get("HostConfig.Tmpfs") or {}), target: options})
    limits = {limit["Name"]: limit for limit in map(golang.ulimit, reading.texts("ulimit"))}
    if limits:
        body.set("HostConfig.Ulimits", [limits[name] for name in sorted(limits)])
    for name, path in (("read-bps", "BlkioDeviceReadBps"), ("write-bps", "BlkioDeviceWriteBps"),
                       ("read-iops", "BlkioDeviceReadIOps"),
                       ("write-iops", "BlkioDeviceWriteIOps")):
        for text in reading.texts("device-" + name):
            device, _, rate = text.partition(":")
            rate = int(rate) if name.endswith("iops") else golang.size(rate)
            body.add("HostConfig." + path, {"Path": device, "Rate": rate})
    for text in reading.texts("blkio-weight-device"):
        device, _, weight = text.partition(":")
        body.add("HostConfig.BlkioWeightDevice", {"Path": device, "Weight": int(weight)})


def set_streams(reading, body):
    attached = {text.lower() for text in reading.texts("attach")}
    stdin = "stdin" in attached or body.get("OpenStdin")
    detach = reading.flag("detach")
    body.set("AttachStdin", stdin and not detach)
    for name, path in (("stdout", "AttachStdout"), ("stderr", "AttachStderr")):
        body.set(path, not detach and (name in attached or not attached))
    body.set("StdinOnce", bool(body.get("OpenStdin") and stdin and not detach))


def set_environment(reading, body, scene):
    """The last value of each name. A name without a value takes the client's own, if it has one."""
    values = {}
    for fields in reading.fields("env"):
        name = one(fields, "name")
        values[name] = one(fields, "value", scene.environment.get(name))
    if values:
        body.set("Env", [name if value is None else name + "=" + value
                         for name, value in values.items()])
    files = [pair for text in reading.texts("env-file") for pair in scene.file_lines(text)]
    if files:
        body.set("Env", files + (body.get("Env") or []))


def set_security(reading, body, scene):
    for name, path in (("cap-add", "HostConfig.CapAdd"), ("cap-drop", "HostConfig.CapDrop")):
        given = reading.all(name)
        if not given:
            continue
        if scene.client.major < 23:
            # The engine normalises what this client sends as it was typed.
            body.set(path, [o["value"] for o in given])
        else:
            body.set(path, sorted({o.get("normal", o["value"]) for o in given}))
    options = reading.texts("security-opt")
    if "systempaths=unconfined" in options:
        body.set("HostConfig.MaskedPaths", [])
        body.set("HostConfig.ReadonlyPaths", [])
    if options:
        body.set("HostConfig.SecurityOpt", [scene.security_option(text) for text in options
                                            if text != "systempaths=unconfined"])


def set_health(reading, body):
    health = {}
    if reading.text("health-cmd"):
        health["Test"] = ["CMD-SHELL", reading.text("health-cmd")]
    for name, key in (("interval", "Interval"), ("timeout", "Timeout"),
                      ("start-period", "StartPeriod"), ("start-interval", "StartInterval")):
        health[key] = golang.duration(reading.text("health-" + name, default="0"))
    health["Retries"] = reading.integer("health-retries", default=0)
    health = {key: value for key, value in health.items() if value}
    if reading.flag("no-healthcheck"):
        health = {"Test": ["NONE"]}
    if health:
        body.set("Healthcheck", health)


def expected_run(reading, scene, start):
    """All requests of run (start) or create: (required, allowed) lists of Expected."""
    pull = []
    image = reading.words()[0]
    if reading.text("pull") == "always":
        reference = images.split(image)
        query = {"fromImage": [reference.name(scene.client)], "tag": [reference.version]}
        if reading.text("platform"):
            query["platform"] = [platform(reading.text("platform"))
                                 if scene.client.major > 28 else reading.text("platform")]
        pull.append(Expected("POST", "/images/create", query))
    query, body = expected_create(reading, scene)
    required = pull + [Expected("POST", "/containers/create", query, body)]
    if not start:
        return required, []
    here = "/containers/%s/" % CONTAINER_ID
    streams = {name: ["1"] for name in ("stdin", "stdout", "stderr")
               if body["Attach" + name.capitalize()]}
    if streams:
        keys = {"detachKeys": [reading.text("detach-keys")]} if reading.text("detach-keys") else {}
        required.append(Expected("POST", here + "attach", {"stream": ["1"], **streams, **keys}))
    required.append(Expected("POST", here + "start", {}))
    return required, [Expected("POST", here + "wait"), Expected("POST", here + "resize")]
