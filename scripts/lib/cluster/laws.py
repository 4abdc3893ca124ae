"""laws.py RUN FACTS: holds what the carrier and the assistant heard in a run against the record, and prints a row of the table.

RUN is the folder of a run: carrier.pcap, assistant.pcap, ledger.jsonl, pseudonym.keys. FACTS is JSON: scenario, carrier, assistant (addresses),
prompts, and what was done: node (address) and name of the one that was hit, hit, healed (seconds since 1970), late (seconds that packets took longer).
Exit code 1 where a law is broken. All of it is written to RUN/result.json.
"""

import base64
import bisect
import collections
import datetime
import hashlib
import hmac
import json
import os
import sys

import heard

run, facts = sys.argv[1], json.loads(sys.argv[2])
scenario = facts["scenario"]
late = facts.get("late", 0)
hit, healed = facts.get("hit"), facts.get("healed")
recordings = heard.frames_of_recordings(facts["prompts"])
calls = heard.legs(os.path.join(run, "carrier.pcap"), facts["carrier"], {5060}, recordings)
talks = heard.legs(os.path.join(run, "assistant.pcap"), facts["assistant"], {5070, 5071}, recordings)
with open(os.path.join(run, "pseudonym.keys"), encoding="ascii") as file:
    key_id, key = file.read().split("\n")[0].split(" ")
key = base64.b64decode(key)
with open(os.path.join(run, "ledger.jsonl"), encoding="utf-8") as file:
    entries = [json.loads(line) for line in file if line.startswith("{")]


def hashed(call_id):
    mac = hmac.new(key, ("call-id:" + call_id).encode(), hashlib.sha256).digest()
    return key_id + "." + base64.urlsafe_b64encode(mac).decode().rstrip("=")


def seconds(entry):
    return datetime.datetime.fromisoformat(entry["time"]).timestamp()


by_call = collections.defaultdict(list)
for entry in entries:
    if entry.get("payload") and entry["payload"].get("call"):
        by_call[entry["payload"]["call"].get("sip_call_id_hash")].append(entry)
given_ids = {entry["id"] for entry in entries if entry["type"] == "Given"}
opened = collections.Counter(e["payload"]["refers_to"] for e in entries if e["type"] == "AssistantOpened" and e.get("payload"))
cut = collections.Counter(e["payload"]["refers_to"] for e in entries if e["type"] == "AssistantCut" and e.get("payload"))
by_number = {leg.number: leg for leg in calls.values()}
last_packet = max([t for leg in calls.values() for t in leg.sound_at[-1:]], default=0)

broken = collections.defaultdict(list)


def law(name, holds, call):
    if not holds:
        broken[name].append(call)


outcome = collections.Counter()
touched = []
# Calls that gateways turned away to keep what those under way hear: with 503, for the carrier to go elsewhere. On a machine that is busy otherwise
# there are some; they are counted apart, and there may be no more than gateways tell of.
told_of = 0
for name in os.listdir(run):
    if name.startswith("node-") and name.endswith(".log"):
        with open(os.path.join(run, name), encoding="utf-8", errors="replace") as file:
            told_of += sum('call refused' in line and 'reason="load"' in line for line in file)
answer_times = []
for leg in calls.values():
    kinds = {entry["type"] for entry in by_call[hashed(leg.call_id)]}
    pressed = "".join(k for _, k in leg.keys)
    with_assistant, with_human = leg.has_heard("assistant"), leg.has_heard("human")
    if leg.answered:
        outcome["answered"] += 1
        answer_times.append(leg.answered - leg.invited)
    if leg.has_heard("confirmation"):
        outcome["confirmed"] += 1
        law("who heard the confirmation has a Given in the ledger", "Given" in kinds, leg.call_id)
    if with_assistant:
        outcome["assistant"] += 1
        law("who hears the assistant has a Given in the ledger", "Given" in kinds, leg.call_id)
    if with_human:
        outcome["human"] += 1
    if "Given" in kinds:
        outcome["given"] += 1
        law("nobody has a Given who has not pressed 1", "1" in pressed, leg.call_id)
        # Durable after the gateway had given up waiting: it told the caller of no consent, let nobody hear them, and withdrew it.
        if "Withdrawn" in kinds and "AssistantOpened" not in kinds and "*9" not in pressed:
            outcome["taken back"] += 1
            law("what was taken back was not confirmed", not leg.has_heard("confirmation"), leg.call_id)
    if "2" in pressed:
        law("who pressed 2 hears no assistant and has no Given", not with_assistant and "Given" not in kinds, leg.call_id)
    struck = hit and leg.node() == facts.get("node")
    if "*9" in pressed and with_assistant:
        outcome["withdrew"] += 1
        law("who pressed *9 has a Withdrawn in the ledger", "Withdrawn" in kinds or facts.get("dies") and struck, leg.call_id)
    whole = bool(leg.answered and leg.has_heard("opening") and leg.ended_by == "here" and leg.bye_answered and (with_assistant or with_human))
    if whole:
        outcome["whole"] += 1
    elif leg.refused == 503 and outcome["turned away"] < told_of:
        outcome["turned away"] += 1
    else:
        touched.append(leg)
    end = leg.ended or last_packet
    if leg.answered and not (facts.get("dies") and struck):
        law("nobody is left in silence for 5 s", leg.longest_silence(end) < 5 + late, leg.call_id)

for talk in talks.values():
    caller = by_number.get(talk.number)
    if talk.consent:
        law("no consent is claimed from outside", talk.consent != "forged", talk.call_id)
        law("the assistant is told of consents in the ledger alone", talk.consent in given_ids, talk.call_id)
    if talk.consent and caller and "9" in "".join(k for _, k in caller.keys):
        star_nine = next(t for t, k in caller.keys if k == "9")
        after = talk.heard.get("caller", [0, 0, 0])[2] - star_nine
        if talk.heard.get("caller"):
            outcome["cut latest, ms"] = max(outcome["cut latest, ms"], int(after * 1000))
        law("200 ms behind *9 the assistant hears nothing", after < 0.2 + late, talk.call_id)

for each in opened:
    law("each talk that began has its end in the ledger", cut[each], each)
law("no forged header anywhere", not any("forged" in json.dumps(e) for e in entries), "entries")

expected = {}
if facts.get("none_touched"):
    for leg in touched:
        law("no call failed", False, leg.call_id)
if facts.get("dies"):
    for leg in touched:
        running = leg.node() == facts["node"] and leg.answered and leg.answered <= hit + 0.5
        law("only calls that the dead one had are touched", running or leg.node() == "" and abs(leg.invited - hit) < 0.3, leg.call_id)
    lost = [e for e in entries if e["type"] == "CallLost"]
    outcome["ended by others"] = len(lost)
if facts.get("proxy_dies"):
    # Who rings is retried by the carrier until the other one has the address: three to four seconds (keepalived), and sipp sends again until then.
    for leg in touched:
        law("only calls in set-up when the proxy died are touched", hit - 0.5 < leg.invited < hit + 5 or leg.ended and abs(leg.ended - hit) < 5, leg.call_id)
    outcome["longest without an answer, ms"] = int(max((leg.answered - leg.invited for leg in calls.values() if leg.answered), default=0) * 1000)
if facts.get("no_grants"):
    for entry in entries:
        if entry["type"] == "Given" and entry["log"].endswith("/" + facts["name"]):
            # A commit that was on its way when the wire was cut counts as before.
            law("no consent is given behind the partition", not hit + 3 < seconds(entry) < healed, entry["id"])
    for leg in calls.values():
        behind = leg.node() == facts["node"] and leg.answered and leg.keys and hit + 1 < leg.keys[0][0] < healed - 4
        if behind:
            outcome["behind the partition"] += 1
            # The apology takes seven seconds; some hang up before the human is there.
            apology = leg.heard.get("other prompt", (0, 0, 0))
            told = apology[0] >= heard.HEARD and apology[2] > leg.ended - 0.5
            law("who is behind the partition reaches a human", leg.has_heard("human") or told, leg.call_id)
if facts.get("grants_pause"):
    times = sorted(seconds(e) for e in entries if e["type"] == "Given")
    gap = max((b - a for a, b in zip(times, times[1:])), default=0)
    outcome["longest without a Given, ms"] = int(gap * 1000)
    law("consents are given again afterwards", times and times[-1] > hit + 5, "Given")

answer_times.sort()


def at(share):
    return answer_times[min(int(len(answer_times) * share), len(answer_times) - 1)] * 1000 if answer_times else 0


invited = sorted(leg.invited for leg in calls.values())
span = invited[-1] - invited[0] if len(invited) > 1 else 1
result = {
    "scenario": scenario,
    "calls": len(calls),
    "rate": round((len(calls) - 1) / span, 1),
    "most at once": max((i + 1 - bisect.bisect(sorted(l.ended or last_packet for l in calls.values()), t) for i, t in enumerate(invited)), default=0),
    **outcome,
    "touched": len(touched),
    "touched by node": dict(collections.Counter(leg.node() or f"none ({leg.refused})" for leg in touched)),
    "nodes": dict(heard.counted(calls)),
    "answer p50 p99 max, ms": [round(at(0.5)), round(at(0.99)), round(at(1))],
    "entries": dict(collections.Counter(e["type"] for e in entries)),
    "load average before": open(os.path.join(run, "load-before"), encoding="ascii").read().strip(),
    "broken": {name: [len(which), which[:5]] for name, which in broken.items()},
}
with open(os.path.join(run, "result.json"), "w", encoding="utf-8") as file:
    json.dump(result, file, indent=1, ensure_ascii=False)
print(json.dumps(result, indent=1, ensure_ascii=False))
sys.exit(1 if broken else 0)
