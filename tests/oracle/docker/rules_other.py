# SPDX-License-Identifier: ISC
"""The rules of the commands on images, networks, volumes, and the engine itself."""

import json
import re

import golang
import images
from body import clone
from create import platform
from expected import Expected
from reading import NoRule
from rules import filters, moments, rule, several, switches


@rule("container prune", "volume prune", "network prune")
def prune(reading, scene):
    reading.ignore("force")
    extra = [("all", "true")] if reading.flag("all") else []
    query = filters(reading.texts("filter"), extra)
    return [Expected("POST", "/%ss/prune" % reading.command.split()[1], query)], []


@rule("image prune")
def prune_images(reading, scene):
    reading.ignore("force")
    extra = [("dangling", "false" if reading.flag("all") else "true")]
    return [Expected("POST", "/images/prune", filters(reading.texts("filter"), extra))], []


@rule("system prune")
def prune_all(reading, scene):
    reading.ignore("force")
    texts, everything = reading.texts("filter"), reading.flag("all")
    extra = [("dangling", "false" if everything else "true")]
    required = [Expected("POST", "/containers/prune", filters(texts)),
                Expected("POST", "/networks/prune", filters(texts)),
                Expected("POST", "/images/prune", filters(texts, extra)),
                Expected("POST", "/build/prune", build_prune_query(texts, everything))]
    if reading.flag("volumes"):
        required.append(Expected("POST", "/volumes/prune", filters(texts)))
    return required, []


def build_prune_query(texts, everything):
    return {"keep-storage": lambda sent: sent in ([], ["0"]), **filters(texts),
            **({"all": ["1"]} if everything else {})}


@rule("builder prune")
def prune_builds(reading, scene):
    reading.ignore("force")
    if reading.given("keep-storage"):
        raise NoRule("--keep-storage")
    query = build_prune_query(reading.texts("filter"), reading.flag("all"))
    return [Expected("POST", "/build/prune", query)], []


@rule("image ls")
def list_images(reading, scene):
    reading.ignore("quiet", "no-trunc", "digests", "format")
    reference = [("reference", word) for word in reading.words() if word]
    query = {**switches(reading, all="all", manifests="tree"),
             **filters(reading.texts("filter"), reference)}
    return [Expected("GET", "/images/json", query)], []


@rule("image pull")
def pull(reading, scene):
    reading.ignore("quiet", "disable-content-trust")
    reference = images.split(reading.words()[0])
    query = {"fromImage": [reference.name(scene.client)]}
    if not reading.flag("all-tags"):
        query["tag"] = [reference.version]
    if reading.text("platform"):
        query["platform"] = [reading.text("platform")]
    return [Expected("POST", "/images/create", query)], []


@rule("image push")
def push(reading, scene):
    reading.ignore("quiet", "disable-content-trust")
    reference = images.split(reading.words()[0])
    query = {} if reading.flag("all-tags") else {"tag": [reference.version]}
    if reading.text("platform"):
        query["platform"] = [sorted_platform(reading.text("platform"))]
    return [Expected("POST", "/images/%s/push" % reference.name(scene.client), query)], []


@rule("image tag")
def tag(reading, scene):
    source, target = reading.words()
    reference = images.split(target)
    query = {"repo": [reference.name(scene.client)], "tag": [reference.version]}
    return [Expected("POST", "/images/%s/tag" % source, query)], []


@rule("image rm")
def remove_images(reading, scene):
    query = switches(reading, force="force", noprune="no-prune")
    if reading.given("platform"):
        query["platforms"] = list(dict.fromkeys(map(sorted_platform, several(reading, "platform"))))
    return [Expected("DELETE", "/images/" + name, query) for name in reading.words()], []


def sorted_platform(text):
    system, architecture, *variant = platform(text).split("/")
    known = {"architecture": architecture, "os": system}
    if variant:
        known["variant"] = variant[0]
    return json.dumps(known, separators=(",", ":"))


@rule("image history", "image inspect")
def look_at_images(reading, scene):
    reading.ignore("format", "human", "no-trunc", "quiet")
    what = "/history" if reading.command.endswith("history") else "/json"
    query = {}
    if reading.text("platform"):
        query["platform"] = [sorted_platform(reading.text("platform"))]
    return [Expected("GET", "/images/" + name + what, query) for name in reading.words()], []


@rule("image save")
def save(reading, scene):
    reading.ignore("output")
    query = {"names": reading.words()}
    if reading.text("platform"):
        query["platform"] = [sorted_platform(reading.text("platform"))]
    return [Expected("GET", "/images/get", query)], []


@rule("image load")
def load(reading, scene):
    reading.ignore("input", "quiet")
    return [Expected("POST", "/images/load")], []


@rule("image import")
def import_image(reading, scene):
    source, *target = reading.words()
    query = {"fromSrc": [source if re.match(r"https?://", source) else "-"],
             "repo": target, "tag": [], "message": [reading.text("message")],
             "changes": reading.texts("change")}
    if reading.text("platform"):
        query["platform"] = [reading.text("platform").lower()]
    return [Expected("POST", "/images/create", query)], []


@rule("network ls", "volume ls")
def list_plain(reading, scene):
    reading.ignore("quiet", "format", "no-trunc", "cluster")
    where = "/%ss" % reading.command.split()[1]
    return [Expected("GET", where, filters(reading.texts("filter")))], []


@rule("network inspect")
def inspect_networks(reading, scene):
    reading.ignore("format")
    query = {"verbose": ["true"]} if reading.flag("verbose") else {}
    if reading.text("scope"):
        query["scope"] = [reading.text("scope")]
    return [Expected("GET", "/networks/" + name, query) for name in reading.words()], []


@rule("network rm")
def remove_networks(reading, scene):
    reading.ignore("force")
    names = reading.words()
    return ([Expected("DELETE", "/networks/" + name, {}) for name in names],
            [Expected("GET", "/networks/" + name) for name in names])


@rule("network connect")
def connect(reading, scene):
    network, name = reading.words()
    body = clone(scene.connect_baseline)
    body["Container"] = name
    endpoint = body["EndpointConfig"]
    addresses = {"IPv4Address": reading.text("ip"), "IPv6Address": reading.text("ip6"),
                 "LinkLocalIPs": several(reading, "link-local-ip")}
    endpoint["IPAMConfig"] = {key: value for key, value in addresses.items() if value}
    endpoint["Aliases"] = several(reading, "alias")
    endpoint["Links"] = reading.texts("link") or None
    pairs = map(golang.key_value, several(reading, "driver-opt"))
    options = {name.strip(): value.strip() for name, value in pairs}
    if options or scene.client.major >= 23:
        endpoint["DriverOpts"] = options
    if reading.given("gw-priority"):
        endpoint["GwPriority"] = reading.integer("gw-priority")
    return [Expected("POST", "/networks/%s/connect" % network, {}, body)], []


@rule("network disconnect")
def disconnect(reading, scene):
    network, name = reading.words()
    body = {"Container": name, "Force": reading.flag("force")}
    return [Expected("POST", "/networks/%s/disconnect" % network, {}, body)], []


@rule("network create")
def create_network(reading, scene):
    body = clone(scene.network_baseline)
    body["Name"], = reading.words()
    body["Driver"] = reading.text("driver", default="bridge")
    for name, key in (("internal", "Internal"), ("attachable", "Attachable"),
                      ("ingress", "Ingress"), ("config-only", "ConfigOnly"),
                      ("ipv6", "EnableIPv6"), ("ipv4", "EnableIPv4")):
        if reading.given(name):
            body[key] = reading.flag(name)
    if reading.text("scope"):
        body["Scope"] = reading.text("scope")
    if reading.text("config-from"):
        body["ConfigFrom"] = {"Network": reading.text("config-from")}
    body["Options"] = dict(map(golang.key_value, reading.texts("opt")))
    body["Labels"] = dict(map(golang.key_value, reading.texts("label")))
    body["IPAM"]["Driver"] = reading.text("ipam-driver", default="default")
    body["IPAM"]["Options"] = dict(map(golang.key_value, reading.texts("ipam-opt")))
    pools = [{"Subnet": text} for text in several(reading, "subnet")]
    for name, key in (("gateway", "Gateway"), ("ip-range", "IPRange")):
        for text in several(reading, name):
            if len(pools) != 1:
                raise NoRule("several subnets with --" + name)
            pools[0][key] = text
    if reading.given("aux-address"):
        raise NoRule("--aux-address")
    body["IPAM"]["Config"] = pools
    return [Expected("POST", "/networks/create", {}, body)], []


@rule("volume create")
def create_volume(reading, scene):
    names = [name for name in [reading.text("name")] + reading.words() if name]
    given = {"Name": names[0] if names else "",
             "DriverOpts": dict(map(golang.key_value, reading.texts("opt"))),
             "Labels": dict(map(golang.key_value, reading.texts("label")))}
    body = {**scene.volume_baseline, **{key: value for key, value in given.items() if value}}
    if reading.given("driver"):
        body["Driver"] = reading.text("driver")
        if not body["Driver"] and "Name" not in scene.volume_baseline:
            del body["Driver"]  # this client leaves out what is empty
    return [Expected("POST", "/volumes/create", {}, body)], []


@rule("volume rm")
def remove_volumes(reading, scene):
    query = switches(reading, force="force")
    return [Expected("DELETE", "/volumes/" + name, query) for name in reading.words()], []


@rule("volume inspect")
def inspect_volumes(reading, scene):
    reading.ignore("format")
    return [Expected("GET", "/volumes/" + name, {}) for name in reading.words()], []


@rule("system df", "system info", "version")
def whole_system(reading, scene):
    reading.ignore("format", "verbose", "kubeconfig")
    where = {"df": "/system/df", "info": "/info", "version": "/version"}
    return [Expected("GET", where[reading.command.split()[-1]], {})], []


@rule("system events")
def events(reading, scene):
    reading.ignore("format")
    query = {**moments(reading, scene), **filters(reading.texts("filter"))}
    return [Expected("GET", "/events", query)], []


@rule("search")
def search(reading, scene):
    reading.ignore("format", "no-trunc")
    query = {"term": reading.words(), **filters(reading.texts("filter"))}
    limit = reading.integer("limit", default=25 if scene.client.major < 23 else 0)
    if limit or scene.client.major < 23:
        query["limit"] = [str(limit)]
    return [Expected("GET", "/images/search", query)], []


@rule("login")
def login(reading, scene):
    server = reading.words()
    body = {"username": reading.text("username"), "password": reading.text("password"),
            "serveraddress": server[0] if server else "https://index.docker.io/v1/"}
    return [Expected("POST", "/auth", {}, body)], []
