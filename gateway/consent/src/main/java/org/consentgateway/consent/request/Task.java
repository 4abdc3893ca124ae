package org.consentgateway.consent.request;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What a caller leaves for a person at the company to do, and that it was done: one
 * ledger entry each. A type beside {@link SubjectRequest}, which a law gives a month and a form;
 * these are kept for a short time only, since they hold a telephone number.
 */
public sealed interface Task {

    /** UUIDv7 of this record, minted before it is written. */
    UUID id();

    Instant at();

    Kind kind();

    enum Kind {
        /** Nobody could be reached: the caller wants to be called. */
        CALL_BACK(Duration.ofDays(1), 1),
        COMPLAINT(Duration.ofDays(14), 3);

        private final Duration within;
        private final int most;

        Kind(Duration within, int most) {
            this.within = within;
            this.most = most;
        }

        /** After which an open one is overdue. */
        public Duration within() {
            return within;
        }

        /** How many of one caller may be open at once. */
        int most() {
            return most;
        }
    }

    /**
     * @param call without its subject
     * @param notice in which words this call was spoken to
     * @param number where the caller wants to be called; null where nowhere
     * @param subject of that number or, where there is none, of the caller, where known
     */
    record Opened(
            UUID id,
            Instant at,
            Kind kind,
            CallFacts call,
            NoticeRef notice,
            @Nullable PhoneNumber number,
            @Nullable Subject subject)
            implements Task {

        public Reference reference() {
            return Reference.of(id);
        }

        public boolean overdue(Instant now) {
            return !now.isBefore(at.plus(kind.within()));
        }
    }

    /**
     * Names nobody.
     *
     * @param task id of its {@link Opened}
     * @param by the person who did it
     * @param result in their words; may be empty
     */
    record Closed(UUID id, Instant at, Kind kind, UUID task, String by, String result)
            implements Task {
        public Closed {
            if (by.isBlank()) {
                throw new IllegalArgumentException("somebody has done it");
            }
        }
    }
}
