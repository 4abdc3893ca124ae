package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErasureTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);

    /** Thirty commands with -Dnightly, six in each run; each tenth erases. */
    private static final int COMMAND_STEP = System.getProperty("nightly") == null ? 5 : 1;

    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatIsErasedIsGoneAndTheRestStillHolds(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            PseudonymousSubject anna = ledger.pseudonyms().subject("+4930111111");
            PseudonymousSubject berta = ledger.pseudonyms().subject("+4930222222");
            LedgerTest.fill(ledger, 10);
            CommittedEntry ofAnna = Records.append(ledger, Records.given("call-a", anna.current()));
            CommittedEntry ofBerta =
                    Records.append(ledger, Records.given("call-b", berta.current()));
            Receipt oldReceipt = Records.receipt(ledger, settings, ofBerta.entryId());

            assertThat(export(ledger, anna)).hasSize(1);
            Ledger.Erasure erasure = ledger.erase(erased(), anna, Set.of());

            assertThat(erasure.entries()).isEqualTo(1);
            assertThat(export(ledger, anna)).isEmpty();
            assertThat(ledger.reader().ofSubject(anna, "booking", 1)).isEmpty();
            assertThat(ledger.reader().entry(ofAnna.entryId()).orElseThrow().payload()).isNull();
            assertThat(export(ledger, berta)).hasSize(1);
            ReceiptCheck check =
                    ReceiptCheck.of(
                            oldReceipt.json(),
                            KeyFiles.verifiers(settings.keys().resolve("verifier.keys")));
            assertThat(check.passed()).as(check.toString()).isTrue();
            ReceiptCheck ofErased =
                    ReceiptCheck.of(
                            Records.receipt(ledger, settings, ofAnna.entryId()).json(),
                            KeyFiles.verifiers(settings.keys().resolve("verifier.keys")));
            assertThat(ofErased.passed()).as(ofErased.toString()).isTrue();
            assertThat(
                            Records.receipt(ledger, settings, erasure.erased().entryId())
                                    .json()
                                    .toString())
                    .doesNotContain(anna.current());
        }
        Verification verification = LedgerArchive.open(settings).verify(List.of(), done -> {});
        assertThat(Records.words(verification)).isEmpty();
        assertThat(verification.logs().getFirst().erased()).isEqualTo(1);
    }

    /**
     * The call goes on, its end comes; another node hands in what it kept while the store was down.
     */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatIsWrittenAboutAnErasedEntryNamesNobody(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            PseudonymousSubject anna = ledger.pseudonyms().subject("+4930111111");
            PseudonymousSubject berta = ledger.pseudonyms().subject("+4930222222");
            CommittedEntry ofAnna = Records.append(ledger, Records.given("call-a", anna.current()));
            CommittedEntry ofBerta =
                    Records.append(ledger, Records.given("call-b", berta.current()));
            CommittedEntry nameless = Records.append(ledger, Records.given("call-c", null));
            try (Ledger command = Ledger.openBeside(settings, CLOCK)) {
                assertThat(command.erase(erased(), anna, Set.of()).entries()).isEqualTo(1);
            }
            List<CommittedEntry> after =
                    Records.append(
                            ledger,
                            List.of(
                                    withdrawn("call-a", anna.current(), ofAnna),
                                    withdrawn("call-b", berta.current(), ofBerta),
                                    withdrawn("call-c", anna.current(), nameless)));

            assertThat(export(ledger, anna)).isEmpty();
            assertThat(payload(ledger, after.get(0)))
                    .doesNotContain(anna.current())
                    .contains(ofAnna.entryId().toString());
            assertThat(payload(ledger, after.get(1))).contains(berta.current());
            assertThat(payload(ledger, after.get(2)))
                    .as("about an entry that never named anybody")
                    .doesNotContain(anna.current());
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    /** It may be done long after it was approved: what came meanwhile was approved by nobody. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatCameLaterThanItWasApprovedStaysWithWhatBelongsToIt(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        PseudonymousSubject anna = new PseudonymousSubject(List.of("anna"));
        try (Ledger one = Ledger.open(settings, CLOCK);
                Ledger two = Ledger.open(settings.withNode("node-2"), CLOCK)) {
            CommittedEntry played = Records.append(one, nameless(Records.given("before", null)));
            CommittedEntry given = Records.append(one, Records.given("before", "anna"));
            CommittedEntry here = Records.append(two, withdrawn("goes on", "anna", given));
            CommittedEntry playedLater =
                    Records.append(one, nameless(Records.given("begins", null)));
            CommittedEntry goesOn = Records.append(one, nameless(Records.given("goes on", null)));
            CommittedEntry playedAgain = Records.append(one, nameless(Records.given("both", null)));
            CommittedEntry no = Records.append(one, withdrawn("both", "anna", given));

            java.util.Map<String, Long> approved = one.reader().sizes();
            CommittedEntry anew = Records.append(two, Records.given("begins", "anna"));
            CommittedEntry yes = Records.append(one, Records.given("both", "anna"));
            CommittedEntry end = Records.append(one, withdrawn("goes on", "anna", given));
            // By a node that began to write after it was approved.
            try (Ledger three = Ledger.open(settings.withNode("node-3"), CLOCK)) {
                CommittedEntry third = Records.append(three, Records.given("third", "anna"));

                Ledger.Erasure done = one.erase(erased(), anna, Set.of(), approved);

                assertThat(done.entries()).isEqualTo(5);
                List<CommittedEntry> all =
                        Stream.of(
                                        played,
                                        given,
                                        here,
                                        no,
                                        goesOn,
                                        playedLater,
                                        playedAgain,
                                        anew,
                                        yes,
                                        end,
                                        third)
                                .toList();
                assertThat(one.reader().erased(all.stream().map(CommittedEntry::entryId).toList()))
                        .containsExactlyInAnyOrder(
                                played.entryId(),
                                given.entryId(),
                                here.entryId(),
                                no.entryId(),
                                goesOn.entryId());
            }
            assertThat(one.alarm().found()).isZero();
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    /** Of a number with more entries than go in one commit; calls go on between two of them. */
    @Test
    void whatIsNeededByWhatComesBetweenTwoCommitsOfAnErasureStays() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        PseudonymousSubject anna = new PseudonymousSubject(List.of("anna"));
        var meanwhile = new java.util.concurrent.atomic.AtomicReference<Runnable>();
        Supplier<byte[]> salts =
                () -> {
                    Runnable once = meanwhile.getAndSet(null);
                    if (once != null) { // on the writer's thread, in the first commit
                        once.run();
                    }
                    return Ledger.salt();
                };
        try (Ledger ledger =
                Ledger.open(settings, Vendor.of(settings).open(settings, false), CLOCK, salts)) {
            List<NewEntry> some = new java.util.ArrayList<>();
            some.add(Records.given("first", "anna"));
            for (int i = 0; i < Erasing.MAX_AT_ONCE; i++) {
                some.add(nameless(Records.given("first", null)));
                if (some.size() == 200) {
                    Records.append(ledger, some);
                    some.clear();
                }
            }
            NewEntry played = nameless(Records.given("goes on", null));
            NewEntry agreed = Records.given("goes on", "anna");
            some.addAll(List.of(agreed, played));
            Records.append(ledger, some);
            NewEntry anew = Records.given("goes on", "anna");
            meanwhile.set(() -> ledger.append(anew));

            ledger.erase(erased(), anna, Set.of());

            assertThat(ledger.reader().erased(List.of(played.id(), agreed.id(), anew.id())))
                    .as("what was played stays with the consent that was given behind it")
                    .containsExactly(agreed.id());
            assertThat(ledger.alarm().found()).isZero();
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    /** Of nodes that do not wait for each other the end may be written before the consent is. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void noEndGoesBeforeAConsentThatStays(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        PseudonymousSubject anna = new PseudonymousSubject(List.of("anna"));
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            NewEntry later = Records.given("call-1", "anna");
            ObjectNode replaces = Records.given("call-2", "anna").payload().deepCopy();
            replaces.put("refers_to", later.id().toString());
            CommittedEntry second =
                    Records.append(
                            ledger,
                            NewEntry.of(
                                    EntryType.GIVEN, "call-2", "anna", replaces, Records.START));
            CommittedEntry end = Records.append(ledger, withdrawn("call-3", "anna", second));
            CommittedEntry other = Records.append(ledger, Records.given("call-4", "anna"));
            java.util.Map<String, Long> approved = ledger.reader().sizes();
            CommittedEntry first = Records.append(ledger, later);

            ledger.erase(erased(), anna, Set.of(), approved);

            List<CommittedEntry> all = List.of(second, end, other, first);
            assertThat(ledger.reader().erased(all.stream().map(CommittedEntry::entryId).toList()))
                    .containsExactly(other.entryId());
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    private static NewEntry nameless(NewEntry like) {
        return new NewEntry(
                like.id(),
                EntryType.SERVED,
                like.callId(),
                null,
                Records.base("hotline", "booking"));
    }

    private static NewEntry withdrawn(String call, String pseudonym, CommittedEntry of) {
        ObjectNode payload = Records.base("hotline", "booking");
        payload.put("refers_to", of.entryId().toString());
        return NewEntry.of(EntryType.WITHDRAWN, call, pseudonym, payload, Records.START);
    }

    private static String payload(Ledger ledger, CommittedEntry entry) throws Exception {
        return String.valueOf(ledger.reader().entry(entry.entryId()).orElseThrow().payload());
    }

    /** Found in the product before: SQLITE_BUSY where a gateway wrote just then. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    @Timeout(60)
    void aCommandErasesBesideAGatewayThatWritesWithoutABreak(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger gateway = Ledger.open(settings, CLOCK)) {
            for (int i = 0; i < 30; i += 10) {
                Records.append(gateway, Records.given("call-" + i, "person-" + i));
            }
            var ends = new java.util.concurrent.atomic.AtomicBoolean();
            var refused = new java.util.concurrent.atomic.AtomicInteger();
            List<Thread> load = new java.util.ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                String busy = "busy-" + caller;
                load.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    while (!ends.get()) {
                                        try {
                                            Records.append(gateway, Records.served(busy, "busy"));
                                        } catch (Exception e) {
                                            refused.incrementAndGet();
                                        }
                                    }
                                }));
            }
            try {
                for (int i = 0; i < 30; i += COMMAND_STEP) {
                    // A new log each time, which has to be looked for and then made.
                    LedgerSettings node = settings.withNode("command-" + i);
                    try (Ledger command = Ledger.openBeside(node, CLOCK)) {
                        Records.append(command, Records.served("command", "command"));
                        if (i % 10 == 0) {
                            var person = new PseudonymousSubject(List.of("person-" + i));
                            assertThat(command.erase(erased(), person, Set.of()).entries())
                                    .isEqualTo(1);
                        }
                    }
                }
            } finally {
                ends.set(true);
                for (Thread one : load) {
                    one.join();
                }
            }
            assertThat(refused).as("nor is the gateway kept from writing").hasValue(0);
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    /** A list would show all calls of one person to whoever knows the case. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void anErasureSaysHowManyAndNotWhich(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            for (int i = 0; i < 6; i++) {
                Records.append(ledger, Records.given("call-" + i, i % 2 == 0 ? "anna" : "berta"));
            }
            ledger.erase(erased(), new PseudonymousSubject(List.of("anna")), Set.of());
            ledger.erase(erased(), new PseudonymousSubject(List.of("berta")), Set.of());

            for (Entry entry : ledger.reader().ofType(EntryType.ERASED, 9)) {
                ObjectNode payload = java.util.Objects.requireNonNull(entry.payload());
                assertThat(payload.path("erased").asInt()).isEqualTo(3);
                assertThat(payload.properties().stream().map(java.util.Map.Entry::getKey))
                        .containsExactlyInAnyOrder("reason", "erased", "issuer");
            }
            try (Connection connection =
                    Vendor.of(settings).open(settings, false).getConnection()) {
                assertThat(
                                Rows.list(
                                        connection,
                                        "SELECT idx, sealed FROM ledger_erased ORDER BY idx",
                                        row -> row.getLong(1) + ":" + row.getBytes(2).length))
                        .as("the marks of the two are alike")
                        .containsExactly("0:66", "1:66", "2:66", "3:66", "4:66", "5:66");
            }
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    @Test
    void noTraceOfItIsLeftInTheRawFiles() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        byte[] sealed;
        String pseudonym;
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerTest.fill(ledger, 40);
            PseudonymousSubject anna = ledger.pseudonyms().subject("+4930111111");
            pseudonym = anna.current();
            CommittedEntry given =
                    Records.append(ledger, Records.given("call-secret-7", anna.current()));
            LedgerTest.fill(ledger, 40);
            sealed = sealed(settings, given.index());
            assertThat(filesWith(sealed)).isNotEmpty();
            assertThat(filesWith(utf8(pseudonym))).isNotEmpty();

            ledger.erase(erased(), anna, Set.of());
            assertThat(filesWith(sealed)).as("at once").isEmpty();
            assertThat(filesWith(utf8(pseudonym))).as("at once").isEmpty();
            assertThat(filesWith(utf8("call-secret-7"))).as("at once").isEmpty();
            ledger.scrub(true);
        }
        // Not whole, not in part: salt and payload are in these bytes.
        byte[] middle = java.util.Arrays.copyOfRange(sealed, 20, 60);
        assertThat(filesWith(middle)).as("after vacuum").isEmpty();
        assertThat(filesWith(utf8(pseudonym))).as("after vacuum").isEmpty();
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    /**
     * On a server whose administrator keeps no old write-ahead log ({@code wal_recycle = off}); the
     * other way to make it worthless is {@code keys rotate --reseal}.
     */
    @Test
    @Timeout(60)
    void noTraceOfItIsLeftInAnyTableOrFileOfPostgresql() throws Exception {
        Path data = directory.resolve("postgresql");
        try (EmbeddedPostgres server =
                EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setServerConfig("wal_recycle", "off")
                        .start()) {
            LedgerSettings settings =
                    TestSettings.inDirectory(directory.resolve("gateway"))
                            .withUrl(server.getJdbcUrl("postgres", "postgres"));
            byte[] sealed;
            String pseudonym;
            try (Ledger ledger = Ledger.open(settings, CLOCK)) {
                LedgerTest.fill(ledger, 40);
                PseudonymousSubject anna = ledger.pseudonyms().subject("+4930111111");
                pseudonym = anna.current();
                CommittedEntry given =
                        Records.append(ledger, Records.given("call-secret-7", pseudonym));
                LedgerTest.fill(ledger, 40);
                sealed = sealed(settings, given.index());
                sql(server, "ANALYZE", "CHECKPOINT");
                assertThat(filesWith(sealed)).as("before: tables and write-ahead log").isNotEmpty();
                assertThat(tablesWith(server, pseudonym)).containsExactly("public.ledger_lookup");
                assertThat(tablesWith(server, HexFormat.of().formatHex(sealed)))
                        .containsExactly("public.ledger_payload");

                ledger.erase(erased(), anna, Set.of());
                ledger.scrub(true);
            }
            sql(server, "SELECT pg_switch_wal()", "CHECKPOINT");
            for (String what : List.of(pseudonym, "call-secret-7", hex(sealed, 20, 60))) {
                assertThat(tablesWith(server, what)).isEmpty();
            }
            for (byte[] what :
                    List.of(
                            java.util.Arrays.copyOfRange(sealed, 20, 60),
                            utf8(pseudonym),
                            utf8("call-secret-7"))) {
                assertThat(filesWith(what)).isEmpty();
            }
            assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                    .isEmpty();
        }
    }

    private static String hex(byte[] octets, int from, int to) {
        return HexFormat.of().formatHex(octets, from, to);
    }

    private static void sql(EmbeddedPostgres server, String... statements) throws Exception {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Every table, those of the system as well, with a row in which this stands as text. */
    private static List<String> tablesWith(EmbeddedPostgres server, String text) throws Exception {
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            List<String> tables =
                    Rows.list(
                            connection,
                            "SELECT schemaname || '.' || tablename FROM pg_tables"
                                    + " WHERE tablename <> 'pg_largeobject'",
                            row -> row.getString(1));
            List<String> found = new java.util.ArrayList<>();
            for (String table : tables) {
                String sql = "SELECT 1 FROM " + table + " t WHERE t::text LIKE ? LIMIT 1";
                if (Rows.first(connection, sql, row -> true, "%" + text + "%").isPresent()) {
                    found.add(table);
                }
            }
            return found;
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aPayloadBroughtBackAfterItsErasureIsFound(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            CommittedEntry given = Records.append(ledger, Records.given("call-a", "anna"));
            byte[] sealed = sealed(settings, given.index());
            String keyId = new KeyFilesOf(settings).keys().payload().current().id();
            ledger.erase(erased(), new PseudonymousSubject(List.of("anna")), Set.of());
            try (Connection connection =
                    Vendor.of(settings).open(settings, false).getConnection()) {
                Rows.change(
                        connection,
                        "INSERT INTO ledger_payload (log, idx, key_id, sealed) VALUES (1, ?, ?, ?)",
                        given.index(),
                        keyId,
                        sealed);
            }
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .anyMatch(w -> w.contains("was erased, by an Erased entry, and is still here"));
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void entriesOfAllNodesAreErased(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger one = Ledger.open(settings, CLOCK);
                Ledger two = Ledger.open(settings.withNode("node-2"), CLOCK)) {
            Records.append(one, Records.given("call-1", "anna"));
            Records.append(two, Records.given("call-2", "anna"));
            assertThat(
                            two.erase(erased(), new PseudonymousSubject(List.of("anna")), Set.of())
                                    .entries())
                    .isEqualTo(2);
            Records.append(one, Records.given("call-3", "berta"));
        }
        Verification verification = LedgerArchive.open(settings).verify(List.of(), done -> {});
        assertThat(Records.words(verification)).isEmpty();
    }

    @Test
    void moreEntriesThanOneListingHoldsAreErasedToo() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        int entries = Erasing.MAX_AT_ONCE + 10;
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            for (int i = 0; i < entries; i += 50) {
                List<NewEntry> batch = new java.util.ArrayList<>();
                for (int k = i; k < Math.min(entries, i + 50); k++) {
                    batch.add(Records.served("call-" + k, "anna"));
                }
                Records.append(ledger, batch);
            }
            assertThat(
                            ledger.erase(
                                            erased(),
                                            new PseudonymousSubject(List.of("anna")),
                                            Set.of())
                                    .entries())
                    .isEqualTo(entries);
            assertThat(export(ledger, new PseudonymousSubject(List.of("anna")))).isEmpty();
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    /** § 7a Abs. 2 UWG: five years from the grant and from each use. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatIsOutdatedGoesUnlessItWasUsedSince(TestStore store) throws Exception {
        Instant[] now = {Records.START};
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, () -> now[0])) {
            NewEntry unused = withDeletion(Records.given("call-1", "anna"), "2031-11-24T09:00:00Z");
            NewEntry used = withDeletion(Records.given("call-2", "berta"), "2031-11-24T09:00:00Z");
            Records.append(ledger, unused);
            Records.append(ledger, used);
            ObjectNode use = Records.base("hotline", "booking");
            use.put("refers_to", used.id().toString());
            Records.append(
                    ledger,
                    withDeletion(
                            NewEntry.of(EntryType.USED, "call-3", "berta", use, Records.START),
                            "2032-11-24T09:00:00Z"));

            now[0] = Instant.parse("2031-11-24T08:59:59Z");
            assertThat(ledger.eraseOutdated()).isEmpty();
            now[0] = Instant.parse("2031-11-24T09:00:00Z");
            assertThat(ledger.eraseOutdated().orElseThrow().entries()).isEqualTo(1);
            assertThat(ledger.reader().entry(unused.id()).orElseThrow().payload()).isNull();
            assertThat(ledger.reader().entry(used.id()).orElseThrow().payload()).isNotNull();
            assertThat(ledger.eraseOutdated()).isEmpty();
            now[0] = Instant.parse("2032-11-24T09:00:00Z");
            assertThat(ledger.eraseOutdated().orElseThrow().entries()).isEqualTo(2);
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    @Test
    void theExportIsReadableInTheLanguageOfTheLine() throws Exception {
        try (Ledger ledger = Ledger.open(TestStore.SQLITE.settings(directory), CLOCK)) {
            PseudonymousSubject anna = ledger.pseudonyms().subject("+4930111111");
            NewEntry given = Records.given("call-1", anna.current());
            ((ObjectNode) given.payload().path("decision")).put("words", "<b>ja</b>");
            Records.append(ledger, given);
            SubjectExport export = SubjectExport.of(ledger.reader(), anna, Records.START);

            assertThat(export.newest(100).html(AnswerWordsTest.SHIPPED))
                    .contains("<html lang=\"de\">")
                    .contains("Was über Sie gespeichert ist")
                    .contains("Sie haben eingewilligt")
                    .contains("24. November 2027, 10:00:00")
                    .contains("talk, mitschreiben")
                    .contains("&lt;b&gt;ja&lt;/b&gt;")
                    .doesNotContain("<b>ja");
            NewEntry english = Records.given("call-2", anna.current());
            ((ObjectNode) english.payload().path("notice")).put("language", "en");
            Records.append(ledger, english);
            assertThat(SubjectExport.of(ledger.reader(), anna, Records.START).size()).isEqualTo(2);
        }
    }

    /** The key files of a ledger under test. */
    private record KeyFilesOf(LedgerSettings settings) {
        KeyFiles keys() throws java.io.IOException {
            return KeyFiles.open(settings.keys(), settings.node(), settings.logOrigin());
        }
    }

    private static NewEntry withDeletion(NewEntry entry, String at) {
        entry.payload().putObject("retention").put("basis", "§ 7a UWG").put("delete_at", at);
        return entry;
    }

    private static NewEntry erased() {
        ObjectNode payload = Records.JSON.createObjectNode();
        payload.put("reason", "subject request");
        return NewEntry.of(EntryType.ERASED, null, null, payload, Records.START);
    }

    private static List<JsonNode> export(Ledger ledger, PseudonymousSubject subject)
            throws Exception {
        JsonNode json =
                SubjectExport.of(ledger.reader(), subject, Records.START).newest(100).json();
        return Stream.of(json.path("entries")).flatMap(entries -> entries.valueStream()).toList();
    }

    private static byte[] sealed(LedgerSettings settings, long index) throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            return Rows.first(
                            connection,
                            "SELECT sealed FROM ledger_payload WHERE idx = ?",
                            row -> row.getBytes(1),
                            index)
                    .orElseThrow();
        }
    }

    /**
     * Every file below the directory, keys and write-ahead log too, that holds these bytes. The
     * ledger is open: a checkpoint's temporary file may be renamed while we look.
     */
    private List<Path> filesWith(byte[] bytes) throws Exception {
        String needle = new String(bytes, StandardCharsets.ISO_8859_1);
        List<Path> found = new java.util.ArrayList<>();
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        try {
                            byte[] content = Files.readAllBytes(file);
                            if (new String(content, StandardCharsets.ISO_8859_1).contains(needle)) {
                                found.add(file);
                            }
                        } catch (NoSuchFileException e) {
                            return visitFileFailed(file, e);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }
                });
        return found;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
