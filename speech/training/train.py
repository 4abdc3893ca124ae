"""scripts/train-speech: trains what config/models holds, from sources that may be given on. See README.md beside this file."""
import argparse
import glob
import importlib.util
import pathlib
import pickle
import shutil
import sys

import sources

TOOLS = {
    "espeak-ng": "pronunciations and voices",
    "flite": "English voices",
    "fstcompile": "the graph (Debian: libfst-tools)",
}
MODULES = {"numpy": "python3-numpy", "torch": "python3-torch"}


def look_ahead():
    found = sorted(glob.glob("/usr/lib/*/libfstlookahead.so*"))
    return found[0] if found else None


def check(_):
    """What is here, and what every source is."""
    missing = [f"{name}: {use}" for name, use in TOOLS.items() if shutil.which(name) is None]
    missing += [f"{name} (Debian: {package})" for name, package in MODULES.items() if importlib.util.find_spec(name) is None]
    if look_ahead() is None:
        missing.append("libfstlookahead (Debian: libfst-tools)")
    for line in missing:
        print("missing", line)
    for name, row in sources.listed().items():
        print(f"{'may be used' if row['may be given on'] == 'yes' else 'REFUSED':12}{name}: {row['licence']}")
    return 3 if missing else 0


def examples(options):
    """Synthesised and recorded speech over many lines, kept in the work folder: (frames, language, accent, text, a person)."""
    import sound
    import speech

    kept = options.work / "examples.pickle"
    if kept.exists() and not options.again:
        return pickle.loads(kept.read_bytes())
    said = [(s, False) for s in speech.synthesised(options.utterances, options.seed)]
    for given in options.recordings:
        name, folder = given.split("=", 1)
        said += [(s, True) for s in speech.recordings(name, folder)]
    line, made = sound.Line([], options.seed), []
    for (language, accent, text, _, rate, samples), person in said:
        for _ in range(options.lines):
            made.append((sound.features(line.carry(samples, rate)).astype("f2").astype("f4"), language, accent, text, person))
    options.work.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(made))
    with open(options.work / "TRAINED-ON.tsv", "w", encoding="utf-8") as file:
        file.write("source\tspeaker\n" + "".join(f"{row}\n" for row in sorted({f"{'recordings' if p else 'synthesis'}\t{s[3]}" for s, p in said})))
    print(f"{len(said)} utterances, {len(made)} examples", flush=True)
    return made


def verifier(options):
    import verifier as network

    made = [(frames, text, person) for frames, _, _, text, person in examples(options)]
    network.write(network.train(made, options.minutes, options.seed), options.out / "verifier.bin")
    print("Put it into config/models/verifier of a working copy and its SHA-256 into words.yaml there, measure it with scripts/evaluate-speech, then write its thresholds.")
    return 0


def graph(options):
    import recogniser

    recogniser.write_graph(options.out, look_ahead())
    return 0


def sounds(options):
    import languages

    if not (options.out / "am" / "final.mdl").exists() or options.vosk is None:
        print("sounds needs am/final.mdl and conf of a model in --out, and libvosk.so by --vosk", file=sys.stderr)
        return 2
    for source in ("espeak-ng", "flite", "gettext catalogues"):
        sources.allowed(source)
    return languages.train(options, look_ahead())


def weights(options):
    import torch

    import recogniser

    net = recogniser.train(examples(options), options.minutes, options.seed, options.start)
    torch.save(net.state_dict(), options.out / "weights.pt")
    recogniser.write_weights(net, options.out)
    return 0


def main():
    parser = argparse.ArgumentParser(prog="scripts/train-speech", description=__doc__)
    parser.add_argument("what", nargs="?", default="check", choices=["check", "verifier", "graph", "weights", "sounds"])
    parser.add_argument("--check", action="store_true", help="the same as check")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("data/training/out"), help="the model's folder")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("data/training/work"), help="what is kept between runs")
    parser.add_argument("--recordings", action="append", default=[], metavar="SOURCE=FOLDER", help="with labels.tsv; SOURCE as in sources.tsv")
    parser.add_argument("--utterances", type=int, default=4000, help="of each synthesiser")
    parser.add_argument("--lines", type=int, default=3, help="telephones that each utterance is heard over")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", help="weights.pt of an earlier run")
    parser.add_argument("--vosk", type=pathlib.Path, help="libvosk.so, for sounds")
    parser.add_argument("--again", action="store_true", help="make the examples anew")
    options = parser.parse_args()
    if options.check or options.what == "check":
        return check(options)
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        for given in options.recordings:
            sources.allowed(given.split("=", 1)[0])
        return {"verifier": verifier, "graph": graph, "weights": weights, "sounds": sounds}[options.what](options)
    except sources.Refused as refused:
        print(f"Refused: {refused}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
