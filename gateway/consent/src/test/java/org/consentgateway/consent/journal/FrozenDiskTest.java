package org.consentgateway.consent.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Subject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** While the store is away this machine's disk takes a record and does not say so for minutes. */
class FrozenDiskTest {
    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
    private static final Subject CALLER = new Subject("ab");

    /** Far more than anything takes here that does not wait for the disk. */
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Whoever waits so long for the disk is not done soon. */
    private static final Duration LONG = Duration.ofHours(1);

    private final Store store = new Store();
    private final Disk disk = new Disk();

    /** What it is given twice stands there once. */
    private static final class Store implements EverybodyIsNew {
        private final Set<ConsentRecord> log = ConcurrentHashMap.newKeySet();
        private volatile boolean down = true;

        @Override
        public LogPosition append(List<ConsentRecord> records, Duration deadline)
                throws JournalUnavailable {
            if (down) {
                throw new JournalUnavailable("down", false);
            }
            log.addAll(records);
            return new LogPosition("test", log.size() - 1);
        }
    }

    private static final class Disk implements LateJournal {
        private final List<ConsentRecord> kept = new CopyOnWriteArrayList<>();
        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch answers = new CountDownLatch(1);
        private final CountDownLatch took = new CountDownLatch(1);
        private volatile boolean full;

        @Override
        public boolean keep(List<ConsentRecord> together) {
            if (full) {
                return false;
            }
            asked.countDown();
            try {
                answers.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            together.stream().filter(record -> !kept.contains(record)).forEach(kept::add);
            took.countDown();
            return true;
        }

        @Override
        public List<ConsentRecord> kept() {
            return kept;
        }

        @Override
        public void forget(Collection<ConsentRecord> written) {
            kept.removeAll(written);
        }
    }

    @AfterEach
    void thaw() {
        disk.answers.countDown();
    }

    private ConsentJournal journal(Duration deadline) {
        return new ConsentJournal(store, disk, deadline, UUID::randomUUID);
    }

    private static ConsentRecord withdrawn() {
        return new ConsentRecord.Withdrawn(
                UUID.randomUUID(),
                NOW,
                null,
                CALLER,
                "demo",
                UUID.randomUUID(),
                ConsentRecord.Withdrawn.Reason.CALLER,
                Method.KEY,
                NOW,
                null);
    }

    private static <T> CompletableFuture<T> beside(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, Executors.newVirtualThreadPerTaskExecutor());
    }

    /** Half a second for the first, and nothing for the other 99. */
    @Test
    void whoKeepsSomethingWaitsAsLongAsForTheStoreAndWhoComesThenNotAtAll() {
        ConsentJournal journal = journal(Duration.ofMillis(500));
        ConsentRecord[] all =
                Stream.generate(FrozenDiskTest::withdrawn).limit(100).toArray(ConsentRecord[]::new);

        assertThat(beside(() -> journal.writeNowOrLater(all)))
                .succeedsWithin(SOON)
                .isEqualTo(Durability.HELD);
        assertThat(journal.endingsKept()).as("in memory").containsExactly(all);
    }

    @Test
    void whoRingsWaitsForNoRecordThatIsBeingKept() throws Exception {
        ConsentJournal journal = journal(LONG);
        ConsentRecord end = withdrawn();
        CompletableFuture<Durability> written = beside(() -> journal.writeNowOrLater(end));
        disk.asked.await();

        assertThat(beside(() -> looksUp(journal))).succeedsWithin(SOON).isEqualTo(true);
        assertThat(beside(journal::endingsKept)).succeedsWithin(SOON);
        assertThat(written).isNotDone();

        disk.answers.countDown();
        assertThat(written).succeedsWithin(SOON).isEqualTo(Durability.KEPT);
        assertThat(journal.endingsKept()).containsExactly(end);
    }

    /** What was held in memory, since the disk was full, is handed to it just then. */
    @Test
    void whoRingsWaitsForNothingThatIsHandedToTheDisk() throws Exception {
        disk.full = true;
        ConsentJournal journal = journal(LONG);
        ConsentRecord end = withdrawn();
        assertThat(journal.writeNowOrLater(end)).isEqualTo(Durability.HELD);
        disk.full = false;
        CompletableFuture<Integer> waiting = beside(journal::writeKept);
        disk.asked.await();

        assertThat(beside(() -> looksUp(journal))).succeedsWithin(SOON).isEqualTo(true);
        assertThat(beside(journal::endingsKept)).succeedsWithin(SOON);
        assertThat(waiting).isNotDone();

        disk.answers.countDown();
        assertThat(waiting).succeedsWithin(SOON).isEqualTo(1);
        assertThat(disk.kept).containsExactly(end);
    }

    /** As a call that rings does. */
    private static boolean looksUp(ConsentJournal journal) {
        try {
            return journal.inForce(CALLER, NOW).consents().isEmpty();
        } catch (JournalUnavailable e) {
            return false;
        }
    }

    @Test
    void whatTheDiskTookAfterAllIsWrittenOnceAndTakenOffIt() throws Exception {
        ConsentJournal journal = journal(Duration.ofMillis(100));
        ConsentRecord end = withdrawn();
        assertThat(beside(() -> journal.writeNowOrLater(end)))
                .succeedsWithin(SOON)
                .isEqualTo(Durability.HELD);
        store.down = false;
        assertThat(beside(journal::writeKept)).as("from memory").succeedsWithin(SOON).isEqualTo(0);
        assertThat(store.log).containsExactly(end);

        disk.answers.countDown();
        disk.took.await();
        assertThat(beside(() -> untilTaken(journal))).succeedsWithin(SOON).isEqualTo(List.of());
        assertThat(disk.kept).isEmpty();
        assertThat(store.log).containsExactly(end);
    }

    /** Turns of the journal take it off again. */
    private List<ConsentRecord> untilTaken(ConsentJournal journal) {
        while (journal.writeKept() > 0 || !disk.kept.isEmpty()) {
            Thread.yield();
        }
        return journal.endingsKept();
    }
}
