package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Consents whose time is over are found once and for all, and none is missed for long. */
class EndedConsentsTest {
    private static final Instant END = Instant.parse("2027-11-24T09:00:00Z");

    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void eachIsFoundUntilItIsWrittenAsEndedAlsoWhereItCameLate(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), () -> Records.START)) {
            NewEntry first = Records.given("call-1", "anna");
            Records.append(ledger, first);
            EndedConsents ended = ledger.ended();
            assertThat(ended.by(END.minusMillis(1), 10)).isEmpty();
            assertThat(ids(ended.by(END, 10))).containsExactly(first.id().toString());
            Instant later = END.plus(Duration.ofDays(3));
            assertThat(ids(ended.by(later, 10))).containsExactly(first.id().toString());

            Records.append(ledger, expired(first));
            assertThat(ended.by(later.plusSeconds(60), 10)).isEmpty();
            NewEntry late = Records.given("call-2", "bert");
            Records.append(ledger, late);
            Instant nextDay = later.plus(Duration.ofDays(1)).plusSeconds(61);
            assertThat(ids(ended.by(nextDay, 10))).containsExactly(late.id().toString());
        }
    }

    private static List<String> ids(List<Entry> entries) {
        return entries.stream().map(entry -> entry.id().toString()).toList();
    }

    private static NewEntry expired(NewEntry consent) {
        var payload = Records.base("hotline", "booking");
        payload.put("refers_to", consent.id().toString());
        return NewEntry.of(EntryType.EXPIRED, null, "anna", payload, Records.START);
    }
}
