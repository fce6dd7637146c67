# SPDX-License-Identifier: ISC
"""A recording stand-in for the docker engine's HTTP API, on a unix socket.

It answers every request plausibly enough for a client to get to the end of its command, does
nothing, and keeps what was asked: method, path, query, body. One object serves one run of a client:

    with StandIn(path) as engine:
        subprocess.run([client, …], env={"DOCKER_HOST": "unix://" + path, …})
    engine.requests      # complete, in the order of arrival
"""

import base64
import http.server
import io
import json
import os
import re
import socket
import socketserver
import tarfile
import threading
import urllib.parse

API_VERSION = "1.51"
CONTAINER_ID = "c0" * 32
EXEC_ID = "e0" * 32
IMAGE_ID = "sha256:" + "1a" * 32
NETWORK_ID = "0b" * 32


class Request:
    """What one request said. Path and query are decoded; the path has no API version."""

    def __init__(self, method, target, headers, body):
        self.method = method
        self.target = target
        path, _, query = target.partition("?")
        self.path = re.sub(r"^/v\d+\.\d+", "", decode(path))
        self.query = [(decode_plus(k), decode_plus(v)) for k, v in split_query(query)]
        self.headers = headers
        self.body = body

    @property
    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def describe(self):
        shown = "%s %s" % (self.method, self.target)
        if self.body:
            shown += " " + self.body[:4000].decode("utf-8", "replace")
        return shown


def decode(text):
    return urllib.parse.unquote_to_bytes(text).decode("utf-8", "surrogateescape")


def decode_plus(text):
    return decode(text.replace("+", "%20"))


def split_query(query):
    return [tuple(part.partition("=")[::2]) for part in query.split("&") if part]


def container(name):
    """What `GET /containers/NAME/json` says."""
    return {
        "Id": CONTAINER_ID, "Name": "/standin", "Image": IMAGE_ID,
        "Created": "2026-01-02T03:04:05Z", "Path": "sh", "Args": [], "RestartCount": 0,
        "Driver": "overlay2", "Platform": "linux",
        "State": {"Status": "running", "Running": True, "Paused": False, "Restarting": False,
                  "OOMKilled": False, "Dead": False, "Pid": 1, "ExitCode": 0, "Error": "",
                  "StartedAt": "2026-01-02T03:04:05Z", "FinishedAt": "0001-01-01T00:00:00Z"},
        "Config": {"Hostname": "standin", "Tty": False, "OpenStdin": False, "Image": "standin",
                   "Env": [], "Cmd": ["sh"], "Labels": {}},
        "HostConfig": {"LogConfig": {"Type": "json-file", "Config": {}}, "AutoRemove": False},
        "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]},
                            "Networks": {}},
        "Mounts": [],
    }


def image():
    return {"Id": IMAGE_ID, "RepoTags": ["standin:latest"], "RepoDigests": [], "Parent": "",
            "Created": "2026-01-02T03:04:05Z", "Architecture": "amd64", "Os": "linux", "Size": 1,
            "VirtualSize": 1, "Config": {"Labels": {}, "Env": [], "Cmd": ["sh"]},
            "RootFS": {"Type": "layers", "Layers": []}, "GraphDriver": {"Name": "overlay2"}}


def info():
    return {"ID": "standin", "Containers": 1, "ContainersRunning": 1, "ContainersPaused": 0,
            "ContainersStopped": 0, "Images": 1, "Driver": "overlay2", "OSType": "linux",
            "Architecture": "x86_64", "NCPU": 2, "MemTotal": 4 << 30, "Name": "standin",
            "ServerVersion": "28.2.2", "OperatingSystem": "standin", "KernelVersion": "6.1",
            "Swarm": {"LocalNodeState": "active", "ControlAvailable": True, "NodeID": "n1",
                      "Cluster": {"ID": "k1"}},
            "IndexServerAddress": "https://index.docker.io/v1/",
            "RegistryConfig": {"IndexConfigs": {}, "InsecureRegistryCIDRs": [], "Mirrors": []},
            "Plugins": {"Volume": ["local"], "Network": ["bridge"], "Log": ["json-file"]}}


def version():
    return {"Version": "28.2.2", "ApiVersion": API_VERSION, "MinAPIVersion": "1.24", "Os": "linux",
            "Arch": "amd64", "GitCommit": "0", "GoVersion": "go1", "KernelVersion": "6.1",
            "Platform": {"Name": "standin"}, "Components": []}


def empty_tar():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        member = tarfile.TarInfo("standin")
        tar.addfile(member, io.BytesIO(b""))
    return out.getvalue()


def path_stat():
    stat = {"name": "standin", "size": 0, "mode": 0o644, "mtime": "2026-01-02T03:04:05Z",
            "linkTarget": ""}
    return base64.b64encode(json.dumps(stat).encode()).decode()


STATS = {"read": "2026-01-02T03:04:05Z", "preread": "2026-01-02T03:04:04Z", "name": "/standin",
         "id": CONTAINER_ID, "cpu_stats": {"cpu_usage": {"total_usage": 1}, "system_cpu_usage": 2},
         "precpu_stats": {"cpu_usage": {"total_usage": 0}, "system_cpu_usage": 1},
         "memory_stats": {"usage": 1, "limit": 2}, "pids_stats": {"current": 1}}

# (method, path pattern) -> (status, body): a value, or a function of the match. First match wins.
ANSWERS = [
    ("POST", r"/containers/create", 201, {"Id": CONTAINER_ID, "Warnings": []}),
    ("POST", r"/containers/prune", 200, {"ContainersDeleted": [], "SpaceReclaimed": 0}),
    ("GET", r"/containers/json", 200, []),
    ("POST", r"/containers/(.+)/wait", 200, {"StatusCode": 0}),
    ("POST", r"/containers/(.+)/exec", 201, {"Id": EXEC_ID}),
    ("POST", r"/containers/(.+)/update", 200, {"Warnings": []}),
    ("GET", r"/containers/(.+)/top", 200, {"Titles": ["PID", "CMD"], "Processes": [["1", "sh"]]}),
    ("GET", r"/containers/(.+)/stats", 200, STATS),
    ("GET", r"/containers/(.+)/changes", 200, [{"Path": "/x", "Kind": 1}]),
    ("GET", r"/containers/(.+)/logs", 200, b""),
    ("GET", r"/containers/(.+)/export", 200, empty_tar),
    ("GET", r"/containers/(.+)/archive", 200, empty_tar),
    ("PUT", r"/containers/(.+)/archive", 200, b""),
    ("GET", r"/containers/(.+)/json", 200, lambda match: container(match.group(1))),
    ("POST", r"/containers/(.+)/(start|stop|restart|kill|pause|unpause|rename|resize)", 204, b""),
    ("DELETE", r"/containers/(.+)", 204, b""),
    ("GET", r"/exec/(.+)/json", 200, {"ID": EXEC_ID, "Running": False, "ExitCode": 0,
                                      "ContainerID": CONTAINER_ID}),
    ("POST", r"/exec/(.+)/(start|resize)", 200, b""),
    ("POST", r"/commit", 201, {"Id": IMAGE_ID}),
    ("POST", r"/images/create", 200, {"status": "done"}),
    ("POST", r"/images/prune", 200, {"ImagesDeleted": [], "SpaceReclaimed": 0}),
    ("POST", r"/images/load", 200, {"stream": "done"}),
    ("POST", r"/images/(.+)/tag", 201, b""),
    ("POST", r"/images/(.+)/push", 200, {"status": "done"}),
    ("GET", r"/images/json", 200, []),
    ("GET", r"/images/search", 200, []),
    ("GET", r"/images/get", 200, empty_tar),
    ("GET", r"/images/(.+)/get", 200, empty_tar),
    ("GET", r"/images/(.+)/history", 200, []),
    ("GET", r"/images/(.+)/json", 200, lambda match: image()),
    ("DELETE", r"/images/(.+)", 200, [{"Untagged": "standin:latest"}]),
    ("POST", r"/build/prune", 200, {"CachesDeleted": [], "SpaceReclaimed": 0}),
    ("POST", r"/build", 200, {"stream": "done"}),
    ("POST", r"/networks/create", 201, {"Id": NETWORK_ID}),
    ("POST", r"/networks/prune", 200, {"NetworksDeleted": []}),
    ("POST", r"/networks/(.+)/(connect|disconnect)", 200, b""),
    ("GET", r"/networks", 200, []),
    ("GET", r"/networks/(.+)", 200, {"Id": NETWORK_ID, "Name": "standin", "Scope": "local",
                                     "Driver": "bridge"}),
    ("DELETE", r"/networks/(.+)", 204, b""),
    ("POST", r"/volumes/create", 201, {"Name": "standin", "Driver": "local", "Mountpoint": "/x"}),
    ("POST", r"/volumes/prune", 200, {"VolumesDeleted": [], "SpaceReclaimed": 0}),
    ("GET", r"/volumes", 200, {"Volumes": [], "Warnings": []}),
    ("GET", r"/volumes/(.+)", 200, {"Name": "standin", "Driver": "local", "Mountpoint": "/x"}),
    ("DELETE", r"/volumes/(.+)", 204, b""),
    ("PUT", r"/volumes/(.+)", 200, b""),
    ("GET", r"/info", 200, lambda match: info()),
    ("GET", r"/version", 200, lambda match: version()),
    ("GET", r"/system/df", 200, {"LayersSize": 0, "Images": [], "Containers": [], "Volumes": [],
                                 "BuildCache": []}),
    ("GET", r"/events", 200, b""),
    ("POST", r"/auth", 200, {"Status": "Login Succeeded"}),
    ("GET", r"/plugins", 200, []),
    ("GET", r"/plugins/(.+)/json", 200, {"Id": "p1", "Name": "standin", "Enabled": False,
                                         "Settings": {}, "Config": {}}),
    ("GET", r"/plugins/privileges", 200, []),
    ("DELETE", r"/plugins/(.+)", 200, {}),
    ("POST", r"/plugins/(.+)", 204, b""),
    ("GET", r"/distribution/(.+)/json", 200, {"Descriptor": {}, "Platforms": []}),
    ("GET", r"/swarm", 200, {"ID": "k1", "Version": {"Index": 1}, "JoinTokens": {}, "Spec": {}}),
    ("GET", r"/(services|nodes|tasks|configs|secrets)", 200, []),
    ("POST", r"/session", 400, {"message": "no session here"}),
]
ANSWERS = [(method, re.compile(pattern + r"\Z", re.S), status, body)
           for method, pattern, status, body in ANSWERS]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Docker/28.2.2 (linux)"
    sys_version = ""
    wbufsize = -1

    def log_message(self, *args):
        pass

    def address_string(self):
        return "unix"

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            out = b""
            while True:
                size = int(self.rfile.readline().split(b";")[0] or b"0", 16)
                out += self.rfile.read(size)
                self.rfile.readline()
                if size == 0:
                    return out
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def handle_any(self):
        body = self.read_body()
        request = Request(self.command, self.path, dict(self.headers.items()), body)
        self.server.record(request)
        if self.headers.get("Upgrade"):
            self.hijack()
            return
        status, answer = find_answer(request)
        self.send_response(status)
        self.send_header("Api-Version", API_VERSION)
        self.send_header("Docker-Experimental", "true")
        self.send_header("Ostype", "linux")
        self.send_header("Builder-Version", "1")
        if request.path.endswith("/archive"):
            self.send_header("X-Docker-Container-Path-Stat", path_stat())
        raw = isinstance(answer, bytes)
        self.send_header("Content-Type", "text/plain" if raw else "application/json")
        if not raw:
            answer = (json.dumps(answer) + "\n").encode()
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_any

    def hijack(self):
        """The client wants a raw stream: it gets one, which is at its end."""
        self.wfile.write(b"HTTP/1.1 101 UPGRADED\r\n"
                         b"Content-Type: application/vnd.docker.raw-stream\r\n"
                         b"Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_WR)
        try:
            while self.connection.recv(65536):
                pass
        except OSError:
            pass


def find_answer(request):
    if request.path == "/_ping":
        return 200, b"OK"
    for method, pattern, status, answer in ANSWERS:
        if method != request.method and not (method == "GET" and request.method == "HEAD"):
            continue
        match = pattern.match(request.path)
        if match:
            if callable(answer):
                answer = answer() if answer is empty_tar else answer(match)
            return status, answer
    return 404, {"message": "the stand-in has no answer to this"}


class StandIn(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, path):
        self.path = path
        self.lock = threading.Lock()
        self.requests = []
        super().__init__(path, Handler)
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,))

    def record(self, request):
        with self.lock:
            self.requests.append(request)

    def handle_error(self, request, client_address):
        """A client that ended in the middle of an answer is no error of ours."""

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exc):
        # The client has ended: every connection is at its end too, and the handlers return.
        self.shutdown()
        self.thread.join()
        self.server_close()
        try:
            os.unlink(self.path)
        except FileNotFoundError:
            pass
