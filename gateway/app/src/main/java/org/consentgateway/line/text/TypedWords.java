package org.consentgateway.line.text;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.TypedLine;
import org.consentgateway.consent.SpokenWords;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.words.Lexicons;
import org.consentgateway.speech.words.Understood;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What a typed line means, by the same words as a spoken one. A yes stands alone and
 * plain, without a question mark, and without a sign that the lexicon would pass over; a no is
 * taken from among all of that, and its key from a line with a mark.
 */
public final class TypedWords {
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{M}\\p{Nd}\\s.,;:!'’*#-]*");
    private static final Pattern AROUND = Pattern.compile("^[\\s.,;:!]+|[\\s.,;:!]+$");

    private final Lexicons lexicons;

    public TypedWords(Lexicons lexicons) {
        this.lexicons = lexicons;
    }

    public boolean knows(String language) {
        return lexicons.knows(language);
    }

    /**
     * @param asked whether the question could be read when the line was begun
     */
    public TypedLine read(String line, String language, Expecting expecting, boolean asked) {
        String bare = AROUND.matcher(TypedLines.withoutMark(line)).replaceAll("");
        @Nullable Character key = bare.length() == 1 ? bare.charAt(0) : null;
        @Nullable Meaning pressed = key == null ? null : expecting.keys().get(key);
        if (pressed != null && (TypedLines.isWhole(line) || !pressed.agrees())) {
            return new TypedLine(pressed, key, new SpokenWords(bare), asked);
        }
        Set<SpokenMeaning> accepted = SpokenMeanings.spoken(expecting.words());
        Optional<Understood> understood = lexicons.understand(language, line, accepted);
        @Nullable Meaning meaning =
                understood.map(found -> SpokenMeanings.meaning(found.meaning())).orElse(null);
        if (meaning != null && meaning.agrees() && !PLAIN.matcher(line).matches()) {
            meaning = Meaning.HEDGED;
        }
        String entry = understood.map(Understood::entry).orElse("");
        return new TypedLine(meaning, null, new SpokenWords(entry), asked);
    }

    /** Whether it means this, where that is all that counts. */
    public boolean means(SpokenMeaning wanted, String line, String language) {
        return lexicons.understand(language, line, Set.of(wanted))
                .filter(found -> found.meaning() == wanted)
                .isPresent();
    }
}
