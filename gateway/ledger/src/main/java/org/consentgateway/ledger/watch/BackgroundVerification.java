package org.consentgateway.ledger.watch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.function.Supplier;
import org.consentgateway.ledger.bundles.EntryBundles;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * Steps are confined to one thread; how far it is, anybody may ask. Goes round and round through
 * the whole store beside the gateway, little by little.
 */
public final class BackgroundVerification {
    /**
     * In one look at least: so few that no call waits behind it for a processor, and not fewer,
     * since a look has a price of its own.
     */
    private static final int FEW = 100;

    /** More than that no store has in each of the steps of an hour. */
    private static final int MANY = 1_000_000;

    /** So that a round of a large store takes an hour at steps of a tenth of a second. */
    private static final int STEPS = 36_000;

    /** Where so many are not needed in each step, up to 49 without a look follow. */
    private static final int SELDOM = 50;

    private static final Duration BETWEEN_ROUNDS = Duration.ofMinutes(1);

    private final Vendor vendor;
    private final LogReader reader;
    private final Supplier<Collection<VerifierKey>> keys;
    private final Sealer sealer;
    private final TamperAlarm alarm;
    private final InstantSource clock;
    private @Nullable EntryBundles files;
    private @Nullable VerificationRound round;
    private @Nullable Instant began;
    private int told;
    private int resting;
    private volatile Progress progress = new Progress(0, 0, null);

    /**
     * How far it is.
     *
     * @param done entries of this round
     * @param of how many
     * @param wholeAt when the last whole round began: all that was there then was looked at since;
     *     null before the first
     */
    public record Progress(long done, long of, @Nullable Instant wholeAt) {}

    /**
     * @param sealer of the gateway
     */
    public BackgroundVerification(
            Vendor vendor,
            LogReader reader,
            Supplier<Collection<VerifierKey>> keys,
            Sealer sealer,
            TamperAlarm alarm,
            InstantSource clock) {
        this.vendor = vendor;
        this.reader = reader;
        this.keys = keys;
        this.sealer = sealer;
        this.alarm = alarm;
        this.clock = clock;
    }

    /**
     * Before the first step.
     *
     * @param archive of entries that have no row any more; null where none is configured
     */
    public BackgroundVerification reading(@Nullable EntryBundles archive) {
        this.files = archive;
        return this;
    }

    public Progress progress() {
        return progress;
    }

    /** A little more, each tenth of a second. Between two rounds nothing, for a minute. */
    public void step() throws LedgerUnavailable {
        if (resting > 0) {
            resting--;
            return;
        }
        Instant now = clock.instant();
        VerificationRound going = round;
        if (going == null) {
            if (began != null && now.isBefore(began.plus(BETWEEN_ROUNDS))) {
                return;
            }
            going = new VerificationRound(keys, sealer, files);
            round = going;
            began = now;
            told = 0;
        }
        VerificationRound looking = going;
        int entries = Math.clamp(looking.size() / STEPS, FEW, MANY);
        long before = looking.done();
        boolean more = reader.ask(connection -> step(connection, looking, entries));
        looking.findings().stream().skip(told).forEach(one -> alarm.raise(one.toString()));
        told = looking.findings().size();
        if (!more) {
            if (told == 0 && began != null) {
                alarm.allRight(began);
            }
            round = null;
        }
        // The end of a log is hardly any work: a small store is through within a second.
        if (looking.done() - before >= FEW) {
            long enough = (long) STEPS * FEW / Math.max(1, looking.size());
            resting = Math.clamp(enough, 1, SELDOM) - 1;
        }
        progress = new Progress(looking.done(), looking.size(), more ? progress.wholeAt() : began);
    }

    private boolean step(Connection connection, VerificationRound looking, int entries)
            throws SQLException {
        vendor.snapshot(connection);
        try {
            return looking.step(connection, entries);
        } finally {
            connection.rollback();
        }
    }
}
