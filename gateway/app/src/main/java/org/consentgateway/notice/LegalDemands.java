package org.consentgateway.notice;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.consentgateway.consent.Parts;

/** Confined to one load. Whether a notice says what its legal profile asks it to say. */
final class LegalDemands {
    private static final String CONTROLLER = "CONTROLLER";
    private static final String FIRST = ".FIRST";
    private static final String ALL = ".ALL";

    private final NoticeDraft draft;
    private final NoticeFindings findings;

    LegalDemands(NoticeDraft draft, NoticeFindings findings) {
        this.draft = draft;
        this.findings = findings;
    }

    void check(Map<String, LegalProfile> profiles) {
        LegalProfile profile = profiles.get(draft.profile().value());
        if (profile == null) {
            findings.wrong(
                    draft.profile().spot(),
                    "\"" + draft.profile().value() + "\" is no legal profile",
                    "profile: "
                            + (profiles.isEmpty()
                                    ? "de-2026-08"
                                    : profiles.keySet().iterator().next()));
            return;
        }
        for (LegalProfile.Demand demand : profile.demands()) {
            List<String> words = demand.words().getOrDefault(draft.language(), List.of());
            if (words.isEmpty()) {
                findings.wrong(
                        draft.profile().spot(),
                        profile.name()
                                + " has no "
                                + draft.language()
                                + " words for: "
                                + demand.says(),
                        "a profile made for this language");
            } else {
                parts(demand).forEach(text -> said(demand, words, text));
            }
        }
    }

    private Stream<NoticeText> parts(LegalProfile.Demand demand) {
        return demand.parts().stream()
                .flatMap(name -> named(name).map(draft.parts()::get).filter(text -> text != null));
    }

    /**
     * {@code question.FIRST} is that of the first purpose, {@code confirm.ALL} those of all levels.
     */
    private Stream<String> named(String name) {
        if (name.endsWith(FIRST)) {
            String pattern = name.replace(FIRST, ".%s");
            return Stream.of(Parts.of(pattern, draft.scope().purposes().getFirst()));
        }
        return name.endsWith(ALL)
                ? draft.scope().levels().stream().map(level -> name.replace("ALL", level))
                : Stream.of(name);
    }

    private void said(LegalProfile.Demand demand, List<String> words, NoticeText text) {
        List<String> wanted =
                words.stream().map(w -> w.replace(CONTROLLER, draft.controller().name())).toList();
        if (!text.saysOneOf(wanted)) {
            findings.wrong(
                    text,
                    "does not say " + demand.says() + " (" + demand.law() + ")",
                    String.join(" or ", wanted),
                    draft.firstSentence(text.value()));
        }
    }

    /** What only the calendar makes wrong. */
    void review(Map<String, LegalProfile> profiles, java.time.LocalDate today) {
        if (draft.review().isBefore(today)) {
            findings.overdue(
                    draft.spotOf("review"),
                    "this text should have been read again by " + draft.review(),
                    "read it, sign it off, then review: " + today.plusMonths(6));
        }
        LegalProfile profile = profiles.get(draft.profile().value());
        if (profile != null && profile.review().isBefore(today)) {
            findings.overdue(
                    draft.profile().spot(),
                    "%s tells the law of %s, which should have been looked at again by %s"
                            .formatted(profile.name(), profile.asOf(), profile.review()),
                    "its law read again, then a later review: in profiles/%s.yaml, or a new profile"
                            .formatted(profile.name()));
        }
    }
}
