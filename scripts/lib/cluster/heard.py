"""What was heard, pressed and signalled, of a capture at the carrier or at the assistant. Imported by laws.py.

Nothing here asks a gateway: it knows the recordings that are shipped, the voices of tones.py, SIP and RTP.
"""

import collections
import csv
import os
import re
import struct

from tones import TONES

# Of the confirmation, the notice and so on: the words that its text begins with, in config/prompts/de/manifest.tsv.
SENTENCES = {
    "opening": "Musterfirma, hier ist die KI",
    "opening again": "Hier ist wieder die KI",
    "question": "Darf sie zuhören und helfen? Sie können das immer beenden. 1 heißt",
    "confirmation": "Danke. Stern neun",
}
# So many frames of 20 ms, and somebody has heard it.
HEARD = 5


def frames_of_recordings(prompts):
    """Which sentence a frame is of; those that several have (silence) are of none."""
    owner = {}
    with open(os.path.join(prompts, "de", "manifest.tsv"), encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            name = next((n for n, words in SENTENCES.items() if row["text"].startswith(words)), "other prompt")
            with open(os.path.join(prompts, "de", row["file"]), "rb") as wav:
                data = wav.read()
            sound = data[data.index(b"data") + 8 :]
            for at in range(0, len(sound) - 159, 160):
                frame = sound[at : at + 160]
                owner[frame] = name if owner.get(frame, name) == name else None
    for name, frame in TONES.items():
        owner[frame] = name
    return owner


def packets(path):
    """(seconds, source address, source port, destination address, destination port, payload) of each UDP packet of a pcap file, both resolutions.

    An INVITE with a token is longer than a frame: fragments of IP are put together.
    """
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 24:
        return
    unit = 1e-9 if struct.unpack_from("<I", data)[0] == 0xA1B23C4D else 1e-6
    at = 24
    end = len(data)
    pieces = {}
    while at + 16 <= end:
        seconds, fraction, size, _ = struct.unpack_from("<IIII", data, at)
        at += 16
        if data[at + 12 : at + 14] == b"\x08\x00" and data[at + 23] == 17 and at + size <= end:
            udp = at + 14 + (data[at + 14] & 15) * 4
            fragment = struct.unpack_from("!H", data, at + 20)[0] & 0x3FFF
            if not fragment:
                source, target = struct.unpack_from("!HH", data, udp)
                yield seconds + fraction * unit, data[at + 26 : at + 30], source, data[at + 30 : at + 34], target, data[udp + 8 : at + size]
            else:
                whole = together(pieces, data[at + 18 : at + 20] + data[at + 26 : at + 34], fragment, data[udp : at + 14 + struct.unpack_from("!H", data, at + 16)[0]])
                if whole:
                    source, target = struct.unpack_from("!HH", whole)
                    yield seconds + fraction * unit, data[at + 26 : at + 30], source, data[at + 30 : at + 34], target, whole[8:]
        at += size


def together(pieces, whose, fragment, octets):
    """The datagram, where this is the last of its fragments that was missing."""
    place, more = (fragment & 0x1FFF) * 8, fragment & 0x2000
    had = pieces.setdefault(whose, {})
    had[place] = (octets, more)
    whole = b""
    while len(whole) in had:
        octets, more = had[len(whole)]
        whole += octets
        if not more:
            del pieces[whose]
            return whole
    return None


def dotted(address):
    return ".".join(str(octet) for octet in address)


class Leg:
    """One dialog as seen at one of its ends."""

    def __init__(self, call_id, number):
        self.call_id, self.number = call_id, number
        self.invited = self.answered = self.ended = self.refused = None
        self.ended_by = self.end_reason = ""
        self.peer = None  # (address, port) of the gateway's sound
        self.own = None  # port of ours
        self.consent = self.gateway_call = ""
        self.bye_answered = False
        self.invites = 0
        self.heard = {}  # name: [frames, first, last]
        self.spoken = {}
        self.keys = []  # (time, key)
        self.sent = 0  # packets to the gateway
        self.spoken_at = []  # times of frames of the caller's voice
        self.sound_at = []  # times of packets towards the end that is not a gateway
        self.events = set()
        self.asked = []  # Asked, in order: which gateways had this call's INVITE

    def node(self):
        return dotted(self.peer[0]) if self.peer else ""

    def has_heard(self, name):
        return self.heard.get(name, (0,))[0] >= HEARD

    def stood_still(self, begin, end):
        """How many of the seconds between these times the gateway sent no sound to us; it sends some each 20 ms."""
        return end - begin - 0.02 * sum(begin < t < end for t in self.sound_at)

    def longest_silence(self, until):
        """Seconds without a packet between answer and end."""
        if not self.answered:
            return 0
        times = [self.answered] + [t for t in self.sound_at if t <= until] + [until]
        return max(b - a for a, b in zip(times, times[1:]))


def header(text, name):
    found = re.search(rf"^{name}\s*:\s*(.*?)\s*$", text, re.MULTILINE | re.IGNORECASE)
    return found.group(1) if found else ""


def described(text):
    address = re.search(r"^c=IN IP4 (\S+)", text, re.MULTILINE)
    port = re.search(r"^m=audio (\d+)", text, re.MULTILINE)
    if not address or not port:
        return None
    return bytes(int(part) for part in address.group(1).split(".")), int(port.group(1))


def legs(path, here, ports, frames):
    """The dialogs of the host `here` (dotted), whose SIP ports are `ports`; by Call-ID."""
    own = bytes(int(part) for part in here.split("."))
    found = {}
    by_peer = {}
    for at, source, source_port, target, target_port, payload in packets(path):
        outgoing = source == own
        if (source_port if outgoing else target_port) in ports:
            sip(found, by_peer, at, outgoing, payload)
            continue
        if len(payload) < 12 or payload[0] >> 6 != 2:
            continue
        leg = by_peer.get((target, target_port) if outgoing else (source, source_port))
        if leg is None:
            continue
        leg.sent += outgoing
        kind = payload[1] & 127
        if kind == 96:
            if outgoing and len(payload) >= 16:
                event = payload[4:8]
                if event not in leg.events:
                    leg.events.add(event)
                    leg.keys.append((at, "0123456789*#"[payload[12]] if payload[12] < 12 else "?"))
            continue
        if not outgoing:
            leg.sound_at.append(at)
        name = frames.get(payload[12:])
        if name:
            if outgoing and name == "caller":
                leg.spoken_at.append(at)
            kept = (leg.spoken if outgoing else leg.heard).setdefault(name, [0, at, at])
            kept[0] += 1
            kept[2] = at
    return found


def sip(found, by_peer, at, outgoing, payload):
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError:
        return
    call_id = header(text, "Call-ID")
    first = text.split("\r\n", 1)[0]
    method = header(text, "CSeq").rpartition(" ")[2]
    if not call_id or method == "OPTIONS":
        return
    leg = found.get(call_id)
    if first.startswith("INVITE "):
        if leg is None:
            number = re.search(r"sip:([^@>]+)@", header(text, "From"))
            leg = found[call_id] = Leg(call_id, number.group(1) if number else "")
            leg.invited = at
        leg.invites += 1
        if not outgoing:
            leg.consent = header(text, "X-Consent-Id")
            leg.gateway_call = header(text, "X-Gateway-Call-Id")
            leg.peer = described(text)
            if leg.peer:
                by_peer[leg.peer] = leg
    elif leg is None:
        return
    elif first.startswith("BYE "):
        if leg.ended is None:
            leg.ended = at
            leg.ended_by = "here" if outgoing else "gateway"
            leg.end_reason = header(text, "Reason")
    elif first.startswith("SIP/2.0 "):
        status = int(first.split(" ")[1])
        if method == "BYE" and status == 200:
            leg.bye_answered = True
        if method == "INVITE" and status >= 300 and leg.answered is None:
            leg.refused = status
        if method == "INVITE" and status == 200 and leg.answered is None:
            leg.answered = at
            if not outgoing:
                leg.peer = described(text)
                if leg.peer:
                    by_peer[leg.peer] = leg


class Asked:
    """One gateway that had an INVITE, and what it answered in the end."""

    def __init__(self, node, at):
        self.node, self.at = node, at
        self.status, self.answered, self.retry_after = 0, None, ""

    def said(self):
        if not self.status:
            return f"{self.node}: nothing"
        return f"{self.node}: {self.status}" + (f" after {1000 * (self.answered - self.at):.0f} ms" if self.answered - self.at > 0.1 else "")

    def busy(self):
        """503 with Retry-After is for load or a limit; one that drains, or starts, has none."""
        return self.status == 503 and self.retry_after != ""


def ways(path, nodes, found):
    """Tells each call which gateways had its INVITE, of a capture of all SIP; nodes are their addresses.

    Returns how many messages each address had and sent, and
    how many of those to a gateway claim a consent.
    """
    octets = {bytes(int(part) for part in node.split(".")): node for node in nodes}
    messages = collections.Counter()
    claims = 0
    for at, source, _, target, _, payload in packets(path):
        try:
            text = payload.decode("utf-8")
        except UnicodeDecodeError:
            continue
        first = text.split("\r\n", 1)[0]
        method = header(text, "CSeq").rpartition(" ")[2]
        if not method:
            continue
        kind = "OPTIONS" if method == "OPTIONS" else "calls"
        messages[dotted(source), kind] += 1
        messages[dotted(target), kind] += 1
        claims += target in octets and "X-Consent-Id: forged" in text
        leg = found.get(header(text, "Call-ID"))
        if leg is None or method != "INVITE":
            continue
        if first.startswith("INVITE ") and target in octets and ";tag=" not in header(text, "To"):
            if not any(each.node == octets[target] for each in leg.asked):
                leg.asked.append(Asked(octets[target], at))
        elif first.startswith("SIP/2.0 ") and source in octets:
            status = int(first.split(" ")[1])
            for each in leg.asked:
                if each.node == octets[source] and status >= 200 and not each.status:
                    each.status, each.answered, each.retry_after = status, at, header(text, "Retry-After")
    return messages, claims


def counted(found):
    return collections.Counter(leg.node() or "nobody" for leg in found.values())
