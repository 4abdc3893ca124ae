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

    /** RFC 3261 §19.1.2. */
    public int usualPort() {
        return this == TLS ? 5061 : 5060;
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
