package org.consentgateway.target;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Thread-safe. The caller's sides of the calls under way, by gateway call id: where the line puts
 * what the connectors need, so that the story between them need not know of media. Bounded by the
 * call limit: whoever enters leaves.
 */
public final class CallerSides {
    private final ConcurrentMap<UUID, CallerSide> sides = new ConcurrentHashMap<>();

    public void enter(UUID callId, CallerSide side) {
        sides.put(callId, side);
    }

    public void leave(UUID callId) {
        sides.remove(callId);
    }

    public Optional<CallerSide> of(UUID callId) {
        return Optional.ofNullable(sides.get(callId));
    }

    public int size() {
        return sides.size();
    }
}
