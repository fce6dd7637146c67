# SPDX-License-Identifier: ISC
"""docker run and create: ports and networks in the body, from what writ read."""

import golang
from body import clone
from reading import many, one


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


def set_network(reading, body, scene):
    networks = reading.fields("network", "net")
    aliases = reading.texts("network-alias", "net-alias")
    # The plain options belong to the first network.
    plain = {"ip": reading.texts("ip")[-1:], "ip6": reading.texts("ip6")[-1:],
             "link-local-ip": reading.texts("link-local-ip"), "alias": aliases,
             "mac-address": reading.texts("mac-address")[-1:]}
    plain = {name: values for name, values in plain.items()
             if values and (values != [""] or name in ("alias", "link-local-ip"))}
    old = scene.client.major < 28
    if old and "mac-address" in plain:
        body.set("MacAddress", plain.pop("mac-address")[0])
    if not networks:
        if not old:
            body.tree["NetworkingConfig"]["EndpointsConfig"] = {
                "default": endpoint(plain, [], scene)}
        return
    names = [one(fields, "name") for fields in networks]
    body.set("HostConfig.NetworkMode", names[0])
    links = reading.texts("link") if is_user_defined(names[0]) or old else []
    endpoints = {}
    for number, (name, fields) in enumerate(zip(names, networks)):
        if number == 0:
            fields = {**fields, **plain}
        settings = endpoint(fields, links if number == 0 else [], scene)
        if number > 0 or len(names) > 1 or settings != endpoint({}, [], scene):
            endpoints[name] = settings
    body.tree["NetworkingConfig"]["EndpointsConfig"] = endpoints


def is_user_defined(name):
    return name not in ("default", "bridge", "host", "none") and not name.startswith("container:")


def endpoint(fields, links, scene):
    settings = clone(scene.empty_endpoint)
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
