"""sounds.py DIR: what callers say and press and callees answer, as the capture files that sipp plays (RTP, 20 ms of A-law or an RFC 4733 event each).

Each voice is one tone whose period is a frame, so that a listener knows whose frame it is by comparing octets (tones.py).
"""

import os
import struct
import sys

from tones import TONES

EVENT = 96


class Stream:
    def __init__(self, ssrc):
        self.ssrc, self.sequence, self.timestamp, self.at, self.packets = ssrc, 1000, 160000, 0, []

    def add(self, kind, marker, timestamp, payload):
        header = struct.pack("!BBHII", 0x80, kind | (0x80 if marker else 0), self.sequence, timestamp, self.ssrc)
        self.packets.append((self.at, header + payload))
        self.sequence += 1

    def tick(self):
        self.timestamp += 160
        self.at += 20

    def sound(self, tone, millis):
        for _ in range(millis // 20):
            self.add(8, False, self.timestamp, TONES[tone])
            self.tick()
        return self

    def quiet(self, millis):
        """A frame of silence each fifth of a second, as telephones that detect silence send them."""
        for at in range(0, millis, 20):
            if at % 200 == 0:
                self.add(8, at == 0, self.timestamp, b"\xd5" * 160)
            self.tick()
        return self

    def key(self, key):
        """For 100 ms; its end is said three times (RFC 4733 §2.5.1.4)."""
        began = self.timestamp
        for step in range(8):
            ended = step >= 5
            length = 160 * (min(step, 5) + 1)
            self.add(EVENT, step == 0, began, struct.pack("!BBH", "0123456789*#".index(key), (0x80 if ended else 0) | 10, length))
            if not ended:
                self.tick()
        self.tick()
        return self

    def write(self, path):
        with open(path, "wb") as out:
            out.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
            for at, rtp in self.packets:
                size = 14 + 20 + 8 + len(rtp)
                out.write(struct.pack("<IIII", at // 1000, at % 1000 * 1000, size, size))
                out.write(bytes(12) + b"\x08\x00")
                out.write(struct.pack("!BBHIBBHII", 0x45, 0, size - 14, 0, 64, 17, 0, 0x7F000001, 0x7F000001))
                out.write(struct.pack("!HHHH", 6000, 6002, 8 + len(rtp), 0) + rtp)


folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
for each in ("assistant", "human"):
    Stream(0x41).sound(each, 8000).write(f"{folder}/{each}.pcap")
# The question begins after five seconds; a yes before it is none. The confirmation takes 3.7 s, and then the assistant is there.
Stream(0x51).quiet(8000).key("1").quiet(5000).sound("caller", 2000).write(f"{folder}/agrees.pcap")
Stream(0x52).quiet(8000).key("2").quiet(5000).sound("caller", 1000).write(f"{folder}/refuses.pcap")
# Who withdraws goes on talking: nobody may hear it any more.
talk = Stream(0x53).quiet(8000).key("1").quiet(5000).sound("caller", 1000)
talk.key("*").sound("caller", 100).key("9").sound("caller", 2500).write(f"{folder}/withdraws.pcap")
# Whoever agrees for later calls, too: that question follows at once and takes five seconds.
Stream(0x54).quiet(8000).key("1").quiet(6000).key("1").quiet(5500).sound("caller", 2000).write(f"{folder}/remembers.pcap")
# Two later calls: one short question, whose end is in the ninth second. The first withdraws in the twenty-first, the second goes on talking.
talk = Stream(0x55).quiet(9500).key("1").quiet(4500).sound("caller", 6000)
talk.key("*").sound("caller", 100).key("9").sound("caller", 4000).write(f"{folder}/known-withdraws.pcap")
Stream(0x56).quiet(9500).key("1").quiet(4500).sound("caller", 15000).write(f"{folder}/known-talks.pcap")
