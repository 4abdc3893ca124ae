package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.consentgateway.testkit.timing.Sweep;
import org.junit.jupiter.api.Test;

/** Whatever stands in a header, its INVITE has an answer: without one a caller hears silence. */
final class HeadersAnsweredTest {
    private static final int PATIENCE_MILLIS = 2000;

    private static final String[] VALUES = {
        "",
        "x",
        "-1",
        "99999999999999999999",
        "1 x",
        "1.x",
        "1;",
        ";",
        ",",
        "=",
        "<",
        ">",
        "\"",
        "[",
        "%",
        "(",
        ":",
        "@",
        "/",
        "*",
        "\\",
        "(\\",
        "SIP/2.0/UDP x (\\",
        "<sip:>",
        "sip:",
        "<tel:>",
        "\u0000",
        "\u00ff"
    };

    @Test
    void noHeaderOfADatagramSilencesACaller() throws Exception {
        try (var endpoint = new OpenEndpoint(Transport.UDP, Optional.empty());
                SipPeer peer = SipPeer.udp("127.0.0.1", endpoint.address())) {
            assertThat(silencing(SipSamples.HEADERS, header -> answered(peer, header))).isEmpty();
            endpoint.hasTakenAll();
        }
    }

    /**
     * One for each, since what breaks the framing ends a connection behind its answer. A further
     * Via that is none ends it without one, which the caller's side takes for a 503 (RFC 3261,
     * 8.1.3.1). Each sixth header in each run: what a header means is the same by each way in.
     */
    @Test
    void noHeaderOnAConnectionSilencesACaller() throws Exception {
        try (var endpoint = new OpenEndpoint(Transport.TCP, Optional.empty())) {
            assertThat(
                            silencing(
                                    Sweep.of(SipSamples.HEADERS),
                                    header -> {
                                        try (SipPeer peer =
                                                SipPeer.tcp("127.0.0.1", endpoint.address())) {
                                            return answered(peer, header) || peer.isClosedByPeer();
                                        }
                                    }))
                    .isEmpty();
            endpoint.hasTakenAll();
        }
    }

    private interface Asking {
        boolean isAnswered(String header) throws IOException;
    }

    private static List<String> silencing(List<String> headers, Asking asking) throws IOException {
        List<String> silencing = new ArrayList<>();
        for (String header : headers) {
            for (String value : VALUES) {
                if (!asking.isAnswered(header + ": " + value + "\r\n")) {
                    silencing.add(header + ": " + value);
                }
            }
        }
        return silencing;
    }

    private static boolean answered(SipPeer peer, String header) throws IOException {
        var phone = new SipDialog(peer);
        phone.extra = header;
        peer.send(phone.invite(SipDialog.OFFER));
        SipMessage message = peer.receive(PATIENCE_MILLIS);
        while (message != null && !isFinal(message, phone)) {
            message = peer.receive(PATIENCE_MILLIS);
        }
        return message != null;
    }

    private static boolean isFinal(SipMessage message, SipDialog phone) {
        return message.header("Via").contains(phone.branch)
                && message.startLine().startsWith("SIP/2.0 ")
                && message.status() >= 200;
    }
}
