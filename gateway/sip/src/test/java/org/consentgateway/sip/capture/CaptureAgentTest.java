package org.consentgateway.sip.capture;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class CaptureAgentTest {
    private static final String BYE =
            """
            BYE sip:a@127.0.0.1 SIP/2.0\r
            Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1\r
            From: <sip:a@127.0.0.1>;tag=1\r
            To: <sip:b@127.0.0.1>;tag=2\r
            Call-ID: 1\r
            CSeq: 2 BYE\r
            Content-Length: 0\r
            \r
            """;

    @Test
    void whatFindsNoPlaceIsDroppedAndCounted() throws Exception {
        SIPMessage message =
                new StringMsgParser()
                        .parseSIPMessage(BYE.getBytes(StandardCharsets.UTF_8), true, false, null);
        var collector = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9);
        try (CaptureAgent agent =
                CaptureAgent.stopped(
                        new CaptureSettings(collector, 1, ""),
                        InstantSource.fixed(Instant.EPOCH),
                        3)) {
            for (int i = 0; i < 10; i++) {
                agent.saw(message, false, "192.0.2.1:5060", null);
            }
            assertThat(agent.counts())
                    .containsEntry(Capture.Outcome.DROPPED, 7L)
                    .containsEntry(Capture.Outcome.SENT, 0L);
        }
    }
}
