package org.consentgateway.proof.imports;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.consentgateway.consent.ConsentRecord.Provenance;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Purpose;
import org.jspecify.annotations.Nullable;

/** Confined to one row. Its fields as what they mean, and all that is wrong with them. */
final class RowReader {
    private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9._:@/-]{1,64}");
    private static final Pattern FORM = Pattern.compile("[\\p{L}0-9 ._:/-]{1,64}");
    private static final Pattern BETWEEN = Pattern.compile("[\\s,;]+");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** What can be told in the form of RFC 3339, and no slip of the pen. */
    private static final Instant FIRST = Instant.parse("1900-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("+10000-01-01T00:00:00Z");

    private final ImportRow row;
    private final ImportTerms terms;
    private final Instant now;
    private final List<WrongRow> wrong = new ArrayList<>();
    private final List<WrongRow> unfit = new ArrayList<>();

    RowReader(ImportRow row, ImportTerms terms, Instant now) {
        this.row = row;
        this.terms = terms;
        this.now = now;
        row.fields().keySet().stream()
                .filter(field -> !ImportRow.FIELDS.contains(field))
                .forEach(field ->
                        wrong(field, "is no field of a consent; there are " + ImportRow.FIELDS));
    }

    /**
     * @param asNew also with what keeps it from being taken over now, by the texts, the lines and
     *     the time there are: what was taken over before may have ended since
     */
    List<WrongRow> wrong(boolean asNew) {
        List<WrongRow> all = new ArrayList<>(wrong);
        if (asNew) {
            all.addAll(unfit);
        }
        return all;
    }

    void wrong(String field, String right) {
        wrong.add(new WrongRow(row.number(), field, right));
    }

    /** Wrong by what there is now. */
    void unfit(String field, String right) {
        unfit.add(new WrongRow(row.number(), field, right));
    }

    int number() {
        return row.number();
    }

    boolean isAbout(String lineage) {
        return row.text("notice").equals(lineage);
    }

    boolean namesVersion() {
        return row.has("notice_version");
    }

    /** Whatever the lines ask for now. */
    Set<String> namedPurposes() {
        return Arrays.stream(purposeIds()).filter(id -> !id.isEmpty()).collect(Collectors.toSet());
    }

    private String[] purposeIds() {
        return BETWEEN.split(row.text("purposes").strip(), -1);
    }

    private String matching(String field, Pattern form, String right) {
        String text = row.text(field);
        if (!form.matcher(text).matches()) {
            wrong(field, (text.isEmpty() ? "is missing: " : "") + right);
            return "";
        }
        return text;
    }

    String reference() {
        return matching(
                "reference",
                REFERENCE,
                "what this consent is called where it is kept, 1 to 64 of letters, digits and"
                        + " . _ : @ / -");
    }

    String telephoneNumber() {
        return matching("number", PhoneNumber.E164, "a number of E.164, such as +4930123456");
    }

    String form() {
        return matching(
                "form",
                FORM,
                "what the form is called, 1 to 64 of letters, digits, spaces and . _ : / -");
    }

    String digest() {
        return matching(
                "text_sha256",
                DIGEST,
                "SHA-256 of all the words of the form, 64 of 0-9 and a-f; of a notice's it is what"
                        + " the API's /v1/notices shows");
    }

    Provenance.Source source() {
        return switch (row.text("source").toLowerCase(Locale.ROOT)) {
            case "web" -> Provenance.Source.WEB;
            case "paper" -> Provenance.Source.PAPER;
            default -> {
                wrong("source", "web or paper");
                yield Provenance.Source.WEB;
            }
        };
    }

    Provenance.Identified identified() {
        return switch (row.text("identified").toLowerCase(Locale.ROOT)) {
            case "", "no" -> Provenance.Identified.NO;
            case "code" -> Provenance.Identified.CODE;
            case "contract" -> Provenance.Identified.CONTRACT;
            case "document" -> Provenance.Identified.DOCUMENT;
            default -> {
                wrong(
                        "identified",
                        "how it is known that whoever gave it has this number: no, code (sent to it"
                                + " and come back), contract, document");
                yield Provenance.Identified.NO;
            }
        };
    }

    Instant givenAt() {
        Instant at = time("given_at", "is missing: ");
        if (at == null) {
            return now;
        }
        if (at.isAfter(now)) {
            unfit("given_at", "a time that is past");
        }
        return at;
    }

    @Nullable Instant until() {
        return row.has("until") ? time("until", "") : null;
    }

    private @Nullable Instant time(String field, String missing) {
        try {
            Instant time = OffsetDateTime.parse(row.text(field)).toInstant();
            if (time.isBefore(FIRST) || !time.isBefore(LAST)) {
                wrong(field, "a time of the years 1900 to 9999");
                return null;
            }
            return time;
        } catch (DateTimeException e) {
            wrong(
                    field,
                    (row.has(field) ? "" : missing)
                            + "a time with its zone, such as 2026-03-01T09:30:00+01:00");
            return null;
        }
    }

    /** The lineage; empty where it is none. */
    String notice() {
        String lineage = row.text("notice");
        if (!terms.lines().containsKey(lineage)) {
            unfit(
                    "notice",
                    "which notice it is about, one of "
                            + terms.lines().keySet().stream().sorted().toList());
            return "";
        }
        return lineage;
    }

    String language(String lineage) {
        String language = row.text("language");
        if (!lineage.isEmpty() && !terms.texts().languages(lineage).contains(language)) {
            unfit("language", "one of " + terms.texts().languages(lineage));
            return "";
        }
        return language;
    }

    /**
     * The notice whose words they were, every one of them.
     *
     * @return empty where they were others
     */
    Optional<Notice> sameWords(String lineage, String language, String digest) {
        List<Notice> all = language.isEmpty() ? List.of() : terms.texts().all(lineage, language);
        Optional<Notice> same =
                all.stream().filter(notice -> notice.textSha256().equals(digest)).findFirst();
        String version = row.text("notice_version");
        if (version.isEmpty() || language.isEmpty() || digest.isEmpty()) {
            return same;
        }
        List<Notice> named =
                all.stream().filter(notice -> notice.version().equals(version)).toList();
        if (named.isEmpty()) {
            unfit(
                    "notice_version",
                    "one of "
                            + all.stream().map(Notice::version).distinct().toList()
                            + ", or empty where the words were others");
        } else if (named.stream().noneMatch(notice -> notice.textSha256().equals(digest))) {
            unfit(
                    "text_sha256",
                    "that of %s %s %s, which is %s; where the words were others, notice_version is"
                                    .formatted(
                                            lineage,
                                            version,
                                            language,
                                            named.stream().map(Notice::textSha256).toList())
                            + " empty");
        }
        return same;
    }

    /** What was agreed to, of what can be agreed to beforehand; none where something is wrong. */
    SequencedSet<Purpose> purposes(String lineage) {
        var purposes = new LinkedHashSet<Purpose>();
        List<String> known =
                terms.lines().getOrDefault(lineage, List.of()).stream()
                        .flatMap(line -> line.levels().stream())
                        .flatMap(level -> level.purposes().stream())
                        .filter(purpose -> !purpose.everyCall())
                        .map(Purpose::id)
                        .distinct()
                        .toList();
        for (String id : purposeIds()) {
            if (!lineage.isEmpty() && !known.contains(id)) {
                unfit(
                        "purposes",
                        "one or more of "
                                + known
                                + "; what is asked in every call cannot be agreed to beforehand");
                return new LinkedHashSet<>();
            }
            if (!id.isEmpty()) {
                purposes.add(new Purpose(id));
            }
        }
        return purposes;
    }
}
