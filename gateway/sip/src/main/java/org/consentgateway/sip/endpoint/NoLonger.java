package org.consentgateway.sip.endpoint;

import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import java.util.List;
import java.util.ListIterator;
import javax.sip.header.WWWAuthenticateHeader;

/**
 * Keeps answers to what belongs to no call as short as what was asked, in octets: over UDP the
 * sender's address can be forged, and somebody else would get more than was spent on it. Over TCP
 * the handshake has proven it.
 */
final class NoLonger {
    /** What an answer can do without, in the order in which it is missed least. */
    private static final List<String> DISPENSABLE =
            List.of("Server", "Supported", "Accept", "Contact", "Allow", "Warning");

    private NoLonger() {}

    /**
     * Takes out of an answer what it can do without, as far as it has to.
     *
     * @return false where it is longer all the same
     */
    static boolean than(SIPRequest request, SIPResponse answer) {
        if (!"UDP".equalsIgnoreCase(answer.getTopmostVia().getTransport())) {
            return true;
        }
        int most = request.getSize();
        for (String name : DISPENSABLE) {
            if (octets(answer) <= most) {
                return true;
            }
            answer.removeHeader(name);
        }
        if (octets(answer) > most) {
            shorten(answer);
        }
        if (octets(answer) > most) {
            challengeOnce(answer);
        }
        return octets(answer) <= most;
    }

    /** Programs go by the number. */
    private static void shorten(SIPResponse answer) {
        answer.setReasonPhrase(answer.getStatusCode() < 300 ? "OK" : "No");
    }

    /** By the first, which is the strongest (RFC 8760 §2.4). */
    private static void challengeOnce(SIPResponse answer) {
        ListIterator<SIPHeader> challenges = answer.getHeaders(WWWAuthenticateHeader.NAME);
        if (challenges.hasNext()) {
            answer.setHeader(challenges.next());
        }
    }

    private static int octets(SIPResponse answer) {
        return answer.encodeAsBytes("udp").length;
    }
}
