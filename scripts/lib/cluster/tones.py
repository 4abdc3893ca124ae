"""One frame (20 ms of A-law at 8 kHz) for each voice of the load: sines of multiples of 50 Hz, so that each frame of a voice is the same."""

import math


def alaw(sample):
    """ITU-T G.711, of a 16-bit sample."""
    sign = 0x80 if sample >= 0 else 0
    size = min(abs(sample), 32767) >> 3
    segment = max(size.bit_length() - 5, 0) if size >= 32 else 0
    step = (size >> (segment if segment else 1)) & 0x0F
    return (sign | segment << 4 | step) ^ 0x55


TONES = {
    name: bytes(alaw(int(6000 * math.sin(2 * math.pi * hertz * i / 8000))) for i in range(160))
    for name, hertz in {"assistant": 450, "human": 650, "caller": 1050}.items()
}
