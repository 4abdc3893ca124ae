"""wire.py PORT MILLISECONDS PERCENT NAMESPACE: packets through a port of the bridge are late, and some are lost.

Takes the port (one end of a veth pair) from the bridge "lan", puts a TAP device in its place and carries frames between the two. Both ways are
late by MILLISECONDS and lose PERCENT. When it ends, the port is back at the bridge. Runs in the namespace of the bridge; NAMESPACE is the other end's.
"""

import collections
import ctypes
import fcntl
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import time

port, late, lost, other = sys.argv[1], int(sys.argv[2]) / 1000, float(sys.argv[3]) / 100, sys.argv[4]
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
SIOCETHTOOL, CLONE_NEWNET = 0x8946, 0x40000000
# ETHTOOL_STXCSUM, STSO, SGSO: a sender that leaves checksums and segments to a network card has none here.
OFFLOADS = (0x17, 0x1F, 0x24)


def without_offloads():
    here = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(other, os.O_RDONLY)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.setns(there, CLONE_NEWNET)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for each in OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("II", each, 0))
            request = struct.pack("16sP", b"eth0", ctypes.addressof(value)).ljust(40, b"\0")
            fcntl.ioctl(any_socket, SIOCETHTOOL, request)
    libc.setns(here, CLONE_NEWNET)


def ip(*words):
    subprocess.run(["ip", "link", *words], check=True)


without_offloads()
tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH", b"slow-" + port[:10].encode(), IFF_TAP | IFF_NO_PI))
name = "slow-" + port[:10]
raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 << 20)
raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16 << 20)
raw.bind((port, 0))
raw.setblocking(False)
ip("set", "dev", name, "txqueuelen", "10000")
ip("set", "dev", name, "master", "lan", "up")
ip("set", "dev", port, "nomaster")
ip("set", "dev", port, "promisc", "on")


def end(*_):
    ip("set", "dev", port, "promisc", "off")
    ip("set", "dev", port, "master", "lan")
    sys.exit()


signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, end)
print("ready", flush=True)
waiting = collections.deque()
while True:
    pause = min(max(waiting[0][0] - time.monotonic(), 0), 1) if waiting else 1
    readable, _, _ = select.select([tap, raw], [], [], pause)
    now = time.monotonic()
    for side in readable:
        for _ in range(64):
            try:
                if side is raw:
                    frame, (_, _, kind, *_) = raw.recvfrom(65536)
                    if kind == socket.PACKET_OUTGOING:
                        continue
                else:
                    frame = os.read(tap, 65536)
            except BlockingIOError:
                break
            if random.random() >= lost:
                waiting.append((now + late, side, frame))
    now = time.monotonic()
    while waiting and waiting[0][0] <= now:
        _, side, frame = waiting.popleft()
        try:
            if side is raw:
                os.write(tap, frame)
            else:
                raw.send(frame)
        except OSError:
            pass  # a full queue loses packets, as a wire does
