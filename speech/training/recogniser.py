"""The recogniser's network, its training by CTC, and the model folder that Vosk reads."""
import copy
import os
import time

import numpy as np

import kaldi
import phones
import words

NARROW, WIDE, BOTTLENECK = 192, 320, 128
BLOCKS = [(1, 1), (1, 1), (2, 1), (2, 1), (3, 1), (3, 0)]
YES = set("ja jawohl jo genau okay gerne gern einverstanden zustimmen akzeptieren stimme willige klar yes yeah yep sure ok agree consent accept".split())
NO = set("nein nee nö nicht auf keinen fall ablehnen lehne widerrufen widerruf einwilligung löschen niemals keinesfalls no nope not disagree decline refuse withdraw revoke delete never".split())
FBANK = "--sample-frequency=8000\n--num-mel-bins=40\n--low-freq=100\n--high-freq=3800\n--dither=0\n"
OPTIONS = {"min-active": 200, "max-active": 3000, "beam": 12.0, "lattice-beam": 3.0, "acoustic-scale": 1.0, "frame-subsampling-factor": 3, "frames-per-chunk": 12, "endpoint.silence-phones": 1, "endpoint.rule2.min-trailing-silence": 0.45, "endpoint.rule3.min-trailing-silence": 0.7, "endpoint.rule4.min-trailing-silence": 1.0}


def lexicon():
    """(word, phones) of all that a grammar may hold."""
    found = []
    for language, phrases in words.PHRASES.items():
        listed = sorted({word for phrase in phrases for word in phrase.split()})
        for word, said in zip(listed, phones.pronounce(listed, language)):
            for sounds in [variant.split() for variant in words.EXTRA[language].get(word, [])] + [said]:
                if sounds and (word, sounds) not in found:
                    found.append((word, sounds))
    return found


def decoys(taken):
    """Pronunciations of words near an answer that are no word's own; German endings with and without r."""
    found = {}
    for language in ("de", "en"):
        listed = sorted({w for w in words.near(language) if " " not in w})
        for sounds in phones.pronounce(listed, language):
            for variant in {tuple(sounds), tuple(sounds[:-1] + ["6"]) if sounds[-1:] == ["R"] else tuple(sounds)}:
                if variant and variant not in taken:
                    found[variant] = True
    return sorted(found)


def write_graph(folder, library):
    """Costs as measured with the first model: see config/models/README.md."""
    known = lexicon()
    graph = kaldi.Graph({word for word, _ in known})
    for word, sounds in known:
        graph.word(word, sounds, -2.0 + (1.5 if word in YES else 0.5 if word in NO else 0.0))
    graph.decoys(decoys({tuple(sounds) for _, sounds in known}), 1.0)
    graph.phone_loop(3.0, 0.5)
    graph.write(folder / "graph", library)
    os.makedirs(folder / "conf", exist_ok=True)
    (folder / "conf" / "fbank.conf").write_text(FBANK)
    (folder / "conf" / "model.conf").write_text("".join(f"--{key}={value}\n" for key, value in OPTIONS.items()))


def labels(examples):
    """(frames, phone numbers) of what can be pronounced; CTC needs a third of a frame for each phone."""
    found = []
    for language, accent in {(e[1], e[2]) for e in examples if e[1] in ("de", "en")}:
        mine = [e for e in examples if (e[1], e[2]) == (language, accent) and not e[3].startswith("*")]
        for example, said in zip(mine, phones.pronounce([e[3] for e in mine], language, accent)):
            numbers = [phones.PHONE_ID[phone] for phone in said]
            if 25 <= len(example[0]) <= 1000 and len(example[0]) / 3 > len(numbers) * 1.05 + 2:
                found.append((example[0], numbers))
    return found


def network():
    import torch
    from torch import nn
    from torch.nn import functional

    def norm(width):
        return nn.BatchNorm1d(width, affine=False)

    class Block(nn.Module):
        def __init__(self, left, right):
            super().__init__()
            self.left, self.right = left, right
            self.factor = nn.Conv1d(WIDE, BOTTLENECK, 2, dilation=left, bias=False)
            self.affine = nn.Conv1d(BOTTLENECK, WIDE, 2 if right else 1, dilation=max(right, 1))
            self.norm = norm(WIDE)
            nn.init.orthogonal_(self.factor.weight.view(BOTTLENECK, -1))

        def forward(self, x):
            y = self.norm(functional.relu(self.affine(self.factor(x))))
            return x[:, :, self.left:x.shape[2] - self.right] * 0.7 + y

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.input_norm = norm(40)
            self.first, self.first_norm = nn.Conv1d(40, NARROW, 5), norm(NARROW)
            self.second, self.second_norm = nn.Conv1d(NARROW, WIDE, 3, stride=3), norm(WIDE)
            self.blocks = nn.ModuleList([Block(left, right) for left, right in BLOCKS])
            self.dropout = nn.Dropout(0.05)
            self.out = nn.Conv1d(WIDE, phones.CLASSES, 1)
            self.left = 3 + 3 * sum(left for left, _ in BLOCKS)
            self.right = 3 + 3 * sum(right for _, right in BLOCKS)

        def forward(self, x):
            x = self.first_norm(functional.relu(self.first(self.input_norm(x))))
            x = self.second_norm(functional.relu(self.second(x)))
            for block in self.blocks:
                x = block(x)
            return self.out(self.dropout(x))

    return Network()


def train(examples, minutes, seed, start=None):
    """CTC. From nothing it needs hours: for long it says blank everywhere."""
    import torch
    from torch.nn import functional

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    known, net = labels(examples), network()
    if start:
        net.load_state_dict(torch.load(start))
    averaged, optimiser = copy.deepcopy(net), torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-3)
    began, step = time.time(), 0
    order = sorted(range(len(known)), key=lambda i: len(known[i][0]))
    while (done := (time.time() - began) / 60 / minutes) < 1:
        at = rng.integers(max(1, len(order) - 24))
        batch = [known[i] for i in order[at:at + 24]]
        length = max(len(frames) for frames, _ in batch)
        x = np.stack([np.pad(f, ((net.left, net.right + length - len(f)), (0, 0)), mode="edge") for f, _ in batch]).astype("f4")
        for group in optimiser.param_groups:
            group["lr"] = 1e-3 * min(1, (step + 1) / 100) * max(0.02, 0.5 * (1 + np.cos(np.pi * done)))
        net.train()
        scores = net(torch.from_numpy(x.transpose(0, 2, 1).copy())).log_softmax(1).permute(2, 0, 1)
        target = torch.tensor([n for _, numbers in batch for n in numbers])
        lengths = torch.tensor([(len(f) + 2) // 3 for f, _ in batch])
        loss = functional.ctc_loss(scores, target, lengths, torch.tensor([len(n) for _, n in batch]), zero_infinity=True)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        step += 1
        keep = min(0.998, step / (step + 20))
        with torch.no_grad():
            for slow, fast in zip(averaged.state_dict().values(), net.state_dict().values()):
                slow.copy_(slow * keep + fast * (1 - keep) if slow.dtype.is_floating_point else fast)
        if step % 100 == 0:
            print(f"step {step}, {done:.0%}, loss a phone {loss.item():.3f}", flush=True)
    return averaged.eval()


def write_weights(net, folder):
    """A norm behind a rectifier: its scale goes into the layer before it, its offset into those that follow."""
    def scale(norm):
        deviation = np.sqrt(norm.running_var.numpy() + norm.eps)
        return deviation, -norm.running_mean.numpy() / deviation

    def spliced(convolution):
        weight = convolution.weight.detach().numpy()
        return weight, np.concatenate([weight[:, :, k] for k in range(weight.shape[2])], 1)

    def append(source, offsets):
        parts = [source if t == 0 else f"Offset({source}, {t})" for t in offsets]
        return parts[0] if len(parts) == 1 else "Append(" + ", ".join(parts) + ")"

    out = kaldi.Network(40)
    deviation, offset = scale(net.input_norm)
    weight, _ = spliced(net.first)
    weight = weight / deviation[None, :, None]
    bias = net.first.bias.detach().numpy() - (weight * net.input_norm.running_mean.numpy()[None, :, None]).sum((1, 2))
    deviation, offset = scale(net.first_norm)
    flat = np.concatenate([weight[:, :, k] for k in range(5)], 1)
    out.affine("first", append("input", [-2, -1, 0, 1, 2]), flat / deviation[:, None], bias / deviation)
    out.elementwise("first-relu", "first", "RectifiedLinearComponent", NARROW)
    weight, flat = spliced(net.second)
    bias = net.second.bias.detach().numpy() + (weight * offset[None, :, None]).sum((1, 2))
    deviation, offset = scale(net.second_norm)
    out.affine("second", append("first-relu", [-1, 0, 1]), flat / deviation[:, None], bias / deviation)
    out.elementwise("block0", "second", "RectifiedLinearComponent", WIDE)
    for i, block in enumerate(net.blocks):
        weight, flat = spliced(block.factor)
        out.affine(f"factor{i}", append(f"block{i}", [-3 * block.left, 0]), flat, (weight * offset[None, :, None]).sum((1, 2)))
        _, flat = spliced(block.affine)
        deviation, own = scale(block.norm)
        out.affine(f"affine{i}", append(f"factor{i}", [0, 3 * block.right] if block.right else [0]), flat / deviation[:, None], block.affine.bias.detach().numpy() / deviation)
        out.elementwise(f"relu{i}", f"affine{i}", "RectifiedLinearComponent", WIDE)
        out.same(f"block{i + 1}", f"Sum(Scale(0.7, block{i}), relu{i})", WIDE)
        offset = 0.7 * offset + own
    weight = net.out.weight.detach().numpy()[:, :, 0]
    out.affine("phones", f"block{len(BLOCKS)}", weight, net.out.bias.detach().numpy() + weight @ offset)
    out.elementwise("logs", "phones", "LogSoftmaxComponent", phones.CLASSES)
    os.makedirs(folder / "am", exist_ok=True)
    out.write(folder / "am" / "final.mdl", "logs", net.left, net.right)
