package org.consentgateway.sip.dns;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How SIP messages travel (RFC 3261 §18). Immutable. */
public enum Transport {
    UDP,
    TCP,
    TLS;

    /** As in a SIP URI's transport parameter. */
    public String parameter() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** UDP where nothing is told; null if it is none we have. */
    public static @Nullable Transport of(@Nullable String parameter) {
        if (parameter == null) {
            return UDP;
        }
        return switch (parameter.toLowerCase(Locale.ROOT)) {
            case "udp" -> UDP;
            case "tcp" -> TCP;
            case "tls" -> TLS;
            default -> null;
        };
    }
}
