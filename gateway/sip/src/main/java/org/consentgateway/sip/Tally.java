package org.consentgateway.sip;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Thread-safe. The counters of one endpoint. */
final class Tally {
    private static final String OTHER = "OTHER";

    private final Map<String, LongAdder> requests = new HashMap<>();
    private final Map<Rejection, LongAdder> rejected = new EnumMap<>(Rejection.class);
    private final LongAdder retransmissions = new LongAdder();
    private final Map<String, TrunkTally> trunks = new ConcurrentHashMap<>();

    Tally() {
        for (String method : Methods.KNOWN) {
            requests.put(method, new LongAdder());
        }
        requests.put(OTHER, new LongAdder());
        for (Rejection reason : Rejection.values()) {
            rejected.put(reason, new LongAdder());
        }
    }

    void request(String method) {
        count(requests.getOrDefault(method, requests.get(OTHER)));
    }

    void rejected(Rejection reason) {
        count(rejected.get(reason));
    }

    /**
     * A call of this trunk was refused.
     *
     * @param trunk null: of none
     */
    void rejected(Rejection reason, @Nullable Trunk trunk) {
        rejected(reason);
        if (trunk != null) {
            of(trunk.name()).rejected(reason);
        }
    }

    /** A call of this trunk, or one of ours to it, has its final answer. */
    void answered(String trunk, int status, boolean ours) {
        of(trunk).answered(status, ours);
    }

    private TrunkTally of(String trunk) {
        return trunks.computeIfAbsent(trunk, _ -> new TrunkTally());
    }

    void retransmission() {
        retransmissions.increment();
    }

    private static void count(@Nullable LongAdder adder) {
        if (adder != null) {
            adder.increment();
        }
    }

    SipCounters snapshot(int dialogs, int transactions) {
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
                        .toList());
    }

    /** The methods of the SIP family (IANA registry), and those of them we serve. */
    static final class Methods {
        static final List<String> ALLOWED =
                List.of(
                        "INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "UPDATE", "INFO", "PRACK",
                        "NOTIFY");
        static final List<String> KNOWN =
                List.of(
                        "INVITE",
                        "ACK",
                        "CANCEL",
                        "BYE",
                        "OPTIONS",
                        "UPDATE",
                        "INFO",
                        "PRACK",
                        "REGISTER",
                        "REFER",
                        "SUBSCRIBE",
                        "NOTIFY",
                        "MESSAGE",
                        "PUBLISH");

        private Methods() {}
    }
}
