package org.consentgateway.language;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.Setting;
import org.consentgateway.speech.words.Formula;
import org.consentgateway.speech.words.Language;
import org.consentgateway.speech.words.NumberWords;
import org.consentgateway.speech.words.Syllables;

/** Immutable. {@code config/languages/XX.yaml}; {@code de.yaml} says each key in words. */
public record LanguageFile(
        @Setting(example = "de", form = "[a-z]{2}", formInWords = "two small letters (ISO 639-1)")
                String language,
        @Setting(example = "German") String name,
        @Setting(
                        example = "de-DE",
                        form = "[a-z]{2}-[A-Z]{2}",
                        formInWords = "a language and a country such as de-DE")
                String region,
        Numbers numbers,
        @Setting(byDefault = "{}", example = "{\"%\": Prozent}") Map<String, String> shortened,
        @Setting(byDefault = "{}", example = "{No.: number}") Map<String, String> beforeNumbers,
        SyllableRules syllables,
        Plain plain,
        @Setting(byDefault = "[]", example = "[{name: Flesch, source: …, constant: 206.835}]")
                List<Score> readability,
        @Setting(byDefault = "[]", example = "[Example Company]") List<String> examples) {

    public record Numbers(
            @Setting(example = "{1: eins}") Map<String, String> words,
            @Setting(byDefault = "{}", example = "{1: ein}") Map<String, String> followed,
            @Setting(byDefault = "[]", example = "[{from: 20, text: \"[>und]zwanzig\"}]")
                    List<Rule> rules) {}

    public record Rule(
            @Setting(example = "20", atLeast = "2", atMost = "999999") int from,
            @Setting(byDefault = "", example = "\"mille[ >]\"") Optional<String> one,
            @Setting(example = "\"[>und]zwanzig\"") String text) {}

    public record SyllableRules(
            @Setting(example = "\"[aeiouy]+\"") Pattern vowels,
            @Setting(byDefault = "[]", example = "[{pattern: qu, as: kw}]") List<Rewrite> rewrites,
            @Setting(byDefault = "{}", example = "{team: 1}") Map<String, Integer> words,
            @Setting(byDefault = "{}", example = "{W: 3}") Map<String, Integer> letters) {}

    public record Rewrite(
            @Setting(example = "qu") Pattern pattern, @Setting(example = "kw") String as) {}

    public record Plain(
            @Setting(byDefault = "15", atLeast = "5", atMost = "30") int sentence,
            @Setting(byDefault = "12", atLeast = "5", atMost = "50") int scored,
            @Setting(byDefault = "3", atLeast = "2", atMost = "9") int syllables) {}

    public record Score(
            @Setting(example = "Flesch") String name,
            @Setting(example = "R. Flesch, A New Readability Yardstick, 1948") String source,
            @Setting(example = "206.835") Double constant,
            @Setting(byDefault = "0") Double wordsPerSentence,
            @Setting(byDefault = "0") Double syllablesPerWord,
            @Setting(byDefault = "0") Double percentLong,
            @Setting(byDefault = "0") Double percentShort,
            @Setting(byDefault = "0") Double percentWide,
            @Setting(byDefault = "", example = "60") Optional<Double> least,
            @Setting(byDefault = "", example = "70") Optional<Double> wanted,
            @Setting(byDefault = "", example = "8") Optional<Double> most) {}

    /**
     * What must hold between keys.
     *
     * @param file name of the file without its suffix
     */
    void check(String file, Complaints complaints) {
        if (!language.equals(file)) {
            complaints.about("language", "is not that of the file's name", "language: " + file);
        }
        if (!region.startsWith(language)) {
            complaints.about("region", "is one of another language", "region: " + language + "-…");
        }
        numbered(numbers.words, "numbers.words", complaints);
        numbered(numbers.followed, "numbers.followed", complaints);
        syllables.letters.forEach((letter, _) -> {
            if (letter.length() != 1) {
                complaints.about("syllables.letters." + letter, "is no letter", "{W: 3}");
            }
        });
        numberWords()
                .hole()
                .ifPresent(n ->
                        complaints.about(
                                "numbers",
                                "do not say " + n,
                                n < 20
                                        ? "words: {" + n + ": …}"
                                        : "rules: [{from: " + n + ", text: \"…[>]\"}]"));
        for (int i = 0; i < readability.size(); i++) {
            Score each = readability.get(i);
            if (each.least.isEmpty() && each.most.isEmpty()) {
                complaints.about(
                        "readability[" + i + "]",
                        "refuses nothing: " + each.name + " has no limit",
                        "least: 60");
            }
        }
    }

    private static void numbered(Map<String, String> words, String key, Complaints complaints) {
        words.keySet().stream()
                .filter(number -> !number.matches("\\d{1,6}"))
                .forEach(number ->
                        complaints.about(
                                key + "." + number, "is no number up to 999999", "{1: …}"));
    }

    Language toLanguage() {
        Map<Character, Integer> letters = new HashMap<>();
        syllables.letters.forEach((letter, n) -> letters.put(letter.charAt(0), n));
        return new Language(
                language,
                name,
                region,
                numberWords(),
                shortened,
                beforeNumbers,
                new Syllables(
                        syllables.vowels,
                        syllables.rewrites.stream()
                                .map(each -> new Syllables.Rewrite(each.pattern, each.as))
                                .toList(),
                        syllables.words,
                        letters),
                new Language.PlainWords(plain.sentence, plain.scored, plain.syllables),
                readability.stream().map(LanguageFile::formula).toList(),
                examples);
    }

    private NumberWords numberWords() {
        return new NumberWords(
                byNumber(numbers.words),
                byNumber(numbers.followed),
                numbers.rules.stream()
                        .map(rule ->
                                new NumberWords.Rule(rule.from, rule.one.orElse(""), rule.text))
                        .toList());
    }

    private static Map<Integer, String> byNumber(Map<String, String> words) {
        Map<Integer, String> byNumber = new HashMap<>();
        words.forEach((number, word) -> {
            if (number.matches("\\d{1,6}")) {
                byNumber.put(Integer.valueOf(number), word);
            }
        });
        return byNumber;
    }

    private static Formula formula(Score score) {
        return new Formula(
                score.name,
                score.source,
                score.constant,
                score.wordsPerSentence,
                score.syllablesPerWord,
                score.percentLong,
                score.percentShort,
                score.percentWide,
                limit(score.least),
                limit(score.wanted),
                limit(score.most));
    }

    private static OptionalDouble limit(Optional<Double> limit) {
        return limit.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    }
}
