"""Where the spoken words come from: synthesisers that are installed, and folders of recordings that may be given on."""
import csv
import pathlib
import random
import shutil
import subprocess
import tempfile

import sound
import sources
import words

VARIANTS = "adam anika antonio aunty belinda benjamin boris caleb david ed edward f1 f2 f3 f4 gustave ian iven john klatt klatt2 klatt4 linda m1 m2 m3 m4 m5 m6 m8 max michel miguel norbert pablo paul pedro quincy rob robert sandro shelby steph victor zac grandma grandpa".split()
ACCENTS = ["en-us"] * 4 + ["en-gb", "en-gb-x-rp", "en-gb-scotland", "en-us-nyc"]


def recordings(name, folder):
    """(language, voice, words, speaker, rate, samples) of a folder with labels.tsv, as scripts/evaluate-speech reads it."""
    sources.allowed(name)
    found = []
    with open(pathlib.Path(folder) / "labels.tsv", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            rate, samples = sound.read(pathlib.Path(folder) / row["path"])
            found.append((row["language"], None, row["word"].lower(), row["speaker"], rate, samples))
    return found


def synthesised(count, seed):
    """So many utterances by each synthesiser that is installed."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / "said.wav"
        for language, engine in (("de", "espeak-ng"), ("en", "espeak-ng"), ("en", "flite")):
            if shutil.which(engine) is None:
                continue
            sources.allowed(engine)
            rng = random.Random(f"{engine} {language} {seed}")
            for text in words.to_say(language, count, seed):
                voice, command = speaker(engine, language, text, target, rng)
                target.unlink(missing_ok=True)
                subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
                if target.exists():
                    rate, samples = sound.read(target)
                    if len(samples) > 0.15 * rate:
                        accent = voice.split("+")[0] if engine == "espeak-ng" else "en-us"
                        found.append((language, accent, text.lower(), f"{engine}|{voice}", rate, samples))
    return found


def speaker(engine, language, text, target, rng):
    if engine == "flite":
        voice = rng.choice(["kal16", "slt", "rms", "kal"])
        stretch, pitch = rng.uniform(0.75, 1.35), rng.uniform(80, 220)
        return voice, ["flite", "-voice", voice, "--setf", f"duration_stretch={stretch:.2f}", "--setf", f"int_f0_target_mean={pitch:.0f}", "-t", text, "-o", str(target)]
    voice = f"{'de' if language == 'de' else rng.choice(ACCENTS)}+{rng.choice(VARIANTS)}"
    return voice, ["espeak-ng", "-v", voice, "-s", str(rng.randint(110, 225)), "-p", str(rng.randint(15, 85)), "-w", str(target), text]
