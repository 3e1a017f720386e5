"""Drives a headless Chromium through its DevTools protocol, over two pipes: no port, no library.

See https://chromedevtools.github.io/devtools-protocol/. Messages are JSON, each ended by a NUL byte.
"""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


class Browser:
    """One Chromium with one tab. Use it in a `with` statement: it ends the program and removes its profile."""

    def __init__(self, program="chromium"):
        self.profile = tempfile.mkdtemp(prefix="tidings-chromium-")
        to_read, self.output = os.pipe()
        self.input, to_write = os.pipe()

        def place():
            # Chromium reads from descriptor 3 and writes to 4. Through copies, because 3 or 4 may be one of the pipes' own.
            read, write = os.dup(to_read), os.dup(to_write)
            while read in (3, 4):
                read = os.dup(read)
            while write in (3, 4):
                write = os.dup(write)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            [
                program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-extensions", "--disable-sync",
                "--hide-scrollbars", "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "about:blank",
            ],
            preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.waiting = b""
        self.number = 0
        self.events = []
        self.session = None

    def __enter__(self):
        tab = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=tab["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            self.call(domain + ".enable")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, **parameters):
        """The result of a command; what is announced meanwhile goes to `events`."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read(30)
            if answer is None:
                raise TimeoutError(f"Chromium does not answer to {method}")
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def read(self, seconds):
        """The next message; None if none comes in time."""
        end = time.monotonic() + seconds
        while b"\0" not in self.waiting:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.input], [], [], left)[0]:
                return None
            piece = os.read(self.input, 1 << 20)
            if not piece:
                raise RuntimeError("Chromium has ended")
            self.waiting += piece
        message, self.waiting = self.waiting.split(b"\0", 1)
        return json.loads(message)

    def wait(self, method, seconds=30):
        """Waits for an event that has not been taken yet."""
        end = time.monotonic() + seconds
        while True:
            for index, event in enumerate(self.events):
                if event.get("method") == method:
                    return self.events.pop(index)
            message = self.read(max(0, end - time.monotonic()))
            if message is None:
                raise TimeoutError(f"waited for {method}")
            self.events.append(message)

    def go(self, url):
        """Loads a page to its end."""
        self.events = []
        self.call("Page.navigate", url=url)
        self.wait("Page.loadEventFired")

    def value(self, expression):
        """What a JavaScript expression is, or what its promise becomes."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def complaints(self):
        """What the browser had to say against the page since it was loaded: errors, and violations of its policy."""
        self.value("0")
        texts = []
        for event in self.events:
            method, parameters = event.get("method"), event.get("params", {})
            if method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                texts.append(parameters["entry"]["text"])
            elif method == "Runtime.exceptionThrown":
                texts.append(json.dumps(parameters["exceptionDetails"]))
            elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"):
                texts.append(json.dumps(parameters["args"]))
            elif method == "Audits.issueAdded" and parameters["issue"]["code"] == "ContentSecurityPolicyIssue":
                texts.append(json.dumps(parameters["issue"]["details"]))
        return texts

    def size(self, width, height=800):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def overflow(self):
        """By how many pixels the page is wider than the window, with what sticks out."""
        return self.value("""(() => {
            const width = document.documentElement.clientWidth;
            const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1
                && getComputedStyle(e).position !== "absolute").map((e) => e.tagName + "." + e.className).slice(0, 5);
            return [Math.max(0, document.documentElement.scrollWidth - width), wide];
        })()""")

    def picture(self, path, limit=2600):
        """A picture of the whole page, as far as `limit` pixels."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], limit), "scale": 1}
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
