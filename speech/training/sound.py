"""Sound to features, and what a telephone line and a room make of it.

The features are those of config/models/verifier/README.md and of the recogniser's fbank.conf.
"""
import wave

import numpy as np

RATE, BANDS, WINDOW, HOP, POINTS = 8000, 40, 200, 80, 256
LOW, HIGH = 100.0, 3800.0


def mel(hertz):
    return 1127.0 * np.log(1.0 + hertz / 700.0)


def triangles():
    low, step = mel(LOW), (mel(HIGH) - mel(LOW)) / (BANDS + 1)
    at = (mel(np.arange(POINTS // 2) * RATE / POINTS)[:, None] - low - np.arange(BANDS) * step) / step
    weights = np.maximum(0, np.minimum(at, 2 - at))
    return np.vstack([weights, np.zeros((1, BANDS))]).astype("f4")


TRIANGLES = triangles()
POVEY = ((0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / (WINDOW - 1))) ** 0.85).astype("f4")


def features(samples):
    """Samples of 8 kHz in the range of 16 bit to [frames, 40]."""
    x = np.ascontiguousarray(samples, "f4")
    count = 1 + (len(x) - WINDOW) // HOP
    if count < 1:
        return np.zeros((0, BANDS), "f4")
    frames = np.lib.stride_tricks.as_strided(x, (count, WINDOW), (x.strides[0] * HOP, x.strides[0])).copy()
    frames -= frames.mean(1, keepdims=True)
    frames[:, 1:] -= 0.97 * frames[:, :-1]
    frames[:, 0] -= 0.97 * frames[:, 0]
    spectrum = np.fft.rfft(frames * POVEY, POINTS, axis=1)
    return np.log(np.maximum((np.abs(spectrum) ** 2).astype("f4") @ TRIANGLES, np.float32(1.1920929e-07)))


def read(path):
    """A WAV of 16 bit, as rate and samples of its first channel."""
    with wave.open(str(path)) as file:
        if file.getsampwidth() != 2:
            raise ValueError(f"{path}: not 16 bit")
        return file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")[:: file.getnchannels()]


def alaw(x):
    a, d = 87.6, 1 + np.log(87.6)
    y = np.clip(x / 32768.0, -1, 1)
    size = np.abs(y)
    coded = np.sign(y) * np.where(size < 1 / a, a * size / d, (1 + np.log(np.maximum(a * size, 1e-9))) / d)
    step = (np.floor((coded + 1) / 2 * 256).clip(0, 255) + 0.5) / 256 * 2 - 1
    size = np.abs(step)
    return np.sign(step) * np.where(size < 1 / d, size * d / a, np.exp(np.minimum(size * d - 1, 10)) / a) * 32768.0


def mulaw(x):
    y = np.clip(x / 32768.0, -1, 1)
    coded = np.sign(y) * np.log1p(255 * np.abs(y)) / np.log1p(255)
    step = np.round((coded + 1) / 2 * 255) / 255 * 2 - 1
    return np.sign(step) * (256 ** np.abs(step) - 1) / 255 * 32768.0


def coloured(count, rng):
    spectrum = np.fft.rfft(rng.standard_normal(count))
    y = np.fft.irfft(spectrum / (np.arange(len(spectrum)) + count * 0.01) ** rng.uniform(0, 1), count)
    return y / (y.std() + 1e-9)


class Line:
    """One telephone after the other: speed, equaliser, room, noise, level, loss and codec by chance."""

    def __init__(self, noises, seed):
        self.noises, self.rng = noises, np.random.default_rng(seed)

    def carry(self, samples, rate):
        rng = self.rng
        y = self._resampled(samples, rate, rng.uniform(0.82, 1.22) if rng.random() < 0.75 else 1.0)
        y = y / (np.sqrt(np.mean(y**2)) + 1e-6)
        if rng.random() < 0.3:
            y = self._in_a_room(y)
        lead = rng.uniform(0.6, 1.5) if rng.random() < 0.1 else rng.uniform(0.05, 0.6)
        y = np.concatenate([np.zeros(int(RATE * lead)), y, np.zeros(int(RATE * rng.uniform(0.1, 0.7)))])
        if rng.random() < 0.8:
            snr = rng.uniform(3, 20) if rng.random() < 0.35 else rng.uniform(15, 45)
            y = y + self._noise(len(y)) * 10 ** (-snr / 20)
        y = y * 10 ** (rng.uniform(-42, -12) / 20) * 32768
        if rng.random() < 0.05:
            y = y * rng.uniform(2, 8)
        if rng.random() < 0.1:
            for _ in range(rng.integers(1, 4)):
                at = 160 * rng.integers(1, max(2, len(y) // 160 - 1))
                y[at:at + 160] = 0 if rng.random() < 0.5 else np.resize(y[at - 160:at], len(y[at:at + 160]))
        y, codec = np.clip(np.round(y), -32768, 32767), rng.random()
        return np.round(alaw(y) if codec < 0.45 else mulaw(y) if codec < 0.8 else y).astype("f4")

    def _resampled(self, samples, rate, speed):
        rng = self.rng
        wanted = int(len(samples) * RATE / rate / speed) // 2 * 2
        there = np.fft.rfft(samples.astype("f4"))
        spectrum = np.zeros(wanted // 2 + 1, complex)
        spectrum[: min(len(there), len(spectrum))] = there[: len(spectrum)]
        hertz = np.linspace(0, RATE / 2, len(spectrum))
        gain = 10 ** (np.interp(hertz, np.linspace(0, 4000, 7), rng.normal(0, rng.uniform(0, 4.5), 7)) / 20)
        if rng.random() < 0.7:
            gain = gain / (1 + (rng.uniform(60, 330) / np.maximum(hertz, 1)) ** (2 * rng.integers(2, 5)))
        if rng.random() < 0.8:
            gain = gain / (1 + (hertz / rng.uniform(3100, 3900)) ** (2 * rng.integers(6, 20)))
        return np.fft.irfft(spectrum * gain, wanted) * (wanted / len(samples))

    def _in_a_room(self, y):
        rng = self.rng
        length = int(RATE * rng.uniform(0.05, 0.45))
        echo = rng.standard_normal(length) * np.exp(-np.arange(length) / (length / rng.uniform(4, 8))) * rng.uniform(0.02, 0.35)
        echo[0] = 1
        size = 1 << (len(y) + length - 1).bit_length()
        return np.fft.irfft(np.fft.rfft(y, size) * np.fft.rfft(echo, size), size)[: len(y) + length // 3]

    def _noise(self, count):
        rng, kind = self.rng, self.rng.random()
        if kind < 0.35 or (kind < 0.8 and not self.noises):
            y = coloured(count, rng)
        elif kind < 0.8:
            source = self.noises[rng.integers(len(self.noises))]
            at = rng.integers(max(1, len(source) - count))
            y = np.resize(source[at:at + count], count).astype("f8")
        elif kind < 0.88:
            pitch, time = rng.choice([50, 100, 400, 425, 440, 1000, rng.uniform(80, 3000)]), np.arange(count) / RATE
            y = sum(np.sin(2 * np.pi * pitch * h * time) / h for h in range(1, rng.integers(2, 6)))
        else:
            y = coloured(count, rng) * np.interp(np.arange(count), np.linspace(0, count, 20), rng.uniform(0, 1, 20) ** 3)
        return y / (np.sqrt(np.mean(y**2)) + 1e-6)
