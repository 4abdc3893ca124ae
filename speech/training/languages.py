"""Whether a recording says its text: the graph that hears sounds instead of words, and for each language a table of what is heard of its letters.

The recogniser's own network writes down what sounds it hears, whatever the language. What it hears of a letter (or of "sch", "ough" and the like)
is counted in synthetic speech of many voices, letters and sounds put beside each other by the most likely alignment, again and again (Viterbi
training of a pair HMM). The sentences are the translations of programs that are installed here (gettext catalogues). Only the counts leave this script, no text
and no voice.
"""
import ctypes
import gettext
import glob
import json
import pathlib
import random
import re
import subprocess
import tempfile

import numpy as np

import kaldi
import phones
import sound
import speech

# As a reader of a message would write them, since libvosk's words are shown where a recording is refused.
IPA = dict(zip(phones.PHONES, "a aː æ ʌ ɐ ɛ ɛː eː ɪ iː ɔ ɔː oː ʊ uː œ øː ʏ yː ə ɚ ɜː aɪ aʊ ɔɪ eɪ oʊ p b t d k ɡ f v s z ʃ ʒ ç x h m n ŋ l j w θ ð ʁ ɹ ɾ ts tʃ dʒ pf".split()))
SPOKEN = {"de": ["de"], "en": ["en-us", "en-us", "en-gb", "en-gb-x-rp", "en-us-nyc"], "fr": ["fr", "fr", "fr-ch", "fr-be"], "tr": ["tr"]}
# Letters that are one sound together; "_" is the end of a word.
TOGETHER = {
    "de": "sch tsch ch ck ph pf qu st sp tz ng nk ei ai ie eu äu au ah eh ih oh uh äh öh üh aa ee oo tt ss ll mm nn pp ff rr dd gg er en",
    "en": "tion th sh ch ck ph qu ng ee ea oo ou ow oi oy ai ay au aw ei ey ie igh oa wh wr kn gh tt ss ll mm nn pp ff rr dd er ar or ir ur ed e_",
    "fr": "eau oin ain ein ch ph qu gn ou oi au ai ei eu an en in on un am em im om um tt ss ll mm nn pp ff rr er ez es ent e_ s_ t_",
    "tr": "tt ss ll mm nn",
}
HELD_OUT = 7  # of so many sentences one is not counted
ROUNDS = 8


def write_graph(folder, library):
    (folder / "conf").mkdir(parents=True, exist_ok=True)
    graph = kaldi.Graph(set(IPA.values()))
    for phone in phones.PHONES:
        graph.word(IPA[phone], [phone], 0.0)
    graph.write(folder / "graph", library)


class Ear:
    """libvosk, without its own Python package."""

    def __init__(self, library, model):
        self.vosk = ctypes.CDLL(str(library))
        for name in ("vosk_model_new", "vosk_recognizer_new"):
            getattr(self.vosk, name).restype = ctypes.c_void_p
        for name in ("vosk_recognizer_final_result", "vosk_recognizer_result"):
            getattr(self.vosk, name).restype = ctypes.c_char_p
            getattr(self.vosk, name).argtypes = [ctypes.c_void_p]
        self.vosk.vosk_set_log_level(-1)
        self.vosk.vosk_recognizer_new.argtypes = [ctypes.c_void_p, ctypes.c_float]
        self.vosk.vosk_recognizer_accept_waveform_s.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
        self.vosk.vosk_recognizer_free.argtypes = [ctypes.c_void_p]
        self.model = self.vosk.vosk_model_new(str(model).encode())
        if not self.model:
            raise ValueError(f"{model} is no model")

    def sounds(self, samples):
        """What is heard, piece by piece where somebody pauses."""
        recogniser, heard = self.vosk.vosk_recognizer_new(self.model, 8000.0), []
        padded = np.concatenate([np.zeros(1600, "<i2"), np.asarray(samples, "<i2"), np.zeros(2400, "<i2")])
        for at in range(0, len(padded), 160):
            piece = np.ascontiguousarray(padded[at:at + 160])
            if self.vosk.vosk_recognizer_accept_waveform_s(recogniser, piece.ctypes.data, len(piece)) == 1:
                heard.append(json.loads(self.vosk.vosk_recognizer_result(recogniser))["text"].split())
        heard.append(json.loads(self.vosk.vosk_recognizer_final_result(recogniser))["text"].split())
        self.vosk.vosk_recognizer_free(recogniser)
        return [piece for piece in heard if piece]


def sentences(language, count, seed):
    """Of the gettext catalogues; English is what is translated."""
    found = set()
    for folder in ("de", "fr", "es") if language == "en" else (language,):
        for file in sorted(glob.glob(f"/usr/share/locale/{folder}/LC_MESSAGES/*.mo")):
            try:
                with open(file, "rb") as opened:
                    catalogue = gettext.GNUTranslations(opened)._catalog
            except (OSError, UnicodeDecodeError, ValueError):
                continue
            for key, value in catalogue.items():
                text = key if language == "en" else value
                for part in re.split(r"[.!?;:\n()]", text if isinstance(text, str) else ""):
                    part = part.strip(" \"'»«„“")
                    words = part.split()
                    if 4 <= len(words) <= 14 and re.fullmatch(r"[^\W\d_]+(?:[ ,'’-]+[^\W\d_]+)*", part) and not any(w.isupper() and len(w) > 1 for w in words):
                        found.add(part)
    chosen = sorted(found)
    random.Random(f"{language} {seed}").shuffle(chosen)
    return chosen[:count]


def said(language, text, target, rng):
    if language == "en" and rng.random() < 0.3:
        voice = rng.choice(["kal16", "rms", "awb"])
        command = ["flite", "-voice", voice, "--setf", f"duration_stretch={rng.uniform(0.8, 1.25):.2f}", "-t", text, "-o", str(target)]
    else:
        voice = f"{rng.choice(SPOKEN[language])}+{rng.choice(speech.VARIANTS)}"
        command = ["espeak-ng", "-v", voice, "-s", str(rng.randint(130, 200)), "-p", str(rng.randint(20, 80)), "-w", str(target), text]
    target.unlink(missing_ok=True)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return sound.read(target) if target.exists() else None


def heard(ear, language, count, seed):
    """(sentence, pieces of sounds) of so many sentences, half of them over a bad line."""
    rng, line, found = random.Random(f"said {language} {seed}"), sound.Line([], seed), []
    clean = sound.Line([], seed + 1)
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(sentences(language, count, seed)):
            spoken = said(language, text, pathlib.Path(folder) / "said.wav", rng)
            if spoken is None or len(spoken[1]) < spoken[0] // 2:
                continue
            rate, samples = spoken
            if number % 2:
                samples = line.carry(samples, rate)
            else:
                samples = clean._resampled(samples, rate, 1.0)
                samples = samples / (np.sqrt(np.mean(samples**2)) + 1e-6) * 3000
            found.append((number, text, ear.sounds(np.clip(samples, -32768, 32767).astype("<i2"))))
    return found


def letters(text, language):
    """The text cut into what the table has rows for, the longest first."""
    together = sorted(TOGETHER[language].split(), key=len, reverse=True)
    lower = (text.replace("I", "ı").replace("İ", "i") if language == "tr" else text).lower()
    found = []
    for word in (w + "_" for w in re.findall(r"[^\W\d_]+", lower)):
        at = 0
        while word[at] != "_":
            piece = next((t for t in together if word.startswith(t, at)), word[at])
            found.append(piece)
            at += len(piece.rstrip("_"))
    return found


def align(heard_as, silent, extra):
    """The cheapest way through letters and sounds: pairs of (letter or -1, sound or -1), by place."""
    count, sounds = heard_as.shape
    sum_ = np.concatenate([[0], np.cumsum(extra)])
    before, steps = sum_.copy(), []
    for i in range(count):
        left, taken = before + silent[i], np.full(sounds + 1, np.inf)
        taken[1:] = before[:-1] + heard_as[i]
        here = np.minimum(left, taken) - sum_
        reached = np.minimum.accumulate(here)
        steps.append((left, taken, here, reached))
        before = reached + sum_
    pairs, j = [], sounds
    for i in range(count - 1, -1, -1):
        left, taken, here, reached = steps[i]
        while here[j] > reached[j] + 1e-9:
            pairs.append((-1, j - 1))
            j -= 1
        if taken[j] <= left[j]:
            pairs.append((i, j - 1))
            j -= 1
        else:
            pairs.append((i, -1))
    return pairs + [(-1, k) for k in range(j)]


def count_letters(said_and_heard, language):
    """(letters, costs of each sound for each letter, of silence for each letter, of each sound that is extra), in nats."""
    names = {IPA[p]: i for i, p in enumerate(phones.PHONES)}
    number, pairs = {}, []
    for text, pieces in said_and_heard:
        sounds = np.array([names[s] for piece in pieces for s in piece])
        cut = np.array([number.setdefault(x, len(number)) for x in letters(text, language)])
        if len(cut) > 0 and len(sounds) > 5:
            pairs.append((cut, sounds))
    usual = 1.0 + np.bincount(np.concatenate([s for _, s in pairs]), minlength=len(names))
    usual /= usual.sum()
    counts = np.zeros((len(number), len(names)))
    for cut, sounds in pairs:
        place = np.arange(len(sounds)) / len(sounds)
        for i, letter in enumerate(cut):
            near = np.exp(-((((i + 0.5) / len(cut) - place) * len(cut) / 2) ** 2))
            np.add.at(counts[letter], sounds, near / near.sum())
    likely = (counts + 5 * usual) / (counts.sum(1, keepdims=True) + 5)
    dropped, added = np.full(len(number), 0.25), 0.12
    for round_ in range(ROUNDS + 1):
        heard_as = -np.log(likely * (1 - dropped[:, None]) * (1 - added))
        silent, extra = -np.log(dropped) - np.log(1 - added), -np.log(added * usual)
        if round_ == ROUNDS:
            return list(number), heard_as, silent, extra
        counts, silences, extras, steps = np.zeros_like(counts), np.zeros(len(number)), 0, 0
        for cut, sounds in pairs:
            for i, j in align(heard_as[cut][:, sounds], silent[cut], extra[sounds]):
                steps += 1
                if i < 0:
                    extras += 1
                elif j < 0:
                    silences[cut[i]] += 1
                else:
                    counts[cut[i], sounds[j]] += 1
        likely = (counts + 2 * usual) / (counts.sum(1, keepdims=True) + 2)
        dropped, added = (silences + 1) / (silences + counts.sum(1) + 4), extras / steps


def write_table(path, counted):
    """Costs in hundredths of a nat: a line a letter, a column a sound, the last one where nothing is heard; first the sounds that are extra."""
    rows, heard_as, silent, extra = counted
    with open(path, "w", encoding="utf-8") as file:
        file.write("\t" + "\t".join(IPA[p] for p in phones.PHONES) + "\t-\n")
        file.write("+\t" + "\t".join(str(round(100 * c)) for c in extra) + "\t0\n")
        for i in sorted(range(len(rows)), key=lambda i: rows[i]):
            file.write(rows[i] + "\t" + "\t".join(str(round(100 * c)) for c in [*heard_as[i], silent[i]]) + "\n")


def train(options, library):
    write_graph(options.out, library)
    ear = Ear(options.vosk, options.out)
    options.work.mkdir(parents=True, exist_ok=True)
    for language in SPOKEN:
        kept = options.work / f"sounds-{language}.json"
        if not kept.exists() or options.again:
            kept.write_text(json.dumps(heard(ear, language, options.utterances, options.seed)))
        found = json.loads(kept.read_text())
        write_table(options.out / f"{language}.tsv", count_letters([(t, p) for n, t, p in found if n % HELD_OUT], language))
        print(language, len(found), "sentences", flush=True)
    return 0
