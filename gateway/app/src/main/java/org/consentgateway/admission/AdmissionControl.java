package org.consentgateway.admission;

import java.util.Map;
import org.consentgateway.call.CallServices;
import org.consentgateway.call.Caller;
import org.consentgateway.call.Calls;
import org.consentgateway.call.Line;
import org.consentgateway.sip.screen.CallAdmission;
import org.jspecify.annotations.Nullable;

/**
 * Whether there is room for one more call, or why it is refused. Thread-safe. {@link Calls} knows
 * the calls under way, {@link TrunkLoad} those of each trunk and {@link LoadShedding} the machine.
 */
public final class AdmissionControl {
    /** A trunk above its rate need not be sent away for long. */
    private static final int RATE_RETRY_SECONDS = 1;

    private final TrunkLoad trunks;
    private final LoadShedding shedding;
    private volatile int retryAfterSeconds;
    private volatile @Nullable Calls calls;

    /**
     * @param retryAfterSeconds when those above a limit may try again
     */
    public AdmissionControl(TrunkLoad trunks, LoadShedding shedding, int retryAfterSeconds) {
        this.trunks = trunks;
        this.shedding = shedding;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /**
     * What new calls are held to.
     *
     * @param trunks by name
     */
    public record Limits(
            int calls,
            int callsPerLine,
            Map<String, TrunkLoad.Limits> trunks,
            int busyPercent,
            long audioLagNanos,
            int retryAfterSeconds) {}

    /** Other limits from now on; nobody who is calling already has to go. */
    public void use(Limits next, Calls under) {
        under.limits(next.calls(), next.callsPerLine());
        trunks.limits(next.trunks());
        shedding.limits(next.busyPercent(), next.audioLagNanos());
        retryAfterSeconds = next.retryAfterSeconds();
    }

    /** From now on calls are taken; before, there is no room. */
    void open(Calls taking) {
        calls = taking;
    }

    boolean takesCalls() {
        Calls taking = calls;
        return taking != null && !taking.draining();
    }

    /** Counts a call to its trunk, until that is told to {@link TrunkLoad#leave}. */
    void enter(String trunk) {
        trunks.enter(trunk);
    }

    /** Starts the story of a call; false if others have taken the room meanwhile. */
    boolean offer(Caller caller, Line line, CallServices services) {
        Calls taking = calls;
        return taking != null && taking.offer(caller, line, services) == Calls.Room.FREE;
    }

    int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /**
     * For a new call of this trunk, to whatever line; counts it against the trunk's rate.
     *
     * @param proven whether it comes over a connection
     */
    CallAdmission forNew(String trunk, boolean proven) {
        Calls taking = calls;
        CallAdmission room = of(trunk, taking == null ? Calls.Room.DRAINING : taking.room());
        if (!(room instanceof CallAdmission.Accepted)) {
            return room;
        }
        if (shedding.turnsAway()) {
            return full(CallAdmission.Limit.LOAD);
        }
        return trunks.slowEnough(trunk, proven)
                ? room
                : new CallAdmission.Full(CallAdmission.Limit.TRUNK_RATE, RATE_RETRY_SECONDS);
    }

    /** For a call of this trunk to this line. */
    CallAdmission forLine(String trunk, Line line) {
        Calls taking = calls;
        return of(trunk, taking == null ? Calls.Room.DRAINING : taking.room(line));
    }

    private CallAdmission of(String trunk, Calls.Room room) {
        return switch (room) {
            case DRAINING -> new CallAdmission.Draining();
            case FULL -> full(CallAdmission.Limit.CALLS);
            case LINE_FULL -> full(CallAdmission.Limit.LINE);
            case FREE ->
                    trunks.full(trunk)
                            ? full(CallAdmission.Limit.TRUNK)
                            : new CallAdmission.Accepted();
        };
    }

    private CallAdmission full(CallAdmission.Limit limit) {
        return new CallAdmission.Full(limit, retryAfterSeconds);
    }
}
