# SPDX-License-Identifier: ISC
"""docker run and create: volumes, mounts and devices in the body, from what writ read."""

import os
import posixpath

import golang
from reading import NoRule, many, one


def absolute(source, scene):
    """Version 28 makes a source that begins with a dot absolute, by its text alone."""
    if scene.client.major < 28 or not source.startswith("."):
        return source
    return posixpath.normpath(os.path.join(scene.cwd, source))


def set_volumes(reading, body, scene):
    volumes, binds = {}, []
    for fields in reading.fields("volume"):
        kind, source, target = (one(fields, name) for name in ("kind", "source", "target"))
        if kind == "anonymous":
            volumes[target] = {}
            continue
        if kind == "bind":
            source = absolute(source, scene)
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


def set_mounts(reading, body, scene):
    for fields in reading.fields("mount"):
        body.add("HostConfig.Mounts", expected_mount(fields, scene))


def expected_mount(fields, scene):
    fields = dict(fields)

    def take(name, default=""):
        values = fields.pop(name, None)
        return values[-1] if values else default

    mount = {"Type": take("type", "volume"), "Source": absolute(take("source"), scene),
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
            mount[group] = mount_options(name, take, fields, scene)
    if fields:
        raise NoRule("mount fields %s" % sorted(fields))
    return mount


def mount_options(group, take, fields, scene):
    def pairs(name):
        found = dict(map(golang.key_value, fields.pop(name, [])))
        if scene.client.major >= 28:
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
