"""What Vosk reads: the transition model, the network and the graphs, in Kaldi's and OpenFst's formats."""
import math
import os
import struct
import subprocess

import numpy as np

import phones

# Phone 1 is silence; then each phone at the beginning, inside, at the end of a word, and alone.
SYMBOLS = ["SIL"] + [f"{phone}_{place}" for phone in phones.PHONES for place in "BEIS"]
ID = {symbol: i + 1 for i, symbol in enumerate(SYMBOLS)}

# Beginning and inside: the phone, then perhaps the blank. Otherwise the phone alone. (class, [(to, probability)])
TOPOLOGIES = [
    [(0, [(0, 0.5), (1, 0.25), (2, 0.25)]), (1, [(1, 0.5), (2, 0.5)]), (-1, [])],
    [(0, [(0, 0.5), (1, 0.5)]), (-1, [])],
]
GARBAGE = "[unk]"


def topology(symbol):
    return 0 if symbol[-2:] in ("_B", "_I") else 1


def states():
    """(phone, state, class of the network) in the order that numbers the transitions."""
    found = []
    for symbol in SYMBOLS:
        sound = 0 if symbol == "SIL" else phones.PHONE_ID[symbol[:-2]]
        found += [(ID[symbol], state, 0 if state else sound) for state in range(2 - topology(symbol))]
    return sorted(found)


def transitions():
    """(phone, state, number of the arc) to the transition's id, and its probability."""
    table = {}
    for phone, state, _ in states():
        for number, (_, chance) in enumerate(TOPOLOGIES[topology(SYMBOLS[phone - 1])][state][1]):
            table[(phone, state, number)] = (len(table) + 1, chance)
    return table


TRANSITION = {key: value[0] for key, value in transitions().items()}


def token(file, text):
    file.write(text.encode() + b" ")


def integer(file, value):
    file.write(b"\x04" + struct.pack("<i", value))


def real(file, value):
    file.write(b"\x04" + struct.pack("<f", value))


def integers(file, values):
    file.write(b"\x04" + struct.pack("<i", len(values)) + np.asarray(values, "<i4").tobytes())


def vector(file, values):
    values = np.asarray(values, "<f4")
    token(file, "FV")
    integer(file, values.size)
    file.write(values.tobytes())


def matrix(file, values):
    """Compressed to 16 bit a weight."""
    low, extent = float(values.min()), max(float(values.max() - values.min()), 1e-5)
    steps = np.clip(np.round((values.astype("f8") - low) / extent * 65535), 0, 65535).astype("<u2")
    file.write(b"CM2 " + struct.pack("<ffii", low, extent, *values.shape) + steps.tobytes())


def write_transition_model(file):
    token(file, "<TransitionModel>")
    token(file, "<Topology>")
    integers(file, range(1, len(SYMBOLS) + 1))
    integers(file, [-1] + [topology(s) for s in SYMBOLS])
    integer(file, len(TOPOLOGIES))
    for entry in TOPOLOGIES:
        integer(file, len(entry))
        for kind, arcs in entry:
            integer(file, kind)
            integer(file, len(arcs))
            for to, chance in arcs:
                integer(file, to)
                real(file, chance)
    token(file, "</Topology>")
    token(file, "<Triples>")
    integer(file, len(states()))
    for triple in states():
        for value in triple:
            integer(file, value)
    token(file, "</Triples>")
    token(file, "<LogProbs>")
    vector(file, [0.0] + [math.log(chance) for _, chance in transitions().values()])
    token(file, "</LogProbs>")
    token(file, "</TransitionModel>")


class Network:
    """Nodes and components of an nnet3 network, written one after the other."""

    def __init__(self, inputs):
        self.nodes, self.components = [f"input-node name=input dim={inputs}"], []

    def affine(self, name, source, weights, bias):
        def write(file):
            token(file, "<FixedAffineComponent>")
            token(file, "<LinearParams>")
            matrix(file, weights)
            token(file, "<BiasParams>")
            vector(file, bias)
            token(file, "</FixedAffineComponent>")

        self._add(name, source, write)

    def elementwise(self, name, source, kind, width):
        def write(file):
            token(file, f"<{kind}>")
            token(file, "<Dim>")
            integer(file, width)
            for key, value in (("ValueAvg", []), ("DerivAvg", []), ("Count", 0), ("OderivRms", []), ("OderivCount", 0), ("NumDimsSelfRepaired", 0), ("NumDimsProcessed", 0)):
                token(file, f"<{key}>")
                if value == []:
                    vector(file, [])
                else:
                    file.write(b"\x08" + struct.pack("<d", 0.0))
            token(file, f"</{kind}>")

        self._add(name, source, write)

    def same(self, name, source, width):
        def write(file):
            token(file, "<NoOpComponent>")
            token(file, "<Dim>")
            integer(file, width)
            token(file, "<BackpropScale>")
            real(file, 1.0)
            token(file, "</NoOpComponent>")

        self._add(name, source, write)

    def _add(self, name, source, write):
        self.nodes.append(f"component-node name={name} component={name} input={source}")
        self.components.append((name, write))

    def write(self, path, output, left, right):
        nodes = self.nodes + [f"output-node name=output input={output} objective=linear"]
        with open(path, "wb") as file:
            file.write(b"\0B")
            write_transition_model(file)
            token(file, "<Nnet3>")
            file.write(("\n" + "\n".join(nodes) + "\n\n").encode())
            token(file, "<NumComponents>")
            integer(file, len(self.components))
            for name, write in self.components:
                token(file, "<ComponentName>")
                token(file, name)
                write(file)
            token(file, "</Nnet3>")
            token(file, "<LeftContext>")
            integer(file, left)
            token(file, "<RightContext>")
            integer(file, right)
            token(file, "<Priors>")
            vector(file, [])


class Graph:
    """Lexicon and HMM: words in a loop, with silence between, and the garbage word beside them."""

    def __init__(self, words):
        self.words = ["<eps>"] + sorted({*words, GARBAGE})
        self.number = {word: i for i, word in enumerate(self.words)}
        self.arcs, self.count = [], 0
        self.loop, self.hub, self.silence = self.state(), self.state(), self.state()
        silent = ID["SIL"]
        self.arc(self.loop, self.silence, TRANSITION[silent, 0, 1], 0, 0)
        self.arc(self.silence, self.silence, TRANSITION[silent, 0, 0], 0, 0)
        for state in (self.loop, self.silence):
            self.arc(state, self.hub, 0, 0, 0)

    def state(self):
        self.count += 1
        return self.count - 1

    def arc(self, source, target, transition, word, cost):
        self.arcs.append((source, target, transition, word, cost))

    def phone(self, source, target, symbol, word=0, cost=0.0):
        """Forward arcs first, then the self-loops, as Kaldi reorders them."""
        phone, sounding = ID[symbol], self.state()
        if topology(symbol) == 0:
            begun, blank = self.state(), self.state()
            self.arc(source, begun, TRANSITION[phone, 0, 1], word, cost)
            self.arc(begun, begun, TRANSITION[phone, 0, 0], 0, 0)
            self.arc(begun, blank, TRANSITION[phone, 1, 1], 0, 0)
            self.arc(blank, blank, TRANSITION[phone, 1, 0], 0, 0)
            self.arc(blank, target, 0, 0, 0)
        self.arc(source, sounding, TRANSITION[phone, 0, 2 if topology(symbol) == 0 else 1], word, cost)
        self.arc(sounding, sounding, TRANSITION[phone, 0, 0], 0, 0)
        self.arc(sounding, target, 0, 0, 0)

    def word(self, word, sounds, cost):
        self._path(sounds, self.number[word], cost)

    def decoys(self, pronunciations, cost):
        """As pronunciations of the garbage word, so that they stand in every grammar; one prefix tree."""
        tree = {}
        for sounds in pronunciations:
            if len(sounds) == 1:
                self.phone(self.hub, self.loop, sounds[0] + "_S", self.number[GARBAGE], cost)
                continue
            at = self.hub
            for i, sound in enumerate(sounds[:-1]):
                key = tuple(sounds[: i + 1])
                if key not in tree:
                    tree[key] = self.state()
                    self.phone(at, tree[key], sound + ("_I" if i else "_B"), 0 if i else self.number[GARBAGE])
                at = tree[key]
            self.phone(at, self.loop, sounds[-1] + "_E", 0, cost)

    def phone_loop(self, entry, each):
        """Any sounds at all."""
        garbage, inside = self.number[GARBAGE], self.state()
        for phone in phones.PHONES:
            self.phone(self.hub, self.loop, phone + "_S", garbage, entry + each)
            self.phone(self.hub, inside, phone + "_B", garbage, entry + each)
            self.phone(inside, inside, phone + "_I", 0, each)
            self.phone(inside, self.loop, phone + "_E", 0, each)

    def _path(self, sounds, word, cost):
        places = ["S"] if len(sounds) == 1 else ["B"] + ["I"] * (len(sounds) - 2) + ["E"]
        at = self.hub
        for i, (sound, place) in enumerate(zip(sounds, places)):
            target = self.loop if i == len(sounds) - 1 else self.state()
            self.phone(at, target, f"{sound}_{place}", 0 if i else word, 0.0 if i else cost)
            at = target

    def write(self, folder, library):
        """
        :param library: of OpenFst, which writes the look-ahead type only with it in place
        """
        os.makedirs(folder / "phones", exist_ok=True)
        arcs = sorted(self.arcs, key=lambda arc: (arc[0] != self.loop, arc[0]))
        text = "".join("%d\t%d\t%d\t%d\t%.5f\n" % arc for arc in arcs) + f"{self.loop}\t0\n{self.silence}\t0\n"
        pipe = "fstcompile | fstarcsort --sort_type=olabel | fstconvert --fst_type=olabel_lookahead --save_relabel_opairs=relabel > HCLr.fst"
        run(pipe, text, folder, library)
        renamed = dict(tuple(map(int, line.split())) for line in (folder / "relabel").read_text().splitlines())
        (folder / "relabel").unlink()
        number = {word: renamed.get(i, 0) if i else 0 for i, word in enumerate(self.words)}
        listed = sorted(self.words, key=lambda word: number[word])
        (folder / "words.txt").write_text("".join(f"{w} {number[w]}\n" for w in listed), encoding="utf-8")
        cost = math.log(len(self.words))
        grammar = "".join(f"0 0 {number[w]} {number[w]} {cost:.4f}\n" for w in self.words[1:]) + "0 0.7\n"
        run("fstcompile | fstarcsort --sort_type=ilabel | fstconvert --fst_type=const > Gr.fst", grammar, folder, library)
        (folder / "disambig_tid.int").write_text(f"{len(TRANSITION) + 1}\n")
        (folder / "phones.txt").write_text("<eps> 0\n" + "".join(f"{s} {ID[s]}\n" for s in SYMBOLS))
        place = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
        boundary = "".join(f"{ID[s]} {'nonword' if s == 'SIL' else place[s[-1]]}\n" for s in SYMBOLS)
        (folder / "phones" / "word_boundary.int").write_text(boundary)


def run(pipe, text, folder, library):
    environment = dict(os.environ, LD_PRELOAD=library)
    subprocess.run(["bash", "-o", "pipefail", "-c", pipe], input=text.encode(), cwd=folder, env=environment, check=True)
