package org.consentgateway.call;

import org.consentgateway.consent.Notices;
import org.consentgateway.consent.journal.ConsentJournal;

import java.time.InstantSource;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Thread-safe. What every call needs of the process.
 *
 * @param ids mints UUIDv7 ids of records
 * @param nanos monotonic time, for durations
 * @param random chooses the variant of a notice
 */
public record CallServices(
        ConsentJournal journal,
        Notices notices,
        Targets targets,
        CallListener listener,
        InstantSource clock,
        LongSupplier nanos,
        Supplier<UUID> ids,
        RandomGenerator random) {}
