package org.consentgateway.sip.message;

import java.nio.charset.StandardCharsets;

/**
 * Names a dialog to whoever shall take our place in it (RFC 3891 §6.1). Immutable.
 *
 * @param toTag of the one who is called by it
 * @param fromTag of the one whose place is taken
 */
public record Replaces(String callId, String toTag, String fromTag) {
    /** In Supported: of those who let somebody be replaced. */
    public static final String OPTION = "replaces";

    /** {@code unreserved} of RFC 3261 §25.1: all that a header in a URI may bear as it is. */
    private static final String PLAIN = "-_.!~*'()";

    /**
     * The address with this header in it (RFC 3261 §19.1.1): who calls it takes the place.
     * Required, lest another telephone of the same address rings as for a new call.
     */
    public String in(String uri) {
        String dialog = callId + ";to-tag=" + toTag + ";from-tag=" + fromTag;
        return uri + "?Replaces=" + escaped(dialog) + "&Require=" + OPTION;
    }

    private static String escaped(String value) {
        StringBuilder text = new StringBuilder();
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean letter = c < 0x80 && Character.isLetterOrDigit(c);
            if (letter || PLAIN.indexOf(c) >= 0) {
                text.append(c);
            } else {
                text.append('%').append("%02X".formatted((int) c));
            }
        }
        return text.toString();
    }
}
