package org.consentgateway.tracing;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the thread that makes spans. Gives a call's spans the ids that the assistant was told
 * of ({@link TraceParent}).
 */
final class CallIds implements IdGenerator {
    private final IdGenerator random = IdGenerator.random();
    private @Nullable TraceParent call;
    private boolean dial;

    /** The spans that are made from now on are this call's. */
    void of(UUID id) {
        call = new TraceParent(id);
        dial = false;
    }

    /** The next span is the one that dials. */
    void nextDials() {
        dial = true;
    }

    @Override
    public String generateSpanId() {
        if (dial && call != null) {
            dial = false;
            return call.dialId();
        }
        return random.generateSpanId();
    }

    @Override
    public String generateTraceId() {
        return call == null ? random.generateTraceId() : call.traceId();
    }
}
