package org.consentgateway.sip.message;

import gov.nist.javax.sip.message.SIPMessage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The headers by which we tell others of a consent. From outside they mean nothing: they are taken
 * out of every message that comes, whatever it is and whoever sent it, before anybody sees it.
 */
public final class OwnHeaders {
    private static final List<String> BEGINNINGS = List.of("x-consent-", "x-caller-", "x-gateway-");

    private OwnHeaders() {}

    public static void takeOut(SIPMessage message) {
        in(message.getHeaderNames()).forEach(message::removeHeader);
    }

    /** Their names, of all there are. */
    public static List<String> in(Iterator<?> names) {
        List<String> own = new ArrayList<>();
        names.forEachRemaining(name -> {
            if (isOwn(String.valueOf(name))) {
                own.add(String.valueOf(name));
            }
        });
        return own;
    }

    private static boolean isOwn(String name) {
        for (String beginning : BEGINNINGS) {
            if (name.regionMatches(true, 0, beginning, 0, beginning.length())) {
                return true;
            }
        }
        return false;
    }
}
