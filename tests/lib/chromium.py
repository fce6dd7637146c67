# SPDX-License-Identifier: ISC
"""A page in a real browser: headless Chromium, driven by its DevTools protocol over a pipe.

    with Browser() as browser:
        page = browser.open("/tmp/page.html")
        page.eval("document.title")
        page.violations, page.requests, page.dialogs, page.errors

Nothing waits for a time: the protocol answers when something has happened, or Chromium has died.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile

# A browser that has not answered by then hangs, and the test says so.
DEADLINE = 280

FLAGS = ("--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run",
         "--no-default-browser-check", "--disable-extensions", "--disable-component-update",
         "--disable-background-networking", "--disable-sync", "--disable-default-apps",
         "--disable-dev-shm-usage", "--mute-audio", "--hide-scrollbars",
         "--password-store=basic", "--use-mock-keychain", "--disable-features=DialMediaRouteProvider")


class Browser:
    """One Chromium with a profile of its own, which goes with it."""

    def __init__(self, *flags):
        self.profile = tempfile.mkdtemp(prefix="writ-chromium-")
        command = ["chromium", *FLAGS, *flags, "--user-data-dir=" + self.profile]
        if os.geteuid() == 0:
            command.append("--no-sandbox")
        to_read, self.to_write = os.pipe()
        self.to_read, to_write = os.pipe()
        environment = {name: value for name, value in os.environ.items()
                       if name in ("PATH", "LANG", "LC_ALL", "TMPDIR")}
        environment["HOME"] = self.profile
        # The browser reads commands from descriptor 3 and writes to 4.
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", 'exec 3<&%d 4>&%d; exec "$@"' % (to_read, to_write), "sh",
             "timeout", "--signal=KILL", str(DEADLINE), *command],
            pass_fds=(to_read, to_write), env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.buffer = b""
        self.number = 0
        self.pages = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            try:
                self.call("Browser.close")
            except (OSError, RuntimeError):
                pass
        self.process.wait()
        os.close(self.to_read)
        os.close(self.to_write)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _message(self):
        while b"\0" not in self.buffer:
            more = os.read(self.to_read, 1 << 20)
            if not more:
                raise RuntimeError("chromium ended or did not answer")
            self.buffer += more
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, session=None, **params):
        """One command; its result. Events that arrive meanwhile go to their pages."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.to_write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]))
                return answer["result"]
            self._event(answer)

    def _event(self, event):
        page = self.pages.get(event.get("sessionId"))
        if page and "method" in event:
            page.event(event["method"], event["params"])

    def wait(self, page, done):
        while not done(page):
            self._event(self._message())

    def open(self, path, width=1300, height=1000, dark=False):
        return Page(self, path, width, height, dark)


class Page:
    """A page that was loaded. What it did, or tried to do, is kept in the four lists."""

    def __init__(self, browser, path, width, height, dark):
        self.browser = browser
        self.violations, self.requests, self.dialogs, self.errors = [], [], [], []
        self.loaded = False
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target,
                                    flatten=True)["sessionId"]
        browser.pages[self.session] = self
        for domain in ("Page", "Runtime", "Network", "Log", "Audits"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.url = "file://" + os.path.abspath(path)
        self.call("Page.navigate", url=self.url)
        browser.wait(self, lambda page: page.loaded)

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def event(self, method, params):
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if url != self.url:
                self.requests.append(url[:200])
        elif method == "Page.javascriptDialogOpening":
            self.dialogs.append(params["message"])
            # Answered without waiting: the answer's answer is skipped like an event.
            self.browser.number += 1
            os.write(self.browser.to_write, json.dumps(
                {"id": self.browser.number, "sessionId": self.session,
                 "method": "Page.handleJavaScriptDialog",
                 "params": {"accept": False}}).encode() + b"\0")
        elif method == "Audits.issueAdded":
            if params["issue"]["code"] == "ContentSecurityPolicyIssue":
                self.violations.append(json.dumps(params["issue"]["details"])[:500])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(params["exceptionDetails"])[:1000])
        elif method == "Log.entryAdded":
            if params["entry"]["level"] in ("error", "warning"):
                text = params["entry"]["text"]
                (self.violations if re.search("Content Security|Trusted", text) else
                 self.errors).append(text[:500])

    def eval(self, expression):
        """The value of a JavaScript expression (of its promise), by JSON."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True, userGesture=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:1000])
        return result["result"].get("value")

    def key(self, key, code=None, number=0, text=None):
        """A key pressed and released where the focus is."""
        common = {"key": key, "code": code or key, "windowsVirtualKeyCode": number}
        down = dict(common, text=text) if text else common
        self.call("Input.dispatchKeyEvent", type="keyDown", **down)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def screenshot(self, path, whole=False):
        data = self.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as f:
            f.write(base64.b64decode(data))

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF")["data"])
