#!/usr/bin/env python3
"""Opens many streams of the feed, writes meanwhile, and prints what the streams cost and how late events are.

Against a running demo server (see the head of bench/run for what the machine does to absolute figures):

    FEED_STREAMS_PER_CALLER=5000 FEED_STREAMS=5000 RATE_LIMIT_PER_MINUTE=1000000 \\
        CREDENTIALS_LIMIT_PER_MINUTE=1000 red-steward demo --fresh &
    bench/streams.py --pid $! [--streams 1000] [--writes 100] [--seconds 20]

An event's delay is counted from the moment that the write's handler takes its time, so the write itself is in it.
"""
import argparse
import asyncio
import datetime
import json
import time
import urllib.request

WHO = ("worker.tongdexiang", "demo-worker-tongdexiang-2024")


def call(base, method, path, token=None, body=None, headers=()):
    request = urllib.request.Request(base + path, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    for name, value in headers:
        request.add_header(name, value)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def log_in(base):
    username, password = WHO
    return call(base, "POST", "/v1/auth/login", body={"username": username, "password": password})["access_token"]


def rss_mb(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


async def listen(host, port, token, delays, counts, number):
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(
        f"GET /v1/events/stream HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    assert b" 200 " in await reader.readline()
    try:
        while line := await reader.readline():
            if line.startswith(b"data: "):
                counts[number] += 1
                # One stream in twenty is timed: reading the time of all would be what takes the time.
                if number % 20 == 0:
                    at = datetime.datetime.fromisoformat(json.loads(line[6:])["at"])
                    delays.append(time.time() - at.timestamp())
    finally:
        writer.close()


async def write(base, token, compounds, rate, seconds):
    loop, begun, sent = asyncio.get_running_loop(), time.time(), 0
    # In turn, because of two changes of one compound at once the second is refused.
    patch = lambda n: call(base, "PATCH", f"/v1/compounds/{compounds[n % len(compounds)]}", token, {"brand": f"德治{n}"},
                           [("If-Match", "*")])
    while time.time() - begun < seconds:
        await asyncio.gather(*(loop.run_in_executor(None, patch, sent + n) for n in range(max(1, rate // 20))))
        sent += max(1, rate // 20)
        await asyncio.sleep(max(0, begun + sent / rate - time.time()))
    return sent, time.time() - begun


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", default="http://127.0.0.1:8080")
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--writes", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--json", action="store_true", help="print the figures for bench/report.py")
    args = parser.parse_args()
    token = log_in(args.base)
    compounds = [item["id"] for item in call(args.base, "GET", "/v1/compounds?limit=50", token)["items"]]
    host, port = args.base.removeprefix("http://").split(":")
    await write(args.base, token, compounds, args.writes, 3)
    before, delays, counts = rss_mb(args.pid), [], [0] * args.streams
    streams = [asyncio.create_task(listen(host, port, token, delays, counts, n)) for n in range(args.streams)]
    await asyncio.sleep(5)
    idle = rss_mb(args.pid)
    sent, took = await write(args.base, token, compounds, args.writes, args.seconds)
    await asyncio.sleep(2)
    busy = rss_mb(args.pid)
    for stream in streams:
        stream.cancel()
    delays.sort()
    at = lambda share: 1000 * delays[min(len(delays) - 1, int(share * len(delays)))]
    if args.json:
        print(json.dumps({
            "streams": args.streams, "idle_mb": idle - before, "busy_mb": busy - before, "sent": sent,
            "writes_per_second": sent / took, "least": min(counts), "most": max(counts), "p99_ms": at(0.99),
        }))
        return
    print(f"{args.streams} streams: +{idle - before:.1f} MB idle, +{busy - before:.1f} MB busy (RSS {busy:.1f} MB)")
    print(f"{sent / took:.0f} writes/s; told {min(counts)} to {max(counts)} of {sent} events")
    print(f"delay ms: p50 {at(0.5):.0f}, p99 {at(0.99):.0f}, most {at(1):.0f}")


asyncio.run(main())
