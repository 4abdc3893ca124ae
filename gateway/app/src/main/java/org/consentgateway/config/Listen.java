package org.consentgateway.config;

import java.util.Locale;

/** Immutable. A SIP transport and where it listens. */
public record Listen(Transport transport, HostPort at) {
    static final String IN_WORDS = "udp:ADDRESS:PORT, tcp:ADDRESS:PORT or tls:ADDRESS:PORT";

    /** RFC 3261 §18. */
    public enum Transport {
        UDP,
        TCP,
        TLS
    }

    static Listen parse(String text) {
        int colon = text.indexOf(':');
        Transport transport =
                switch (text.substring(0, colon)) {
                    case "udp" -> Transport.UDP;
                    case "tcp" -> Transport.TCP;
                    case "tls" -> Transport.TLS;
                    default -> throw new IllegalArgumentException(text);
                };
        return new Listen(transport, HostPort.parse(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return transport.name().toLowerCase(Locale.ROOT) + ":" + at;
    }
}
