package org.consentgateway.proof.nodes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.consentgateway.ledger.nodes.SeenNode;

/**
 * Confined to one thread. For how long others were seen to say nothing, by a clock of this node's
 * own that never goes back: so a store that was away, whose time has jumped or which went over to a
 * standby takes nobody for dead.
 */
final class SilentNodes {
    /** Who has not looked for as long cannot say what was meanwhile: it may have stood still. */
    private static final long LONGEST_GAP_NANOS = 5_000_000_000L;

    private final long leaseNanos;
    private Map<SeenNode, Long> since = new HashMap<>();
    private long looked;

    SilentNodes(long leaseNanos) {
        this.leaseNanos = leaseNanos;
    }

    /**
     * @param seen all there are now, but this one
     * @return those that were like this all the time for a whole lease
     */
    List<SeenNode> look(List<SeenNode> seen, long nowNanos) {
        if (nowNanos - looked > LONGEST_GAP_NANOS) {
            blind();
        }
        looked = nowNanos;
        Map<SeenNode, Long> next = new HashMap<>();
        for (SeenNode each : seen) {
            next.put(each, since.getOrDefault(each, nowNanos));
        }
        since = next;
        return seen.stream()
                .filter(each -> nowNanos - next.getOrDefault(each, nowNanos) >= leaseNanos)
                .toList();
    }

    /** Nothing could be seen for a while: it begins anew. */
    void blind() {
        since = Map.of();
    }
}
