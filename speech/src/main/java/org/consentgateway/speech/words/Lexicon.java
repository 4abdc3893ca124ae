package org.consentgateway.speech.words;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;

/**
 * The words of one language and what they mean, from {@code config/lexicon}. Immutable.
 *
 * <p>A wrong yes is far worse than a repeated question, so a yes is plain or it is none: beside it
 * only fillers may stand. Everything that stops or slows us (no, withdraw, a human) is taken from
 * among other words too. A yes of weak words alone ("klar", "okay", "ja bitte") is asked about
 * again: people say them while they listen, and other words sound like them.
 */
public final class Lexicon {
    /** What the recogniser writes for speech outside its grammar. */
    public static final String GARBAGE = "[unk]";

    /**
     * A key that stands twice is refused, as in the files of the gateway, whose reader this module
     * does not know.
     */
    private static final YAMLMapper YAML =
            YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private static final List<String> KEYS =
            List.of(
                    "language",
                    "meanings",
                    "weak",
                    "decoys",
                    "negations",
                    "refusing",
                    "hedges",
                    "homophones",
                    "fillers",
                    "hesitations");

    /** Between two of these no word negates another: "das will ich nicht, ich widerrufe". */
    private static final Pattern CLAUSES = Pattern.compile("[,.;:!?…–—\\n]+");

    private static final Set<SpokenMeaning> ENDS =
            EnumSet.of(SpokenMeaning.WITHDRAW, SpokenMeaning.KEEP_NOTHING);

    private static final Set<SpokenMeaning> DIGITS =
            EnumSet.of(
                    SpokenMeaning.ZERO,
                    SpokenMeaning.ONE,
                    SpokenMeaning.TWO,
                    SpokenMeaning.THREE,
                    SpokenMeaning.FOUR,
                    SpokenMeaning.FIVE);

    /** What a part of an utterance is. */
    enum Role {
        PHRASE,
        NEGATION,
        HEDGE,
        FILLER,
        /** Sounds like an answer and is none; beside a yes as strange as an unknown word. */
        DECOY,
        STRANGE
    }

    private record Sense(Role role, @Nullable SpokenMeaning meaning) {}

    /**
     * A part of an utterance.
     *
     * @param clause how many clauses went before it
     */
    record Span(Role role, @Nullable SpokenMeaning meaning, String entry, int clause) {
        Span as(Role other, @Nullable SpokenMeaning meant, String instead) {
            return new Span(other, meant, instead, clause);
        }
    }

    private record Word(String text, int clause) {}

    private final String language;
    private final Map<String, Sense> senses = new HashMap<>();
    private final Map<SpokenMeaning, Set<String>> phrases = new EnumMap<>(SpokenMeaning.class);
    private final Set<String> homophones = new HashSet<>();
    private final Set<String> weak = new HashSet<>();
    private final Set<String> refusing = new HashSet<>();
    private final Set<String> hesitations = new HashSet<>();
    private final Set<String> decoys = new LinkedHashSet<>();
    private int longest = 1;

    private Lexicon(String language) {
        this.language = language;
    }

    /**
     * Reads {@code LANG.yaml}.
     *
     * @throws IOException saying file and key when it cannot be read or holds something else
     */
    public static Lexicon load(Path file) throws IOException {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new IOException(file + ": not YAML: " + e.getOriginalMessage(), e);
        }
    }

    static Lexicon parse(String file, String yaml) throws IOException {
        JsonNode root = YAML.readTree(yaml);
        for (var field : root.properties()) {
            if (!KEYS.contains(field.getKey())) {
                throw new IOException(
                        file + ": " + field.getKey() + ": no such key, one of " + KEYS);
            }
        }
        var lexicon = new Lexicon(root.path("language").asText("?"));
        // Fillers first and phrases last: if one word stands in two lists, the graver one wins.
        lexicon.addAll(file, "fillers", root.path("fillers"), new Sense(Role.FILLER, null));
        for (var field : root.path("meanings").properties()) {
            SpokenMeaning meaning;
            try {
                meaning = SpokenMeaning.valueOf(field.getKey());
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        file
                                + ": meanings."
                                + field.getKey()
                                + ": no such meaning, one of "
                                + Arrays.toString(SpokenMeaning.values()),
                        e);
            }
            lexicon.addAll(file, field.getKey(), field.getValue(), new Sense(Role.PHRASE, meaning));
        }
        lexicon.addAll(file, "negations", root.path("negations"), new Sense(Role.NEGATION, null));
        lexicon.addAll(file, "hedges", root.path("hedges"), new Sense(Role.HEDGE, null));
        root.path("homophones").forEach(word -> lexicon.homophones.add(word.asText()));
        lexicon.addWeak(file, root.path("weak"));
        lexicon.addSome(file, "refusing", root.path("refusing"), Role.NEGATION, lexicon.refusing);
        lexicon.addSome(
                file, "hesitations", root.path("hesitations"), Role.FILLER, lexicon.hesitations);
        lexicon.addDecoys(file, root.path("decoys"));
        for (SpokenMeaning must : List.of(SpokenMeaning.AGREE, SpokenMeaning.REFUSE)) {
            if (!lexicon.phrases.containsKey(must)) {
                throw new IOException(
                        file + ": meanings." + must + ": missing, for example " + must + ": [...]");
            }
        }
        if (!root.path("language").asText().matches("[a-z]{2}")) {
            throw new IOException(file + ": language: two small letters, such as language: de");
        }
        return lexicon;
    }

    private void addAll(String file, String key, JsonNode list, Sense sense) throws IOException {
        if (!list.isArray()) {
            throw new IOException(file + ": " + key + ": a list of words, such as [ja, jawohl]");
        }
        for (JsonNode item : list) {
            if (!item.isTextual()) {
                throw new IOException(
                        file + ": " + key + ": " + item + " is no word; put it in quotes");
            }
            String phrase = String.join(" ", tokens(item.asText()));
            Sense before = senses.get(phrase);
            if (before != null && before.role() == Role.PHRASE && sense.role() == Role.PHRASE) {
                throw new IOException(
                        file + ": " + key + ": \"" + phrase + "\" stands in two meanings");
            }
            if (before != null && before.role() == Role.PHRASE) {
                // "no" is a refusal by itself, which spoils a yes as surely as a negation does.
                continue;
            }
            senses.put(phrase, sense);
            longest = Math.max(longest, tokens(phrase).size());
            if (sense.meaning() != null) {
                phrases.computeIfAbsent(sense.meaning(), m -> new LinkedHashSet<>()).add(phrase);
            }
        }
    }

    private void addWeak(String file, JsonNode list) throws IOException {
        for (JsonNode item : list) {
            String phrase = String.join(" ", tokens(item.asText()));
            if (!phrases(SpokenMeaning.AGREE).contains(phrase)) {
                throw new IOException(file + ": weak: \"" + phrase + "\" is no phrase of AGREE");
            }
            weak.add(phrase);
        }
    }

    /** Each has to stand among all of its role, too. */
    private void addSome(String file, String key, JsonNode list, Role role, Set<String> into)
            throws IOException {
        for (JsonNode item : list) {
            String phrase = String.join(" ", tokens(item.asText()));
            if (role(phrase) != role) {
                throw new IOException(
                        file + ": " + key + ": \"" + phrase + "\" is no " + role.name());
            }
            into.add(phrase);
        }
    }

    private void addDecoys(String file, JsonNode list) throws IOException {
        for (JsonNode item : list) {
            String word = String.join(" ", tokens(item.asText()));
            Sense sense = senses.putIfAbsent(word, new Sense(Role.DECOY, null));
            if (sense != null
                    && (sense.role() == Role.FILLER || sense.meaning() == SpokenMeaning.AGREE)) {
                throw new IOException(
                        file + ": decoys: \"" + word + "\" stands among yes words or fillers, too");
            }
            decoys.add(word);
        }
    }

    public String language() {
        return language;
    }

    /** Words that sound like an answer and are none, lower case, in file order. */
    public Set<String> decoys() {
        return Collections.unmodifiableSet(decoys);
    }

    /** The plainest phrase of a meaning: the first in its list; empty if it has none. */
    public String first(SpokenMeaning meaning) {
        return phrases(meaning).stream().findFirst().orElse("");
    }

    /** All phrases of one meaning, lower case, in file order. */
    public Set<String> phrases(SpokenMeaning meaning) {
        return Collections.unmodifiableSet(phrases.getOrDefault(meaning, Set.of()));
    }

    /**
     * What the grammar of a question must hold: the phrases of the accepted meanings, and with a
     * yes also every word that can undo it, and every decoy. A recogniser that cannot hear "nicht"
     * would hear "einverstanden"; one that cannot hear "vier" may hear "ja".
     */
    public Set<String> grammar(Set<SpokenMeaning> accepted) {
        var words = new LinkedHashSet<String>();
        for (SpokenMeaning meaning : accepted) {
            words.addAll(phrases(meaning));
        }
        if (accepted.contains(SpokenMeaning.AGREE)) {
            words.addAll(phrases(SpokenMeaning.REFUSE));
        }
        if (accepted.contains(SpokenMeaning.AGREE)
                || accepted.stream().anyMatch(DIGITS::contains)) {
            senses.forEach((phrase, sense) -> {
                if (sense.role() == Role.NEGATION || sense.role() == Role.HEDGE) {
                    words.add(phrase);
                }
            });
            words.addAll(decoys);
        }
        // "I don't know" would bring a second "no" into the grammar, and no recogniser can tell
        // them apart.
        words.removeIf(phrase -> tokens(phrase).stream().anyMatch(homophones::contains));
        return words;
    }

    /**
     * @param utterance recognised words, in any case, with or without punctuation
     * @param accepted what the question can be answered with
     * @return empty if it means nothing to this question; {@link SpokenMeaning#HEDGED} if it holds
     *     a yes that is not plain
     */
    public Optional<Understood> understand(String utterance, Set<SpokenMeaning> accepted) {
        List<Span> spans = read(utterance);
        var negations = new Negations(this, spans);
        var found = new EnumMap<SpokenMeaning, String>(SpokenMeaning.class);
        boolean hedged = false;
        boolean negated = false;
        boolean strange = false;
        for (Span span : spans) {
            switch (span.role()) {
                case PHRASE -> {
                    if (span.meaning() != null) {
                        found.merge(span.meaning(), span.entry(), Lexicon::longer);
                    }
                }
                case NEGATION -> negated = true;
                case HEDGE -> hedged = true;
                case STRANGE, DECOY -> strange = true;
                case FILLER -> {}
            }
        }
        boolean plain = !hedged && !negated && !strange;
        boolean withdraws =
                found.containsKey(SpokenMeaning.WITHDRAW)
                        && !negations.undo(SpokenMeaning.WITHDRAW);
        if (found.containsKey(SpokenMeaning.AGREE) && !isAnEnd(found, withdraws, accepted)) {
            return withYes(found, plain, weakly(spans), accepted);
        }
        // Whatever stops us is taken from among other words.
        boolean lessWanted =
                found.containsKey(SpokenMeaning.KEEP_NOTHING) && endsSomething(accepted);
        if (withdraws) {
            return firstOf(
                    found,
                    SpokenMeaning.WITHDRAW,
                    accepted,
                    SpokenMeaning.WITHDRAW,
                    SpokenMeaning.REFUSE);
        }
        if (found.containsKey(SpokenMeaning.WITHDRAW) && !lessWanted) {
            return hedge(found, SpokenMeaning.WITHDRAW);
        }
        if (lessWanted) {
            return nothingKept(found, negations.undo(SpokenMeaning.KEEP_NOTHING), accepted);
        }
        if (found.containsKey(SpokenMeaning.REFUSE)) {
            return firstOf(
                    found,
                    SpokenMeaning.REFUSE,
                    accepted,
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.ZERO);
        }
        if (found.containsKey(SpokenMeaning.HUMAN)) {
            return firstOf(
                    found,
                    SpokenMeaning.HUMAN,
                    accepted,
                    SpokenMeaning.HUMAN,
                    SpokenMeaning.REFUSE);
        }
        if (negated && accepted.contains(SpokenMeaning.NEGATED)) {
            return firstOf(found, SpokenMeaning.REFUSE, accepted, SpokenMeaning.NEGATED);
        }
        var digits = EnumSet.copyOf(DIGITS);
        digits.retainAll(found.keySet());
        if (!digits.isEmpty()) {
            return withDigits(found, digits, plain, accepted);
        }
        return asked(found, plain, accepted);
    }

    /** With what the words make of each other. */
    private List<Span> read(String utterance) {
        List<Span> spans = spans(words(utterance));
        Negations.turnYesToNo(spans);
        Negations.refuseAlone(spans, refusing);
        hesitate(spans);
        return spans;
    }

    /**
     * A yes beside a withdrawal is politeness: "Ja, ich widerrufe". Beside words that keep nothing,
     * or a withdrawal that is negated, it is that only where a bare yes is no answer.
     */
    private static boolean isAnEnd(
            Map<SpokenMeaning, String> found, boolean withdraws, Set<SpokenMeaning> accepted) {
        if (accepted.contains(SpokenMeaning.AGREE)) {
            return withdraws && accepted.contains(SpokenMeaning.WITHDRAW);
        }
        return ENDS.stream().anyMatch(end -> found.containsKey(end) && accepted.contains(end));
    }

    private static Optional<Understood> nothingKept(
            Map<SpokenMeaning, String> found, boolean negated, Set<SpokenMeaning> accepted) {
        return negated && accepted.contains(SpokenMeaning.KEEP_NOTHING)
                ? hedge(found, SpokenMeaning.KEEP_NOTHING)
                : firstOf(
                        found,
                        SpokenMeaning.KEEP_NOTHING,
                        accepted,
                        SpokenMeaning.KEEP_NOTHING,
                        SpokenMeaning.REFUSE,
                        SpokenMeaning.ZERO);
    }

    /** "Keine Aufnahme" to a question is a no. */
    private static boolean endsSomething(Set<SpokenMeaning> accepted) {
        return accepted.contains(SpokenMeaning.KEEP_NOTHING)
                || accepted.contains(SpokenMeaning.REFUSE)
                || accepted.contains(SpokenMeaning.ZERO);
    }

    /** What the caller wants of us instead of answering. */
    private static Optional<Understood> asked(
            Map<SpokenMeaning, String> found, boolean plain, Set<SpokenMeaning> accepted) {
        if (plain && found.containsKey(SpokenMeaning.ERASE)) {
            return firstOf(found, SpokenMeaning.ERASE, accepted, SpokenMeaning.ERASE);
        }
        for (SpokenMeaning ask :
                List.of(
                        SpokenMeaning.COMPLAIN,
                        SpokenMeaning.INFORMATION,
                        SpokenMeaning.HELP,
                        SpokenMeaning.REPEAT,
                        SpokenMeaning.OTHER_LANGUAGE)) {
            if (found.containsKey(ask) && accepted.contains(ask)) {
                return firstOf(found, ask, accepted, ask);
            }
        }
        return Optional.empty();
    }

    /** "Ja und", "ja äh": who says that goes on, or does not know yet; "zwei, äh" is a no. */
    private void hesitate(List<Span> spans) {
        Span last = spans.isEmpty() ? null : spans.getLast();
        if (last != null
                && hesitations.contains(last.entry())
                && spans.stream().anyMatch(span -> span.meaning() == SpokenMeaning.AGREE)) {
            spans.set(spans.size() - 1, last.as(Role.HEDGE, null, last.entry()));
        }
    }

    /** Whether nothing but weak words was said, fillers aside. */
    private boolean weakly(List<Span> spans) {
        return spans.stream()
                .filter(span -> span.role() == Role.PHRASE)
                .allMatch(span -> weak.contains(span.entry()));
    }

    private static Optional<Understood> withYes(
            Map<SpokenMeaning, String> found,
            boolean plain,
            boolean weakly,
            Set<SpokenMeaning> accepted) {
        if (plain && found.size() == 1) {
            String entry = entry(found, SpokenMeaning.AGREE);
            return accepted.contains(SpokenMeaning.AGREE)
                    ? Optional.of(new Understood(SpokenMeaning.AGREE, entry, weakly, false))
                    : Optional.empty();
        }
        if (plain && found.size() == 2) {
            // "Ja, die zwei" in a menu: the yes is only politeness there.
            for (SpokenMeaning other : found.keySet()) {
                if (DIGITS.contains(other) && accepted.contains(other)) {
                    return firstOf(found, other, accepted, other);
                }
            }
        }
        return found.size() == 1 && !accepted.contains(SpokenMeaning.AGREE)
                ? Optional.empty()
                : hedge(found, SpokenMeaning.AGREE);
    }

    private static Optional<Understood> withDigits(
            Map<SpokenMeaning, String> found,
            Set<SpokenMeaning> digits,
            boolean plain,
            Set<SpokenMeaning> accepted) {
        SpokenMeaning digit = digits.iterator().next();
        if (digits.size() > 1) {
            return hedge(found, digit);
        }
        return plain
                ? firstOf(found, digit, accepted, digit)
                : accepted.contains(digit) ? hedge(found, digit) : Optional.empty();
    }

    private static Optional<Understood> firstOf(
            Map<SpokenMeaning, String> found,
            SpokenMeaning said,
            Set<SpokenMeaning> accepted,
            SpokenMeaning... means) {
        for (SpokenMeaning meaning : means) {
            if (accepted.contains(meaning)) {
                return Optional.of(
                        new Understood(
                                meaning, entry(found, said), false, holdsANo(found, accepted)));
            }
        }
        return Optional.empty();
    }

    /** A no that is none to this question says nothing of what stands beside it. */
    private static boolean holdsANo(Map<SpokenMeaning, String> found, Set<SpokenMeaning> accepted) {
        boolean no = accepted.contains(SpokenMeaning.REFUSE);
        return (found.containsKey(SpokenMeaning.REFUSE)
                        && (no || accepted.contains(SpokenMeaning.ZERO)))
                || (found.containsKey(SpokenMeaning.HUMAN)
                        && (no || accepted.contains(SpokenMeaning.HUMAN)));
    }

    private static Optional<Understood> hedge(
            Map<SpokenMeaning, String> found, SpokenMeaning said) {
        return Optional.of(new Understood(SpokenMeaning.HEDGED, entry(found, said), false, false));
    }

    private static String entry(Map<SpokenMeaning, String> found, SpokenMeaning meaning) {
        return found.getOrDefault(meaning, "");
    }

    private static String longer(String a, String b) {
        return a.length() >= b.length() ? a : b;
    }

    /** Longest phrase first, from left to right. */
    private List<Span> spans(List<Word> words) {
        List<String> tokens = words.stream().map(Word::text).toList();
        var spans = new ArrayList<Span>();
        int at = 0;
        while (at < tokens.size()) {
            int taken = 0;
            for (int n = Math.min(longest, tokens.size() - at); n > 0 && taken == 0; n--) {
                String phrase = String.join(" ", tokens.subList(at, at + n));
                Sense sense = senses.get(phrase);
                if (sense != null) {
                    spans.add(
                            new Span(
                                    sense.role(), sense.meaning(), phrase, words.get(at).clause()));
                    taken = n;
                }
            }
            if (taken == 0) {
                spans.add(new Span(Role.STRANGE, null, tokens.get(at), words.get(at).clause()));
                taken = 1;
            }
            at += taken;
        }
        return spans;
    }

    /** Whether a word of this is one of a phrase of that meaning, and no filler. */
    public boolean holdsAWordOf(SpokenMeaning meaning, String utterance) {
        return tokens(utterance).stream()
                .anyMatch(word -> role(word) != Role.FILLER && isAWordOf(meaning, word));
    }

    /** Whether it stands in a phrase of that meaning. */
    boolean isAWordOf(SpokenMeaning meaning, String word) {
        return phrases(meaning).stream()
                .anyMatch(phrase -> List.of(phrase.split(" ")).contains(word));
    }

    /** What this word is by itself. */
    Role role(String word) {
        Sense sense = senses.get(word);
        return sense == null ? Role.STRANGE : sense.role();
    }

    private List<Word> words(String utterance) {
        var words = new ArrayList<Word>();
        int clause = 0;
        for (String part : CLAUSES.split(utterance, -1)) {
            for (String token : tokens(part)) {
                words.add(new Word(token, clause));
            }
            clause++;
        }
        return words;
    }

    private List<String> tokens(String utterance) {
        String plain =
                Normalizer.normalize(utterance, Normalizer.Form.NFC)
                        .toLowerCase(Locale.forLanguageTag(language))
                        .replace('’', '\'')
                        .replaceAll("[^\\p{L}\\p{Nd}'\\[\\] -]", " ")
                        .replace('-', ' ');
        return Arrays.stream(plain.split("\\s+")).filter(t -> !t.isEmpty()).toList();
    }
}
