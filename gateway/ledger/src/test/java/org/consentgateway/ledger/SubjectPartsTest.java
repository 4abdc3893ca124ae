package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.number.NumberPart;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is stored about one caller, asked for in parts: each is found from where the last one ended,
 * all of them together leave nothing out, and a cursor opens nothing besides.
 */
class SubjectPartsTest {
    private static final PseudonymousSubject ANNA =
            new PseudonymousSubject(List.of("anna", "anna-before"));
    private static final PseudonymousSubject BERT = new PseudonymousSubject(List.of("bert"));

    private static final List<EntryType> TYPES =
            List.of(EntryType.GIVEN, EntryType.WITHDRAWN, EntryType.USED, EntryType.REFUSED);

    private static final int ENTRIES = 90;
    private static final int CALLS = 12;

    @TempDir private Path directory;

    private final Random random = new Random(7);
    private Instant now = Records.START;

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void allPartsTogetherHaveEachEntryOnce(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), () -> now)) {
            lives(ledger);
            List<UUID> all = found(ledger, ANNA);
            assertThat(all).hasSizeBetween(ENTRIES / 2, ENTRIES - 10);
            for (int most : List.of(1, 2, 7, 40, ENTRIES)) {
                List<SubjectPart> parts = parts(ledger, ANNA, most);

                assertThat(ids(parts))
                        .as("%d at a time", most)
                        .doesNotHaveDuplicates()
                        .containsExactlyInAnyOrderElementsOf(all);
                int told = 0;
                for (SubjectPart part : parts) {
                    assertThat(part.entries()).hasSizeLessThanOrEqualTo(most).isNotEmpty();
                    assertThat(part.entries())
                            .extracting(Entry::time)
                            .isSortedAccordingTo((one, other) -> other.compareTo(one));
                    assertThat(part.from()).isEqualTo(told);
                    assertThat(part.of().entries()).isEqualTo(all.size());
                    assertThat(part.of().shared()).isTrue();
                    told += part.entries().size();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatIsRecordedMeanwhileMovesNothing(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), () -> now)) {
            lives(ledger);
            List<UUID> all = found(ledger, ANNA);
            List<SubjectPart> parts = new ArrayList<>();
            Optional<String> next = Optional.empty();
            do {
                parts.add(part(ledger, ANNA, null, next, 7));
                next = parts.getLast().next();
                now = now.plus(Duration.ofHours(1));
                for (int call = 0; call < CALLS; call++) {
                    append(ledger, EntryType.USED, "call-" + call, "anna");
                    append(ledger, EntryType.SERVED, "call-" + call, null);
                }
                assertThat(parts.getLast().of().entries())
                        .as("it is not counted anew with each part")
                        .isEqualTo(all.size());
            } while (next.isPresent());

            assertThat(ids(parts)).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(all);
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void nothingIsToldOfWhatCameAfterAnApproval(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), () -> now)) {
            lives(ledger);
            List<UUID> all = found(ledger, ANNA);
            Instant approved = now;
            now = now.plus(Duration.ofDays(1));
            lives(ledger);

            List<UUID> told = new ArrayList<>();
            Optional<String> next = Optional.empty();
            do {
                SubjectPart part = part(ledger, ANNA, approved, next, 7);
                part.entries().forEach(entry -> told.add(entry.id()));
                next = part.next();
            } while (next.isPresent());
            assertThat(told).containsExactlyInAnyOrderElementsOf(all);

            String ofEverything = part(ledger, ANNA, null, next, 7).next().orElseThrow();
            assertThatIsRefused(ledger, ANNA, approved, ofEverything);
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aCursorOpensNothingOfAnotherNumber(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), () -> now)) {
            lives(ledger);
            String ofAnna = part(ledger, ANNA, null, Optional.empty(), 3).next().orElseThrow();

            assertThatIsRefused(ledger, BERT, null, ofAnna);
            assertThat(part(ledger, ANNA, null, Optional.of(ofAnna), 3).from()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aCursorThatAClientHasAlteredIsNone(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), () -> now)) {
            lives(ledger);
            String ours = part(ledger, ANNA, null, Optional.empty(), 3).next().orElseThrow();
            String line =
                    new String(
                            Base64.getUrlDecoder().decode(ours.substring(0, ours.indexOf('.'))),
                            StandardCharsets.UTF_8);
            String altered =
                    Base64.getUrlEncoder()
                                    .withoutPadding()
                                    .encodeToString(
                                            line.replaceFirst("^3 ", "4 ")
                                                    .getBytes(StandardCharsets.UTF_8))
                            + ours.substring(ours.indexOf('.'));

            for (String wrong :
                    List.of(altered, "", ".", "AAAA", "AAAA.AAAA", "%.%", ours + "A", "." + ours)) {
                assertThatIsRefused(ledger, ANNA, null, wrong);
            }
        }
    }

    /** Whoever made it: nothing is read behind it but rows of the number that was asked for. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aStandInAnotherNumberShowsNothingOfIt(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), () -> now)) {
            append(ledger, EntryType.GIVEN, "call-of-bert", "bert");
            append(ledger, EntryType.SERVED, "call-of-bert", null);
            FoundEntries.At ofBert =
                    FoundEntries.of(ledger.reader(), BERT).all().stream()
                            .filter(one -> one.type() == EntryType.GIVEN)
                            .findFirst()
                            .orElseThrow();

            NumberPart part =
                    NumberPart.of(
                            ledger.reader(),
                            ANNA,
                            new NumberPart.Stand(ofBert, null),
                            Long.MAX_VALUE,
                            10);

            assertThat(part.entries().all()).isEmpty();
        }
    }

    private static void assertThatIsRefused(
            Ledger ledger, PseudonymousSubject whose, @Nullable Instant until, String cursor) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .as(cursor)
                .isThrownBy(() -> part(ledger, whose, until, Optional.of(cursor), 3));
    }

    /** Under two names, with what bears none or another one in the same calls. */
    private void lives(Ledger ledger) throws Exception {
        for (int i = 0; i < ENTRIES; i++) {
            now = now.plusSeconds(random.nextInt(2));
            String call = "call-" + random.nextInt(CALLS);
            switch (random.nextInt(6)) {
                case 0 -> append(ledger, EntryType.SERVED, call, null);
                case 1 -> append(ledger, EntryType.ASSISTANT_CUT, call, "carla");
                case 2 -> append(ledger, EntryType.GIVEN, "call-of-bert-" + i, "bert");
                case 3 -> append(ledger, some(), null, "anna");
                case 4 -> append(ledger, some(), call, "anna-before");
                default -> append(ledger, some(), call, "anna");
            }
        }
    }

    private EntryType some() {
        return TYPES.get(random.nextInt(TYPES.size()));
    }

    private void append(
            Ledger ledger, EntryType type, @Nullable String call, @Nullable String subject)
            throws Exception {
        Records.append(
                ledger, NewEntry.of(type, call, subject, Records.base("hotline", "booking"), now));
    }

    private static List<UUID> found(Ledger ledger, PseudonymousSubject whose) throws Exception {
        return FoundEntries.of(ledger.reader(), whose).page(0, 1_000).stream()
                .map(Entry::id)
                .toList();
    }

    private static List<SubjectPart> parts(Ledger ledger, PseudonymousSubject whose, int most)
            throws Exception {
        List<SubjectPart> parts = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            parts.add(part(ledger, whose, null, next, most));
            next = parts.getLast().next();
        } while (next.isPresent());
        return parts;
    }

    private static SubjectPart part(
            Ledger ledger,
            PseudonymousSubject whose,
            @Nullable Instant until,
            Optional<String> cursor,
            int most)
            throws Exception {
        var parts = new SubjectParts(ledger.reader(), ledger.pseudonyms(), whose, until);
        return cursor.isPresent()
                ? parts.next(cursor.get(), Records.START, most)
                : parts.first(Records.START, most);
    }

    private static List<UUID> ids(List<SubjectPart> parts) {
        return parts.stream().flatMap(part -> part.entries().stream()).map(Entry::id).toList();
    }
}
