package org.consentgateway.speech.words;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Cardinal numbers as they are spoken, 0 to 999 999. Immutable.
 *
 * @param words of single numbers: those that no rule makes
 * @param followed their other form, where more of the number follows ("ein" in "einundzwanzig")
 * @param rules for all others; the one with the largest {@code from} that is not above the number
 */
public record NumberWords(
        Map<Integer, String> words, Map<Integer, String> followed, List<Rule> rules) {
    private static final int LIMIT = 1_000_000;

    /** All below are looked at one by one when asked for a hole; above, the ends of rules. */
    private static final int EACH_BELOW = 1000;

    /**
     * How numbers are put together. In the texts {@code <} is how often {@code from} is in the
     * number, {@code >} what is left, and what stands in brackets is left out where nothing is
     * left.
     *
     * @param from at least 2
     * @param one instead of text where it is in the number once; empty: the text
     */
    public record Rule(int from, String one, String text) {}

    public NumberWords {
        words = Map.copyOf(words);
        followed = Map.copyOf(followed);
        rules = List.copyOf(rules);
    }

    /** Digit by digit if the number is too long to be one, as with telephone numbers. */
    String spoken(String digits) {
        if (digits.length() > 6 || (digits.length() > 1 && digits.startsWith("0"))) {
            var each = new StringBuilder();
            for (int i = 0; i < digits.length(); i++) {
                each.append(each.isEmpty() ? "" : " ").append(spoken(digits.substring(i, i + 1)));
            }
            return each.toString();
        }
        return spoken(Integer.parseInt(digits), false);
    }

    /** The smallest number, of those looked at, that nothing here makes. */
    public OptionalInt hole() {
        IntStream ends =
                rules.stream()
                        .mapToInt(Rule::from)
                        .flatMap(from -> IntStream.of(from, from + 1, 2 * from + 11));
        return IntStream.concat(
                        IntStream.range(0, EACH_BELOW), IntStream.concat(ends, last()).sorted())
                .filter(n -> n < LIMIT && !isSpoken(n))
                .findFirst();
    }

    private static IntStream last() {
        return IntStream.of(1000, 1001, 9999, 10_000, 99_999, 100_000, LIMIT - 1);
    }

    private boolean isSpoken(int n) {
        if (words.containsKey(n)) {
            return true;
        }
        Rule rule = rule(n);
        return rule != null
                && (!text(rule, n).contains("<") || isSpoken(n / rule.from))
                && (n % rule.from == 0 || (text(rule, n).contains(">") && isSpoken(n % rule.from)));
    }

    private String spoken(int n, boolean more) {
        String word = words.get(n);
        if (word != null) {
            return more ? followed.getOrDefault(n, word) : word;
        }
        Rule rule = rule(n);
        if (rule == null) {
            throw new IllegalStateException("no words for a number: hole() finds it at start");
        }
        int left = n % rule.from;
        String text = text(rule, n);
        text = left == 0 ? text.replaceAll("\\[.*]", "") : text.replaceAll("[\\[\\]]", "");
        var said = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            boolean follows = more || i + 1 < text.length();
            switch (text.charAt(i)) {
                case '<' -> said.append(spoken(n / rule.from, follows));
                case '>' -> said.append(spoken(left, follows));
                default -> said.append(text.charAt(i));
            }
        }
        return said.toString();
    }

    private static String text(Rule rule, int n) {
        return n / rule.from == 1 && !rule.one.isEmpty() ? rule.one : rule.text;
    }

    private @org.jspecify.annotations.Nullable Rule rule(int n) {
        return rules.stream()
                .filter(rule -> rule.from <= n)
                .max(java.util.Comparator.comparingInt(Rule::from))
                .orElse(null);
    }
}
