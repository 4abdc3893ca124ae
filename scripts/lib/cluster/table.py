"""table.py DIR SCENARIO…: what the runs of scenarios came to, as a table for config/kamailio/README.md."""

import json
import os
import sys

folder, wanted = sys.argv[1], sys.argv[2:]


def seen(result):
    """What there is to tell besides the numbers of each row."""
    said = [f"{result.get('given', 0)} consents, {result.get('withdrew', 0)} withdrawals"]
    for key, words in (
        ("retried", "{} asked at a second gateway"),
        ("taken back", "{} taken back"),
        ("ended by others", "{} ends written by others"),
        ("behind the partition", "{} answered behind the partition"),
        ("longest without a Given, ms", "{:,} ms without a consent"),
        ("longest without an answer, ms", "{:,} ms to an answer at most"),
        ("told another gateway after, ms", "the other gateway's assistant deaf {:,} ms behind *9"),
        ("cut", "{} talks cut by *9"),
        ("cut latest, ms", "the latest {:,} ms behind it"),
    ):
        if result.get(key):
            said.append(words.format(result[key]))
    said += [f"{count} {cause}" for cause, count in sorted(result.get("causes", {}).items()) if not cause.startswith("load")]
    return "; ".join(said)


COLUMNS = ["scenario", "calls", "turned away for load (503)", "late: the machine", "failed", "to the answer, p50 / p99 / most", "what was seen", "laws broken", "verify", "machine"]
print("| " + " | ".join(COLUMNS) + " |")
print("| " + " | ".join(["---"] * len(COLUMNS)) + " |")
for name in wanted:
    run = os.path.join(folder, "run-" + name)
    try:
        with open(os.path.join(run, "result.json"), encoding="utf-8") as file:
            result = json.load(file)
        with open(os.path.join(run, "verified"), encoding="ascii") as file:
            verified = "green" if file.read().strip() == "0" else "RED"
    except FileNotFoundError:
        print(f"| {name} | did not come to its end |")
        continue
    waited = result.get("pressure", {}).get("cpu")
    row = [
        name,
        f"{result['calls']} ({result['rate']}/s, {result['most at once']} at once)",
        str(result.get("turned away", 0)),
        str(result["late"]),
        str(result["failed"]),
        " / ".join(f"{each:,}" for each in result["answer p50 p99 max, ms"]) + " ms",
        seen(result),
        "; ".join(f"{law} ({count})" for law, (count, _) in result["broken"].items()) or "none",
        verified,
        f"load {result['load average before'].split(' ')[0]} before" + ("" if waited is None else f"; {waited} % of the time somebody waited for a core"),
    ]
    print("| " + " | ".join(row) + " |")
