"""cost.py snapshot NAME=PID…        what each of these processes, with its children, has had of the processor so far; JSON
cost.py table DIR CAPACITY NODES…   what the runs cost-NODES below DIR measured, beside the model of scripts/capacity

Processor time is user and system time of /proc/PID/stat. What a part takes without calls is measured on its own and taken off.
"""

import json
import os
import sys
import time

import heard

TICKS = os.sysconf("SC_CLK_TCK")


def processes():
    """By id: (parent, seconds of its own, seconds of children that have ended)."""
    found = {}
    for each in os.listdir("/proc"):
        if each.isdigit():
            try:
                with open(f"/proc/{each}/stat", encoding="utf-8", errors="replace") as file:
                    words = file.read().rpartition(")")[2].split()
            except OSError:
                continue  # it has just ended
            found[int(each)] = (int(words[1]), (int(words[11]) + int(words[12])) / TICKS, (int(words[13]) + int(words[14])) / TICKS)
    return found


def spent(pid, all_there):
    """Of a process and its children, those that have ended as well."""
    _, own, ended = all_there.get(pid, (0, 0, 0))
    return own + ended + sum(spent(each, all_there) for each, (parent, _, _) in all_there.items() if parent == pid)


def compiling(pid):
    """Of a JVM's compiler, which works most while a program is young: a node that has had a million calls spends nothing there."""
    ticks = 0
    for each in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{each}/stat", encoding="utf-8", errors="replace") as file:
                before, _, after = file.read().rpartition(")")
        except OSError:
            continue  # it has just ended
        if before.partition("(")[2].startswith(("C1 Compiler", "C2 Compiler")):
            words = after.split()
            ticks += int(words[11]) + int(words[12])
    return ticks / TICKS


def snapshot(words):
    told = dict(word.split("=", 1) for word in words)
    all_there = processes()
    commits, flushes, pages, octets = (float(each) for each in told.pop("counted").split("|"))
    out = {"at": time.time(), "primary": told.pop("primary"), "packets": sum(int(each) for each in told.pop("packets").split())}
    out |= {"commits": commits, "wal flushes": flushes, "wal pages": pages, "wal octets": octets}
    out["compiler"] = sum(compiling(pid) for name, pid in told.items() if name.startswith("node"))
    out["processor"] = {name: spent(int(pid), all_there) for name, pid in told.items()}
    print(json.dumps(out))


def read(folder, nodes, name):
    with open(os.path.join(folder, f"cost-{nodes}", name), encoding="ascii") as file:
        return json.load(file) if name.endswith(".json") else int(file.read())


def went_well(folder, nodes):
    """Calls that came to their end as sipp has them."""
    with open(os.path.join(folder, f"cost-{nodes}", "sipp.csv"), encoding="ascii", errors="replace") as file:
        rows = [line.rstrip("\n").split(";") for line in file]
    return int(rows[-1][rows[0].index("SuccessfulCall(C)")])


def part(name, primary):
    """Which of the parts of the table a process belongs to."""
    if name.startswith("node"):
        return "gateways"
    if name.startswith("proxy"):
        return "proxies"
    return "PostgreSQL, primary" if name == primary else "PostgreSQL, standby"


def differences(before, after):
    """What grew by how much between two snapshots, and in how many seconds."""
    grew = {}
    for name in before["processor"]:
        what = part(name, before["primary"])
        grew[what] = grew.get(what, 0) + after["processor"][name] - before["processor"][name]
    grew["gateways"] -= after["compiler"] - before["compiler"]
    for what in ("compiler", "packets", "commits", "wal flushes", "wal pages", "wal octets"):
        grew[what] = after[what] - before[what]
    return grew, after["at"] - before["at"]


def measured(folder, nodes):
    """({what: grew in a second without calls}, {what: of a call}) with so many nodes."""
    grew, seconds = differences(read(folder, nodes, "idle-from.json"), read(folder, nodes, "idle-to.json"))
    idle = {what: value / seconds for what, value in grew.items()}
    grew, seconds = differences(read(folder, nodes, "from.json"), read(folder, nodes, "to.json"))
    calls = went_well(folder, nodes)
    if calls < read(folder, nodes, "calls"):
        print(f"With {nodes} nodes {read(folder, nodes, 'calls') - calls} calls were turned away or failed: on a machine as busy as this one the figures are too high.")
    of_a_call = {what: (value - idle[what] * seconds) / calls for what, value in grew.items()}
    proxies = ["10.77.0.8", "10.77.0.9", "10.77.0.10"]
    messages, _ = heard.ways(os.path.join(folder, f"cost-{nodes}", "sip.pcap"), [], {})
    of_a_call["messages"] = sum(messages[proxy, "calls"] for proxy in proxies) / calls
    idle["messages"] = sum(messages[proxy, "OPTIONS"] for proxy in proxies) / seconds
    return idle, of_a_call, seconds, calls


ROWS = [
    # what, unit, factor, input of the model for a call
    ("gateways", "ms of a core", 1000, None),
    ("compiler", "ms of a core, the JVMs' and not in the line above", 1000, None),
    ("proxies", "ms of a core", 1000, "core_seconds_of_a_call_in_a_proxy"),
    ("PostgreSQL, primary", "ms of a core", 1000, "core_seconds_of_a_call_in_a_store"),
    ("PostgreSQL, standby", "ms of a core", 1000, "core_seconds_of_a_call_in_a_standby"),
    ("commits", "in PostgreSQL, of transactions that only read, too", 1, "transactions_of_a_call"),
    ("wal flushes", "to the disk: commits that wrote, those at one moment together", 1, "commits_of_a_call"),
    ("wal octets", "KB of write-ahead log", 1 / 1024, "wal_bytes_of_a_call"),
    ("wal pages", "whole pages of those", 1, None),
    ("messages", "of SIP, in and out of the proxy", 1, "messages_of_a_call_in_a_proxy"),
    ("packets", "of the gateways' network, in and out", 1, None),
]


def number(x):
    return f"{x:,.0f}" if abs(x) >= 100 else f"{x:.1f}" if abs(x) >= 10 else f"{x:.2f}"


def table(folder, capacity, counts):
    with open(capacity, encoding="utf-8") as file:
        inputs = {key: one["value"] for key, one in json.load(file)["inputs"].items()}
    counts = sorted(counts)
    runs = {nodes: measured(folder, nodes) for nodes in counts}
    last = counts[-1]
    says = f"{last} nodes, foretold by {counts[0]} and {counts[1]}" if len(counts) > 2 else "foretold"
    print(f"{runs[last][3]} calls of some 16 s in each run, at {runs[last][3] / (runs[last][2] - 20):.1f} a second or so.\n")
    print("| of a call | " + " | ".join(f"{nodes} node{'s' if nodes > 1 else ''}" for nodes in counts) + f" | {says} | off by | the model |")
    print("| --- " * (len(counts) + 4) + "|")
    out = {}
    for what, unit, factor, key in ROWS:
        of_a_call = {nodes: runs[nodes][1][what] for nodes in counts}
        foretold = (of_a_call[counts[0]] + of_a_call[counts[1]]) / 2 if len(counts) > 2 else float("nan")
        model = inputs.get(key) if key else None
        if what == "gateways":
            # Signalling and record; and sound, by its packets: the model's call has 200 a second.
            packets = runs[last][1]["packets"]
            model = inputs["core_seconds_of_a_setup"] + packets / inputs["packets_a_second_of_a_call"] * inputs["media_core_of_a_call"]
        row = [f"{what}, {unit}", *(number(of_a_call[nodes] * factor) for nodes in counts), number(foretold * factor)]
        row.append(f"{100 * (foretold / of_a_call[last] - 1):+.0f} %" if len(counts) > 2 and of_a_call[last] else "–")
        row.append(number(model * factor) if model is not None else "–")
        print("| " + " | ".join(row) + " |")
        out[what] = {"of a call": of_a_call, "foretold": foretold}
    print("\n| in a second without calls | " + " | ".join(str(nodes) for nodes in counts) + " | foretold | off by |")
    print("| --- " * (len(counts) + 3) + "|")
    for what, unit, factor, _ in ROWS:
        idle = {nodes: runs[nodes][0][what] for nodes in counts}
        # What each node does by itself is a straight line.
        foretold = 2 * idle[counts[1]] - idle[counts[0]] if len(counts) > 2 else float("nan")
        row = [f"{what}, {unit}", *(number(idle[nodes] * factor) for nodes in counts), number(foretold * factor)]
        row.append(f"{100 * (foretold / idle[last] - 1):+.0f} %" if len(counts) > 2 and abs(idle[last]) * factor > 0.05 else "–")
        print("| " + " | ".join(row) + " |")
        out[what]["idle"] = idle
    with open(os.path.join(folder, "cost.json"), "w", encoding="utf-8") as file:
        json.dump(out, file, indent=1)


if sys.argv[1] == "snapshot":
    snapshot(sys.argv[2:])
else:
    table(sys.argv[2], sys.argv[3], [int(each) for each in sys.argv[4:]])
