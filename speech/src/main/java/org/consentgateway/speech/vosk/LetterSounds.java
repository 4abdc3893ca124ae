package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What is heard of the letters of one language. Immutable.
 *
 * <p>A table with tabs, made by scripts/train-speech: a column for each sound and a last one for
 * nothing, a line for sounds that stand for no letter ({@code +}) and one for each letter, or for
 * letters that are one sound together, with {@code _} for the end of a word. Each number is a cost:
 * -100 times the natural logarithm of how likely that is.
 */
final class LetterSounds {
    private static final Pattern WORD = Pattern.compile("\\p{L}+");
    private static final String EXTRA = "+";
    private static final char END = '_';
    private static final double SCALE = 100;

    private final Locale locale;
    private final Map<String, Integer> columns;
    private final Map<String, double[]> letters;
    private final double[] extra;
    private final int longest;

    private LetterSounds(
            Locale locale,
            Map<String, Integer> columns,
            Map<String, double[]> letters,
            double[] extra) {
        this.locale = locale;
        this.columns = columns;
        this.letters = letters;
        this.extra = extra;
        this.longest = letters.keySet().stream().mapToInt(String::length).max().orElse(1);
    }

    /**
     * @param language ISO 639-1
     * @throws IOException saying file and line where it is no such table
     */
    static LetterSounds read(String language, Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String[] names = lines.isEmpty() ? new String[0] : lines.getFirst().split("\t", -1);
        Map<String, Integer> columns = new HashMap<>();
        for (int i = 1; i < names.length; i++) {
            columns.put(names[i], i - 1);
        }
        Map<String, double[]> letters = new HashMap<>();
        for (int i = 1; i < lines.size(); i++) {
            String[] cells = lines.get(i).split("\t", -1);
            try {
                if (cells.length != names.length) {
                    throw new NumberFormatException(names.length + " columns are expected");
                }
                letters.put(
                        cells[0],
                        Arrays.stream(cells)
                                .skip(1)
                                .mapToDouble(cell -> Integer.parseInt(cell) / SCALE)
                                .toArray());
            } catch (NumberFormatException e) {
                throw new IOException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        double[] extra = letters.remove(EXTRA);
        if (extra == null || letters.isEmpty()) {
            throw new IOException(file + ": is no table of letters and sounds");
        }
        return new LetterSounds(
                Locale.of(language), Map.copyOf(columns), Map.copyOf(letters), extra);
    }

    /**
     * How unlikely it is that these sounds are heard where this text is read out: the cheapest way
     * through both, in nats.
     *
     * @param text as it is read out, with no digits
     */
    double cost(String text, List<String> heard) {
        int[] sounds = heard.stream().mapToInt(s -> columns.getOrDefault(s, 0)).toArray();
        double[] before = new double[sounds.length + 1];
        for (int j = 0; j < sounds.length; j++) {
            before[j + 1] = before[j] + extra[sounds[j]];
        }
        for (double[] costs : cut(text)) {
            double silent = costs[costs.length - 1];
            double[] here = new double[before.length];
            here[0] = before[0] + silent;
            for (int j = 0; j < sounds.length; j++) {
                double taken = before[j] + costs[sounds[j]];
                here[j + 1] =
                        Math.min(
                                Math.min(taken, before[j + 1] + silent),
                                here[j] + extra[sounds[j]]);
            }
            before = here;
        }
        return before[sounds.length];
    }

    /** How many there are of which it is known how they sound. */
    int letters(String text) {
        return cut(text).size();
    }

    /** The lines of the table for a text, the longest letters first; unknown ones are left out. */
    private List<double[]> cut(String text) {
        List<double[]> found = new ArrayList<>();
        var words = WORD.matcher(text.toLowerCase(locale));
        while (words.find()) {
            String word = words.group() + END;
            int at = 0;
            while (word.charAt(at) != END) {
                String letter = word.substring(at, at + 1);
                for (int size = Math.min(longest, word.length() - at); size > 1; size--) {
                    if (letters.containsKey(word.substring(at, at + size))) {
                        letter = word.substring(at, at + size);
                        break;
                    }
                }
                double[] costs = letters.get(letter);
                if (costs != null) {
                    found.add(costs);
                }
                at += letter.length() - (letter.charAt(letter.length() - 1) == END ? 1 : 0);
            }
        }
        return found;
    }
}
