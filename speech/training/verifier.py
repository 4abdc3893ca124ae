"""The verifier: its network, its training from nothing, and its file (config/models/verifier/README.md)."""
import copy
import struct
import time

import numpy as np
import torch
import torch.nn.functional as functional
from torch import nn

FRAMES = 128
WORDS = {
    "ja": ["ja"],
    "okay": ["okay", "ok"],
    "klar": ["klar", "na klar"],
    "gern": ["gern", "gerne"],
    "natürlich": ["natürlich"],
    "jawohl": ["jawohl"],
    "yes": ["yes"],
    "yeah": ["yeah"],
    "yep": ["yep"],
    "sure": ["sure"],
    "agree": ["agree", "agreed", "i agree"],
    "accept": ["accept", "i accept"],
    "no": ["no", "nein", "nee", "nö", "nope", "stopp", "stop", "niemals", "never", "nicht einverstanden"],
}
NAMES = ["other", *WORDS]
CLASS = {phrase: NAMES.index(name) for name, phrases in WORDS.items() for phrase in phrases}


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        channels = (80, 112, 112, 112)
        self.register_buffer("mean", torch.zeros(40))
        self.register_buffer("deviation", torch.ones(40))
        self.convolutions = nn.ModuleList([
            nn.Conv1d(40, channels[0], 5, stride=2),
            nn.Conv1d(channels[0], channels[1], 5, stride=2),
            nn.Conv1d(channels[1], channels[2], 5),
            nn.Conv1d(channels[2], channels[3], 3),
        ])
        # Before the rectifier, so that the export can fold them into the convolutions.
        self.norms = nn.ModuleList([nn.BatchNorm1d(c) for c in channels])
        self.hidden = nn.Linear(2 * channels[3], 64)
        self.last = nn.Linear(64, len(NAMES))
        self.dropout = nn.Dropout(0.15)

    def forward(self, x):
        x = (x - self.mean[:, None]) / self.deviation[:, None]
        for convolution, norm in zip(self.convolutions, self.norms):
            x = functional.relu(norm(convolution(x)))
        x = torch.cat([x.amax(2), x.mean(2)], 1)
        return self.last(self.dropout(functional.relu(self.hidden(self.dropout(x)))))


def fitted(frames):
    """The last 128 frames; a shorter utterance is led in by its first."""
    if len(frames) >= FRAMES:
        return frames[-FRAMES:]
    return np.concatenate([np.repeat(frames[:1], FRAMES - len(frames), 0), frames])


def label(text):
    """None where an answer stands among other words: it is neither that answer nor another word."""
    if text in CLASS:
        return CLASS[text]
    return None if set(text.split()) & set(CLASS) else 0


def train(examples, minutes, seed):
    """From (frames, text, whether a person said it); weights averaged over the last few hundred steps."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    known = [(frames, label(text), person) for frames, text, person in examples if label(text) is not None and 25 <= len(frames) <= 260]
    classes = np.array([c for _, c, _ in known])
    chance = np.where(classes == 0, 1.0, 1.5) * np.array([1.6 if person else 1.0 for _, _, person in known])
    chance /= chance.sum()
    network = Network()
    some = np.concatenate([known[i][0] for i in rng.integers(0, len(known), 1500)])
    network.mean.copy_(torch.from_numpy(some.mean(0)))
    network.deviation.copy_(torch.from_numpy(some.std(0)))
    averaged = copy.deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=2e-3)
    began, step = time.time(), 0
    while (done := (time.time() - began) / 60 / minutes) < 1:
        chosen = rng.choice(len(known), 128, p=chance)
        batch = np.stack([masked(known[i][0], rng) for i in chosen])
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * min(1, (step + 1) / 100) * max(0.02, 0.5 * (1 + np.cos(np.pi * done)))
        network.train()
        scores = network(torch.from_numpy(batch.transpose(0, 2, 1).copy()))
        loss = functional.cross_entropy(scores, torch.from_numpy(classes[chosen]), label_smoothing=0.02)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        keep = min(0.998, step / (step + 20))
        with torch.no_grad():
            for slow, fast in zip(averaged.state_dict().values(), network.state_dict().values()):
                slow.copy_(slow * keep + fast * (1 - keep) if slow.dtype.is_floating_point else fast)
        if step % 100 == 0:
            print(f"step {step}, {done:.0%}, loss {loss.item():.3f}", flush=True)
    return averaged.eval()


def masked(frames, rng):
    """Cut a little at the end, tilted, and with some bands hidden, so that nothing is learned by heart."""
    cut = rng.integers(0, 12)
    x = frames[: max(40, len(frames) - cut)] if len(frames) > 60 else frames
    x = fitted(x) + rng.normal(0, 1.0) + np.linspace(-1, 1, 40) * rng.normal(0, 0.4)
    for _ in range(rng.integers(0, 3)):
        width = rng.integers(1, 7)
        at = rng.integers(0, 40 - width)
        x[:, at:at + width] = x.mean()
    return x.astype("f4")


def write(network, path):
    names = " ".join(NAMES).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<ii", 0x31564743, len(names)) + names)
        file.write(network.mean.numpy().astype("<f4").tobytes() + network.deviation.numpy().astype("<f4").tobytes())
        for convolution, norm in zip(network.convolutions, network.norms):
            scale = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach().numpy()
            weight = convolution.weight.detach().numpy() * scale[:, None, None]
            bias = (convolution.bias.detach().numpy() - norm.running_mean.numpy()) * scale + norm.bias.detach().numpy()
            layer(file, weight, bias, convolution.stride[0])
        for dense in (network.hidden, network.last):
            layer(file, dense.weight.detach().numpy()[:, :, None], dense.bias.detach().numpy(), 1)


def layer(file, weight, bias, stride):
    file.write(struct.pack("<iiii", *weight.shape, stride))
    file.write(weight.astype("<f4").tobytes() + bias.astype("<f4").tobytes())
