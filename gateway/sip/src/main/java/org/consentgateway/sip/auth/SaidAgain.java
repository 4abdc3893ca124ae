package org.consentgateway.sip.auth;

import gov.nist.javax.sip.message.SIPRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.sip.message.Request;

/**
 * What a request has in common with the same said again, and with no other: it is refused without a
 * transaction, so a repetition is met as if it were new. Pure functions.
 */
final class SaidAgain {
    private SaidAgain() {}

    /** As long for every request; nothing can be read in it. */
    static String mark(Request request) {
        SIPRequest said = (SIPRequest) request;
        byte[] body = said.getRawContent();
        String all =
                String.join(
                        "\n",
                        said.getMethod(),
                        said.getRequestURI().toString(),
                        said.getCallId().getCallId(),
                        Long.toString(said.getCSeq().getSeqNumber()),
                        String.valueOf(said.getTopmostVia().getBranch()));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(all.getBytes(StandardCharsets.UTF_8));
            // The password that is shown does not cover it (qop=auth).
            digest.update(body == null ? new byte[0] : body);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException everyRuntimeHasIt) {
            throw new IllegalStateException(everyRuntimeHasIt);
        }
    }
}
