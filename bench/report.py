"""What bench/run measures, kept as JSON lines and printed as Markdown tables. Python 3, standard library only."""

import argparse
import json
import os
import subprocess
import sys

# Requests per second, ours ÷ bare, that we promise.
GOALS = {"by-id": 0.75, "list": 0.85, "not-modified": 0.90, "graph": 0.50}
NAMES = {
    "by-id": "GET by id",
    "list": "list of 20, one join",
    "not-modified": "304 ÷ static JSON",
    "graph": "two-way graph, 380 edges",
}
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def stat(pid):
    """The fields of /proc/PID/stat from `state` on: the name before them may hold anything, even a bracket."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()


def ticks(pid, with_ended_children=False):
    fields = stat(pid)
    return sum(int(field) for field in fields[11 : 15 if with_ended_children else 13])


def cpu_seconds(pid, postmaster):
    """CPU time so far of a server and, where it has one, of its database cluster."""
    total = ticks(pid)
    if postmaster:
        # A child that ends between the two lines is missed or counted twice; the pools keep theirs open.
        total += ticks(postmaster, with_ended_children=True)
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                if int(stat(entry)[1]) == postmaster:
                    total += ticks(entry)
            except (FileNotFoundError, ProcessLookupError):
                pass
    return total / TICKS_PER_SECOND


def append(path, record):
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")


def measure(args):
    before = cpu_seconds(args.pid, args.postmaster)
    done = subprocess.run(args.command, stdout=subprocess.PIPE, timeout=args.timeout, check=True)
    cpu = cpu_seconds(args.pid, args.postmaster) - before
    oha = json.loads(done.stdout)
    answers = oha["statusCodeDistribution"]
    requests = answers.get(str(args.status), 0)
    # What is in flight when the time is up is aborted; anything else must not be taken for a result.
    errors = {what: n for what, n in oha["errorDistribution"].items() if what != "aborted due to deadline"}
    if not requests or len(answers) > 1 or errors:
        sys.exit(f"{args.engine} {args.scenario} {args.side}: not all answers were {args.status}: {answers} {errors}")
    append(args.results, {
        "engine": args.engine,
        "scenario": args.scenario,
        "side": args.side,
        "rps": requests / oha["summary"]["total"],
        "p99": oha["latencyPercentiles"]["p99"],
        "cpu": cpu / requests,
        "bytes": oha["summary"]["totalData"] / requests,
    })


def fact(args):
    goal = None
    if args.at_least is not None:
        goal = [">=", args.at_least]
    elif args.at_most is not None:
        goal = ["<=", args.at_most]
    append(args.results, {"fact": args.name, "value": args.value, "unit": args.unit, "goal": goal})


def best(rounds):
    """The round that other work on the machine disturbed least; the least CPU time may be another's."""
    fastest = max(rounds, key=lambda entry: entry["rps"])
    return fastest | {"cpu": min(entry["cpu"] for entry in rounds)}


def compare(records):
    """One row per engine and scenario, in the order of measurement."""
    groups = {}
    for record in records:
        if record.get("scenario") in GOALS:
            sides = groups.setdefault((record["engine"], record["scenario"]), {"ours": [], "bare": []})
            sides[record["side"]].append(record)
    for (engine, scenario), sides in groups.items():
        if not sides["ours"] or not sides["bare"]:
            sys.exit(f"{engine} {scenario}: only one of the two servers was measured")
        yield engine, scenario, best(sides["ours"]), best(sides["bare"]), len(sides["ours"])


def met(good):
    return "yes" if good else "**no**"


def table(args):
    with open(args.results, encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    print("| engine | what | req/s ours | req/s bare | ratio | goal | met | p99 ms ours | p99 ms bare "
          "| CPU µs ours | CPU µs bare | ratio |")
    print("|---|---|--:|--:|--:|--:|---|--:|--:|--:|--:|--:|")
    notes = []
    rounds = 0
    for engine, scenario, ours, bare, rounds in compare(records):
        ratio = ours["rps"] / bare["rps"]
        cpu_ratio = f"{ours['cpu'] / bare['cpu']:.2f}" if bare["cpu"] else "–"
        print(f"| {engine} | {NAMES[scenario]} | {ours['rps']:.0f} | {bare['rps']:.0f} | {ratio:.2f} "
              f"| ≥ {GOALS[scenario]:.2f} | {met(ratio >= GOALS[scenario])} "
              f"| {ours['p99'] * 1e3:.2f} | {bare['p99'] * 1e3:.2f} "
              f"| {ours['cpu'] * 1e6:.0f} | {bare['cpu'] * 1e6:.0f} | {cpu_ratio} |")
        if scenario != "not-modified" and abs(ours["bytes"] / bare["bytes"] - 1) > 0.05:
            notes.append(f"{engine}, {NAMES[scenario]}: the bodies differ: {ours['bytes']:.0f} bytes ours, "
                         f"{bare['bytes']:.0f} bare.")
    print()
    print(f"The best of {rounds} rounds of each, in turn, with 32 connections, on {os.cpu_count()} cores.")
    print("CPU is that of the server and, on PostgreSQL, of all its database processes, per request: lower is better.")
    for note in notes:
        print(note)
    print()
    print("| what | measured | goal | met |")
    print("|---|--:|--:|---|")
    for record in records:
        if "fact" in record:
            value, goal = record["value"], record["goal"]
            shown = f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
            if goal is None:
                print(f"| {record['fact']} | {shown} {record['unit']} | – | – |")
            else:
                good = value >= goal[1] if goal[0] == ">=" else value <= goal[1]
                sign = "≥" if goal[0] == ">=" else "≤"
                print(f"| {record['fact']} | {shown} {record['unit']} | {sign} {goal[1]:,.0f} | {met(good)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(required=True)

    verb = verbs.add_parser("measure", help="run oha once against one server and keep its figures")
    for name in ("results", "engine", "scenario"):
        verb.add_argument(f"--{name}", required=True)
    verb.add_argument("--side", required=True, choices=("ours", "bare"))
    verb.add_argument("--pid", required=True, type=int)
    verb.add_argument("--postmaster", type=int)
    verb.add_argument("--status", required=True, type=int)
    verb.add_argument("--timeout", required=True, type=float)
    verb.add_argument("command", nargs="+")
    verb.set_defaults(run=measure)

    verb = verbs.add_parser("fact", help="keep one figure")
    for name in ("results", "name", "unit"):
        verb.add_argument(f"--{name}", required=True)
    verb.add_argument("--value", required=True, type=float)
    verb.add_argument("--at-least", type=float)
    verb.add_argument("--at-most", type=float)
    verb.set_defaults(run=fact)

    verb = verbs.add_parser("table", help="print the tables")
    verb.add_argument("--results", required=True)
    verb.set_defaults(run=table)

    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
