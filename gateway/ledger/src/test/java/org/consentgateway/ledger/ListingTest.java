package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerSettings;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entries of several logs in the order of their times, between two of them. */
class ListingTest {
    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void entriesAreFoundByTimeTypeAndLine(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        Instant[] now = {Records.START};
        List<NewEntry> written = new ArrayList<>();
        try (Ledger one = Ledger.open(settings, () -> now[0]);
                Ledger two = Ledger.open(settings.withNode("node-2"), () -> now[0])) {
            for (int hour = 0; hour < 48; hour++) {
                now[0] = Records.START.plus(Duration.ofHours(hour));
                NewEntry entry =
                        hour % 3 == 0
                                ? Records.served("call-" + hour, "anna")
                                : Records.given("call-" + hour, "anna");
                if (hour % 5 == 0) {
                    entry.payload().withObject("call").put("line", "other");
                }
                Records.append(hour % 2 == 0 ? one : two, entry);
                written.add(entry);
            }
        }
        LedgerArchive archive = LedgerArchive.open(settings);
        Instant from = Records.START.plus(Duration.ofHours(10));
        Instant to = Records.START.plus(Duration.ofHours(20));
        assertThat(ids(archive, new Listing.Wanted(from, to, Set.of(), null, false)))
                .isEqualTo(ids(written.subList(10, 20)));
        assertThat(ids(archive, new Listing.Wanted(null, from, Set.of(), null, true)))
                .isEqualTo(ids(written.subList(0, 10).reversed()));
        assertThat(ids(archive, new Listing.Wanted(null, null, Set.of(), null, false)))
                .isEqualTo(ids(written));
        assertThat(
                        ids(
                                archive,
                                new Listing.Wanted(
                                        from, to, Set.of(EntryType.SERVED), null, false)))
                .isEqualTo(ids(List.of(written.get(12), written.get(15), written.get(18))));
        assertThat(ids(archive, new Listing.Wanted(from, to, Set.of(), "other", false)))
                .isEqualTo(ids(List.of(written.get(10), written.get(15))));
        List<Entry> some = new ArrayList<>();
        archive.each(
                new Listing.Wanted(to, null, Set.of(), null, false),
                entries -> {
                    some.addAll(entries);
                    return false;
                });
        assertThat(some).hasSize(28);
    }

    private static List<String> ids(LedgerArchive archive, Listing.Wanted wanted) throws Exception {
        List<String> ids = new ArrayList<>();
        archive.each(
                wanted,
                entries -> {
                    entries.forEach(entry -> ids.add(entry.id().toString()));
                    return true;
                });
        return ids;
    }

    private static List<String> ids(List<NewEntry> entries) {
        return entries.stream().map(entry -> entry.id().toString()).toList();
    }
}
