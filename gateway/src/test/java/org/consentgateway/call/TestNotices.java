package org.consentgateway.call;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Notices;
import org.consentgateway.consent.Parts;

/** Confined to a test. One lineage in two languages; a new version can be put in force. */
final class TestNotices implements Notices {
    static final String LINEAGE = "demo";

    private final List<String> versions = new ArrayList<>(List.of("2026-01"));
    private final List<String> material = new ArrayList<>(List.of("2026-01"));
    private int variants = 1;

    /** From now on this version is in force. */
    void bump(String version, boolean materialChange) {
        versions.add(version);
        if (materialChange) {
            material.add(version);
        }
    }

    void useVariants(int count) {
        variants = count;
    }

    @Override
    public List<Notice> inForce(String lineage, String language, LocalDate day) {
        var notices = new ArrayList<Notice>();
        for (int i = 0; i < variants; i++) {
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

    static Notice notice(String language, String version, String variant, int weight) {
        return new Notice(
                LINEAGE,
                version,
                language,
                variant,
                weight,
                LocalDate.of(2026, 1, 1),
                false,
                new Notice.Controller("Musterfirma", "Musterweg 1", "DE"),
                TEXTS,
                "00",
                "11");
    }

    private static final Map<String, String> TEXTS = texts();

    private static Map<String, String> texts() {
        var texts = new TreeMap<String, String>();
        List.of(
                        Parts.OPENING,
                        Parts.OPENING_KNOWN,
                        Parts.KNOWN_CHANGE,
                        Parts.WHY_EXPIRED,
                        Parts.WHY_RENEWAL,
                        Parts.WHY_CHANGED,
                        Parts.WHY_PURPOSE_ADDED,
                        Parts.MENU,
                        Parts.MENU_REPEAT_1,
                        Parts.MENU_REPEAT_2,
                        Parts.HELP,
                        Parts.REFUSED,
                        Parts.UNANSWERED,
                        Parts.TO_HUMAN,
                        Parts.GOODBYE,
                        Parts.APOLOGY,
                        Parts.ASSISTANT_UNREACHABLE,
                        Parts.WITHDRAWN,
                        Parts.SATISFACTION,
                        Parts.THANKS,
                        Parts.PRIVACY_OPENING,
                        Parts.PRIVACY_NONE,
                        Parts.PRIVACY_MENU,
                        Parts.PRIVACY_ERASE_SURE,
                        Parts.PRIVACY_ERASED,
                        Parts.PRIVACY_NOT_ERASED,
                        Parts.PRIVACY_CONTACT,
                        Parts.PRIVACY_UNKNOWN_CALLER)
                .forEach(part -> texts.put(part, part));
        for (String level : List.of("basis", "komfort", "voll")) {
            List.of(
                            Parts.KNOWN_UNTIL,
                            Parts.QUESTION,
                            Parts.REPEAT_1,
                            Parts.REPEAT_2,
                            Parts.QUESTION_KEYS,
                            Parts.REPEAT_1_KEYS,
                            Parts.REPEAT_2_KEYS,
                            Parts.CONFIRM,
                            Parts.PRIVACY_CURRENT)
                    .forEach(part -> texts.put(Parts.of(part, level), part));
        }
        for (int n = 1; n <= 31; n++) {
            texts.put(Parts.of(Parts.DAY, n), "day");
        }
        for (int n = 1; n <= 12; n++) {
            texts.put(Parts.of(Parts.MONTH, n), "month");
        }
        for (int n = 2026; n <= 2030; n++) {
            texts.put(Parts.of(Parts.YEAR, n), "year");
        }
        return Map.copyOf(texts);
    }
}
