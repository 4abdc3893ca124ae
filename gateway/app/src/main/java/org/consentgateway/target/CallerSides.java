package org.consentgateway.target;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;

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

    /**
     * Whether the caller needs text whenever that is asked: a re-INVITE or an answer in the talk
     * may change it.
     *
     * @param dialled how it was at the dialling, and stays once the caller is gone
     */
    BooleanSupplier needsText(UUID callId, CallerSide dialled) {
        return () -> of(callId).orElse(dialled).has().needsText();
    }

    public int size() {
        return sides.size();
    }
}
