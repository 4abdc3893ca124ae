package org.consentgateway.notice;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * Confined to one load. What the shipped example left to be filled in: nothing of it is spoken
 * outside the demonstration.
 */
final class Placeholders {
    private static final List<String> EXAMPLE_SIGNATURES =
            List.of("Beispiel-", "Example data protection", "put the name of");

    private final NoticeDraft draft;
    private final NoticeFindings findings;

    Placeholders(NoticeDraft draft, NoticeFindings findings) {
        this.draft = draft;
        this.findings = findings;
    }

    void check(NoticeUse use) {
        boolean spoken =
                use.lines().stream()
                        .anyMatch(line ->
                                line.lineage().equals(draft.lineage())
                                        && line.languages().contains(draft.language()));
        if (use.demonstration() || !spoken) {
            return;
        }
        field("controller.name", draft.controller().name(), "name: Bäckerei Sommer GmbH");
        field("controller.contact", draft.controller().contact(), "contact: your own address");
        draft.parts()
                .values()
                .forEach(text ->
                        example(text.value())
                                .ifPresent(name ->
                                        findings.wrong(
                                                text,
                                                "speaks of the example company: \"" + name + "\"",
                                                "your own name; \"demo: {agents: true}\" marks a"
                                                        + " demonstration",
                                                draft.sentenceWith(text.value(), name))));
        String who = draft.signOff().who();
        if (who.isEmpty()) {
            findings.wrong(
                    draft.spotOf("sign-off.who"),
                    "nobody has signed this text off",
                    "who: the name of your data protection officer, and when");
        } else if (example(who).isPresent()
                || EXAMPLE_SIGNATURES.stream().anyMatch(who::contains)) {
            findings.wrong(
                    draft.spotOf("sign-off.who"),
                    "is the sign-off of the shipped example: \"" + who + "\"",
                    "who: the name of your data protection officer");
        } else {
            signedOn(draft.signOff().when(), use.today());
        }
    }

    private void signedOn(String when, LocalDate today) {
        boolean signed;
        try {
            signed = !LocalDate.parse(when).isAfter(today);
        } catch (DateTimeParseException e) {
            signed = false;
        }
        if (!signed) {
            findings.wrong(
                    draft.spotOf("sign-off.when"),
                    "\"" + when + "\" is no day on which this text was signed off",
                    "when: " + today);
        }
    }

    private void field(String key, String value, String right) {
        example(value)
                .ifPresent(name ->
                        findings.wrong(
                                draft.spotOf(key),
                                "is still that of the shipped example: \"" + name + "\"",
                                right));
    }

    private Optional<String> example(String text) {
        return draft.common().language().examples().stream()
                .filter(text::contains)
                .findFirst()
                .or(() -> ExampleCompany.in(text));
    }
}
