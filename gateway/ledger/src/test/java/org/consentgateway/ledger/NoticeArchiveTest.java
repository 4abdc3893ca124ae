package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.archive.KnownNotice;
import org.consentgateway.ledger.archive.NoticeConflict;
import org.consentgateway.ledger.archive.NoticeKey;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Vendor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NoticeArchiveTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);
    private static final Instant LATER = Records.START.plusSeconds(3600);

    @TempDir private Path directory;

    private static ArchivedNotice notice(Map<String, String> words, String controller) {
        var sounds = new TreeMap<String, byte[]>();
        words.forEach((part, said) ->
                sounds.put(part, ("sound of " + said).getBytes(StandardCharsets.UTF_8)));
        return new ArchivedNotice(
                new NoticeKey("booking", "2026-11", "de", "a"),
                new NoticeWords(new TreeMap<>(words)),
                sounds,
                Records.JSON.createObjectNode().put("controller", controller));
    }

    private static ArchivedNotice shipped() {
        return notice(Map.of("opening", "Guten Tag. = Hallo.", "help", "Hilfe."), "Muster GmbH");
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatWasSpokenIsReadBackByTheHashesThatRecordsName(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        ArchivedNotice shipped = shipped();
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            assertThat(ledger.keep(List.of(shipped), Records.START)).isEmpty();
            assertThat(ledger.keep(List.of(shipped), LATER)).as("again").isEmpty();
            try (Ledger other =
                    Ledger.open(
                            settings.withNode("node-2").withKeys(directory.resolve("k2")), CLOCK)) {
                assertThat(other.keep(List.of(shipped), LATER)).as("another node").isEmpty();
            }
            Records.append(ledger, given(shipped.words().sha256()));
        }
        LedgerArchive archive = LedgerArchive.open(settings);

        assertThat(archive.notices())
                .singleElement()
                .satisfies(known -> {
                    assertThat(known.key()).isEqualTo(shipped.key());
                    assertThat(known.textSha256()).isEqualTo(shipped.words().sha256());
                    assertThat(known.audioSha256()).isEqualTo(shipped.audioSha256());
                    assertThat(known.since()).isEqualTo(Records.START);
                });
        assertThat(archive.words(shipped.words().sha256())).contains(shipped.words());
        assertThat(archive.sounds(archive.notices().getFirst()).get("help"))
                .isEqualTo(shipped.sounds().get("help"));
        Verification verification = archive.verify(List.of(), done -> {});
        assertThat(Records.words(verification)).noneMatch(found -> found.contains("archive"));
        assertThat(verification.notes()).anyMatch(note -> note.contains("1 notices"));
    }

    private static NewEntry given(String textSha256) {
        NewEntry given = Records.given("call-1", "anna");
        ObjectNode payload = given.payload();
        payload.put("schema", "consent-record/2");
        ((ObjectNode) payload.get("notice")).put("text_sha256", textSha256);
        payload.putArray("processing").addObject().put("purpose", "talk");
        return NewEntry.of(EntryType.GIVEN, "call-1", "anna", payload, Records.START);
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aKnownNameHasOneTextOneSoundAndOneControllerForGood(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), CLOCK)) {
            ledger.keep(List.of(shipped()), Records.START);

            NoticeConflict words =
                    conflict(
                            ledger,
                            notice(
                                    Map.of("opening", "Guten Abend.", "new", "Neu."),
                                    "Muster GmbH"));
            assertThat(words.words()).containsExactly("help", "new", "opening");
            assertThat(words.before().parts()).containsEntry("help", "Hilfe.");
            assertThat(words.terms()).isEmpty();

            ArchivedNotice loud = shipped();
            var sounds = new TreeMap<>(loud.sounds());
            sounds.put("help", new byte[] {1});
            NoticeConflict sound =
                    conflict(
                            ledger,
                            new ArchivedNotice(loud.key(), loud.words(), sounds, loud.terms()));
            assertThat(sound.words()).isEmpty();
            assertThat(sound.sounds()).containsExactly("help");

            ArchivedNotice silent =
                    notice(Map.of("opening", "Guten Tag. = Hallo.", "help", "Rat."), "Muster GmbH");
            NoticeConflict sameSound =
                    conflict(
                            ledger,
                            new ArchivedNotice(
                                    silent.key(),
                                    silent.words(),
                                    shipped().sounds(),
                                    silent.terms()));
            assertThat(sameSound.words()).as("words alone").containsExactly("help");

            NoticeConflict terms =
                    conflict(ledger, notice(shipped().words().parts(), "Andere GmbH"));
            assertThat(terms.words()).isEmpty();
            assertThat(terms.sounds()).isEmpty();
            assertThat(terms.terms()).containsExactly("controller");
            assertThat(terms.there().terms().path("controller").asText()).isEqualTo("Muster GmbH");

            KnownNotice kept = ledger.knownNotices().getFirst();
            assertThat(kept.textSha256()).as("stays").isEqualTo(shipped().words().sha256());
        }
    }

    private static NoticeConflict conflict(Ledger ledger, ArchivedNotice changed) throws Exception {
        return ledger.keep(List.of(changed), LATER).getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    SQLITE     | UPDATE ledger_content SET octets = x'00' WHERE length(octets) > 30 | text of booking/de/2026-11
                    SQLITE     | UPDATE ledger_content SET octets = x'00' WHERE length(octets) < 20 | sound of booking/de/2026-11
                    SQLITE     | DELETE FROM ledger_notice_sound WHERE part = 'help'                | sound of booking/de/2026-11
                    SQLITE     | DELETE FROM ledger_content                                         | text of booking/de/2026-11
                    SQLITE     | DELETE FROM ledger_notice                                          | is not in the archive
                    SQLITE     | UPDATE ledger_notice SET version = '2026-10'                       | another text under the name of its notice, or none
                    SQLITE     | UPDATE ledger_notice SET terms = '{"controller":"Andere AG"}'      | its controller is not the one that the archive names
                    SQLITE     | UPDATE ledger_notice SET terms = '{"recipients":{"talk":["X"]}}'   | its recipients are not those that the archive names
                    POSTGRESQL | UPDATE ledger_content SET octets = '' WHERE length(octets) > 30    | text of booking/de/2026-11
                    POSTGRESQL | DELETE FROM ledger_notice                                          | is not in the archive
                    """)
    void whatWasChangedInTheArchiveIsFound(TestStore store, String tampering, String found)
            throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            ledger.keep(List.of(shipped()), Records.START);
            Records.append(ledger, given(shipped().words().sha256()));
        }
        assertThat(verified(settings)).isEmpty();

        tamper(settings, tampering);

        assertThat(verified(settings)).anyMatch(finding -> finding.contains(found));
    }

    private static List<String> verified(LedgerSettings settings) throws Exception {
        return Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {}));
    }

    private static void tamper(LedgerSettings settings, String sql) throws SQLException {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
