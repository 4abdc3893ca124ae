package org.consentgateway.token;

import java.util.Locale;

/** What a status list says of a token (draft-ietf-oauth-status-list §7.1). */
enum TokenStatus {
    VALID(0),
    /** The consent has ended: withdrawn, erased or run out. Never becomes anything else. */
    INVALID(1),
    /** The call is over, and with it what the token was made for; application-specific. */
    OVER(3);

    final int value;

    TokenStatus(int value) {
        this.value = value;
    }

    static TokenStatus of(int value) {
        return switch (value) {
            case 0 -> VALID;
            case 3 -> OVER;
            default -> INVALID;
        };
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
