package org.consentgateway.sip.trunk;

/** The headers that may name a caller. Immutable. */
public enum IdentityHeader {
    /** RFC 3325 §9.1: the provider vouches for it. */
    P_ASSERTED_IDENTITY("P-Asserted-Identity"),
    /** RFC 3325 §9.2: the caller's wish which of its numbers to assert. */
    P_PREFERRED_IDENTITY("P-Preferred-Identity"),
    /** The caller's own claim, unless the provider checks it. */
    FROM("From");

    private final String header;

    IdentityHeader(String header) {
        this.header = header;
    }

    String header() {
        return header;
    }
}
