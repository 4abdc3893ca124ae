"""laws.py RUN FACTS: holds what the carrier and the assistant heard in a run against the record, and prints a row of the table.

RUN is the folder of a run: carrier.pcap, assistant.pcap, sip.pcap, ledger.jsonl, pseudonym.keys. FACTS is JSON: scenario, carrier, assistant, nodes
(addresses), prompts, and what was done: node (address) and name of the one that was hit, hit, healed (seconds since 1970), late (seconds that packets
took longer). Exit code 1 where a law is broken. All of it is written to RUN/result.json.

A call that did not go as its caller wanted is one of three: turned away for load (each gateway that could take calls had it and said 503 with
Retry-After, or was draining), late (this machine was too slow for the caller, who goes by the clock: sound or records came seconds too late, or the caller sent none), or failed.
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
calls = heard.legs(os.path.join(run, "carrier.pcap"), facts["carrier"], {5060, 5064}, recordings)
messages, claims = heard.ways(os.path.join(run, "sip.pcap"), facts["nodes"], calls)
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
by_node = {(leg.number, leg.node()): leg for leg in calls.values()}
last_packet = max([t for leg in calls.values() for t in leg.sound_at[-1:]], default=0)

broken = collections.defaultdict(list)


def law(name, holds, call):
    if not holds:
        broken[name].append(call)


outcome = collections.Counter()
failed, late_calls = [], []
causes = collections.Counter()
# As many as gateways tell of in their logs may have been turned away, not more.
told_of = 0
for name in os.listdir(run):
    if name.startswith("node-") and name.endswith(".log"):
        with open(os.path.join(run, name), encoding="utf-8", errors="replace") as file:
            told_of += sum('call refused' in line and 'reason="load"' in line for line in file)


def went_wrong(leg, kinds):
    """(load, late or failed; why) of a call that did not go as its caller wanted."""
    ways = "; ".join(each.said() for each in leg.asked) or "no gateway had it"
    if not leg.answered:
        # One that is dead says nothing; the next one was asked.
        others = all(each.status == 503 or each.status == 0 and facts.get("dies") for each in leg.asked)
        if leg.refused == 503 and others and any(each.busy() for each in leg.asked):
            return "load", "turned away for load"
        return "failed", f"refused {leg.refused} ({ways})" if leg.refused else f"no answer ({ways})"
    if not leg.sent:
        # sipp did not play it: the gateway takes the caller's sound for lost, and hangs up after fifteen seconds.
        return "late", "its caller sent no packet"
    taken = [each for each in leg.asked if each.status == 200]
    if len(taken) > 1:
        return "failed", f"answered by two ({ways})"
    if leg.ended is None:
        return "failed", "did not end"
    if leg.ended_by != "here":
        return "failed", f"hung up by the gateway ({leg.end_reason or 'no reason'})"
    if not leg.bye_answered:
        return "failed", "its BYE was not answered"
    question = leg.heard.get("question", (0, leg.ended, leg.ended))[1]
    if leg.keys and leg.keys[0][0] < question + 4:
        # It begins 2.7 s behind the answer and the key comes five seconds later: half a second before its end. A yes to what nobody has heard is none.
        return "late", "pressed before the question was heard"
    if leg.has_heard("other prompt") and "Given" not in kinds and leg.keys:
        return "late", "its record was not durable in time"
    if leg.has_heard("confirmation") or "2" in (key for _, key in leg.keys):
        return "late", "hung up before somebody was there"
    return "failed", f"neither assistant nor human (pressed {''.join(key for _, key in leg.keys) or 'nothing'}, recorded {', '.join(sorted(kinds)) or 'nothing'})"


def went_before(leg):
    """Whether the gateway, which stood still meanwhile, read the caller's BYE before the key: then it ended with the call."""
    return leg.ended_by == "here" and leg.stood_still(next(at for at, key in leg.keys if key == "*"), leg.ended) > 0.5


answer_times = []
for leg in calls.values():
    kinds = {entry["type"] for entry in by_call[hashed(leg.call_id)]}
    agreed = bool(kinds & {"Given", "Reaffirmed"})
    pressed = "".join(k for _, k in leg.keys)
    with_assistant, with_human = leg.has_heard("assistant"), leg.has_heard("human")
    if leg.answered:
        outcome["answered"] += 1
        answer_times.append(leg.answered - leg.invited)
    if leg.has_heard("confirmation"):
        outcome["confirmed"] += 1
        law("who heard the confirmation has a Given, or a Reaffirmed, in the ledger", agreed, leg.call_id)
    if with_assistant:
        outcome["assistant"] += 1
        law("who hears the assistant has a Given, or a Reaffirmed, in the ledger", agreed, leg.call_id)
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
        law("who pressed *9 has a Withdrawn in the ledger", "Withdrawn" in kinds or went_before(leg) or facts.get("dies") and struck, leg.call_id)
    whole = bool(leg.answered and (leg.has_heard("opening") or leg.has_heard("opening again")) and leg.ended_by == "here" and leg.bye_answered and (with_assistant or with_human))
    if whole:
        outcome["whole"] += 1
    else:
        kind, why = went_wrong(leg, kinds)
        causes[kind + ": " + why] += 1
        if kind == "load":
            outcome["turned away"] += 1
        else:
            (failed if kind == "failed" else late_calls).append(leg)
    end = leg.ended or last_packet
    if leg.answered and not (facts.get("dies") and struck):
        law("nobody is left in silence for 5 s", leg.longest_silence(end) < 5 + late, leg.call_id)

for talk in talks.values():
    caller = by_node.get((talk.number, talk.node())) or by_number.get(talk.number)
    if talk.consent:
        law("no consent is claimed from outside", talk.consent != "forged", talk.call_id)
        law("the assistant is told of consents in the ledger alone", talk.consent in given_ids, talk.call_id)
    if talk.consent and caller and "9" in "".join(k for _, k in caller.keys):
        star_nine = next(t for t, k in caller.keys if k == "9")
        after = talk.heard.get("caller", [0, 0, 0])[2] - star_nine
        if talk.heard.get("caller"):
            outcome["cut latest, ms"] = max(outcome["cut latest, ms"], int(after * 1000))
            outcome["cut"] += 1
        # A gateway that gets no processor can cut nothing: by so much its sound to the caller, which goes by its clock, is late as well.
        stalled = max(caller.stood_still(max(star_nine - 5, caller.answered), star_nine + max(after, 0) + 0.5), 0)
        outcome["stood still most, ms"] = max(outcome["stood still most, ms"], int(stalled * 1000))
        # What was said before the key may come late; more frames than that, and ten, may not.
        frames, first, _ = talk.heard.get("caller", [0, 0, 0])
        before = sum(first - late - 0.1 < at < star_nine for at in caller.spoken_at)
        deaf = frames <= before + 10 or after < 0.2 + late + (stalled if stalled > 0.1 else 0)
        law("200 ms behind *9 the assistant hears nothing", deaf, talk.call_id)

for each in opened:
    law("each talk that began has its end in the ledger", cut[each], each)
law("no claimed consent goes through the proxy", claims == 0 or not facts["proxies"], "sip.pcap")
law("no forged header anywhere", not any("forged" in json.dumps(e) for e in entries), "entries")

law("no more were turned away than gateways tell of", outcome["turned away"] <= told_of, "calls")
if facts.get("none_touched"):
    for leg in failed:
        law("no call failed", False, leg.call_id)
    # One in a hundred may meet a moment in which this machine does something else.
    law("the machine is quick enough for this rate", len(late_calls) <= max(1, len(calls) / 100), "calls")
if facts.get("dies"):
    for leg in failed:
        running = leg.node() == facts["node"] and leg.answered and leg.answered <= hit + 0.5
        law("only calls that the dead one had are touched", running or leg.node() == "" and abs(leg.invited - hit) < 0.3, leg.call_id)
    lost = [e for e in entries if e["type"] == "CallLost"]
    outcome["ended by others"] = len(lost)
if facts.get("proxy_dies"):
    # Who rings is retried by the carrier until the other one has the address: three to four seconds (keepalived), and sipp sends again until then.
    for leg in failed:
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

if facts.get("no_store"):
    # Two calls of one caller under one consent, at two gateways; the first is withdrawn where no gateway reaches the store.
    withdrawn = next((leg for leg in calls.values() if "*9" in "".join(key for _, key in leg.keys)), None)
    other = next((leg for leg in calls.values() if withdrawn and leg.invited > hit - 60 and leg.node() != withdrawn.node() and leg.number == withdrawn.number and leg.has_heard("assistant")
                  and leg.ended > hit), None)
    law("both calls were with the assistant when the store went away", withdrawn and other and withdrawn.has_heard("assistant"), "calls")
    if withdrawn and other:
        star_nine = next(at for at, key in withdrawn.keys if key == "9")
        law("it was withdrawn while no gateway reached the store", hit < star_nine < healed - 8, withdrawn.call_id)
        heard_there = [talk.heard["caller"][2] for talk in talks.values() if talk.node() == other.node() and talk.number == other.number and "caller" in talk.heard and talk.invited > other.invited]
        after = max(heard_there, default=hit - 10) - star_nine
        outcome["told another gateway after, ms"] = int(after * 1000)
        # A commit is given up after two seconds, the others are told within one, and cut at once.
        law("the other gateway's assistant heard the caller until then", after > -1, other.call_id)
        law("four seconds behind *9 the assistant of another gateway hears nothing", after < 4, other.call_id)
        law("that caller reaches a human, still without the store", other.has_heard("human") and other.heard["human"][1] < healed, other.call_id)
        withdrawals = [e for e in entries if e["type"] == "Withdrawn"]
        law("the withdrawal is in the ledger once, whoever writes it", len(withdrawals) == 1, "Withdrawn")

answer_times.sort()


def at(share):
    return answer_times[min(int(len(answer_times) * share), len(answer_times) - 1)] * 1000 if answer_times else 0


def pressure():
    """Per cent of the run in which somebody waited for a processor, or for the disk (Linux's PSI); nothing where the kernel does not tell."""
    try:
        with open(os.path.join(run, "pressure"), encoding="ascii") as file:
            began, ended = (dict(word.split("=") for word in line.split()) for line in file)
        span = float(ended["at"]) - float(began["at"])
        return {what: round((int(ended[what]) - int(began[what])) / span / 1e4) for what in ("cpu", "io") if what in ended}
    except (OSError, ValueError, KeyError):
        return {}


invited = sorted(leg.invited for leg in calls.values())
span = invited[-1] - invited[0] if len(invited) > 1 else 1
result = {
    "scenario": scenario,
    "calls": len(calls),
    "rate": round((len(calls) - 1) / span, 1),
    "most at once": max((i + 1 - bisect.bisect(sorted(l.ended or last_packet for l in calls.values()), t) for i, t in enumerate(invited)), default=0),
    **outcome,
    "late": len(late_calls),
    "failed": len(failed),
    "causes": dict(causes),
    "not as wanted by node": dict(collections.Counter(leg.node() or f"none ({leg.refused})" for leg in failed + late_calls)),
    "retried": sum(len(leg.asked) > 1 for leg in calls.values()),
    "messages": {f"{who} {kind}": count for (who, kind), count in sorted(messages.items())},
    "pressure": pressure(),
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
