package org.consentgateway.speech.words;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How easily a text is understood, counted over what a voice would say. Immutable.
 *
 * @param sentences in order; each is what stands between full stops, question marks, exclamation
 *     marks and colons
 */
public record Readability(Language language, List<Sentence> sentences) {
    private static final Pattern SENTENCE = Pattern.compile("[^.?!:]+[.?!:]*");
    private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}'’-]*");

    /** What formulas call a long word, in syllables. */
    private static final int LONG = 3;

    /** And letters above which they call it wide. */
    private static final int WIDE = 6;

    /**
     * @param text as written
     * @param words as spoken
     */
    public record Sentence(String text, List<Word> words) {}

    public record Word(String text, int syllables) {}

    public Readability {
        sentences = List.copyOf(sentences);
    }

    public static Readability of(Language language, String text) {
        var sentences = new ArrayList<Sentence>();
        Matcher m = SENTENCE.matcher(language.withoutAbbreviations(text));
        while (m.find()) {
            String written = SpokenText.canonical(m.group());
            var words = new ArrayList<Word>();
            Matcher w = WORD.matcher(language.spoken(written));
            while (w.find()) {
                words.add(
                        new Word(w.group(), language.syllables().in(w.group(), language.locale())));
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

    /** By a formula of the language; 0 where there are no words. */
    public double score(Formula formula) {
        if (words() == 0) {
            return 0;
        }
        return formula.constant()
                + formula.wordsPerSentence() * words() / sentences.size()
                + formula.syllablesPerWord() * syllables() / words()
                + formula.percentLong() * percent(w -> w.syllables() >= LONG)
                + formula.percentShort() * percent(w -> w.syllables() == 1)
                + formula.percentWide()
                        * percent(w ->
                                w.text().codePoints().filter(Character::isLetter).count() > WIDE);
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
