package org.consentgateway.call.spoken;

import java.text.BreakIterator;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where in a text the question has been put: at the end of the first sentence that asks. */
public final class FirstQuestion {
    /** Of Latin, Arabic and Chinese script. */
    private static final Set<Integer> MARKS = Set.of((int) '?', 0x061F, 0xFF1F);

    /**
     * The end of a sentence of a menu, where numbers begin sentences, which {@link BreakIterator}
     * takes for "No. 2"; behind one letter it is an abbreviation.
     */
    private static final Pattern END_IN_MENU =
            Pattern.compile(
                    "(?<=[\\p{L}\\d]{2}|\\d)[.?!…]+[\"”“»)]*(?:\\s+|$)|[\u3002\uff01\uff1f]");

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
            if (!sentence.isEmpty() && asks(sentence)) {
                return (double) end / text.length();
            }
            firstEnd = firstEnd == 0 ? end : firstEnd;
            start = end;
        }
        return text.isEmpty() ? 0 : (double) firstEnd / text.length();
    }

    /**
     * The same for one choice of a menu: it is put when it has been named beside its number.
     *
     * @param number by which it is chosen
     * @return share of the text, 0 to 1, up to the end of the first sentence with this number; 1
     *     where there is none
     */
    public static double shareOfChoice(String text, int number) {
        Pattern named = Pattern.compile("(?<!\\d)" + number + "(?!\\d)");
        boolean numbered = false;
        int start = 0;
        Matcher ends = END_IN_MENU.matcher(text);
        while (ends.find()) {
            int end = ends.end();
            String sentence = text.substring(start, end);
            numbered |= named.matcher(sentence).find();
            // "1. Listen." is two sentences, and the first names nothing.
            if (numbered && sentence.codePoints().anyMatch(Character::isLetter)) {
                return (double) end / text.length();
            }
            start = end;
        }
        return 1;
    }

    private static boolean asks(String sentence) {
        return MARKS.contains(sentence.codePointBefore(sentence.length()));
    }
}
