package org.consentgateway.call.spoken;

import java.text.BreakIterator;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** Where in a text the question has been put: at the end of the first sentence that asks. */
public final class FirstQuestion {
    /** Of Latin, Arabic and Chinese script. */
    private static final Set<Integer> MARKS = Set.of((int) '?', 0x061F, 0xFF1F);

    private FirstQuestion() {}

    /**
     * Speech is taken to go at an even pace. In the recordings shipped with the gateway this ends
     * in the pause after that sentence.
     *
     * @return share of the text, 0 to 1, up to the end of its first sentence that asks; of its
     *     first sentence where none does
     */
    public static double share(String text) {
        return share(text, FirstQuestion::asks);
    }

    /**
     * The same for a menu, which asks at its end, if at all: it is put when the first choice has
     * been named.
     */
    public static double shareOfMenu(String text) {
        return share(text, sentence -> asks(sentence) || sentence.contains("1"));
    }

    private static boolean asks(String sentence) {
        return MARKS.contains(sentence.codePointBefore(sentence.length()));
    }

    private static double share(String text, Predicate<String> puts) {
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText(text);
        int start = sentences.first();
        int firstEnd = 0;
        for (int end = sentences.next(); end != BreakIterator.DONE; end = sentences.next()) {
            String sentence = text.substring(start, end).strip();
            if (!sentence.isEmpty() && puts.test(sentence)) {
                return (double) end / text.length();
            }
            firstEnd = firstEnd == 0 ? end : firstEnd;
            start = end;
        }
        return text.isEmpty() ? 0 : (double) firstEnd / text.length();
    }
}
