package org.consentgateway.consent;

/**
 * Immutable. The pseudonym of a caller: HMAC-SHA-256 of the E.164 number under a key kept outside
 * the database. Still personal data, so it does not print.
 *
 * @param pseudonym lower-case hex
 */
public record Subject(String pseudonym) {
    @Override
    public String toString() {
        return "Subject[hidden]";
    }
}
