package org.consentgateway.proof;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.tree.Digests;

/**
 * Thread-safe. Writes that a holder of data has confirmed a message by which it learned that a
 * consent was withdrawn or data erased (Art. 19 DSGVO): nobody needs to tell it any more. Or that
 * it has refused the message: then a person has to.
 */
public final class HolderReceipts {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final InstantSource clock;

    public HolderReceipts(Ledger ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Durable when this returns; written once however often it is told.
     *
     * @param message id of the entry it told of
     * @param consent that was withdrawn
     * @param by the answer that confirmed it, such as "WEBHOOK 204"
     */
    public void withdrawn(UUID message, String holder, UUID consent, String by)
            throws JournalUnavailable {
        write(
                HolderTasks.confirmed(
                        id(message, holder), consent, holder, "WITHDRAWN", by, clock.instant()));
    }

    /**
     * The same of an erasure; the list of what was erased goes with it.
     *
     * @param message id of the entry that lists it
     */
    public void erased(UUID message, String holder, String by) throws JournalUnavailable {
        write(
                HolderTasks.confirmed(
                        id(message, holder), message, holder, "ERASED", by, clock.instant()));
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("reason", "the holder was told").put("operator", "webhook");
        NewEntry gone = NewEntry.of(EntryType.ERASED, null, null, payload, clock.instant());
        LedgerStore.within(PATIENCE, () -> ledger.eraseOne(gone, message));
    }

    /**
     * Writes that a holder has refused for good what told it of a withdrawal: a task for a person,
     * until it confirms it after all. Durable when this returns; written once however often it is
     * told.
     *
     * @param message id of the entry it told of
     * @param consent that was withdrawn
     * @param ended when that was
     */
    public void refused(UUID message, String holder, UUID consent, Instant ended)
            throws JournalUnavailable {
        write(
                HolderTasks.unconfirmed(
                        id(message, holder + " refused"), consent, holder, ended, clock.instant()));
    }

    private void write(NewEntry entry) throws JournalUnavailable {
        LedgerStore.await(ledger.append(entry).toCompletableFuture(), PATIENCE);
    }

    /** A UUIDv7 of the message's time. */
    private static UUID id(UUID message, String holder) {
        byte[] hash = Digests.of((message + " " + holder).getBytes(StandardCharsets.UTF_8));
        long low = ByteBuffer.wrap(hash).getLong() >>> 2 | Long.MIN_VALUE;
        return new UUID(message.getMostSignificantBits(), low);
    }
}
