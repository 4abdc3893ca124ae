package org.consentgateway.speech.words;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How easily a text is understood, counted over what a voice would say. Immutable.
 *
 * <p>Flesch's reading ease (R. Flesch, 1948) for English, its German form by T. Amstad (1978), and
 * the first Wiener Sachtextformel (R. Bamberger, E. Vanecek, 1984), whose value is about a school
 * grade. Amstad flatters texts full of legal terms; that is why the second formula is asked too.
 *
 * @param language ISO 639-1
 * @param sentences in order; each is what stands between full stops, question marks, exclamation
 *     marks and colons
 */
public record Readability(String language, List<Sentence> sentences) {
    private static final Pattern SENTENCE = Pattern.compile("[^.?!:]+[.?!:]*");
    private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}'’-]*");

    /**
     * @param text as written
     * @param words as spoken
     */
    public record Sentence(String text, List<Word> words) {}

    public record Word(String text, int syllables) {}

    public Readability {
        sentences = List.copyOf(sentences);
    }

    public static Readability of(String language, String text) {
        var sentences = new ArrayList<Sentence>();
        Matcher m = SENTENCE.matcher(text.replace("z. B.", "zum Beispiel"));
        while (m.find()) {
            String written = SpokenText.canonical(m.group());
            var words = new ArrayList<Word>();
            Matcher w = WORD.matcher(SpokenText.of(language, written));
            while (w.find()) {
                words.add(new Word(w.group(), Syllables.in(language, w.group())));
            }
            if (!words.isEmpty()) {
                sentences.add(new Sentence(written, List.copyOf(words)));
            }
        }
        return new Readability(language, sentences);
    }

    public int words() {
        return sentences.stream().mapToInt(s -> s.words().size()).sum();
    }

    public int syllables() {
        return sentences.stream().flatMap(s -> s.words().stream()).mapToInt(Word::syllables).sum();
    }

    /** Words of the longest sentence. */
    public int longest() {
        return sentences.stream().mapToInt(s -> s.words().size()).max().orElse(0);
    }

    /** Whether there is a formula for this language; else only sentences and words are counted. */
    public boolean isScored() {
        return (language.equals("de") || language.equals("en")) && words() > 0;
    }

    /**
     * Amstad for German, Flesch for English. 0 to about 120, higher is easier; 0 for no formula.
     */
    public double ease() {
        if (!isScored()) {
            return 0;
        }
        double perSentence = (double) words() / sentences.size();
        double perWord = (double) syllables() / words();
        return language.equals("de")
                ? 180 - perSentence - 58.5 * perWord
                : 206.835 - 1.015 * perSentence - 84.6 * perWord;
    }

    /** Wiener Sachtextformel 1, about a school grade; German only. */
    public OptionalDouble wiener() {
        if (!language.equals("de") || words() == 0) {
            return OptionalDouble.empty();
        }
        double threeAndMore = percent(w -> w.syllables() >= 3);
        double perSentence = (double) words() / sentences.size();
        double overSixLetters =
                percent(w -> w.text().codePoints().filter(Character::isLetter).count() > 6);
        double single = percent(w -> w.syllables() == 1);
        return OptionalDouble.of(
                0.1935 * threeAndMore
                        + 0.1672 * perSentence
                        + 0.1297 * overSixLetters
                        - 0.0327 * single
                        - 0.875);
    }

    /** The sentence to rewrite first: the one with the longest words. */
    public Sentence hardest() {
        return sentences.stream()
                .max(
                        Comparator.comparing((Sentence s) -> s.words().size() >= 3)
                                .thenComparingDouble(s ->
                                        s.words().stream()
                                                .mapToInt(Word::syllables)
                                                .average()
                                                .orElse(0)))
                .orElseThrow();
    }

    private double percent(java.util.function.Predicate<Word> which) {
        long hits = sentences.stream().flatMap(s -> s.words().stream()).filter(which).count();
        return 100.0 * hits / words();
    }
}
