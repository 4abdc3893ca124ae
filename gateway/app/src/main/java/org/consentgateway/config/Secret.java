package org.consentgateway.config;

/** Immutable. A password. Never printed: neither with the configuration nor in a complaint. */
public record Secret(String text) {
    static final String IN_WORDS = "a password";

    @Override
    public String toString() {
        return "(secret)";
    }
}
