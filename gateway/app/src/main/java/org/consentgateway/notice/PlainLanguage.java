package org.consentgateway.notice;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.speech.words.Readability;

/** Confined to one load. Whether callers understand a notice at once. */
final class PlainLanguage {
    /** Amstad or Flesch: below is refused. 60 to 70 reads "for a pupil of 13 to 15 years". */
    static final double EASE_REQUIRED = 60;

    /** Below this there is a caution. */
    static final double EASE_WANTED = 70;

    /** Wiener Sachtextformel 1, about the school grade that understands it. */
    static final double WIENER_MAX = 8;

    static final int SENTENCE_MAX_WORDS = 15;

    /** Formulas made for texts say nothing about three words: shorter parts go by their words. */
    static final int SCORED_FROM_WORDS = 12;

    /** From here on a word has to be one that everybody knows. */
    private static final int LONG_WORD_SYLLABLES = 3;

    private final NoticeDraft draft;
    private final Common.Plain plain;
    private final NoticeFindings findings;
    private final Set<String> known;

    PlainLanguage(NoticeDraft draft, NoticeFindings findings) {
        this.draft = draft;
        this.plain = draft.common().plain();
        this.findings = findings;
        this.known =
                Stream.concat(
                                plain.everyday().stream(),
                                Stream.of(draft.controller().name(), draft.controller().contact()))
                        .flatMap(words -> Stream.of(words.split("[^\\p{L}\\p{Nd}'’-]+")))
                        .map(word -> word.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
    }

    void check() {
        draft.parts()
                .values()
                .forEach(text -> {
                    Readability score = draft.readability(text);
                    sentences(text, score);
                    jargon(text);
                    if (score.words() >= SCORED_FROM_WORDS) {
                        scored(text, score);
                    } else {
                        known(text);
                    }
                });
    }

    private void sentences(NoticeText text, Readability score) {
        for (Readability.Sentence sentence : score.sentences()) {
            if (sentence.words().size() > SENTENCE_MAX_WORDS) {
                findings.wrong(
                        text,
                        "a sentence of %d words; %d are allowed"
                                .formatted(sentence.words().size(), SENTENCE_MAX_WORDS),
                        "two short sentences",
                        sentence.text());
            }
        }
    }

    /** The ways to withdraw are told in the words of the law, so that they can be said. */
    private String withoutWaysToWithdraw(String text) {
        String rest = text;
        for (String way : draft.common().answers().withdraw()) {
            rest = rest.replaceAll("(?iu)" + Pattern.quote(way), "");
        }
        return rest;
    }

    private void jargon(NoticeText text) {
        String said = withoutWaysToWithdraw(text.value());
        for (Map.Entry<String, String> word : plain.jargon().entrySet()) {
            var found =
                    Pattern.compile(
                                    "(?iu)(?<![\\p{L}\\p{Nd}])"
                                            + Pattern.quote(word.getKey())
                                            + "[\\p{L}-]*")
                            .matcher(said);
            if (found.find()) {
                findings.wrong(
                        text,
                        "callers do not use the word \"" + found.group() + "\"",
                        word.getValue(),
                        draft.sentenceWith(text.value(), found.group()));
            }
        }
    }

    private void known(NoticeText text) {
        NoticeText said = new NoticeText(text.spot(), withoutWaysToWithdraw(text.value()));
        for (Readability.Sentence sentence : draft.readability(said).sentences()) {
            for (Readability.Word word : sentence.words()) {
                if (word.syllables() >= LONG_WORD_SYLLABLES
                        && !known.contains(word.text().toLowerCase(Locale.ROOT))) {
                    findings.wrong(
                            text,
                            "\"%s\" (%d syllables) is no word that everybody knows"
                                    .formatted(word.text(), word.syllables()),
                            "a short word, or one of rules.everyday in common/"
                                    + draft.language()
                                    + ".yaml",
                            sentence.text());
                }
            }
        }
    }

    private void scored(NoticeText text, Readability score) {
        String formula = draft.language().equals("de") ? "Amstad" : "Flesch";
        String hardest = score.hardest().text();
        if (score.ease() < EASE_REQUIRED) {
            findings.wrong(
                    text,
                    "hard to understand: %s %.0f, at least %.0f is asked for"
                            .formatted(formula, score.ease(), EASE_REQUIRED),
                    "shorter words and sentences, verbs for nouns",
                    hardest);
        } else if (score.ease() < EASE_WANTED) {
            findings.caution(
                    text,
                    "hard to understand: %s %.0f, at least %.0f is better"
                            .formatted(formula, score.ease(), EASE_WANTED),
                    "shorter words and sentences, verbs for nouns",
                    hardest);
        }
        if (score.wiener().orElse(0) > WIENER_MAX) {
            findings.wrong(
                    text,
                    "hard to understand: Wiener Sachtextformel %.1f, at most %.0f"
                            .formatted(score.wiener().orElse(0), WIENER_MAX),
                    "fewer words of three syllables and more",
                    hardest);
        }
    }
}
