package org.consentgateway.ledger.witness;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.consentgateway.ledger.store.Publisher;
import org.consentgateway.ledger.store.WitnessHealth;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Asks each witness of a log to cosign its checkpoints, each on a thread of its own:
 * no commit waits for any of them, nor one of them for another. Who does not answer is asked again.
 */
public final class Witnesses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Witnesses.class);

    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(200);
    private static final Duration LAST_BACK_OFF = Duration.ofSeconds(60);

    /** Two questions to a witness that answers none. */
    private static final Duration CLOSING = WitnessClient.TIMEOUT.multipliedBy(2);

    private static final Publisher.Signed END = new Publisher.Signed(-1, "");

    /** Proofs of the log that is witnessed. */
    public interface Proving {
        /** From one size to another. */
        List<byte[]> consistency(long from, long to) throws SQLException;

        /** How many entries the newest checkpoint covers that the store has by now. */
        long signed() throws SQLException;

        /** Of the log. */
        List<VerifierKey> keys() throws IOException;
    }

    private final TrustPolicy policy;
    private final WitnessConflicts conflicts;
    private final BiConsumer<Publisher.Signed, String> cosigned;
    private final List<AskedWitness> all = new ArrayList<>();
    private final CountDownLatch asked;

    /**
     * @param origin of the log
     * @param cosigned told each line to be put under a checkpoint
     */
    public Witnesses(
            TrustPolicy policy,
            String origin,
            Proving proving,
            WitnessConflicts conflicts,
            BiConsumer<Publisher.Signed, String> cosigned,
            InstantSource clock) {
        this.policy = policy;
        this.conflicts = conflicts;
        this.cosigned = cosigned;
        for (TrustPolicy.Witness one : policy.witnesses()) {
            if (one.url() != null) {
                var client = new WitnessClient(one, one.url(), origin, proving, clock);
                all.add(new AskedWitness(one.name(), client));
            }
        }
        this.asked = new CountDownLatch(all.size());
        all.forEach(one -> one.thread.start());
    }

    /** The newest checkpoint: the one before need not be cosigned any more. */
    public void see(Publisher.Signed checkpoint) {
        all.forEach(one -> one.inbox.add(checkpoint));
    }

    /** Until each was asked once, whatever it answered, or for so long. */
    public void awaitFirst(Duration atMost) {
        try {
            if (!asked.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("not all witnesses have answered within {} s", atMost.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public WitnessHealth health() {
        Map<String, String> failing = new HashMap<>();
        Set<String> right = new HashSet<>();
        for (AskedWitness one : all) {
            String why = one.failing;
            if (why.isEmpty()) {
                right.add(one.name);
            }
            failing.put(one.name, why);
        }
        return new WitnessHealth(
                policy.isEnough(right),
                failing,
                conflicts.standing().map(WitnessConflict::words).orElse(null));
    }

    /** The last checkpoint still goes to whoever can be reached. */
    @Override
    public void close() {
        all.forEach(one -> one.inbox.add(END));
        try {
            for (AskedWitness one : all) {
                if (!one.thread.join(CLOSING)) {
                    LOG.warn("witness {} has not seen the last checkpoint", one.name);
                    one.thread.interrupt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(one -> one.client.close());
    }

    /** One witness; but for what is volatile, confined to its thread. */
    private final class AskedWitness {
        private final String name;
        private final WitnessClient client;
        private final BlockingQueue<Publisher.Signed> inbox = new LinkedBlockingQueue<>();
        private final Thread thread;
        private volatile String failing = "";
        private Publisher.@Nullable Signed due;
        private boolean ending;
        private boolean hasAnswered;

        /** False where what it has said could not be written: tried again, by no call. */
        private boolean kept = true;

        private Duration backOff = FIRST_BACK_OFF;

        AskedWitness(String name, WitnessClient client) {
            this.name = name;
            this.client = client;
            this.thread = Thread.ofPlatform().daemon().name("witness-" + name).unstarted(this::run);
        }

        private void run() {
            try {
                while (!ending) {
                    await();
                    if (!kept) {
                        keepAgain();
                    }
                    if (due != null) {
                        settle(due, client.ask(due));
                        answered();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                failing = "asking it failed: " + e;
                LOG.error("witness {} is not asked any more", name, e);
            } finally {
                answered();
            }
        }

        /** Once for each witness: who fails at once and is asked again counts for no other. */
        private void answered() {
            if (!hasAnswered) {
                hasAnswered = true;
                asked.countDown();
            }
        }

        private void await() throws InterruptedException {
            Publisher.Signed next =
                    due == null && kept
                            ? inbox.take()
                            : inbox.poll(backOff.toMillis(), TimeUnit.MILLISECONDS);
            while (next != null) {
                if (next.equals(END)) {
                    ending = true;
                } else {
                    due = next;
                    backOff = FIRST_BACK_OFF;
                }
                next = inbox.poll();
            }
        }

        private void settle(Publisher.Signed checkpoint, WitnessClient.Outcome outcome) {
            switch (outcome) {
                case WitnessClient.Outcome.Cosigned(String line) -> {
                    due = null;
                    if (!failing.isEmpty()) {
                        LOG.info("witness {} cosigns again", name);
                    }
                    failing = "";
                    cosigned.accept(checkpoint, line);
                }
                case WitnessClient.Outcome.Failed(String why) -> {
                    failed(why);
                    backOff = min(backOff.multipliedBy(2), LAST_BACK_OFF);
                }
                case WitnessClient.Outcome.Contradicted(WitnessConflict conflict) -> {
                    due = null; // no use in asking the same again
                    contradicted(conflict);
                }
            }
        }

        private void failed(String why) {
            if (!Objects.equals(failing, why)) {
                LOG.warn("no cosignature from witness {}: {}", name, why);
            }
            failing = why;
        }

        private void contradicted(WitnessConflict conflict) {
            failing = conflict.words();
            try {
                if (conflicts.add(conflict)) {
                    LOG.error(
                            "{}. No consent is asked for or relied on until a person has looked:"
                                    + " callers reach a human. scripts/gateway ledger verify;"
                                    + " then scripts/gateway ledger resume --after-restore, or"
                                    + " ledger resolve-conflict",
                            conflict.words());
                }
            } catch (IOException e) {
                kept = false;
                LOG.error("{}; that cannot be kept: {}", conflict.words(), e.toString());
            }
        }

        private void keepAgain() {
            kept = conflicts.writeAgain();
            backOff = kept ? FIRST_BACK_OFF : min(backOff.multipliedBy(2), LAST_BACK_OFF);
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
