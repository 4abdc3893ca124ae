package org.consentgateway.sip.screen;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls whose ACK is still to come. They have a share of their own among those of their trunk,
 * since nothing proves that their callers exist: an honest one acknowledges within the way there
 * and back, a forged INVITE never. Where the share is taken, the oldest give way, of the source
 * that has most of them. Thread-safe.
 */
public final class UnacknowledgedCalls {
    private static final Logger LOG = LoggerFactory.getLogger(UnacknowledgedCalls.class);

    /** Nobody gives way before: an ACK may be on its way, and honest calls come in bursts, too. */
    static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private volatile int perTrunk;
    private final LongSupplier nanos;

    /** In the order they came. Guarded by this. */
    private final Map<Call, Waiting> calls = new LinkedHashMap<>();

    /** One of them. */
    public interface Call {
        /** Its ACK is not waited for any longer: others want its place. */
        void giveUp();
    }

    /**
     * @param invite key of its {@link InviteIdentity}
     */
    private record Waiting(
            String trunk, InetAddress source, long sinceNanos, long invite, boolean cancelled) {

        Waiting from(long nanos) {
            return new Waiting(trunk, source, nanos, invite, cancelled);
        }
    }

    /**
     * @param perTrunk at once; more for a moment
     */
    public UnacknowledgedCalls(int perTrunk, LongSupplier nanos) {
        this.perTrunk = perTrunk;
        this.nanos = nanos;
    }

    /** So many at once from now on. */
    public void limit(int next) {
        perTrunk = next;
    }

    /**
     * A new call.
     *
     * @param invite key of its {@link InviteIdentity}
     */
    public void add(Call call, String trunk, InetAddress source, long invite) {
        giving(trunk, perTrunk - 1).forEach(UnacknowledgedCalls::giveUp);
        synchronized (this) {
            calls.put(call, new Waiting(trunk, source, nanos.getAsLong(), invite, false));
        }
    }

    /** Our 2xx has gone: its ACK has all of the grace, however long the answer took. */
    public synchronized void answered(Call call) {
        calls.computeIfPresent(call, (_, waiting) -> waiting.from(nanos.getAsLong()));
    }

    /**
     * A CANCEL has come. Behind our 2xx it changes nothing (RFC 3261 §9.2), but whoever has sent it
     * wants no place: where one is wanted by others it is theirs at once.
     *
     * @param invite key of the {@link InviteIdentity} that it names
     */
    public synchronized void cancelled(long invite) {
        calls.replaceAll((_, waiting) ->
                waiting.invite == invite
                        ? new Waiting(
                                waiting.trunk, waiting.source, waiting.sinceNanos, invite, true)
                        : waiting);
    }

    /** There is no room for a call of this trunk: whoever has waited for long enough gives way. */
    public void relieve(String trunk) {
        giving(trunk, 0).forEach(UnacknowledgedCalls::giveUp);
    }

    /** One that cannot be refused is no reason to lose whoever wants its place. */
    private static void giveUp(Call call) {
        try {
            call.giveUp();
        } catch (RuntimeException broken) {
            LOG.debug("a call was not refused: {}", broken.getClass().getName());
        }
    }

    /** Takes out as many of a trunk as are too many, as far as they may be. */
    private synchronized List<Call> giving(String trunk, int most) {
        Map<InetAddress, Integer> bySource = new HashMap<>();
        int ofTrunk = 0;
        for (Waiting each : calls.values()) {
            if (each.trunk.equals(trunk)) {
                ofTrunk++;
                bySource.merge(each.source, 1, Integer::sum);
            }
        }
        List<Call> giving = new ArrayList<>();
        for (; ofTrunk > most; ofTrunk--) {
            Call next = next(trunk, bySource);
            if (next == null) {
                break;
            }
            giving.add(next);
            Waiting gone = calls.remove(next);
            if (gone != null) {
                bySource.merge(gone.source, -1, Integer::sum);
            }
        }
        return giving;
    }

    /** One that was cancelled, else the oldest of the source that has most. */
    private @Nullable Call next(String trunk, Map<InetAddress, Integer> bySource) {
        long now = nanos.getAsLong();
        Call next = null;
        int most = 0;
        for (Map.Entry<Call, Waiting> each : calls.entrySet()) {
            Waiting waiting = each.getValue();
            int count = bySource.getOrDefault(waiting.source, 0);
            if (waiting.cancelled && waiting.trunk.equals(trunk)) {
                return each.getKey();
            }
            boolean may = now - waiting.sinceNanos >= GRACE_NANOS;
            if (waiting.trunk.equals(trunk) && may && count > most) {
                most = count;
                next = each.getKey();
            }
        }
        return next;
    }

    /** It is acknowledged, or over. */
    public synchronized void remove(Call call) {
        calls.remove(call);
    }
}
