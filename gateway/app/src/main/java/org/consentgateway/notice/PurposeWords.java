package org.consentgateway.notice;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.RequiredParts;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one load. No purpose without spoken words: each is asked for in its own words, in a
 * question of its own.
 */
final class PurposeWords {
    /** What these mean is clear from the verb alone; others need an example. */
    private static final Set<String> CONCRETE =
            Set.of(Purpose.ASSISTANT.id(), Purpose.RECORDING.id());

    private static final List<String> ASKING =
            List.of(Parts.QUESTION, Parts.QUESTION_KEYS, Parts.NEW_PURPOSE);

    private final NoticeDraft draft;
    private final NoticeFindings findings;

    PurposeWords(NoticeDraft draft, NoticeFindings findings) {
        this.draft = draft;
        this.findings = findings;
    }

    void check() {
        draft.purposes()
                .forEach((purpose, words) -> {
                    for (String pattern : ASKING) {
                        NoticeText text = draft.parts().get(Parts.of(pattern, purpose));
                        if (text != null) {
                            asked(purpose, words, text);
                        }
                    }
                    alone(purpose, words.value());
                    underItsName(purpose, words);
                    example(purpose);
                });
        explicit();
        remembered();
    }

    private void asked(String purpose, NoticeText words, NoticeText text) {
        if (!text.says(words.value())) {
            findings.wrong(
                    text,
                    "does not ask for %s in the words of purposes.%s".formatted(purpose, purpose),
                    words.value(),
                    draft.firstSentence(text.value()));
        }
    }

    /** Art. 7(2), recital 43 DSGVO: what differs in kind is not agreed to in one yes. */
    private void alone(String purpose, String words) {
        for (String pattern : RequiredParts.LADDER) {
            NoticeText text = draft.parts().get(Parts.of(pattern, purpose));
            if (text == null) {
                continue;
            }
            for (Map.Entry<String, NoticeText> other : draft.purposes().entrySet()) {
                if (!other.getKey().equals(purpose) && text.says(other.getValue().value())) {
                    findings.wrong(
                            text,
                            "asks for %s as well (\"%s\"): each purpose has a question of its own"
                                    .formatted(other.getKey(), other.getValue().value()),
                            "only " + words,
                            draft.firstSentence(text.value()));
                }
            }
        }
    }

    private void example(String purpose) {
        NoticeText text = draft.parts().get(Parts.of(Parts.QUESTION, purpose));
        List<String> example = draft.common().plain().example();
        if (text != null && !CONCRETE.contains(purpose) && !text.saysOneOf(example)) {
            findings.wrong(
                    text,
                    "asks for something that callers cannot picture without an example",
                    "Darf sie auch mitschreiben, zum Beispiel Ihren Termin?",
                    draft.firstSentence(text.value()));
        }
    }

    /** Art. 9(2)(a) DSGVO: biometrics need an explicit consent, in words that say so. */
    private void explicit() {
        @Nullable NoticeText words = draft.article9();
        NoticeText text = draft.parts().get(Parts.of(Parts.QUESTION, Purpose.BIOMETRICS.id()));
        if (!draft.purposes().containsKey(Purpose.BIOMETRICS.id())) {
            return;
        }
        if (words == null) {
            findings.wrong(
                    draft.spotOf("article-9"),
                    "is missing: biometrics need the words of an explicit consent, Art. 9(2)(a)"
                            + " DSGVO",
                    "article-9: ausdrücklich erlauben, Sie an der Stimme zu erkennen");
        } else if (text != null && !text.says(words.value())) {
            findings.wrong(
                    text,
                    "does not ask in the words of article-9",
                    words.value(),
                    draft.firstSentence(text.value()));
        }
    }

    /** What a law asks more of cannot be had under another name. */
    private void underItsName(String purpose, NoticeText words) {
        draft.common()
                .meant()
                .onlyFor()
                .forEach((other, reserved) -> {
                    if (!other.equals(purpose)) {
                        Stream.concat(
                                        Stream.of(words),
                                        RequiredParts.LADDER.stream()
                                                .map(p -> draft.parts().get(Parts.of(p, purpose)))
                                                .filter(Objects::nonNull))
                                .filter(text -> text.saysOneOf(reserved))
                                .forEach(text ->
                                        findings.wrong(
                                                text,
                                                "asks for %s under the name of %s"
                                                        .formatted(other, purpose),
                                                "a purpose called " + other,
                                                draft.firstSentence(text.value())));
                    }
                });
    }

    /** The words themselves, not the file that says what they mean. */
    private void duration(NoticeDraft.Remember remember) {
        List<String> words = draft.common().meant().sayingSo(remember.duration());
        boolean inDays = remember.duration().startsWith("P") && !remember.duration().contains("T");
        if (inDays && words.stream().noneMatch(w -> NoticeText.says(remember.words(), w))) {
            findings.wrong(
                    draft.spotOf("remember.words"),
                    "\"%s\" does not say %s".formatted(remember.words(), remember.duration()),
                    words.isEmpty()
                            ? "rules.durations in common/%s.yaml: {%s: [words for it]}"
                                    .formatted(draft.language(), remember.duration())
                            : "words: " + words.getFirst());
        }
    }

    private void remembered() {
        NoticeDraft.@Nullable Remember remember = draft.remember();
        if (remember == null) {
            return;
        }
        duration(remember);
        for (String part : RequiredParts.REMEMBER) {
            NoticeText text = draft.parts().get(part);
            if (text != null && !text.says(remember.words())) {
                findings.wrong(
                        text,
                        "does not say how long: the words of remember.words are missing",
                        remember.words(),
                        draft.firstSentence(text.value()));
            }
        }
    }
}
