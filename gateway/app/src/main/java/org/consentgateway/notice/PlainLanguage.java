package org.consentgateway.notice;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.speech.words.Formula;
import org.consentgateway.speech.words.Language;
import org.consentgateway.speech.words.Readability;

/** Confined to one load. Whether callers understand a notice at once. */
final class PlainLanguage {
    private final NoticeDraft draft;
    private final Common.Plain plain;
    private final NoticeFindings findings;
    private final Set<String> known;
    private final Language language;

    /** Ways to withdraw; compiled once, for a notice has some sixty texts. */
    private final List<Pattern> ways;

    /** A word that callers do not use, to what is said instead. */
    private final Map<Pattern, String> jargon = new LinkedHashMap<>();

    PlainLanguage(NoticeDraft draft, NoticeFindings findings) {
        this.draft = draft;
        this.plain = draft.common().plain();
        this.findings = findings;
        this.language = draft.common().language();
        this.known =
                Stream.concat(
                                plain.everyday().stream(),
                                Stream.of(draft.controller().name(), draft.controller().contact()))
                        .flatMap(words -> Stream.of(words.split("[^\\p{L}\\p{Nd}'’-]+")))
                        .map(word -> word.toLowerCase(language.locale()))
                        .collect(Collectors.toSet());
        this.ways =
                Stream.of(
                                draft.common().answers().withdraw(),
                                draft.common().answers().withdrawWords())
                        .flatMap(List::stream)
                        .map(way -> Pattern.compile("(?iu)" + Pattern.quote(way)))
                        .toList();
        plain.jargon()
                .forEach((word, better) ->
                        jargon.put(
                                Pattern.compile(
                                        "(?iu)(?<![\\p{L}\\p{Nd}])"
                                                + Pattern.quote(word)
                                                + "[\\p{L}-]*"),
                                better));
    }

    void check() {
        draft.parts()
                .values()
                .forEach(text -> {
                    Readability score = draft.readability(text);
                    sentences(text, score);
                    jargon(text);
                    if (score.words() >= language.plain().scored()) {
                        scored(text, score);
                    } else {
                        known(text);
                    }
                });
    }

    private void sentences(NoticeText text, Readability score) {
        for (Readability.Sentence sentence : score.sentences()) {
            if (sentence.words().size() > language.plain().sentence()) {
                findings.wrong(
                        text,
                        "a sentence of %d words; %d are allowed"
                                .formatted(sentence.words().size(), language.plain().sentence()),
                        "two short sentences",
                        sentence.text());
            }
        }
    }

    /** The ways to withdraw are told in the words of the law, so that they can be said. */
    private String withoutWaysToWithdraw(String text) {
        String rest = text;
        for (Pattern way : ways) {
            rest = way.matcher(rest).replaceAll("");
        }
        return rest;
    }

    private void jargon(NoticeText text) {
        String said = withoutWaysToWithdraw(text.value());
        for (Map.Entry<Pattern, String> word : jargon.entrySet()) {
            Matcher found = word.getKey().matcher(said);
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
                if (word.syllables() >= language.plain().syllables()
                        && !known.contains(word.text().toLowerCase(language.locale()))) {
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
        for (Formula formula : language.formulas()) {
            double value = score.score(formula);
            String hardest = score.hardest().text();
            String than = "hard to understand: %s %.1f, at %s %.0f is %s";
            if (value < formula.least().orElse(value)) {
                findings.wrong(
                        text,
                        than.formatted(
                                formula.name(),
                                value,
                                "least",
                                formula.least().orElse(0),
                                "asked for"),
                        "shorter words and sentences, verbs for nouns",
                        hardest);
            } else if (value < formula.wanted().orElse(value)) {
                findings.caution(
                        text,
                        than.formatted(
                                formula.name(),
                                value,
                                "least",
                                formula.wanted().orElse(0),
                                "better"),
                        "shorter words and sentences, verbs for nouns",
                        hardest);
            }
            if (value > formula.most().orElse(value)) {
                findings.wrong(
                        text,
                        than.formatted(
                                formula.name(),
                                value,
                                "most",
                                formula.most().orElse(0),
                                "asked for"),
                        "fewer long words",
                        hardest);
            }
        }
    }
}
