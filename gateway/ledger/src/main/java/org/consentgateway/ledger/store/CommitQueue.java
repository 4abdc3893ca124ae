package org.consentgateway.ledger.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.Prepared;
import org.consentgateway.ledger.store.PendingWork.AnsweredJob;
import org.consentgateway.ledger.store.PendingWork.Append;
import org.consentgateway.ledger.store.PendingWork.Work;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe; its loop is confined to the writer thread. Takes entries from calls, commits those
 * that wait together in one transaction, and answers after the commit. While the store is down it
 * refuses at once and tries to reach it again, later and later.
 */
public final class CommitQueue implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(CommitQueue.class);

    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);
    private static final Duration LAST_BACK_OFF = Duration.ofSeconds(5);

    /** Each call may bring one. */
    private static final Duration REFUSAL_TOLD_EVERY = Duration.ofMinutes(1);

    /** How long the loop sleeps at most before it looks at checkpoints and at being closed. */
    private static final Duration IDLE = Duration.ofMillis(100);

    /** Idle for so many turns, a second, a session is asked whether it is there still. */
    private static final int QUIET_TURNS = 10;

    /** What only the writer may do. */
    public interface Job<T> {
        T run(LogWriter writer) throws SQLException;
    }

    /** Opens the writer; also after the store was lost. */
    public interface WriterSource {
        LogWriter open() throws SQLException;
    }

    /** Signs and publishes. */
    public interface Checkpoints {
        /** A writer was opened; also after the store was lost. */
        void connected(LogWriter writer) throws SQLException;

        /** On the writer thread; signs where there is news. */
        void sign(LogWriter writer) throws SQLException;

        /**
         * The store has lost what was confirmed: its end is signed and kept outside, so that nobody
         * goes on in that log, also after a restart.
         */
        void lost(LogWriter.End confirmed);
    }

    private final LedgerSettings settings;
    private final InstantSource clock;
    private final WriterSource opening;
    private final Checkpoints checkpoints;
    private final PendingWork pending;
    private volatile boolean closing;
    private volatile boolean ended;

    private volatile @Nullable LogWriter writer;
    private volatile String detail = "starting";
    private volatile Instant since;
    private volatile long size;
    private volatile long checkpointSize;
    private volatile @Nullable Instant checkpointAt;
    private @Nullable Instant newsSince;

    /** Since the writer's session had last answered. */
    private int idleTurns;

    /** Until when the next refusal is not told. */
    private @Nullable Instant refusalTold;

    /** What callers were told is written; another server has to have it as well. */
    private volatile LogWriter.@Nullable End confirmed;

    private Duration backOff = Duration.ZERO;

    public CommitQueue(
            LedgerSettings settings,
            InstantSource clock,
            WriterSource opening,
            Checkpoints checkpoints) {
        this.settings = settings;
        this.clock = clock;
        this.opening = opening;
        this.checkpoints = checkpoints;
        this.pending = new PendingWork(settings.limits().queue(), settings.limits().batch());
        this.since = clock.instant();
    }

    /** Before the thread starts: what is wrong for good is thrown, what may heal is not. */
    public void connectFirst() {
        try {
            connect();
        } catch (SQLException e) {
            lose(e);
        }
    }

    /**
     * They are written together or not at all.
     *
     * @return completes after the commit; fails with {@link LedgerUnavailable} where there is none
     */
    public CompletableFuture<List<CommittedEntry>> append(List<Prepared> entries) {
        CompletableFuture<List<CommittedEntry>> answer = new CompletableFuture<>();
        submit(new Append(entries, answer));
        return answer;
    }

    /**
     * @return completes when it is done; fails with {@link LedgerUnavailable} where it is not
     */
    public <T> CompletableFuture<T> perform(Job<T> job) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        submit(new AnsweredJob<>(job, answer));
        return answer;
    }

    private void submit(Work work) {
        if (closing) {
            refuseClosed(work);
        } else if (writer == null) {
            refuseUntouched(work, null);
        } else if (!pending.offer(work)) {
            refuse(work, LedgerUnavailable.Reason.QUEUE_FULL, null);
        } else if (ended) {
            // The loop ended between the two looks: nobody else will answer.
            pending.takeQueued().forEach(this::refuseClosed);
        }
    }

    public boolean up() {
        return writer != null;
    }

    /** The log as far as it was confirmed; empty where it was not yet found in a store. */
    public Optional<Log> confirmed() {
        return Optional.ofNullable(confirmed).map(LogWriter.End::log);
    }

    public LedgerHealth health(boolean exportFailing, WitnessHealth witnesses) {
        boolean up = writer != null;
        return new LedgerHealth(
                up,
                since,
                up ? "" : detail,
                pending.size(),
                size,
                checkpointSize,
                checkpointAt,
                exportFailing,
                witnesses);
    }

    public void close() {
        closing = true;
    }

    @Override
    public void run() {
        try {
            while (!closing || !pending.isEmpty()) {
                turn();
            }
            LogWriter last = writer;
            if (last != null) {
                try {
                    checkpoint(last, true);
                } catch (SQLException | RuntimeException e) {
                    LOG.warn("no last checkpoint: {}", e.toString());
                } finally {
                    writer = null;
                    last.close();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended = true;
            writer = null;
            pending.takeAll().forEach(this::refuseClosed);
        }
    }

    private void refuseClosed(Work work) {
        refuse(work, LedgerUnavailable.Reason.CLOSED, null);
    }

    private void turn() throws InterruptedException {
        LogWriter now = writer;
        if (now == null) {
            waitAndReconnect();
            return;
        }
        Work first = pending.next(IDLE);
        try {
            switch (first) {
                case null -> askSession(now);
                case Append append -> commit(now, pending.batch(append), false);
                case AnsweredJob<?> task -> perform(now, task);
            }
            if (first != null) {
                idleTurns = 0;
            }
            LogWriter left = writer; // another one where the commit had to be settled
            if (left != null) {
                checkpoint(left, false);
            }
        } catch (SQLException e) {
            lose(e);
        } catch (RuntimeException | Error e) {
            // Must not end the only thread that writes.
            lose(new SQLException(e));
        }
    }

    /**
     * A server or pooler that starts again ends the session, and the claim with it, without a word:
     * a node that nobody calls would learn of it by the next consent. So it would of a file of
     * SQLite that somebody has deleted or replaced.
     */
    private void askSession(LogWriter now) throws SQLException {
        idleTurns++;
        if (idleTurns >= QUIET_TURNS) {
            idleTurns = 0;
            now.requireSession();
        }
    }

    /**
     * @param again whether it was handed over before, to a session that was lost
     */
    private void commit(LogWriter now, List<Append> batch, boolean again) throws SQLException {
        if (batch.isEmpty()) {
            return;
        }
        List<Prepared> entries = batch.stream().flatMap(a -> a.entries().stream()).toList();
        List<CommittedEntry> committed;
        try {
            committed = now.append(entries);
        } catch (SQLException e) {
            afterFailure(now, batch, entries, e, again);
            return;
        } catch (RuntimeException | Error e) {
            batch.forEach(append -> append.answer().completeExceptionally(e));
            throw e;
        }
        if (newsSince == null) {
            newsSince = clock.instant();
        }
        size = now.size();
        confirmed = now.end();
        int at = 0;
        for (Append append : batch) {
            int to = at + append.entries().size();
            append.answer().complete(List.copyOf(committed.subList(at, to)));
            at = to;
        }
    }

    /**
     * Some of it may be in the store: an entry handed in twice, or a commit whose answer was lost.
     * What was sealed under a key that is retired since is sealed again by the new writer. Asks the
     * store, over a new connection where the old one is broken, and answers with the truth; where
     * it cannot be asked, all are refused. What a lost session has not written it never will, since
     * the new one has its claim: that is handed over once more, as long as somebody waits for it.
     */
    private void afterFailure(
            LogWriter failed,
            List<Append> batch,
            List<Prepared> entries,
            SQLException why,
            boolean again)
            throws SQLException {
        boolean lost = Rows.isConnectionLost(why);
        LogWriter fresh = failed;
        Map<UUID, CommittedEntry> there = Map.of();
        try {
            if (Rows.isDuplicate(why)) {
                there = existing(failed, entries);
            }
            if (there.isEmpty()) {
                if (lost) {
                    LOG.warn(
                            "the writer's session is lost, a new one is opened: {}",
                            why.getMessage());
                }
                failed.close();
                writer = null;
                fresh = reopen();
                there = existing(fresh, entries);
                if (lost) {
                    LOG.info("the writer has a session again, with {} entries", size);
                }
            }
        } catch (SQLException | RuntimeException | Error e) {
            batch.forEach(append -> refuse(append, LedgerUnavailable.Reason.STORE_DOWN, why));
            throw e instanceof SQLException sql ? sql : new SQLException(e);
        }
        Map<UUID, CommittedEntry> found = there;
        List<Append> left = batch.stream().filter(append -> !append.answeredBy(found)).toList();
        if (why instanceof RetiredKeys.Used
                || (Rows.isDuplicate(why) && left.size() < batch.size())) {
            commit(fresh, left, again);
        } else if (lost && !again) {
            commit(fresh, left.stream().filter(each -> !each.answer().isDone()).toList(), true);
        } else {
            tellRefused(left, why);
            left.forEach(append -> refuse(append, LedgerUnavailable.Reason.STORE_DOWN, why));
        }
    }

    private static Map<UUID, CommittedEntry> existing(LogWriter writer, List<Prepared> entries)
            throws SQLException {
        return writer.existing(entries.stream().map(Prepared::id).toList()).stream()
                .collect(Collectors.toMap(CommittedEntry::entryId, committed -> committed));
    }

    /**
     * A store that takes others counts as up: why it did not take these is told here alone. Where
     * the connection was lost, as at each failover, it has refused nothing, and that is told.
     */
    private void tellRefused(List<Append> refused, SQLException why) {
        if (refused.isEmpty() || Rows.isConnectionLost(why)) {
            return;
        }
        Instant now = clock.instant();
        if (refusalTold != null && now.isBefore(refusalTold)) {
            return;
        }
        refusalTold = now.plus(REFUSAL_TOLD_EVERY);
        LOG.error(
                "the store refused {} entries, and takes others: {}",
                refused.stream().mapToInt(append -> append.entries().size()).sum(),
                why.getMessage());
    }

    private <T> void perform(LogWriter now, AnsweredJob<T> task) throws SQLException {
        try {
            if (!task.answer().isDone()) {
                now.requireHeld();
                task.answer().complete(task.job().run(now));
                size = now.size();
                confirmed = now.end();
                newsSince = newsSince == null ? clock.instant() : newsSince;
            }
        } catch (SQLException e) {
            refuse(task, LedgerUnavailable.Reason.STORE_DOWN, e);
            throw e;
        } catch (RuntimeException | Error e) {
            task.answer().completeExceptionally(e);
            throw e;
        }
    }

    private void checkpoint(LogWriter now, boolean anyNews) throws SQLException {
        long news = now.size() - now.checkpointSize();
        if (news <= 0) {
            newsSince = null;
        } else {
            Instant at = clock.instant();
            Instant due = newsSince == null ? at : newsSince.plus(settings.checkpoints().every());
            if (anyNews || news >= settings.checkpoints().entries() || !at.isBefore(due)) {
                checkpoints.sign(now);
                newsSince = null;
            }
        }
        checkpointSize = now.checkpointSize();
        checkpointAt = now.checkpointAt();
    }

    private void connect() throws SQLException {
        LogWriter fresh = open();
        writer = fresh;
        since = clock.instant();
        size = fresh.size();
        checkpointSize = fresh.checkpointSize();
        checkpointAt = fresh.checkpointAt();
        backOff = Duration.ZERO;
        checkpoints.connected(fresh);
    }

    private LogWriter reopen() throws SQLException {
        LogWriter fresh = open();
        writer = fresh;
        size = fresh.size();
        return fresh;
    }

    /** A standby that took over may lack what its primary had confirmed alone. */
    private LogWriter open() throws SQLException {
        LogWriter fresh;
        try {
            fresh = opening.open();
        } catch (SQLException e) {
            throw Vendor.of(settings).explained(settings, e);
        }
        LogWriter.End before = confirmed;
        try {
            if (before != null && !fresh.continues(before)) {
                checkpoints.lost(before);
                throw new LedgerTorn(
                        before.log().origin()
                                + " had "
                                + before.log().size()
                                + " confirmed entries, and the store that answers now has not all"
                                + " of them: its server took over without them, or an old backup"
                                + " was restored. Then: "
                                + NewestCheckpoint.RESUME);
            }
            confirmed = fresh.end();
            return fresh;
        } catch (SQLException | RuntimeException e) {
            fresh.close();
            throw e;
        }
    }

    private void lose(SQLException why) {
        LogWriter broken = writer;
        if (broken != null) {
            writer = null;
            broken.close();
        }
        boolean news = detail.isEmpty() || !detail.equals(String.valueOf(why.getMessage()));
        detail = String.valueOf(why.getMessage());
        if (broken != null || news) {
            LOG.error("the ledger is down, and tried again: {}", detail);
        }
        if (backOff.isZero()) {
            since = clock.instant();
        }
        pending.takeAll().forEach(work -> refuseUntouched(work, why));
    }

    private void waitAndReconnect() throws InterruptedException {
        if (!backOff.isZero()) {
            Work late = pending.next(backOff);
            if (late != null) {
                refuseUntouched(late, null);
                return;
            }
        }
        if (closing) {
            return;
        }
        try {
            connect();
            LOG.info("the ledger is up again with {} entries", size);
        } catch (SQLException e) {
            lose(e);
            backOffMore();
        } catch (LedgerTorn | LedgerClaimed e) {
            lose(new SQLException(e.getMessage(), e));
            backOffMore();
        } catch (RuntimeException | Error e) {
            // As in a turn.
            lose(new SQLException(e));
            backOffMore();
        }
    }

    private void backOffMore() {
        Duration doubled = backOff.isZero() ? FIRST_BACK_OFF : backOff.multipliedBy(2);
        backOff = doubled.compareTo(LAST_BACK_OFF) > 0 ? LAST_BACK_OFF : doubled;
    }

    /** Nothing of it was handed to the store. */
    private void refuseUntouched(Work work, @Nullable Throwable cause) {
        work.answer().completeExceptionally(LedgerUnavailable.notHandedOver(down(), cause));
    }

    private String down() {
        return "the ledger's store is down: " + detail;
    }

    private void refuse(Work work, LedgerUnavailable.Reason reason, @Nullable Throwable cause) {
        String message =
                switch (reason) {
                    case STORE_DOWN -> down();
                    case QUEUE_FULL -> settings.limits().queue() + " entries wait for the ledger";
                    case TIMED_OUT -> "not durable within " + settings.limits().commitTimeout();
                    case CLOSED -> "the ledger is closed";
                    case WITNESS_CONFLICT -> "a witness contradicts the log";
                };
        work.answer().completeExceptionally(new LedgerUnavailable(reason, message, cause));
    }
}
