package org.consentgateway.notice;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.consentgateway.config.Spelling;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.RequiredParts;
import org.consentgateway.speech.voice.PromptLibrary;

/**
 * Confined to one load. Holds one notice against everything that is asked of it: complete, lawful,
 * honest, fair, plain, spoken.
 */
final class NoticeCheck {
    private final NoticeDraft draft;
    private final NoticeFindings findings;

    NoticeCheck(NoticeDraft draft, NoticeFindings findings) {
        this.draft = draft;
        this.findings = findings;
    }

    void all(PromptLibrary prompts, Map<String, LegalProfile> profiles, NoticeUse use) {
        complete();
        honest();
        var law = new LegalDemands(draft, findings);
        law.check(profiles);
        law.review(profiles, use.today());
        new PurposeWords(draft, findings).check();
        new LineCheck(draft, findings).check(use.lines());
        new SecondLayer(draft, use).check(findings);
        new Placeholders(draft, findings).check(use);
        new Fairness(draft, findings).check();
        new PlainLanguage(draft, findings).check();
        new PromptSound(draft, prompts, findings).check();
    }

    private void complete() {
        Set<String> required = RequiredParts.of(draft.scope());
        for (String part : required) {
            if (!draft.parts().containsKey(part)) {
                findings.wrong(
                        draft.spot(part),
                        "is missing",
                        part + ": a text, here or in common/" + draft.language());
            }
        }
        for (String part : draft.parts().keySet()) {
            if (!required.contains(part) && !RequiredParts.CALLING_BACK.contains(part)) {
                findings.wrong(
                        draft.spot(part),
                        "no such part in a notice with the purposes %s, the levels %s and the dialogs %s"
                                .formatted(
                                        draft.scope().purposes(),
                                        draft.scope().levels(),
                                        draft.scope().dialogs()),
                        Spelling.closest(part.toLowerCase(Locale.ROOT), required));
            }
        }
    }

    /**
     * Nobody is told to withdraw by words where nobody may be listening for them: in a talk, whose
     * callers are not all listened to, and where no place for a talk is left.
     */
    private void honest() {
        Common.Answers ways = draft.common().answers();
        Stream.concat(
                        Stream.of(Parts.REMINDER),
                        draft.scope().levels().stream()
                                .map(level -> Parts.of(Parts.CONFIRM_KEYS, level)))
                .map(draft.parts()::get)
                .filter(text -> text != null && text.saysOneOf(ways.withdrawWords()))
                .forEach(text ->
                        findings.wrong(
                                text,
                                "tells of words to say where nobody may be listening",
                                String.join(" or ", ways.withdraw()),
                                draft.firstSentence(text.value())));
    }
}
