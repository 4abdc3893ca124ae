package org.consentgateway.sip.counters;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.consentgateway.sip.capture.Capture;
import org.consentgateway.sip.message.Methods;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

/** The counters of one endpoint. Thread-safe. */
public final class LiveCounters {
    private static final String OTHER = "OTHER";

    private final Map<String, LongAdder> requests = new HashMap<>();
    private final Map<Rejection, LongAdder> rejected = new EnumMap<>(Rejection.class);
    private final LongAdder retransmissions = new LongAdder();
    private final Map<String, LiveTrunkCounters> trunks = new ConcurrentHashMap<>();

    private final RefusedCalls refused;

    /**
     * @param nanos monotonic
     */
    public LiveCounters(LongSupplier nanos) {
        refused = new RefusedCalls(nanos);
        for (String method : Methods.KNOWN) {
            requests.put(method, new LongAdder());
        }
        requests.put(OTHER, new LongAdder());
        for (Rejection reason : Rejection.values()) {
            rejected.put(reason, new LongAdder());
        }
    }

    public void request(String method) {
        count(requests.getOrDefault(method, requests.get(OTHER)));
    }

    public void rejected(Rejection reason) {
        count(rejected.get(reason));
    }

    /**
     * A call of this trunk was refused, which the log says as well.
     *
     * @param trunk null: of none
     */
    public void rejected(Rejection reason, @Nullable Trunk trunk) {
        rejected(reason);
        if (trunk != null) {
            of(trunk.name()).rejected(reason);
            refused.refused(trunk.name(), reason);
        }
    }

    /** A call of this trunk, or one of ours to it, has its final answer. */
    public void answered(String trunk, int status, boolean ours) {
        of(trunk).answered(status, ours);
    }

    private LiveTrunkCounters of(String trunk) {
        return trunks.computeIfAbsent(trunk, _ -> new LiveTrunkCounters());
    }

    public void retransmission() {
        retransmissions.increment();
    }

    private static void count(@Nullable LongAdder adder) {
        if (adder != null) {
            adder.increment();
        }
    }

    /**
     * @param captured {@link SipCounters#captured}
     */
    public SipCounters snapshot(
            int dialogs, int transactions, Map<Capture.Outcome, Long> captured) {
        Map<String, Long> byMethod = new HashMap<>();
        requests.forEach((method, count) -> byMethod.put(method, count.sum()));
        Map<Rejection, Long> byReason = new EnumMap<>(Rejection.class);
        rejected.forEach((reason, count) -> byReason.put(reason, count.sum()));
        return new SipCounters(
                Map.copyOf(byMethod),
                Map.copyOf(byReason),
                retransmissions.sum(),
                dialogs,
                transactions,
                trunks.entrySet().stream()
                        .map(trunk -> trunk.getValue().snapshot(trunk.getKey()))
                        .toList(),
                captured);
    }
}
