"""The phones that German and English share, and the way to them from what espeak-ng writes (IPA).

Class 0 of the network is the blank, class i + 1 the i-th phone.
"""
import re
import subprocess

VOWELS = ["a", "A:", "ae", "V", "6", "E", "E:", "e:", "I", "i:", "O", "O:", "o:", "U", "u:",
          "9", "2:", "Y", "y:", "@", "@r", "3:", "aI", "aU", "OY", "eI", "oU"]
CONS = ["p", "b", "t", "d", "k", "g", "f", "v", "s", "z", "S", "Z", "C", "x", "h", "m", "n", "N",
        "l", "j", "w", "T", "D", "R", "r", "dx", "ts", "tS", "dZ", "pf"]
PHONES = VOWELS + CONS
PHONE_ID = {p: i + 1 for i, p in enumerate(PHONES)}
CLASSES = len(PHONES) + 1

COMMON = {
    "p": "p", "b": "b", "t": "t", "d": "d", "k": "k", "ɡ": "g", "g": "g", "f": "f", "v": "v", "s": "s", "z": "z",
    "ʃ": "S", "ʒ": "Z", "ç": "C", "x": "x", "χ": "x", "h": "h", "ɦ": "h", "m": "m", "n": "n", "ŋ": "N", "l": "l", "ɫ": "l", "j": "j",
    "w": "w", "ʍ": "w", "θ": "T", "ð": "D", "ɹ": "r", "ʁ": "R", "r": "R", "ʀ": "R", "β": "v", "ɲ": "n j",
    "ts": "ts", "tʃ": "tS", "dʒ": "dZ", "pf": "pf", "ʔ": "", "n̩": "@ n", "l̩": "@ l", "m̩": "@ m", "n̪": "n", "t̪": "t", "ʎ": "l j", "c": "k",
    "a": "a", "aː": "A:", "ɑː": "A:", "ɑ": "a", "æ": "ae", "ʌ": "V", "ɐ": "6", "ɐː": "6", "ɛ": "E", "ɛː": "E:", "e": "e:", "eː": "e:",
    "ɪ": "I", "ᵻ": "I", "i": "i:", "iː": "i:", "ɔ": "O", "ɒ": "O", "ɔː": "O:", "o": "o:", "oː": "o:", "ʊ": "U",
    "eʲ": "e:", "a:": "A:", "u": "u:", "uː": "u:", "ʉ": "u:", "ʉː": "u:", "ɵ": "U", "ɨ": "I", "œ": "9", "œː": "9", "ø": "2:", "øː": "2:", "ʏ": "Y", "y": "Y", "yː": "y:", "ə": "@", "ɘ": "@", "ɚ": "@r",
    "ɜː": "3:", "ɜ": "6", "aɪ": "aI", "aɪə": "aI @", "aɪɚ": "aI @r", "aʊ": "aU", "ɔɪ": "OY", "ɔø": "OY", "ɔy": "OY", "ɔʏ": "OY", "ɔYː": "OY", "ɔøː": "OY",
    "eɪ": "eI", "oʊ": "oU", "əʊ": "oU", "ɔːɹ": "O: r", "oːɹ": "O: r", "ɑːɹ": "A: r", "ɛɹ": "E r", "ɪɹ": "I r", "iːɹ": "i: r", "ʊɹ": "U r",
    "əl": "@ l", "iə": "I @", "ɪə": "I @", "eə": "E @", "ɛə": "E @", "ʊə": "U @", "ɔə": "O: @", "ɪr": "I r", "jʊ": "j U", "ɑ̃": "A: n", "ɛ̃": "E n", "ɔ̃": "O n", "œ̃": "9 n", "ææ": "ae", "ɐɐ":"6",
    "əɹ": "@r", "ʌɹ": "V r", "ʊ̯": "U",
}
DE = {"ɾ": "R", "ɜ": "6", "r": "R", "ɹ": "R", "ɑ": "a"}
EN = {"ɾ": "dx", "ɜ": "3:", "r": "r", "ɐ": "6", "a": "ae", "x": "k"}

# Joined where espeak-ng writes two: all in both languages but "ts" and "pf", which are one sound in German only.
AFFRICATES = {("t", "S"): "tS", ("d", "Z"): "dZ"}
GERMAN_AFFRICATES = {("t", "s"): "ts", ("p", "f"): "pf"}


def phones_of_token(token, language):
    """One sound as espeak-ng separates them; unknown signs are left out."""
    token = re.sub("[ˈˌ\u200d͡ˑ]", "", token).replace("̃ː", "̃").strip()
    table = {**COMMON, **(DE if language == "de" else EN)}
    if token in table:
        return table[token].split()
    found, at = [], 0
    while at < len(token):
        for length in (4, 3, 2, 1):
            part = token[at:at + length]
            if part in table:
                found += table[part].split()
                at += length
                break
        else:
            at += 1
    return found


def phones_of_ipa(ipa, language):
    words = []
    for word in re.sub(r"\(\w\w(-\w+)?\)", " ", ipa).split():
        joined = []
        for phone in (p for token in word.split("_") for p in phones_of_token(token, language)):
            pair = (joined[-1], phone) if joined else None
            affricate = AFFRICATES.get(pair) or (language == "de" and GERMAN_AFFRICATES.get(pair))
            if affricate:
                joined[-1] = affricate
            else:
                joined.append(phone)
        words += joined
    return words


def pronounce(texts, language, voice=None):
    """Each text to its phones, by espeak-ng."""
    voice = voice or {"de": "de", "en": "en-us"}[language]
    spoken = []
    for text in texts:
        plain = re.sub(r"[^\w' ]+", " ", text).strip()
        ran = subprocess.run(["espeak-ng", "-v", voice, "-q", "--ipa", "--sep=_", plain], stdout=subprocess.PIPE, check=True)
        spoken.append(phones_of_ipa(" ".join(ran.stdout.decode().split("\n")), language))
    return spoken
