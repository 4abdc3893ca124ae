package org.consentgateway.webhook;

import java.util.Base64;

/** What signs messages to one receiver, as Standard Webhooks write it. */
public final class WebhookSecret {
    private static final String PREFIX = "whsec_";
    private static final int LEAST_OCTETS = 24;
    private static final int MOST_OCTETS = 64;

    private WebhookSecret() {}

    /**
     * @param text {@code whsec_} and base64 of 24 to 64 octets
     * @throws IllegalArgumentException where it is none
     */
    public static byte[] octets(String text) {
        byte[] octets =
                text.startsWith(PREFIX)
                        ? Base64.getDecoder().decode(text.substring(PREFIX.length()))
                        : new byte[0];
        if (octets.length < LEAST_OCTETS || octets.length > MOST_OCTETS) {
            throw new IllegalArgumentException("no secret of a webhook");
        }
        return octets;
    }
}
