package org.consentgateway.call;

import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Notices;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.RequiredParts;

/** Confined to a test. One lineage in two languages; a new version can be put in force. */
final class TestNotices implements Notices {
    static final String LINEAGE = "demo";

    private static final List<String> OFFERS =
            List.of(Parts.LANGUAGE_OFFER, Parts.LANGUAGE_OFFER_2);

    private final List<String> versions = new ArrayList<>(List.of("2026-01"));
    private final List<String> material = new ArrayList<>(List.of("2026-01"));
    private final Set<String> later = new HashSet<>();
    private int variants = 1;
    private Map<String, String> texts = TEXTS;
    private Period answerWithin = Period.ofMonths(1);

    /** From now on they are written for another law. */
    void answerWithin(Period other) {
        answerWithin = other;
    }

    /** From now on this version is in force. */
    void bump(String version, boolean materialChange) {
        versions.add(version);
        if (materialChange) {
            material.add(version);
        }
    }

    /** From now on each language is offered by a part of its own. */
    void offerLanguages() {
        texts = new HashMap<>(TEXTS);
        OFFERS.forEach(part -> texts.put(part, part));
    }

    /** No text in this language is in force yet. */
    void later(String language) {
        later.add(language);
    }

    void useVariants(int count) {
        variants = count;
    }

    @Override
    public List<Notice> inForce(String lineage, String language, LocalDate day) {
        var notices = new ArrayList<Notice>();
        for (int i = 0; i < variants && !later.contains(language); i++) {
            notices.add(notice(language, versions.getLast(), "" + (char) ('a' + i), i + 1));
        }
        return notices;
    }

    @Override
    public boolean materiallyChanged(String lineage, String since, String until) {
        return !versions.contains(since)
                || material.stream()
                        .anyMatch(v -> v.compareTo(since) > 0 && v.compareTo(until) <= 0);
    }

    Notice notice(String language, String version, String variant, int weight) {
        return new Notice(
                LINEAGE,
                version,
                language,
                variant,
                weight,
                LocalDate.of(2026, 1, 1),
                false,
                new Notice.Controller("Musterfirma", "Musterweg 1", "DE"),
                answerWithin,
                Map.of(),
                texts,
                "00",
                "11");
    }

    /** Every part says its own name; no language is offered. */
    private static final Map<String, String> TEXTS =
            Stream.concat(
                            RequiredParts.CALLING_BACK.stream(),
                            RequiredParts.of(
                                    new RequiredParts.Scope(
                                            List.of("assistant", "transcript", "recording"),
                                            List.of("basis", "komfort", "voll"),
                                            List.of("basis", "komfort", "voll"),
                                            List.of("ladder", "menu")))
                                    .stream())
                    .filter(part -> !OFFERS.contains(part))
                    .collect(Collectors.toUnmodifiableMap(part -> part, part -> part));
}
