"""The API itself, for what the page should show."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen


class Api:
    def __init__(self, base, client, secret):
        self.base = base
        given = {"client_id": client, "client_secret": secret}
        self.token = self.send("POST", "/auth/client-token", given)["access_token"]

    def send(self, method, path, body=None, token=None, headers=None):
        sent = {"Content-Type": "application/json", "Accept-Language": "en", **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        try:
            with urlopen(Request(f"{self.base}/v1{path}", data, sent, method=method), timeout=30) as answer:
                return json.load(answer)
        except HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.code} {refused.read().decode()[:500]}") from refused

    def get(self, path):
        return self.send("GET", path, token=self.token)

    def log_in(self, username):
        given = {"username": username, "password": f"demo-{username.replace('.', '-')}-2024"}
        return self.send("POST", "/auth/login", given)["access_token"]

    def accept_a_leak(self):
        """An owner reports a leak, and the community takes it on: what a screen of the community shows."""
        report = {"area_code": "620902005003-0001-001", "kind": "repair", "category": "pipe_leak", "title": "管道漏水",
                  "body": "二楼与三楼之间的管道漏水。"}
        case = self.send("POST", "/me/cases", report, self.log_in("owner.kangsheng"))["id"]
        self.send("POST", f"/cases/{case}/accept", {}, self.log_in("worker.tongdexiang"), {"If-Match": "*"})
