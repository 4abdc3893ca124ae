package org.consentgateway.call;

import java.time.InstantSource;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.consentgateway.consent.ConsentJournal;
import org.consentgateway.consent.Notices;

/** Confined to the call's virtual thread. The story of one call. */
public final class ConsentCall {
    private final World world;
    private final Line line;
    private final Caller caller;

    /**
     * What every call shares.
     *
     * @param ids mints UUIDv7 ids of records
     * @param nanos monotonic time, for durations
     * @param random chooses the variant of a notice
     */
    public record World(
            ConsentJournal journal,
            Notices notices,
            Targets targets,
            CallEvents events,
            InstantSource clock,
            LongSupplier nanos,
            Supplier<UUID> ids,
            RandomGenerator random) {}

    public ConsentCall(World world, Line line, Caller caller) {
        this.world = world;
        this.line = line;
        this.caller = caller;
    }

    /** Tells the whole story; never throws. */
    public CallOutcome run() {
        caller.ring();
        return told();
    }

    private CallOutcome told() {
        throw new UnsupportedOperationException("follows " + world + line);
    }
}
