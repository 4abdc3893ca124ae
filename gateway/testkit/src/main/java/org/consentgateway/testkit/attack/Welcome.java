package org.consentgateway.testkit.attack;

import java.io.IOException;

/** Whether a gateway takes connections of ours by TLS at all, so that an attack shows something. */
final class Welcome {
    private static final int PATIENCE_MILLIS = 1000;

    private Welcome() {}

    /**
     * Asks once; over TLS 1.3 a missing certificate is told behind the handshake.
     *
     * @throws IllegalArgumentException says what would be right
     */
    static void over(Target target) {
        if (!target.transport().equals("TLS")) {
            return;
        }
        try (Connection connection = Connection.open(target)) {
            RawCall options = new RawCall(connection, target);
            options.asks("OPTIONS", "");
            int _ = options.answer(PATIENCE_MILLIS);
        } catch (IOException refused) {
            throw new IllegalArgumentException(
                    "the gateway takes no connection by TLS from %s (%s): %s"
                            .formatted(target.from(), refused.getMessage(), advice(target)),
                    refused);
        }
    }

    private static String advice(Target target) {
        return target.certificate().isNone()
                ? "if its sip.tls.client-certificate is required, write --certificate FILE --key"
                        + " FILE, both PEM, of an authority in its sip.tls.roots; else the address"
                        + " has to be a trunk's"
                : "the certificate has to be of an authority in its sip.tls.roots, not revoked,"
                        + " and the address a trunk's";
    }
}
