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
 * The calls whose ACK is still to come, and those that are over and whose answer, a 2xx or a
 * refusal, is still repeated until its ACK comes. They have a share of their own among those of
 * their trunk, since nothing proves that their callers exist: an honest one acknowledges within the
 * way there and back, a forged INVITE never. Where the share is taken, the oldest give way, of the
 * source that has most of them; none that came over a connection for one that did not, since a
 * connection proves its address. Thread-safe.
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
     * Where a call comes from.
     *
     * @param trunk its name
     * @param proven whether it came over a connection
     */
    public record Origin(String trunk, InetAddress source, boolean proven) {}

    /** How far it is. */
    private enum Stage {
        UNDER_WAY,
        /** Its CANCEL came behind our 2xx. */
        CANCELLED,
        /** It takes no place of its trunk any more. */
        OVER
    }

    /**
     * @param invite key of its {@link InviteIdentity}
     */
    private record Waiting(Origin origin, long sinceNanos, long invite, Stage stage) {

        Waiting from(long nanos) {
            return new Waiting(origin, nanos, invite, stage);
        }

        Waiting now(Stage next) {
            return new Waiting(origin, sinceNanos, invite, next);
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
    public void add(Call call, Origin origin, long invite) {
        giving(origin.trunk(), origin.proven(), perTrunk - 1, false)
                .forEach(UnacknowledgedCalls::giveUp);
        synchronized (this) {
            calls.put(call, new Waiting(origin, nanos.getAsLong(), invite, Stage.UNDER_WAY));
        }
    }

    /** Our 2xx has gone: its ACK has all of the grace, however long the answer took. */
    public synchronized void answered(Call call) {
        calls.computeIfPresent(call, (_, waiting) -> waiting.from(nanos.getAsLong()));
    }

    /** It is over, and its answer is repeated until its ACK comes, which has all of the grace. */
    public synchronized void repeating(Call call) {
        calls.computeIfPresent(
                call, (_, waiting) -> waiting.now(Stage.OVER).from(nanos.getAsLong()));
    }

    /**
     * A CANCEL has come. Behind our 2xx it changes nothing (RFC 3261 §9.2), but whoever has sent it
     * wants no place: where one is wanted by others it is theirs at once.
     *
     * @param invite key of the {@link InviteIdentity} that it names
     */
    public synchronized void cancelled(long invite) {
        calls.replaceAll((_, waiting) ->
                waiting.invite == invite && waiting.stage == Stage.UNDER_WAY
                        ? waiting.now(Stage.CANCELLED)
                        : waiting);
    }

    /**
     * There is no room for a call of this trunk: whoever takes a place and has waited for long
     * enough gives way.
     *
     * @param proven whether it came over a connection
     */
    public void relieve(String trunk, boolean proven) {
        giving(trunk, proven, 0, true).forEach(UnacknowledgedCalls::giveUp);
    }

    /** One that cannot be refused is no reason to lose whoever wants its place. */
    private static void giveUp(Call call) {
        try {
            call.giveUp();
        } catch (RuntimeException broken) {
            LOG.debug("a call was not refused: {}", broken.getClass().getName());
        }
    }

    /**
     * Takes out as many of a trunk as are too many, as far as they may be.
     *
     * @param proven whether those over connections may have to go as well
     * @param placed of those alone that take a place
     */
    private synchronized List<Call> giving(String trunk, boolean proven, int most, boolean placed) {
        Map<Origin, Integer> byOrigin = new HashMap<>();
        int ofTrunk = 0;
        for (Waiting each : calls.values()) {
            if (each.origin.trunk().equals(trunk) && !(placed && each.stage == Stage.OVER)) {
                ofTrunk++;
                byOrigin.merge(each.origin, 1, Integer::sum);
            }
        }
        List<Call> giving = new ArrayList<>();
        for (; ofTrunk > most; ofTrunk--) {
            Call next = next(trunk, byOrigin, false, placed);
            if (next == null && proven) {
                next = next(trunk, byOrigin, true, placed);
            }
            if (next == null) {
                break;
            }
            giving.add(next);
            Waiting gone = calls.remove(next);
            if (gone != null) {
                byOrigin.merge(gone.origin, -1, Integer::sum);
            }
        }
        return giving;
    }

    /** One that was cancelled, else the oldest of the source that has most. */
    private @Nullable Call next(
            String trunk, Map<Origin, Integer> byOrigin, boolean proven, boolean placed) {
        long now = nanos.getAsLong();
        Call next = null;
        int most = 0;
        for (Map.Entry<Call, Waiting> each : calls.entrySet()) {
            Waiting waiting = each.getValue();
            if (!waiting.origin.trunk().equals(trunk)
                    || waiting.origin.proven() != proven
                    || (placed && waiting.stage == Stage.OVER)) {
                continue;
            }
            if (waiting.stage == Stage.CANCELLED) {
                return each.getKey();
            }
            int count = byOrigin.getOrDefault(waiting.origin, 0);
            if (now - waiting.sinceNanos >= GRACE_NANOS && count > most) {
                most = count;
                next = each.getKey();
            }
        }
        return next;
    }

    /** It is acknowledged, or nothing of it is repeated any more. */
    public synchronized void remove(Call call) {
        calls.remove(call);
    }
}
