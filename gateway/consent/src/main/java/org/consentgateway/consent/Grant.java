package org.consentgateway.consent;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What a caller agreed to.
 *
 * @param until the first instant at which it no longer holds; null where it ends with the call
 * @param renewalDue from when on we ask again; null where it ends with the call
 */
public record Grant(
        Level level,
        Instant from,
        @Nullable Instant until,
        @Nullable Instant renewalDue,
        List<Evidence> evidence) {
    public Grant {
        evidence = List.copyOf(evidence);
    }

    /**
     * The answer that agreed to the last of these purposes; null where no evidence is kept. What
     * came after it, such as the no to the next one, or the yes to be remembered, agreed to no
     * purpose.
     */
    public @Nullable Evidence agreed() {
        return evidence.reversed().stream()
                .filter(Grant::agrees)
                .filter(one -> !one.part().startsWith(Parts.REMEMBER))
                .findFirst()
                .orElse(null);
    }

    private static boolean agrees(Evidence one) {
        return switch (one.result()) {
            case AGREED, CHOSEN -> true;
            case DECLINED, NO_INPUT, NO_MATCH, CONFLICT, PROMPT_INCOMPLETE, HUNG_UP -> false;
        };
    }
}
