"""What is spoken in the training: the words of a consent, words near them, and others.

The vocabulary of the recogniser's grammar is every word of PHRASES; NEAR are decoys beside those of config/lexicon.
"""
import pathlib
import random
import re

GERMAN_PHRASES = """ja|jawohl|jo|genau|okay|gerne|gern|einverstanden|zustimmen|ich stimme zu|ich bin einverstanden|ich willige ein|akzeptieren|ich akzeptiere|natürlich|klar|sicher|richtig|selbstverständlich|passt|in ordnung|ja gerne|ja bitte|ja genau|ja klar|ja natürlich|ja ich stimme zu|ja ich bin einverstanden|nein|nee|nö|nicht|nicht einverstanden|ich bin nicht einverstanden|ich stimme nicht zu|auf keinen fall|ablehnen|ich lehne ab|nein danke|lieber nicht|niemals|keinesfalls|widerrufen|widerruf|ich widerrufe|einwilligung widerrufen|löschen|daten löschen|mensch|mitarbeiter|mitarbeiterin|berater|beraterin|zentrale|wiederholen|bitte wiederholen|noch mal|nochmal|noch einmal|hilfe|stopp|stop|halt|abbrechen|zurück|weiter|null|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun|basis|komfort|voll|datenschutz|datenschutzerklärung|aufnahme|aufzeichnung|auflegen|danke|bitte|keine ahnung|weiß nicht|was""".split("|")
ENGLISH_PHRASES = """yes|yeah|yep|sure|okay|ok|i agree|agree|i consent|consent|accept|i accept|certainly|of course|absolutely|correct|right|fine|yes please|yes i agree|yes i do|sounds good|all right|no|nope|no thanks|no thank you|i do not agree|i don't agree|i do not consent|i don't consent|disagree|i disagree|decline|i decline|refuse|i refuse|no way|never|withdraw|i withdraw|revoke|withdraw consent|withdraw my consent|delete|delete my data|human|agent|operator|person|representative|repeat|repeat please|again|help|stop|cancel|back|go back|continue|next|zero|one|two|three|four|five|six|seven|eight|nine|basic|comfort|full|privacy|privacy policy|recording|thanks|please|goodbye|what|i don't know|maybe""".split("|")
# Pronunciations that espeak-ng gets wrong or that need variants.
EXTRA = {
 "de": {"okay": ["o: k e:", "O k e:", "oU k eI"], "jo": ["j o:", "j O"], "ja": ["j A:", "j a"], "nee": ["n e:"], "nö": ["n 2:"], "stopp": ["S t O p"], "stop": ["S t O p"],
        "noch": ["n O x"], "nochmal": ["n O x m A: l", "n O x m a l"], "mal": ["m A: l", "m a l"], "nicht": ["n I C t", "n I C"], "gerne": ["g E R n @", "g E 6 n @"], "gern": ["g E R n", "g E 6 n"],
        "vier": ["f i: R", "f i: 6"], "wir": ["v i: 6"], "zwo": ["ts v o:"], "genau": ["g @ n aU"], "komfort": ["k O m f o: R", "k O m f o: 6"], "klar": ["k l A: R", "k l A: 6", "k l A:"],
        "einverstanden": ["aI n f E R S t a n d @ n", "aI n f 6 S t a n d @ n", "aI n f 6 S t a n d n"], "löschen": ["l 9 S @ n", "l 9 S n"], "nein": ["n aI n"], "bitte": ["b I t @"],
        "widerruf": ["v i: d 6 R u: f"], "widerrufen": ["v i: d 6 R u: f @ n", "v i: d 6 R u: f n"], "sieben": ["z i: b @ n", "z i: b m", "z i: b n"], "fünf": ["f Y n f", "f Y m f"], "ich": ["I C"], "zurück": ["ts u: R Y k", "ts U R Y k"],
        "mensch": ["m E n S"], "hilfe": ["h I l f @"], "voll": ["f O l"], "auf": ["aU f"], "keinen": ["k aI n @ n", "k aI n n", "k aI n"], "fall": ["f a l"], "ok": ["o: k e:"], "eins": ["aI n s"], "zwei": ["ts v aI"], "drei": ["d R aI"]},
 "en": {"okay": ["oU k eI"], "ok": ["oU k eI"], "yeah": ["j E 6", "j E", "j ae"], "yep": ["j E p"], "yes": ["j E s"], "no": ["n oU"], "nope": ["n oU p"], "i": ["aI"], "do": ["d u:"], "not": ["n A: t", "n O t"], "sure": ["S U r", "S 3:", "S O: r"],
        "agent": ["eI dZ @ n t"], "operator": ["A: p @r eI dx @r", "O p @r eI t @", "A: p r eI dx @r"], "of": ["V v", "@ v"], "the": ["D @"], "one": ["w V n"], "person": ["p 3: s @ n"], "privacy": ["p r aI v @ s i:", "p r I v @ s i:"],
        "four": ["f O: r", "f O:"], "again": ["6 g E n", "@ g E n", "@ g eI n"], "agree": ["6 g r i:", "@ g r i:"], "a": ["@", "eI"], "zero": ["z i: r oU", "z I r oU"]},
}
GERMAN_NEAR = """jahr januar jagd jacke jahre ach da na naja tja aha na klar also aber wann warum wer wo wie was heute morgen gestern nehmen neun neu neue mein meine dein dein kein keine sein ein eine eins allein bein wein klein stein hallo guten tag auf wiederhören tschüss moment bitte warten sie ich verstehe nicht wie bitte was ist das wer ist da können sie das wiederholen ich möchte termin buchen rechnung reservieren heute abend restaurant tisch für personen kuchen haus auto straße hund katze wasser feuer jung jugend juni juli joggen jobs johann jammer jäger gern gestern genug genosse genauso gewinn hören löffel lösen höher nord note not nie nichts noch nacht nach nase nebel nein doch ja aber vielleicht später weiß ich nicht keine ahnung moment mal stopp stock stall stolz mensch menschen meister beraten basis base komisch kommen konto fort vor voll folgen hilfe helfen halb halt hallo zwei drei frei zwölf zehn elf dreizehn vierzehn fünfzehn hundert tausend samstag sonntag montag dienstag mittwoch donnerstag freitag""".split()
ENGLISH_NEAR = """yesterday year years yet yellow young you your guess less mess chess rest now know note nose north low go show so snow although nobody nothing never knew new near need hello hi good morning goodbye see later sorry what who where when why how much time today tomorrow tonight table people reservation appointment invoice bill order pizza house car street dog cat water fire sure shore show shoe short sugar okay october oak accept except expect concept content consult concert contact agreed angry green greet degree again against gain game decline define design delete late human humour person present perfect help held hello stop step shop top back bag black pack full pull wool fool one won want two to three tree four for five fine six seven eight nine ten eleven twelve twenty hundred thousand maybe perhaps later well actually just listen hold on wait please thank you very much yeah right""".split()

PHRASES = {"de": GERMAN_PHRASES, "en": ENGLISH_PHRASES}
NEAR = {"de": GERMAN_NEAR, "en": ENGLISH_NEAR}
LEXICON = pathlib.Path(__file__).resolve().parents[2] / "config" / "lexicon"


def listed(language, key):
    """The words of one list of config/lexicon, without a YAML reader: it is written in one line."""
    for line in (LEXICON / (language + ".yaml")).read_text(encoding="utf-8").split("\n"):
        if line.startswith(key + ": ["):
            return [w.strip().strip("\"'") for w in line[line.index("[") + 1:line.rindex("]")].split(",")]
    return []


def near(language):
    """Words that sound like an answer, or are said beside one."""
    return NEAR[language] + listed(language, "decoys")


def fortunes(language):
    """Sentences of Debian's fortune files, as lists of words."""
    root = pathlib.Path("/usr/share/games/fortunes")
    files = sorted(root.glob("de/*.u8")) if language == "de" else [f for f in sorted(root.glob("*")) if f.is_file() and "." not in f.name]
    sentences = []
    for file in files:
        for sentence in re.split(r"[.!?;:\"%]", file.read_text(encoding="utf-8", errors="ignore")):
            words = re.sub(r"[^A-Za-zÄÖÜäöüß' ]", " ", sentence).split()
            if len(words) > 1 and all(len(w) <= 20 and not (w.isupper() and len(w) > 1) for w in words):
                sentences.append(words)
    return sentences


def to_say(language, count, seed):
    """Answers, words near them, and other speech, in the shares that the training wants."""
    rng = random.Random(seed)
    phrases, confusing = PHRASES[language], near(language)
    yes, no = ("ja", "nein") if language == "de" else ("yes", "no")
    other = fortunes(language) or [[w] for w in confusing]
    said = []
    for _ in range(count):
        share = rng.random()
        if share < 0.15:
            said.append(rng.choice([yes, no]))
        elif share < 0.45:
            said.append(rng.choice(phrases))
        elif share < 0.75:
            said.append(" ".join(rng.choice(confusing) for _ in range(rng.choice([1, 1, 2]))))
        else:
            sentence = rng.choice(other)
            start = rng.randrange(len(sentence))
            said.append(" ".join(sentence[start:start + rng.choice([1, 1, 2, 3, 6])]))
    return said
