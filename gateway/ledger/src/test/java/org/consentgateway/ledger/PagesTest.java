package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LogReader;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reading all logs of a store from where one has got to, and counting what is in them. */
class PagesTest {
    @TempDir private Path directory;

    private Instant now = Records.START;

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whoeverGoesOnFromPageToPageMissesNothingThatAnotherNodeWrites(TestStore store)
            throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger one = Ledger.open(settings, () -> now);
                Ledger other =
                        Ledger.open(settings.withNode("node-2"), () -> now.minusSeconds(60))) {
            List<UUID> written = new ArrayList<>();
            List<UUID> read = new ArrayList<>();
            Map<String, Long> next = new HashMap<>();
            for (int i = 0; i < 20; i++) {
                now = now.plusSeconds(1);
                NewEntry entry = Records.given("call-" + i, "caller-" + i);
                // The other node's clock is behind, so its entries are older than what was read.
                Records.append(i % 3 == 0 ? other : one, entry);
                written.add(entry.id());
                for (Entry each : one.reader().from(next, i % 4)) {
                    read.add(each.id());
                    next.put(each.log(), each.index() + 1);
                }
            }
            for (Entry each : one.reader().from(next, 100)) {
                read.add(each.id());
                next.put(each.log(), each.index() + 1);
            }
            assertThat(read).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(written);
            assertThat(one.reader().from(next, 100)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatIsThereIsCountedByTypeAndLine(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), () -> now)) {
            Records.append(ledger, Records.served("call-1", "anna"));
            Records.append(ledger, Records.given("call-1", "anna"));
            now = now.plusSeconds(10);
            Records.append(ledger, Records.given("call-2", "bert"));
            LogReader reader = ledger.reader();

            assertThat(reader.countsOfTypes(Records.START, now.plusSeconds(1)))
                    .containsExactly(
                            new LogReader.Count("Given", "", "", 2),
                            new LogReader.Count("Served", "", "", 1));
            assertThat(reader.countsOfTypes(Records.START, now))
                    .contains(new LogReader.Count("Given", "", "", 1));
            assertThat(reader.countsOfLines(Records.START, now.plusSeconds(1)))
                    .contains(new LogReader.Count("Given", "hotline", "booking", 2));
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aReferenceIsFoundUnderEachKeyThereHasBeen(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), () -> now)) {
            List<UUID> hashes = ledger.pseudonyms().reference("crm-4711");
            assertThat(hashes).hasSize(1);
            assertThat(hashes.getFirst().version()).isEqualTo(8);
            assertThat(hashes.getFirst().variant()).isEqualTo(2);
            assertThat(ledger.pseudonyms().reference("crm-4712"))
                    .doesNotContainAnyElementsOf(hashes);
            assertThat(ledger.reader().ofReference(hashes)).isEmpty();
        }
    }

    private static NewEntry about(NewEntry consent, EntryType type, Instant at) {
        ObjectNode payload = Records.base("hotline", "booking");
        payload.put("refers_to", consent.id().toString());
        return NewEntry.of(type, "call-1", null, payload, at);
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatIsAboutManyConsentsIsFoundAtOnceAndTheirEndBehindThousandUses(TestStore store)
            throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), () -> now)) {
            NewEntry often = Records.given("call-1", "anna");
            NewEntry once = Records.given("call-2", "bert");
            NewEntry never = Records.given("call-3", "carl");
            Records.append(ledger, List.of(often, once, never));
            List<NewEntry> uses = new ArrayList<>();
            for (int i = 0; i < 1_001; i++) {
                uses.add(about(often, EntryType.USED, now));
            }
            Records.append(ledger, uses);
            now = now.plusSeconds(1);
            NewEntry end = about(often, EntryType.WITHDRAWN, now);
            NewEntry use = about(once, EntryType.USED, now);
            Records.append(ledger, List.of(use, end));

            Map<UUID, List<Entry>> about =
                    AboutEntries.of(ledger.reader(), List.of(often.id(), once.id(), never.id()));
            assertThat(about).containsOnlyKeys(often.id(), once.id());
            assertThat(about.getOrDefault(once.id(), List.of()))
                    .extracting(Entry::id)
                    .containsExactly(use.id());
            List<Entry> ofOften = about.getOrDefault(often.id(), List.of());
            assertThat(ofOften.getLast().id()).isEqualTo(end.id());
            assertThat(AboutEntries.of(ledger.reader(), often.id()))
                    .extracting(Entry::id)
                    .isEqualTo(ofOften.stream().map(Entry::id).toList());
            assertThat(AboutEntries.of(ledger.reader(), List.of())).isEmpty();
        }
    }
}
