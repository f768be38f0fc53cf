"""A headless Chromium, driven through the DevTools protocol."""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from urllib.request import urlopen

import websocket

KEYS = {"Tab": 9, "Enter": 13, " ": 32}


class Browser:
    """One Chromium with a profile that is thrown away."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="red-steward-screen-")
        program = os.environ.get("CHROMIUM") or shutil.which("chromium")
        if not program:
            raise SystemExit("no chromium: tests/screen/run --install")
        self.log = open(os.path.join(self.profile, "log"), "w+b")
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                   "--disable-background-networking", "--disable-component-update", "--no-first-run", "--mute-audio",
                   "--remote-debugging-port=0", "--force-color-profile=srgb", f"--user-data-dir={self.profile}"]
        self.process = subprocess.Popen([program, *options, "about:blank"], stdout=self.log, stderr=self.log,
                                        start_new_session=True)
        self.port = self._port()

    def _port(self):
        written = os.path.join(self.profile, "DevToolsActivePort")
        for _ in range(300):
            if self.process.poll() is not None:
                break
            if os.path.exists(written):
                text = open(written, encoding="ascii").read().split()
                if text:
                    return int(text[0])
            time.sleep(0.1)
        self.log.seek(0)
        raise SystemExit("chromium did not start:\n" + self.log.read().decode(errors="replace")[-3000:])

    def page(self):
        with urlopen(f"http://127.0.0.1:{self.port}/json/list", timeout=20) as answer:
            target = next(entry for entry in json.load(answer) if entry["type"] == "page")
        return Page(target["webSocketDebuggerUrl"])

    def close(self):
        # Its own process group, which it was started with.
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)


class Page:
    """A tab. Remembers what it complained of and what it asked for."""

    def __init__(self, address):
        self.socket = websocket.create_connection(address, timeout=60, suppress_origin=True)
        self.last = 0
        self.complaints = []
        self.requests = []
        self.statuses = []
        self.refusals = 0
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        asked = self._send(method, parameters)
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == asked:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self._hear(message)

    def _send(self, method, parameters):
        self.last += 1
        self.socket.send(json.dumps({"id": self.last, "method": method, "params": parameters}))
        return self.last

    def _hear(self, message):
        kind, what = message.get("method"), message.get("params", {})
        if kind == "Runtime.exceptionThrown":
            details = what["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif kind == "Runtime.consoleAPICalled" and what["type"] in ("error", "warning", "assert"):
            self.complaints.append(" ".join(str(arg.get("value", arg.get("description"))) for arg in what["args"]))
        elif kind == "Log.entryAdded" and what["entry"]["level"] in ("error", "warning"):
            entry = what["entry"]
            self.complaints.append(f"{entry['text']} {entry.get('url', '')}")
        elif kind == "Network.requestWillBeSent":
            self.requests.append((what["request"]["method"], what["request"]["url"]))
        elif kind == "Fetch.requestPaused":
            # Its own answers are not waited for: this is heard while another one is.
            self.refusals -= 1
            if self.refusals >= 0:
                self._send("Fetch.fulfillRequest", {"requestId": what["requestId"], "responseCode": 401})
            else:
                self._send("Fetch.continueRequest", {"requestId": what["requestId"]})
        elif kind == "Network.responseReceived":
            self.statuses.append((what["response"]["url"], what["response"]["status"]))

    def overviews(self):
        """The statuses of what was polled."""
        return [status for address, status in self.statuses if address.endswith("/overview")]

    def refuse(self, pattern, times):
        """The server's next answers to what matches are 401."""
        self.refusals = times
        self.call("Fetch.enable", patterns=[{"urlPattern": pattern}])

    def size(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def prefer(self, **features):
        listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", features=listed)

    def open(self, address):
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'", "the page is loaded")

    def run(self, script):
        """What an expression comes to; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def wait(self, condition, what, seconds=30):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if self.run(f"Boolean({condition})"):
                    return
            except RuntimeError as error:
                # A page that is just being left has no context to ask.
                if "context" not in str(error) and "null" not in str(error):
                    raise
            time.sleep(0.1)
        raise AssertionError(f"waited {seconds} s in vain until {what}")

    def press(self, key, shift=False):
        modifiers = 8 if shift else 0
        text = {"Enter": "\r", " ": " "}.get(key, "")
        common = dict(key=key, code="Space" if key == " " else key, windowsVirtualKeyCode=KEYS[key], modifiers=modifiers)
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def picture(self, path, whole=False):
        shot = {"format": "png"}
        if whole:
            box = self.call("Page.getLayoutMetrics")["cssContentSize"]
            shot.update(captureBeyondViewport=True, clip={"x": 0, "y": 0, "width": box["width"],
                                                          "height": box["height"], "scale": 1})
        data = self.call("Page.captureScreenshot", **shot)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))


def number(text):
    """The whole number that a text shows, however its thousands are set apart."""
    digits = re.sub(r"[^0-9-]", "", text)
    if not digits:
        raise AssertionError(f"no number in {text!r}")
    return int(digits)
