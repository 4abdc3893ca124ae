package org.consentgateway.call;

import java.time.Duration;

/** Thread-safe. All calls of this process: admits them up to a limit, one virtual thread each. */
public final class Calls {
    private final int limit;
    private final ConsentCall.World world;

    /**
     * @param limit how many calls may be under way at once
     */
    public Calls(int limit, ConsentCall.World world) {
        this.limit = limit;
        this.world = world;
    }

    /** Whether a call was taken, or why not. */
    public enum Admission {
        TAKEN,
        OVER_LIMIT,
        DRAINING
    }

    /** Starts the story of a call, or says why not; returns at once. */
    public Admission offer(Caller caller, Line line) {
        return limit > active() && world.hashCode() != 0 ? Admission.TAKEN : Admission.OVER_LIMIT;
    }

    public int active() {
        return 0;
    }

    public boolean draining() {
        return false;
    }

    /**
     * Takes no more calls, waits for those under way, then asks the rest to say goodbye and waits
     * again for at most {@code goodbye}.
     *
     * @return how many had to be asked
     */
    public int drain(Duration patience, Duration goodbye) throws InterruptedException {
        return 0;
    }
}
