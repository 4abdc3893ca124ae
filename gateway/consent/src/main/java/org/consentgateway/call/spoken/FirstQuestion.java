package org.consentgateway.call.spoken;

import java.text.BreakIterator;
import java.util.Locale;
import java.util.Set;

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
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText(text);
        int start = sentences.first();
        int firstEnd = 0;
        for (int end = sentences.next(); end != BreakIterator.DONE; end = sentences.next()) {
            String sentence = text.substring(start, end).strip();
            if (!sentence.isEmpty()
                    && MARKS.contains(sentence.codePointBefore(sentence.length()))) {
                return (double) end / text.length();
            }
            firstEnd = firstEnd == 0 ? end : firstEnd;
            start = end;
        }
        return text.isEmpty() ? 0 : (double) firstEnd / text.length();
    }
}
