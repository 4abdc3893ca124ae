package org.consentgateway.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Messages in the spirit of RFC 4475, written from its descriptions: whatever comes, nothing
 * breaks, and the next call is answered.
 */
class MalformedMessageTest {
    private Bench bench;
    private final Heard heard = new Heard();

    @BeforeEach
    void listen() throws IOException {
        bench = new Bench();
        bench.gateway.answerAll(heard);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void stillAnswers() throws Exception {
        try (RawPeer peer = bench.udpPeer()) {
            Phone phone = new Phone(peer);
            phone.connect();
            peer.send(phone.bye());
            while (!peer.expect(200).header("CSeq").contains("BYE")) {
                // a repeated answer to the INVITE
            }
        }
        try (RawPeer peer = bench.tcpPeer()) {
            Phone phone = new Phone(peer);
            phone.connect();
            peer.send(phone.bye());
            peer.expect(200);
        }
    }

    private static String options(RawPeer peer, String callId, String... more) {
        return "OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/"
                + peer.transport
                + " "
                + peer.host
                + ":"
                + peer.port
                + ";branch=z9hG4bK-"
                + callId
                + "\r\nFrom: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:x@127.0.0.1>\r\nCall-ID: "
                + callId
                + "\r\nMax-Forwards: 70\r\nCSeq: 1 OPTIONS\r\n"
                + String.join("\r\n", more)
                + (more.length == 0 ? "" : "\r\n")
                + "Content-Length: 0\r\n\r\n";
    }

    /** By the section of RFC 4475 that asks for it: what is to be answered, 0 for anything. */
    private Map<String, Integer> tortures(RawPeer peer, Map<String, String> texts) {
        Map<String, Integer> expected = new LinkedHashMap<>();
        String odd =
                """
                OPTIONS sip:x@127.0.0.1;unknownparam SIP/2.0\r
                TO :\r
                 sip:x@127.0.0.1 ;   x-param\r
                from : "J Rosenberg \\\\\\"" <sip:jdrosen@127.0.0.1>\r
                  ;\r
                  tag = 98asjd8\r
                MaX-fOrWaRdS: 0068\r
                Call-ID: wsinv.%s\r
                cseq: 0009\r
                  OPTIONS\r
                Via  : SIP  /   2.0\r
                 /%s\r
                    %s:%d;branch=z9hG4bK-odd%s\r
                s :\r
                NewFangledHeader:   newfangled value\r
                 continued newfangled value\r
                UnknownHeaderWithUnusualValue: ;;,,;;,;\r
                l: 0\r
                \r
                """
                        .formatted(peer.transport, peer.transport, peer.host, peer.port, peer.port);
        texts.put("3.1.1.1 a short tortuous OPTIONS", odd);
        expected.put("3.1.1.1 a short tortuous OPTIONS", 0);
        texts.put(
                "3.1.1.2 every character a header may hold",
                options(peer, "intmeth", "Unknown-Header: !\"#$%&'()*+-./:;<=>?@[]^_`{|}~"));
        expected.put("3.1.1.2 every character a header may hold", 200);
        texts.put(
                "3.1.1.6 escaped characters in the URI",
                options(peer, "esc").replace("sip:x@", "sip:sips%3Auser%40example.com@"));
        expected.put("3.1.1.6 escaped characters in the URI", 200);
        texts.put(
                "3.1.2.2 a Content-Length larger than the message",
                options(peer, "clerr").replace("Content-Length: 0", "Content-Length: 9999"));
        expected.put("3.1.2.2 a Content-Length larger than the message", 0);
        texts.put(
                "3.1.2.3 a negative Content-Length",
                options(peer, "ncl").replace("Content-Length: 0", "Content-Length: -999"));
        expected.put("3.1.2.3 a negative Content-Length", 0);
        texts.put(
                "3.1.2.4 scalar fields out of range",
                options(peer, "scalar02")
                        .replace("CSeq: 1 ", "CSeq: 36893488147419103232 ")
                        .replace("Max-Forwards: 70", "Max-Forwards: 300"));
        expected.put("3.1.2.4 scalar fields out of range", 0);
        texts.put(
                "3.1.2.6 a quoted string without its end",
                options(peer, "quotbal").replace("To: <sip:x", "To: \"Mr. J. User <sip:x"));
        expected.put("3.1.2.6 a quoted string without its end", 0);
        texts.put(
                "3.1.2.7 a Request-URI in angle brackets",
                options(peer, "ltgtruri").replace("sip:x@127.0.0.1 SIP", "<sip:x@127.0.0.1> SIP"));
        expected.put("3.1.2.7 a Request-URI in angle brackets", 0);
        texts.put(
                "3.1.2.8 white space within the Request-URI",
                options(peer, "lwsruri").replace("sip:x@127.0.0.1 SIP", "sip:x@127.0.0.1; lr SIP"));
        expected.put("3.1.2.8 white space within the Request-URI", 0);
        texts.put(
                "3.1.2.16 an unknown protocol version",
                options(peer, "badvers").replace("127.0.0.1 SIP/2.0", "127.0.0.1 SIP/7.0"));
        expected.put("3.1.2.16 an unknown protocol version", 505);
        texts.put(
                "3.1.2.17 a method that differs from the CSeq",
                options(peer, "mismatch01").replace("1 OPTIONS", "1 INVITE"));
        expected.put("3.1.2.17 a method that differs from the CSeq", 400);
        texts.put(
                "3.3.1 missing required headers",
                "OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nCSeq: 193942 OPTIONS\r\nVia: SIP/2.0/"
                        + peer.transport
                        + " 127.0.0.1;branch=z9hG4bK-insuf\r\nContent-Length: 0\r\n\r\n");
        expected.put("3.3.1 missing required headers", 0);
        texts.put(
                "3.3.2 a scheme nobody knows",
                options(peer, "unkscm")
                        .replace("sip:x@127.0.0.1 SIP", "nobodyKnowsThisScheme:totallyopaque SIP"));
        expected.put("3.3.2 a scheme nobody knows", 0);
        texts.put(
                "3.3.6 an unknown extension is required",
                options(peer, "bext01", "Require: nothingSupportsThis, nothingSupportsThisEither"));
        expected.put("3.3.6 an unknown extension is required", 420);
        texts.put(
                "3.3.8 one header several times",
                options(peer, "multi01", "CSeq: 2 OPTIONS", "Call-ID: other", "Max-Forwards: 5"));
        expected.put("3.3.8 one header several times", 0);
        texts.put(
                "3.3.15 a body nobody understands",
                options(peer, "sdp01", "Content-Type: application/unknownformat")
                        .replace("Content-Length: 0\r\n\r\n", "Content-Length: 4\r\n\r\nabcd"));
        expected.put("3.3.15 a body nobody understands", 0);
        texts.put("nothing but line ends", "\r\n\r\n\r\n\r\n");
        expected.put("nothing but line ends", 0);
        texts.put("a response nobody asked for", Phone.response(unasked(peer), "200 OK", "", ""));
        expected.put("a response nobody asked for", 0);
        return expected;
    }

    private static RawPeer.Message unasked(RawPeer peer) {
        return new RawPeer.Message(options(peer, "unasked"));
    }

    @Test
    void torturesOverUdpGetTheRightAnswerOrNone() throws Exception {
        Map<String, String> texts = new LinkedHashMap<>();
        try (RawPeer peer = bench.udpPeer()) {
            Map<String, Integer> expected = tortures(peer, texts);
            for (Map.Entry<String, String> torture : texts.entrySet()) {
                peer.send(torture.getValue());
                int status = expected.getOrDefault(torture.getKey(), 0);
                if (status != 0) {
                    String callId = new RawPeer.Message(torture.getValue()).header("Call-ID");
                    RawPeer.Message answer = peer.anything();
                    while (!answer.header("Call-ID").equals(callId)) {
                        answer = peer.anything();
                    }
                    assertThat(answer.status()).as(torture.getKey()).isEqualTo(status);
                } else {
                    RawPeer.Message answer = peer.receive(100);
                    while (answer != null) {
                        assertThat(answer.status()).as(torture.getKey()).isBetween(200, 699);
                        answer = peer.receive(100);
                    }
                }
            }
        }
        stillAnswers();
    }

    @Test
    void torturesOverTcpDoNotStopTheNextCall() throws Exception {
        Map<String, String> texts = new LinkedHashMap<>();
        try (RawPeer first = bench.tcpPeer()) {
            tortures(first, texts);
        }
        for (String text : texts.values()) {
            // Each on its own connection: a stream that lost its frame is lost for good.
            try (RawPeer peer = bench.tcpPeer()) {
                peer.send(text);
                peer.hearsNothing(30);
            }
        }
        stillAnswers();
    }

    @Test
    void tooManyHeadersAre400() throws Exception {
        try (RawPeer peer = bench.udpPeer()) {
            Phone phone = new Phone(peer);
            phone.extra = "X-A: 1\r\n".repeat(Screen.MAX_HEADER_LINES);
            peer.send(phone.invite(Phone.OFFER));
            peer.expect(400);
        }
        stillAnswers();
    }

    @Test
    void mutatedInvitesAreSurvived() throws Exception {
        Random random = new Random(4475);
        try (RawPeer peer = bench.udpPeer()) {
            for (int round = 0; round < 3000; round++) {
                byte[] message =
                        new Phone(peer).invite(Phone.OFFER).getBytes(StandardCharsets.UTF_8);
                int changes = 1 + random.nextInt(8);
                for (int i = 0; i < changes; i++) {
                    message[random.nextInt(message.length)] = (byte) random.nextInt(256);
                }
                if (round % 10 == 0) {
                    message = java.util.Arrays.copyOf(message, random.nextInt(message.length));
                }
                peer.send(message);
                if (round % 100 == 0) {
                    while (peer.receive(1) != null) {
                        // drain what is answered
                    }
                }
            }
        }
        stillAnswers();
    }

    @Test
    void aConnectionThatSaysNothingOrNonsenseHarmsNobody() throws Exception {
        try (RawPeer silent = bench.tcpPeer();
                RawPeer nonsense = bench.tcpPeer()) {
            nonsense.send("x".repeat(20_000));
            stillAnswers();
            assertThat(silent.hearsNothing(10)).isTrue();
        }
    }
}
