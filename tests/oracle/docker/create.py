# SPDX-License-Identifier: ISC
"""docker run and docker create: the requests that follow from what writ read.

The body of POST /containers/create is what this very client sends for `docker create IMAGE`, asked at
the start of the run, changed by the options that writ read; it is compared whole. So nothing that a
client sends can go unnoticed, and nothing of a version is written down here but what is said openly.
"""

import copy
import os
import posixpath
import re

import golang
import images
from reading import NoRule, many, one
from standin import CONTAINER_ID

TEXTS = {  # option -> where its last value goes
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


class Body:
    """The expected body, addressed by "HostConfig.Memory" and the like."""

    def __init__(self, baseline):
        self.tree = copy.deepcopy(baseline)

    def place(self, path):
        head, _, tail = path.rpartition(".")
        return (self.tree[head] if head else self.tree), tail

    def set(self, path, value):
        node, name = self.place(path)
        node[name] = value

    def get(self, path):
        node, name = self.place(path)
        return node.get(name)

    def add(self, path, value):
        self.set(path, (self.get(path) or []) + [value])


def expected_create(reading, run):
    """(query, body) of the create request."""
    body = Body(run.baseline)
    words = reading.words()
    body.set("Image", words[0])
    body.set("Cmd", words[1:] or None)
    set_scalars(reading, body, run)
    set_lists(reading, body, run)
    set_streams(reading, body)
    set_environment(reading, body, run)
    set_volumes(reading, body, run)
    set_mounts(reading, body, run)
    set_devices(reading, body)
    set_ports(reading, body)
    set_security(reading, body, run)
    set_health(reading, body)
    set_network(reading, body, run)
    query = {}
    if reading.text("name"):
        query["name"] = [reading.text("name")]
    if reading.text("platform"):
        query["platform"] = [platform(reading.text("platform"))]
    if reading.flag("use-api-socket"):
        body.add("HostConfig.Mounts", {"Type": "bind", "Source": run.socket_path,
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


def set_scalars(reading, body, run):
    for name, path in TEXTS.items():
        if reading.given(name) and not (path in OMITTED_EMPTY and not reading.text(name)):
            body.set(path, reading.text(name))
    for name, path in INTEGERS.items():
        if reading.given(name):
            body.set(path, golang.integer(reading.text(name)))
    for name, path in SIZES.items():
        if reading.given(name):
            body.set(path, golang.size_or_unlimited(reading.text(name)))
    if reading.given("kernel-memory") and "KernelMemory" in run.baseline["HostConfig"]:
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


def set_lists(reading, body, run):
    for name, path in LISTS.items():
        for text in reading.texts(name):
            body.add(path, text)
    for name, path in MAPS.items():
        if reading.given(name):
            body.set(path, dict(map(golang.key_value, reading.texts(name))))
    for text in reading.texts("label-file"):
        body.set("Labels", {**run.file_pairs(text), **body.get("Labels")})
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


def set_environment(reading, body, run):
    """The last value of each name. A name without a value takes the client's own, if it has one."""
    values = {}
    for fields in reading.fields("env"):
        name = one(fields, "name")
        values[name] = one(fields, "value", run.environment.get(name))
    if values:
        body.set("Env", [name if value is None else name + "=" + value
                         for name, value in values.items()])
    files = [pair for text in reading.texts("env-file") for pair in run.file_lines(text)]
    if files:
        body.set("Env", files + (body.get("Env") or []))


def absolute(source, run):
    """Version 28 makes a source that begins with a dot absolute, by its text alone."""
    if run.client.major < 28 or not source.startswith("."):
        return source
    return posixpath.normpath(os.path.join(run.cwd, source))


def set_volumes(reading, body, run):
    volumes, binds = {}, []
    for fields in reading.fields("volume"):
        kind, source, target = (one(fields, name) for name in ("kind", "source", "target"))
        if kind == "anonymous":
            volumes[target] = {}
            continue
        if kind == "bind":
            source = absolute(source, run)
        elif kind != "volume":
            raise NoRule("volume of kind %r" % kind)
        bind = ":".join([source, target] + many(fields, "mode"))
        if bind not in binds:
            binds.append(bind)
    body.set("Volumes", volumes)
    if binds:
        body.set("HostConfig.Binds", binds)


MOUNT_GROUPS = {"bind": "BindOptions", "volume": "VolumeOptions", "tmpfs": "TmpfsOptions",
                "image": "ImageOptions"}


def set_mounts(reading, body, run):
    for fields in reading.fields("mount"):
        body.add("HostConfig.Mounts", expected_mount(fields, run))


def expected_mount(fields, run):
    fields = dict(fields)

    def take(name, default=""):
        values = fields.pop(name, None)
        return values[-1] if values else default

    mount = {"Type": take("type", "volume"), "Source": absolute(take("source"), run),
             "Target": take("target"), "Consistency": take("consistency")}
    mount = {key: value for key, value in mount.items() if value}
    if golang.boolean(take("readonly", "false")):
        mount["ReadOnly"] = True
    for name, group in MOUNT_GROUPS.items():
        given = {key for key in fields if key.startswith(name + "-")}
        # "enabled" is the default: the client makes no group of options for it alone.
        if fields.get("bind-recursive") == ["enabled"] and given == {"bind-recursive"}:
            given = set()
            take("bind-recursive")
        if given:
            mount[group] = mount_options(name, take, fields, run)
    if fields:
        raise NoRule("mount fields %s" % sorted(fields))
    return mount


def mount_options(group, take, fields, run):
    def pairs(name):
        found = dict(map(golang.key_value, fields.pop(name, [])))
        if run.client.major >= 28:
            found.pop("", None)
        return found

    options = {}
    if group == "bind":
        options["Propagation"] = take("bind-propagation")
        options["NonRecursive"] = golang.boolean(take("bind-nonrecursive", "false"))
        recursive = take("bind-recursive")
        options["NonRecursive"] = options["NonRecursive"] or recursive == "disabled"
        options["ReadOnlyNonRecursive"] = recursive == "writable"
        options["ReadOnlyForceRecursive"] = recursive == "readonly"
    elif group == "volume":
        options["NoCopy"] = golang.boolean(take("volume-nocopy", "false"))
        options["Labels"] = pairs("volume-label")
        options["Subpath"] = take("volume-subpath")
    elif group == "image":
        options["Subpath"] = take("image-subpath")
    elif group == "tmpfs":
        options["SizeBytes"] = golang.size(take("tmpfs-size", "0"))
        options["Mode"] = int(take("tmpfs-mode", "0"), 8)
    options = {key: value for key, value in options.items() if value}
    if group == "volume":
        driver = {"Name": take("volume-driver"), "Options": pairs("volume-opt")}
        options["DriverConfig"] = {key: value for key, value in driver.items() if value}
    return options


def set_devices(reading, body):
    requests = [golang.gpu_request(text) for text in reading.texts("gpus")]
    cdi = []
    for fields in reading.fields("device"):
        if "cdi" in fields:
            cdi.append(one(fields, "cdi"))
            continue
        source = one(fields, "source")
        body.add("HostConfig.Devices", {
            "PathOnHost": source, "PathInContainer": one(fields, "target", source),
            "CgroupPermissions": one(fields, "permissions", "rwm")})
    if cdi:
        requests.append({"Driver": "cdi", "Count": 0, "DeviceIDs": cdi, "Capabilities": None,
                         "Options": None})
    if requests:
        body.set("HostConfig.DeviceRequests", requests)


def set_ports(reading, body):
    bindings, exposed = {}, {}
    for fields in reading.fields("publish"):
        protocol = one(fields, "protocol", "tcp")
        low, high = port_range(one(fields, "container_port"))
        host = one(fields, "host_port")
        host_low, host_high = port_range(host) if host else (0, 0)
        for port in range(low, high + 1):
            shown = str(host_low + port - low) if host else ""
            if low == high and host_low != host_high:
                shown = "%d-%d" % (host_low, host_high)
            key = "%d/%s" % (port, protocol)
            exposed[key] = {}
            bindings.setdefault(key, []).append({"HostIp": one(fields, "ip"), "HostPort": shown})
    for text in reading.texts("expose"):
        ports, _, protocol = text.partition("/")
        low, high = port_range(ports)
        for port in range(low, high + 1):
            exposed["%d/%s" % (port, protocol.split("/")[0] or "tcp")] = {}
    body.set("HostConfig.PortBindings", bindings)
    if exposed:
        body.set("ExposedPorts", exposed)


def port_range(text):
    low, _, high = text.partition("-")
    return int(low), int((high or low).split("-")[0])


def set_security(reading, body, run):
    for name, path in (("cap-add", "HostConfig.CapAdd"), ("cap-drop", "HostConfig.CapDrop")):
        given = reading.all(name)
        if not given:
            continue
        if run.client.major < 23:
            # The engine normalises what this client sends as it was typed.
            body.set(path, [o["value"] for o in given])
        else:
            body.set(path, sorted({o.get("normal", o["value"]) for o in given}))
    options = reading.texts("security-opt")
    if "systempaths=unconfined" in options:
        body.set("HostConfig.MaskedPaths", [])
        body.set("HostConfig.ReadonlyPaths", [])
    if options:
        body.set("HostConfig.SecurityOpt", [run.security_option(text) for text in options
                                            if text != "systempaths=unconfined"])


def set_health(reading, body):
    health = {}
    if reading.text("health-cmd"):
        health["Test"] = ["CMD-SHELL", reading.text("health-cmd")]
    for name, key in (("interval", "Interval"), ("timeout", "Timeout"),
                      ("start-period", "StartPeriod"), ("start-interval", "StartInterval")):
        health[key] = golang.duration(reading.text("health-" + name, default="0"))
    health["Retries"] = golang.integer(reading.text("health-retries", default="0"))
    health = {key: value for key, value in health.items() if value}
    if reading.flag("no-healthcheck"):
        health = {"Test": ["NONE"]}
    if health:
        body.set("Healthcheck", health)


def set_network(reading, body, run):
    networks = reading.fields("network", "net")
    aliases = reading.texts("network-alias", "net-alias")
    # The plain options belong to the first network.
    plain = {"ip": reading.texts("ip")[-1:], "ip6": reading.texts("ip6")[-1:],
             "link-local-ip": reading.texts("link-local-ip"), "alias": aliases,
             "mac-address": reading.texts("mac-address")[-1:]}
    plain = {name: values for name, values in plain.items() if values and values != [""]}
    old = run.client.major < 28
    if old and "mac-address" in plain:
        body.set("MacAddress", plain.pop("mac-address")[0])
    if not networks:
        if not old:
            body.tree["NetworkingConfig"]["EndpointsConfig"] = {
                "default": endpoint(plain, [], run)}
        return
    names = [one(fields, "name") for fields in networks]
    body.set("HostConfig.NetworkMode", names[0])
    links = reading.texts("link") if is_user_defined(names[0]) or old else []
    endpoints = {}
    for number, (name, fields) in enumerate(zip(names, networks)):
        if number == 0:
            fields = {**fields, **plain}
        settings = endpoint(fields, links if number == 0 else [], run)
        if number > 0 or len(names) > 1 or settings != endpoint({}, [], run):
            endpoints[name] = settings
    body.tree["NetworkingConfig"]["EndpointsConfig"] = endpoints


def is_user_defined(name):
    return name not in ("default", "bridge", "host", "none") and not name.startswith("container:")


def endpoint(fields, links, run):
    settings = copy.deepcopy(run.empty_endpoint)
    addresses = {"IPv4Address": one(fields, "ip"), "IPv6Address": one(fields, "ip6"),
                 "LinkLocalIPs": many(fields, "link-local-ip")}
    addresses = {key: value for key, value in addresses.items() if value}
    settings.update({
        "IPAMConfig": addresses or None, "Aliases": many(fields, "alias") or None,
        "Links": links or None,
        "DriverOpts": dict(map(golang.key_value, many(fields, "driver-opt"))) or None})
    if "mac-address" in fields:
        settings["MacAddress"] = one(fields, "mac-address")
    if "gw-priority" in fields:
        settings["GwPriority"] = int(one(fields, "gw-priority"))
    return settings


def expected_run(reading, run, start):
    """All requests of run (start) or create: (required, allowed) lists of Expected."""
    from expected import Expected
    pull = []
    image = reading.words()[0]
    if reading.text("pull") == "always":
        reference = images.split(image)
        query = {"fromImage": [reference.name(run.client)], "tag": [reference.version]}
        if reading.text("platform"):
            query["platform"] = [platform(reading.text("platform"))
                                 if run.client.major > 28 else reading.text("platform")]
        pull.append(Expected("POST", "/images/create", query))
    query, body = expected_create(reading, run)
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
