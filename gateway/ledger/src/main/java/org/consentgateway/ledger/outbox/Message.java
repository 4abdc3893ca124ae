package org.consentgateway.ledger.outbox;

import java.time.Instant;
import java.util.UUID;

/**
 * Immutable. A message that its holder may send now, and nobody else until the lease is over.
 *
 * @param position in the order in which messages were written
 * @param id the same over all attempts, and for all recipients of one event
 * @param place of the entry it is told of
 * @param time of what it tells
 * @param body as handed in
 * @param attempts so far, with those of which nobody knows what came
 * @param refusals those of them in which the recipient found fault with the message
 */
public record Message(
        long position,
        UUID id,
        String recipient,
        String type,
        Place place,
        Instant time,
        boolean urgent,
        String body,
        int attempts,
        int refusals) {

    /**
     * @param log origin of the log; empty where no entry is behind it
     * @param index in it; -1 where no entry is behind it
     */
    public record Place(String log, long index) {
        public static final Place NONE = new Place("", -1);
    }

    /** Names records of a person. */
    @Override
    public String toString() {
        return "Message[" + type + " " + id + " to " + recipient + "]";
    }
}
