package org.consentgateway.notice;

import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.Purpose;
import org.consentgateway.speech.words.Language;

/**
 * Immutable. The second layer of one notice (Art. 13 DSGVO): what it has to say by the
 * configuration, in the patterns of its language, and whether a text of its own says that.
 */
final class SecondLayer {
    private final NoticeDraft draft;
    private final DataUse data;
    private final List<NoticeUse.Speaking> lines;

    SecondLayer(NoticeDraft draft, NoticeUse use) {
        this.draft = draft;
        this.data = use.data();
        this.lines =
                use.lines().stream()
                        .filter(line -> line.lineage().equals(draft.lineage()))
                        .filter(line -> line.languages().contains(draft.language()))
                        .toList();
    }

    /** The same draft, with a made text where it has none of its own and a line speaks it. */
    static NoticeDraft completed(NoticeDraft draft, NoticeUse use) {
        var layer = new SecondLayer(draft, use);
        return draft.parts().containsKey(Parts.INFORMATION) || layer.lines.isEmpty()
                ? draft
                : layer.text().map(draft::informing).orElse(draft);
    }

    boolean isSpoken() {
        return !lines.isEmpty();
    }

    /** Made from the configuration; empty where the language has no patterns for it. */
    Optional<String> text() {
        return Optional.ofNullable(draft.common().information()).map(this::text);
    }

    private String text(InformationPatterns patterns) {
        var sentences = new ArrayList<String>();
        sentences.add(patterns.responsible(draft.controller().name()));
        for (DataUse.Recipient each : recipients()) {
            sentences.add(patterns.runs(each.name(draft.language()), country(each.country())));
        }
        patterns.kept(kept()).ifPresent(sentences::add);
        if (endsOneByOne()) {
            sentences.add(patterns.ends());
        }
        proof().map(patterns::proof).ifPresent(sentences::add);
        sentences.add(patterns.rights());
        if (spokenAddress()) {
            sentences.add(patterns.address(draft.web()));
        }
        return String.join(" ", sentences);
    }

    void check(NoticeFindings findings) {
        NoticeText own = draft.parts().get(Parts.INFORMATION);
        if (own == null || lines.isEmpty()) {
            return;
        }
        missing(own.value())
                .forEach(what ->
                        findings.wrong(
                                own,
                                "does not say " + what + ", as the configuration has it",
                                text().orElse("a text that says it")
                                        + "  (leave the part out, and this is spoken; then prompts"
                                        + " render)",
                                null));
    }

    private List<String> missing(String said) {
        var missing = new ArrayList<String>();
        for (DataUse.Recipient each : recipients()) {
            String name = each.name(draft.language());
            if (!NoticeText.says(said, name)) {
                missing.add("who gets data: " + name);
            }
            if (!NoticeText.says(said, country(each.country()))) {
                missing.add("where " + name + " is: " + country(each.country()));
            }
        }
        kept().forEach((purpose, time) -> {
            if (!saysTime(said, time)) {
                missing.add("how long what is made for " + purpose + " is kept: " + time);
            }
        });
        proof().filter(time -> !saysTime(said, time))
                .ifPresent(time -> missing.add("how long the proof is kept: " + time));
        InformationPatterns patterns = draft.common().information();
        if (endsOneByOne() && patterns != null && !saysKey(said, patterns.key())) {
            missing.add("how one purpose is ended while the talk goes on: " + patterns.key());
        }
        if (spokenAddress()
                && patterns != null
                && !NoticeText.says(said, patterns.spoken(draft.web()))) {
            missing.add("where to read it: " + patterns.spoken(draft.web()));
        }
        return missing;
    }

    private boolean saysTime(String said, Period time) {
        String spoken = draft.common().language().spoken(said);
        InformationPatterns patterns = draft.common().information();
        return patterns != null
                ? patterns.timesAfterAndFor(time).allMatch(words -> saysTime(spoken, words))
                : Stream.of(
                                time.toTotalMonths() / 12,
                                time.toTotalMonths() % 12,
                                time.get(ChronoUnit.DAYS))
                        .filter(number -> number > 0)
                        .allMatch(number -> NoticeText.says(said, Long.toString(number)));
    }

    /** In either form, its number and its unit may stand apart: "after 30 days, … after 90". */
    private boolean saysTime(String spoken, List<String> forms) {
        return forms.stream()
                .anyMatch(form ->
                        Stream.of(draft.common().language().spoken(form).split(" "))
                                .allMatch(word -> NoticeText.says(spoken, word)));
    }

    private boolean saysKey(String said, String key) {
        Language language = draft.common().language();
        return NoticeText.says(language.spoken(said), language.spoken(key));
    }

    /** The first purpose is the talk itself. */
    private boolean endsOneByOne() {
        return purposes().size() > 1;
    }

    private Set<Purpose> purposes() {
        return lines.stream()
                .flatMap(line -> line.levels().stream())
                .flatMap(level -> level.purposes().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private List<DataUse.Recipient> recipients() {
        Set<String> ids = purposes().stream().map(Purpose::id).collect(Collectors.toSet());
        return data.recipients().stream()
                .filter(each -> each.purposes().stream().anyMatch(ids::contains))
                .toList();
    }

    private Map<String, Period> kept() {
        Map<String, Period> kept = new TreeMap<>();
        for (Purpose purpose : purposes()) {
            Period time = data.kept().get(purpose.id());
            if (time != null && !time.isZero()) {
                kept.put(purpose.id(), time);
            }
        }
        return kept;
    }

    /** Of the consents that can be given: the longest. */
    private Optional<Period> proof() {
        return lines.stream()
                .flatMap(line -> line.levels().stream())
                .map(Level::retention)
                .max((a, b) -> Long.compare(days(a), days(b)));
    }

    private static long days(Period period) {
        return period.toTotalMonths() * 31 + period.get(ChronoUnit.DAYS);
    }

    private boolean spokenAddress() {
        return !draft.web().isEmpty() && !data.messaged().contains(draft.language());
    }

    private String country(String code) {
        return Locale.of("", code).getDisplayCountry(draft.common().language().locale());
    }
}
