"""table.py DIR SCENARIO…: what the runs of scenarios came to, as a table."""

import json
import os
import sys

folder, wanted = sys.argv[1], sys.argv[2:]
COLUMNS = ["scenario", "calls", "rate", "most at once", "answered", "given", "taken back", "assistant", "human", "withdrew", "turned away", "touched", "cut latest, ms"]
print("| " + " | ".join([*COLUMNS, "answer p50, p99, max (ms)", "laws broken", "verify"]) + " |")
print("| " + " | ".join(["---"] * (len(COLUMNS) + 3)) + " |")
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
    row = [str(result.get(column, 0)) for column in COLUMNS]
    row.append(", ".join(str(each) for each in result["answer p50 p99 max, ms"]))
    row.append("; ".join(f"{name} ({count})" for name, (count, _) in result["broken"].items()) or "none")
    print("| " + " | ".join([*row, verified]) + " |")
