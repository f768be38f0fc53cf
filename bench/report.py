"""What bench/run measures, kept as JSON lines and printed as Markdown tables. Python 3, standard library only."""

import argparse
import json
import os
import subprocess
import sys
import time

# Requests per second, ours ÷ bare, that we promise.
GOALS = {
    "by-id": 0.75,
    "list": 0.85,
    "not-modified": 0.90,
    "graph": 0.50,
    "meeting-list": 0.85,
    "minutes-publish": 0.50,
    "case-by-id": 0.75,
    "case-list": 0.85,
    "case-desk": 0.85,
    "overview": 10.0,
    "overview-not-modified": 0.90,
    "case-create": 0.60,
    "mixed": None,
    "mixed-paced": None,
    "ranking": 0.80,
    "ranking-not-modified": 0.90,
    "survey-answer": 0.60,
}
NAMES = {
    "by-id": "GET by id",
    "list": "list of 20, one join",
    "not-modified": "304 ÷ static JSON",
    "graph": "two-way graph, 380 edges",
    "meeting-list": "a year's meetings of a community, one join",
    "minutes-publish": "publish minutes of 200 KB ÷ one bare insert",
    "case-by-id": "GET a case by id, one join",
    "case-list": "20 newest cases of a community, one join",
    "case-desk": "20 cases of a desk by due date, two runs",
    "overview": "a dashboard ÷ counting its rows",
    "overview-not-modified": "304 for a dashboard ÷ static JSON",
    "case-create": "new case, all of it ÷ one bare insert",
    "mixed": "8 reads and 2 new cases in turn, each after the other ÷ reads and bare inserts",
    "mixed-paced": "the same, at half our rate; late counts from when each was due",
    "ranking": "public ranking of 225 projects, as it was frozen",
    "ranking-not-modified": "304 for a public ranking ÷ static JSON",
    "survey-answer": "answer by a token, counted once ÷ one bare insert",
}
# Scenarios in which the two answer with something else by nature.
UNLIKE = {"not-modified", "overview", "overview-not-modified", "ranking-not-modified", "case-create", "minutes-publish",
          "survey-answer", "mixed", "mixed-paced"}
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
    requests = sum(answers.get(status, 0) for status in args.status)
    # What is in flight when the time is up is aborted; anything else must not be taken for a result.
    errors = {what: n for what, n in oha["errorDistribution"].items() if what != "aborted due to deadline"}
    if not requests or set(answers) - set(args.status) or errors:
        sys.exit(f"{args.engine} {args.scenario} {args.side}: not all answers were {args.status}: {answers} {errors}")
    append(args.results, {
        "engine": args.engine,
        "scenario": args.scenario,
        "side": args.side,
        "rps": requests / oha["summary"]["total"],
        "p50": oha["latencyPercentiles"]["p50"],
        "p99": oha["latencyPercentiles"]["p99"],
        "cpu": cpu / requests,
        "core": cpu / oha["summary"]["total"],
        "bytes": oha["summary"]["totalData"] / requests,
    })


def fact(args):
    goal = None
    if args.at_least is not None:
        goal = [">=", args.at_least]
    elif args.at_most is not None:
        goal = ["<=", args.at_most]
    append(args.results, {"fact": args.name, "value": args.value, "unit": args.unit, "goal": goal})


def keep(args, name, value, unit, at_least=None, at_most=None):
    goal = [">=", at_least] if at_least is not None else ["<=", at_most] if at_most is not None else None
    append(args.results, {"fact": f"{name}, {args.engine}", "value": value, "unit": unit, "goal": goal})


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def beside(args):
    """What writers and readers got who were there at once."""
    writes, reads = load(args.writes), load(args.reads)
    answers = reads["statusCodeDistribution"]
    if set(answers) != {"200"}:
        sys.exit(f"{args.engine} readers beside writers: {answers} {reads['errorDistribution']}")
    goal = (lambda value: value) if args.with_goals else (lambda value: None)
    created = writes["statusCodeDistribution"]["201"] / writes["summary"]["total"]
    keep(args, "new cases beside readers", created, "/s", at_least=goal(2000))
    keep(args, "p99 of new cases beside readers", writes["latencyPercentiles"]["p99"] * 1e3, "ms", at_most=goal(50))
    keep(args, "reads beside new cases", answers["200"] / reads["summary"]["total"], "/s")
    keep(args, "p99 of reads beside new cases", reads["latencyPercentiles"]["p99"] * 1e3, "ms", at_most=goal(50))


def streams(args):
    told = load(args.report)
    keep(args, f"memory of {told['streams']} open streams", told["idle_mb"], "MB", at_most=60)
    keep(args, f"memory of {told['streams']} streams that are told", told["busy_mb"], "MB", at_most=60)
    keep(args, "changes told to each stream", told["writes_per_second"], "/s")
    if not told["least"] == told["most"] == told["sent"]:
        sys.exit(f"{args.engine} streams: {told['sent']} changes, and {told['least']} to {told['most']} were told")
    keep(args, "from a change to its event, p99", told["p99_ms"], "ms", at_most=500)


def upkeep(args):
    """What counts and versions take of the CPU time that a new case costs in all."""
    all_of_it = min(entry["cpu"] for entry in read(args.results) if entry.get("scenario") == "case-create"
                    and entry["engine"] == args.engine and entry["side"] == "ours")
    keep(args, "counts and versions of a new case", 100 * load(args.report)["micros"] / (all_of_it * 1e6), "% of it", at_most=15)


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


def goal_of(engine, scenario):
    """SQLite has one writer, so that new cases have goals of their own there, beside readers."""
    return None if (engine, scenario) == ("sqlite", "case-create") else GOALS[scenario]


def met(good):
    return "yes" if good else "**no**"


def rate(args):
    """Half of the rate that a scenario reached, ours."""
    reached = [entry["rps"] for entry in read(args.results)
               if entry.get("scenario") == args.scenario and entry["engine"] == args.engine and entry["side"] == "ours"]
    print(f"{max(reached) / 2:.0f}")


def idle(args):
    """What a server takes of a core that nobody asks anything."""
    before = cpu_seconds(args.pid, args.postmaster)
    time.sleep(args.seconds)
    core = (cpu_seconds(args.pid, args.postmaster) - before) / args.seconds
    append(args.results, {"engine": args.engine, "idle": core})


def polled(args):
    """What the last round of a scenario that was asked at a fixed rate took of a core beside what the idle server takes."""
    records = read(args.results)
    last = [entry for entry in records if entry.get("scenario") == args.scenario][-1]
    of_itself = [entry["idle"] for entry in records if "idle" in entry and entry["engine"] == args.engine][-1]
    keep(args, "nobody asks", 100 * of_itself, "% of a core")
    keep(args, args.name, 100 * (last["core"] - of_itself), "% of a core more", at_most=args.at_most)


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def of_scenarios(records):
    yield ("| engine | what | req/s ours | req/s bare | ratio | goal | met | p50 ms ours | bare | p99 ms ours | bare "
           "| CPU µs ours | bare | ratio |")
    yield "|---|---|--:|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|"
    notes = []
    rounds = 0
    for engine, scenario, ours, bare, rounds in compare(records):
        ratio, goal = ours["rps"] / bare["rps"], goal_of(engine, scenario)
        cpu_ratio = f"{ours['cpu'] / bare['cpu']:.2f}" if bare["cpu"] else "–"
        told = "– | –" if goal is None else f"≥ {goal:.2f} | {met(ratio >= goal)}"
        times = " | ".join(f"{side[share] * 1e3:.2f}" for share in ("p50", "p99") for side in (ours, bare))
        yield (f"| {engine} | {NAMES[scenario]} | {ours['rps']:.0f} | {bare['rps']:.0f} | {ratio:.2f} | {told} | {times} "
               f"| {ours['cpu'] * 1e6:.0f} | {bare['cpu'] * 1e6:.0f} | {cpu_ratio} |")
        if scenario not in UNLIKE and abs(ours["bytes"] / bare["bytes"] - 1) > 0.05:
            notes.append(f"{engine}, {NAMES[scenario]}: the bodies differ: {ours['bytes']:.0f} bytes ours, "
                         f"{bare['bytes']:.0f} bare.")
    yield ""
    yield f"The best of {rounds} rounds of each, in turn, with 32 connections, on {os.cpu_count()} cores."
    yield "CPU is that of the server and, on PostgreSQL, of all its database processes, per request: lower is better."
    yield from notes


def of_facts(records):
    yield "| what | measured | goal | met |"
    yield "|---|--:|--:|---|"
    for record in records:
        if "fact" not in record:
            continue
        value, goal = record["value"], record["goal"]
        shown = f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
        if goal is None:
            yield f"| {record['fact']} | {shown} {record['unit']} | – | – |"
        else:
            good = value >= goal[1] if goal[0] == ">=" else value <= goal[1]
            sign = "≥" if goal[0] == ">=" else "≤"
            yield f"| {record['fact']} | {shown} {record['unit']} | {sign} {goal[1]:,.0f} | {met(good)} |"


def table(args):
    records = read(args.results)
    text = "\n".join([*of_scenarios(records), "", *of_facts(records)])
    print(text)
    if args.into:
        replace(args.into, args.title, f"{args.taken}.\n\n{text}")


def replace(path, title, text):
    """The tables under this title, which the page has or gets behind its other ones."""
    with open(path, encoding="utf-8") as file:
        page = file.read()
    begin, end = f"<!-- measured: {title} -->", "<!-- end of what bench/run wrote -->"
    block = f"{begin}\n\n### {title[0].upper()}{title[1:]}\n\n{text}\n\n{end}"
    head, found, tail = page.partition(begin)
    if found:
        tail = tail.partition(end)[2]
    else:
        head, found, tail = page.partition("<!-- tables of bench/run -->")
        if not found:
            sys.exit(f"{path} has no place for the tables")
        head, tail = f"{head}{found}\n\n", tail
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{head}{block}{tail}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(required=True)

    verb = verbs.add_parser("measure", help="run oha once against one server and keep its figures")
    for name in ("results", "engine", "scenario"):
        verb.add_argument(f"--{name}", required=True)
    verb.add_argument("--side", required=True, choices=("ours", "bare"))
    verb.add_argument("--pid", required=True, type=int)
    verb.add_argument("--postmaster", type=int)
    verb.add_argument("--status", required=True, action="append")
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

    verb = verbs.add_parser("beside", help="keep what writers and readers got at once")
    for name in ("results", "engine", "writes", "reads"):
        verb.add_argument(f"--{name}", required=True)
    verb.add_argument("--with-goals", action="store_true")
    verb.set_defaults(run=beside)

    verb = verbs.add_parser("upkeep", help="keep what `red-steward-bench upkeep` measured")
    for name in ("results", "engine", "report"):
        verb.add_argument(f"--{name}", required=True)
    verb.set_defaults(run=upkeep)

    verb = verbs.add_parser("streams", help="keep what `red-steward-bench streams` measured")
    for name in ("results", "engine", "report"):
        verb.add_argument(f"--{name}", required=True)
    verb.set_defaults(run=streams)

    verb = verbs.add_parser("rate", help="print half the rate that a scenario reached")
    for name in ("results", "engine", "scenario"):
        verb.add_argument(f"--{name}", required=True)
    verb.set_defaults(run=rate)

    verb = verbs.add_parser("idle", help="keep what a server takes that nobody asks")
    for name in ("results", "engine"):
        verb.add_argument(f"--{name}", required=True)
    verb.add_argument("--pid", required=True, type=int)
    verb.add_argument("--postmaster", type=int)
    verb.add_argument("--seconds", required=True, type=float)
    verb.set_defaults(run=idle)

    verb = verbs.add_parser("polled", help="keep what a scenario took of a core")
    for name in ("results", "engine", "scenario", "name"):
        verb.add_argument(f"--{name}", required=True)
    verb.add_argument("--at-most", type=float)
    verb.set_defaults(run=polled)

    verb = verbs.add_parser("table", help="print the tables, and write them into a page")
    verb.add_argument("--results", required=True)
    verb.add_argument("--into")
    verb.add_argument("--title")
    verb.add_argument("--taken")
    verb.set_defaults(run=table)

    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
