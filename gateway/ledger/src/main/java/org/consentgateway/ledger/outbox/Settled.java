package org.consentgateway.ledger.outbox;

import java.time.Instant;

/** Immutable. What became of an attempt to deliver a message. */
public sealed interface Settled {
    Message message();

    /** Short, such as "204" or "timeout". */
    String result();

    record Delivered(Message message, String result) implements Settled {}

    /** To be tried again, not before then. */
    record Again(Message message, String result, Instant due) implements Settled {}

    /** The same where the recipient found fault with the message itself. */
    record TurnedDown(Message message, String result, Instant due) implements Settled {}

    /** The recipient will never take it; it stays to be looked at, and what follows it goes on. */
    record GivenUp(Message message, String result) implements Settled {}

    /** It was not tried after all: as if it had not been claimed. */
    record Released(Message message) implements Settled {
        @Override
        public String result() {
            return "";
        }
    }
}
