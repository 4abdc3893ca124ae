package org.consentgateway.config;

import java.util.Locale;

/** Immutable. A SIP transport and where it listens. */
public record ListenAddress(Protocol transport, HostPort at) {
    static final String IN_WORDS = "udp:ADDRESS:PORT, tcp:ADDRESS:PORT or tls:ADDRESS:PORT";

    /** RFC 3261 §18. */
    public enum Protocol {
        UDP,
        TCP,
        TLS
    }

    static ListenAddress parse(String text) {
        int colon = text.indexOf(':');
        Protocol transport =
                switch (text.substring(0, colon)) {
                    case "udp" -> Protocol.UDP;
                    case "tcp" -> Protocol.TCP;
                    case "tls" -> Protocol.TLS;
                    default -> throw new IllegalArgumentException(text);
                };
        return new ListenAddress(transport, HostPort.parse(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return transport.name().toLowerCase(Locale.ROOT) + ":" + at;
    }
}
