package org.consentgateway.notice;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.consentgateway.config.Spelling;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.RequiredParts;
import org.consentgateway.speech.voice.Prompt;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.words.Readability;

/**
 * Confined to one load. Holds one notice against everything that is asked of it: complete, honest,
 * fair, plain, spoken.
 */
final class NoticeCheck {
    /** Amstad or Flesch: below is refused. 60 to 70 reads "for a pupil of 13 to 15 years". */
    static final double EASE_REQUIRED = 60;

    /** Below this there is a warning. */
    static final double EASE_WANTED = 70;

    /** Wiener Sachtextformel 1, about the school grade that understands it. */
    static final double WIENER_MAX = 8;

    static final int SENTENCE_MAX_WORDS = 15;
    static final int OPENING_MAX_SECONDS = 20;

    /** Formulas made for texts say nothing about three words; they count in the whole only. */
    static final int SCORED_FROM_WORDS = 12;

    /** How many words longer the way to say no may be than the way to say yes. */
    private static final int NO_MAY_BE_LONGER = 2;

    private final NoticeDraft draft;
    private final Common rules;
    private final List<NoticeProblem> errors;
    private final List<NoticeProblem> warnings;

    NoticeCheck(NoticeDraft draft, List<NoticeProblem> errors, List<NoticeProblem> warnings) {
        this.draft = draft;
        this.rules = draft.common();
        this.errors = errors;
        this.warnings = warnings;
    }

    void all(PromptLibrary prompts) {
        complete();
        honest();
        fair();
        plain();
        spoken(prompts);
    }

    private void complete() {
        Set<String> required = RequiredParts.of(draft.scope());
        for (String part : required) {
            if (!draft.parts().containsKey(part)) {
                errors.add(
                        new NoticeProblem(
                                draft.spot(part),
                                "is missing",
                                part + ": a text, here or in common/" + draft.language()));
            }
        }
        for (String part : draft.parts().keySet()) {
            if (!required.contains(part)) {
                errors.add(
                        new NoticeProblem(
                                draft.spot(part),
                                "no such part in a notice with the purposes "
                                        + draft.scope().purposes()
                                        + ", the levels "
                                        + draft.scope().levels()
                                        + " and the dialogs "
                                        + draft.scope().dialogs(),
                                Spelling.closest(part.toLowerCase(Locale.ROOT), required)));
            }
        }
    }

    private void honest() {
        mustSay(Parts.OPENING, "that an AI speaks", rules.aiNature());
        mustSay(Parts.OPENING, "who is responsible", List.of(draft.controller().name()));
        mustSay(Parts.OPENING, "what for (purpose)", List.of(draft.purpose().value()));
        mustSay(Parts.OPENING, "how to refuse", rules.refuse());
        mustSay(Parts.OPENING, "how to withdraw", rules.withdraw());
        mustSay(Parts.OPENING_KNOWN, "that an AI speaks", rules.aiNature());
        mustSay(Parts.OPENING_KNOWN, "who is responsible", List.of(draft.controller().name()));
        mustSay(Parts.KNOWN_CHANGE, "how to withdraw", rules.withdraw());
    }

    private void mustSay(String part, String statement, List<String> oneOf) {
        NoticeText text = draft.parts().get(part);
        if (text != null && oneOf.stream().noneMatch(words -> says(text.value(), words))) {
            errors.add(
                    new NoticeProblem(
                            text.spot(),
                            "does not say " + statement,
                            String.join(" or ", oneOf),
                            firstSentence(text.value())));
        }
    }

    private void fair() {
        for (String purpose : draft.scope().purposes()) {
            for (String pattern : RequiredParts.LADDER) {
                yesAndNo(Parts.of(pattern, purpose));
            }
            shorter(purpose, Parts.QUESTION, Parts.REPEAT_1, Parts.REPEAT_2);
            shorter(purpose, Parts.QUESTION_KEYS, Parts.REPEAT_1_KEYS, Parts.REPEAT_2_KEYS);
        }
        shorter("", Parts.MENU, Parts.MENU_REPEAT_1, Parts.MENU_REPEAT_2);
        for (String part : RequiredParts.MENU) {
            NoticeText text = draft.parts().get(part);
            if (text != null) {
                noPressure(text);
                if (!says(text.value(), "0")
                        || rules.refuse().stream().noneMatch(no -> says(text.value(), no))) {
                    errors.add(
                            new NoticeProblem(
                                    text.spot(),
                                    "the menu does not offer 0 for no",
                                    "Die 0 heißt Nein.",
                                    firstSentence(text.value())));
                }
            }
        }
    }

    /** EDPB guidelines 05/2020: refusing must not take more than agreeing. */
    private void yesAndNo(String part) {
        NoticeText text = draft.parts().get(part);
        if (text == null) {
            return;
        }
        noPressure(text);
        List<String> yes = waysTo(text.value(), rules.agree());
        List<String> no = waysTo(text.value(), rules.refuse());
        if (yes.isEmpty() || no.isEmpty()) {
            errors.add(
                    new NoticeProblem(
                            text.spot(),
                            yes.isEmpty() ? "offers no yes" : "offers no way to say no",
                            "Sagen Sie Nein oder drücken Sie die 2.",
                            firstSentence(text.value())));
            return;
        }
        for (String key : List.of("1", "2")) {
            if (!says(text.value(), key)) {
                errors.add(
                        new NoticeProblem(
                                text.spot(),
                                "does not name the key " + key,
                                "Drücken Sie die 1 für Ja. Drücken Sie die 2 für Nein.",
                                key.equals("1") ? yes.getFirst() : no.getFirst()));
            }
        }
        harder(text, "can be said, but no can not", rules.say(), yes, no);
        harder(text, "has a key, but no has none", rules.press(), yes, no);
        int yesWords = shortest(yes);
        int noWords = shortest(no);
        if (noWords > yesWords + NO_MAY_BE_LONGER) {
            errors.add(
                    new NoticeProblem(
                            text.spot(),
                            "no is harder than yes: %d words to say how, against %d"
                                    .formatted(noWords, yesWords),
                            "the same words for both",
                            no.getFirst()));
        }
    }

    private void harder(
            NoticeText text, String what, List<String> verbs, List<String> yes, List<String> no) {
        if (anySays(yes, verbs) && !anySays(no, verbs)) {
            errors.add(
                    new NoticeProblem(
                            text.spot(),
                            "no is harder than yes: yes " + what,
                            "the same ways for both",
                            no.getFirst()));
        }
    }

    private void noPressure(NoticeText text) {
        for (Readability.Sentence sentence : readability(text).sentences()) {
            for (String word : rules.pressure()) {
                if (says(sentence.text(), word)) {
                    errors.add(
                            new NoticeProblem(
                                    text.spot(),
                                    "pushes the caller with \"" + word + "\"",
                                    "a question that leaves both answers open",
                                    sentence.text()));
                }
            }
        }
    }

    /**
     * The instruction parts (up to the first comma) of the sentences that name one of the words.
     */
    private List<String> waysTo(String text, List<String> words) {
        return Readability.of(draft.language(), text).sentences().stream()
                .map(s -> s.text())
                .filter(s -> anySays(List.of(s), words))
                .toList();
    }

    private int shortest(List<String> sentences) {
        return sentences.stream()
                .mapToInt(s -> Readability.of(draft.language(), s.split(",", 2)[0]).words())
                .min()
                .orElse(0);
    }

    private void shorter(String about, String... patterns) {
        for (int i = 1; i < patterns.length; i++) {
            NoticeText before = draft.parts().get(Parts.of(patterns[i - 1], about));
            NoticeText after = draft.parts().get(Parts.of(patterns[i], about));
            if (before != null
                    && after != null
                    && readability(after).words() >= readability(before).words()) {
                errors.add(
                        new NoticeProblem(
                                after.spot(),
                                "a repeat must be shorter than what it repeats (%d words after %d)"
                                        .formatted(
                                                readability(after).words(),
                                                readability(before).words()),
                                "the core of the question only",
                                firstSentence(after.value())));
            }
        }
    }

    private void plain() {
        for (Map.Entry<String, NoticeText> part : draft.parts().entrySet()) {
            if (isDate(part.getKey())) {
                continue;
            }
            NoticeText text = part.getValue();
            Readability score = readability(text);
            for (Readability.Sentence sentence : score.sentences()) {
                if (sentence.words().size() > SENTENCE_MAX_WORDS) {
                    errors.add(
                            new NoticeProblem(
                                    text.spot(),
                                    "a sentence of %d words; %d are allowed"
                                            .formatted(sentence.words().size(), SENTENCE_MAX_WORDS),
                                    "two short sentences",
                                    sentence.text()));
                }
            }
            if (score.words() >= SCORED_FROM_WORDS) {
                scored(text.spot(), score);
            }
        }
    }

    /** Single words that are put together: nothing to score. */
    static boolean isDate(String part) {
        return part.startsWith("date-");
    }

    private void scored(Spot spot, Readability score) {
        String formula = draft.language().equals("de") ? "Amstad" : "Flesch";
        String hardest = score.hardest().text();
        if (score.ease() < EASE_WANTED) {
            (score.ease() < EASE_REQUIRED ? errors : warnings)
                    .add(
                            new NoticeProblem(
                                    spot,
                                    "hard to understand: %s %.0f, at least %.0f is %s"
                                            .formatted(
                                                    formula,
                                                    score.ease(),
                                                    score.ease() < EASE_REQUIRED
                                                            ? EASE_REQUIRED
                                                            : EASE_WANTED,
                                                    score.ease() < EASE_REQUIRED
                                                            ? "asked for"
                                                            : "better"),
                                    "shorter words and sentences, verbs for nouns",
                                    hardest));
        }
        if (score.wiener().orElse(0) > WIENER_MAX) {
            errors.add(
                    new NoticeProblem(
                            spot,
                            "hard to understand: Wiener Sachtextformel %.1f, at most %.0f"
                                    .formatted(score.wiener().orElse(0), WIENER_MAX),
                            "fewer words of three syllables and more",
                            hardest));
        }
    }

    private void spoken(PromptLibrary prompts) {
        for (Map.Entry<String, NoticeText> part : draft.parts().entrySet()) {
            NoticeText text = part.getValue();
            switch (prompts.prompt(draft.language(), text.value())) {
                case Prompt.Missing missing ->
                        errors.add(
                                new NoticeProblem(
                                        text.spot(),
                                        missing.why(),
                                        "scripts/gateway prompts render",
                                        text.value()));
                case Prompt.Ready ready -> {
                    int millis = ready.clip().millis();
                    if (part.getKey().equals(Parts.OPENING)
                            && millis > OPENING_MAX_SECONDS * 1000) {
                        errors.add(
                                new NoticeProblem(
                                        text.spot(),
                                        "takes %.1f s to say; %d s are allowed"
                                                .formatted(millis / 1000.0, OPENING_MAX_SECONDS),
                                        "about 40 words",
                                        firstSentence(text.value())));
                    }
                }
            }
        }
    }

    private Readability readability(NoticeText text) {
        return Readability.of(draft.language(), text.value());
    }

    private static boolean anySays(List<String> sentences, List<String> words) {
        return sentences.stream().anyMatch(s -> words.stream().anyMatch(w -> says(s, w)));
    }

    /** As whole words, in any case. */
    static boolean says(String text, String words) {
        return Pattern.compile(
                        "(?<![\\p{L}\\p{Nd}])" + Pattern.quote(words) + "(?![\\p{L}\\p{Nd}])",
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                .matcher(text)
                .find();
    }

    private String firstSentence(String text) {
        var sentences = Readability.of(draft.language(), text).sentences();
        return sentences.isEmpty() ? text : sentences.getFirst().text();
    }
}
