package org.consentgateway.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.consentgateway.api.access.ApiCredentials.Shown;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keys are good for while the store is down. */
class ApiKeysTest {
    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-11-27T09:00:00Z");
    private Ledger ledger;
    private ApiKeys keys;
    private String key = "";

    @BeforeEach
    void issue() throws Exception {
        ledger = Ledger.open(TestLedger.in(directory), () -> now);
        keys = new ApiKeys(ledger.reader(), () -> now);
        key =
                new ApiKeyRegister(ledger, () -> now)
                        .issue(
                                "crm",
                                "Ada",
                                Set.of(ApiScope.CONSENTS_WITHDRAW),
                                now.plus(Duration.ofDays(365)))
                        .text()
                        .text();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    /** From when the store was last up, not from when somebody last asked. */
    @Test
    void tenMinutesOfAnOutageBeginWithIt() throws Exception {
        assertThat(keys.of(key)).isInstanceOf(Shown.Known.class);
        now = now.plus(Duration.ofHours(8));
        keys.refresh();
        ledger.close();
        now = now.plus(Duration.ofMinutes(9));
        assertThat(keys.of(key)).isInstanceOf(Shown.Known.class);
        now = now.plus(Duration.ofMinutes(2));
        assertThat(keys.of(key)).isInstanceOf(Shown.Remembered.class);
        now = now.plus(Duration.ofDays(200));
        assertThat(keys.of(key)).isInstanceOf(Shown.Remembered.class);
        now = now.plus(Duration.ofDays(200));
        assertThatThrownBy(() -> keys.of(key)).isInstanceOf(LedgerUnavailable.class);
    }

    @Test
    void whoIsNotKnownIsNeitherLetInNorTurnedAway() throws Exception {
        keys.refresh();
        ledger.close();
        now = now.plus(Duration.ofMinutes(11));
        String other = key.substring(0, key.length() - 1) + (key.endsWith("A") ? "B" : "A");
        assertThatThrownBy(() -> keys.of(other)).isInstanceOf(LedgerUnavailable.class);
    }
}
