package org.consentgateway.tracing;

import java.util.UUID;

/**
 * Immutable. Where in its call's trace an assistant is dialled (W3C Trace Context, level 1, §3.2),
 * so that the assistant's own spans hang below ours.
 *
 * <p>Made of the call's id alone: the trace has that id, which logs, records and headers name as
 * well, and nothing that a caller or a trunk sends can change it.
 *
 * <pre>
 * 00 - 01a221ce2cf27b29b0ee3ec7a2cd9ad3 - c7a2cd9a2f0cb1e2 - 01
 * version      the call's id             the span "dial"    sampled
 * </pre>
 */
public record TraceParent(UUID call) {
    /** As W3C has it: on the upgrade of a WebSocket, and among what its first message tells. */
    public static final String NAME = "traceparent";

    /** The same in SIP, where platforms hand on what begins with X- and little else. */
    public static final String SIP_HEADER = "X-Traceparent";

    /** An odd number, so that no two calls share a span's id that did not share their last bits. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    /** 32 hexadecimal digits. */
    String traceId() {
        return hex(call.getMostSignificantBits()) + hex(call.getLeastSignificantBits());
    }

    /** Of the span "dial": 16 hexadecimal digits, not all zero, which would be no id. */
    String dialId() {
        long mixed = call.getLeastSignificantBits() * SPREAD;
        return hex(mixed == 0 ? 1 : mixed);
    }

    /** The header's value. */
    public String value() {
        return "00-" + traceId() + "-" + dialId() + "-01";
    }

    private static String hex(long bits) {
        return String.format("%016x", bits);
    }
}
