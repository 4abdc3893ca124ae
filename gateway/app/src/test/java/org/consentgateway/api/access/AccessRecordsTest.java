package org.consentgateway.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(60)
class AccessRecordsTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ApiPrincipal DESK =
            new ApiPrincipal("desk", EnumSet.allOf(ApiScope.class));

    @TempDir private Path directory;

    /** Whoever has withdrawn for somebody was told that it counts, and does not send it again. */
    @Test
    void whoHasChangedSomethingWhileTheStoreWasAwayIsRecordedWithTheNextAccess() throws Exception {
        LedgerSettings settings = TestLedger.in(directory);
        try (Connection held = DriverManager.getConnection(settings.url());
                Statement statement = held.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            try (Ledger ledger = Ledger.open(settings, CLOCK)) {
                assertThat(ledger.health().up()).isFalse();
                var records = new AccessRecords(ledger, CLOCK, PATIENCE);
                records.changed(DESK, "withdraws", "Ada Meier", List.of(UUID.randomUUID()));
                statement.execute("ROLLBACK");
                await().atMost(PATIENCE).until(() -> ledger.health().up());
                assertThat(ledger.reader().ofType(EntryType.ACCESSED, 10)).isEmpty();

                records.accessed(DESK, "reads", "", List.of());

                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(ledger.reader().ofType(EntryType.ACCESSED, 10))
                                        .extracting(entry -> String.valueOf(entry.payload()))
                                        .anyMatch(said -> said.contains("Ada Meier"))
                                        .hasSize(2));
            }
        }
    }

    /** Names nobody: the log of the process is read by others. */
    @Test
    void whatIsLostWithTheProcessIsCountedInItsLog() throws Exception {
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        var log = (Logger) LoggerFactory.getLogger(HeldAccesses.class);
        log.addAppender(said);
        try {
            Ledger ledger = Ledger.open(TestLedger.in(directory), CLOCK);
            ledger.close();
            var records = new AccessRecords(ledger, CLOCK, PATIENCE);
            for (int change = 0; change < 2; change++) {
                records.changed(DESK, "withdraws", "Ada Meier", List.of(UUID.randomUUID()));
            }
            assertThat(said.list).as("they wait").isEmpty();
            records.end();
            records.changed(DESK, "withdraws", "Ada Meier", List.of(UUID.randomUUID()));
        } finally {
            log.detachAppender(said);
        }

        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(2)
                .noneMatch(line -> line.contains("Ada"))
                .anyMatch(line -> line.startsWith("who asked for 2 changes by the API is not"))
                .anyMatch(line -> line.startsWith("a change by the API is not recorded"));
    }
}
