package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.testkit.Mutations;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Messages a little or very wrong, by seed: nothing breaks, nothing hangs, and calls are taken all
 * the while. {@code -Dmutations=200000} sends as many, {@code -Dmutations.seed=…} the same again.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class MutatedMessagesTest {
    private static final int COUNT = Integer.getInteger("mutations", 6000);
    private static final long SEED = Long.getLong("mutations.seed", 4475);

    /** Of these, each is followed by a call that has to be taken. */
    private static final int BETWEEN_CALLS = 500;

    private static final int LONGEST = 60_000;

    private static final List<byte[]> WORDS =
            Stream.of(
                            "\r\n",
                            "\r",
                            "\r\r\r",
                            "\r\n\r\n",
                            "\n",
                            "\0",
                            "%00",
                            "%",
                            ";",
                            ",",
                            "\"",
                            "<",
                            ">",
                            "[",
                            "]",
                            ":",
                            "::",
                            "@",
                            "-1",
                            "0",
                            "4294967296",
                            "99999999999999999999",
                            "SIP/2.0",
                            "SIP/3.0",
                            "sip:",
                            "sips:",
                            "tel:",
                            "INVITE",
                            "ACK",
                            "CANCEL",
                            "\u00fc",
                            "\ud83d\ude00",
                            "tag=",
                            "branch=z9hG4bK",
                            "Via: ",
                            "Content-Length: 5\r\n",
                            "Content-Length: -5\r\n",
                            "Record-Route: <sip:x;lr>\r\n",
                            "Require: 100rel\r\n",
                            "Session-Expires: 1\r\n",
                            "m=audio 0 RTP/AVP\r\n",
                            "a=ptime:0\r\n",
                            "c=IN IP6 ::\r\n",
                            "multipart/mixed;boundary=\"\"")
                    .map(word -> word.getBytes(StandardCharsets.UTF_8))
                    .toList();

    private final Random random = new Random(SEED);
    private Bench bench;

    @BeforeEach
    void listen() throws IOException {
        bench = new Bench();
        bench.gateway.answerAll(new Heard());
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void overUdp() throws Exception {
        try (Trouble trouble = Trouble.watch();
                SipPeer peer = bench.udpPeer()) {
            Mutations mutations = mutations("UDP", peer);
            for (int i = 1; i <= COUNT; i++) {
                peer.send(fresh(mutations.next()));
                while (i % 20 == 0 && peer.receive(1) != null) {
                    // what is answered, so that nothing piles up
                }
                if (i % BETWEEN_CALLS == 0 || i == COUNT) {
                    aCallIsTaken(trouble, i);
                }
            }
        }
    }

    @Test
    void overTcp() throws Exception {
        try (Trouble trouble = Trouble.watch()) {
            for (int i = 1; i <= COUNT / 4; i += 8) {
                try (SipPeer peer = bench.tcpPeer()) {
                    Mutations mutations = mutations("TCP", peer);
                    // A stream that has lost its frame is closed, or waits for what never comes.
                    for (int j = 0; j < 8; j++) {
                        peer.send(fresh(mutations.next()));
                    }
                } catch (IOException closed) {
                    // by the gateway, which may
                }
                if (i % BETWEEN_CALLS < 8) {
                    aCallIsTaken(trouble, i);
                }
            }
            aCallIsTaken(trouble, COUNT);
        }
    }

    private void aCallIsTaken(Trouble trouble, int after) throws IOException {
        String when = "after " + after + " of seed " + SEED;
        try (SipPeer udp = bench.udpPeer()) {
            SipDialog phone = new SipDialog(udp);
            phone.connect();
            udp.send(phone.bye());
            while (!udp.expect(200).header("CSeq").contains("BYE")) {
                // a repeated answer to the INVITE
            }
        } catch (AssertionError notTaken) {
            throw new AssertionError(when, notTaken);
        }
        assertThat(trouble.seen()).as(when).isEmpty();
    }

    private Mutations mutations(String transport, SipPeer peer) throws IOException {
        return new Mutations(LONGEST, seeds(transport, peer), WORDS, random);
    }

    private List<byte[]> seeds(String transport, SipPeer peer) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (Torture torture : Torture.of("rfc4475.txt", transport)) {
            seeds.add(torture.octets(transport, peer.host, peer.port));
        }
        SipDialog phone = new SipDialog(peer);
        for (String text :
                List.of(
                        phone.invite(SipDialog.OFFER),
                        phone.ack(""),
                        phone.cancel(),
                        phone.next("UPDATE", "application/sdp", SipDialog.OFFER),
                        phone.next("INFO", "application/dtmf-relay", "Signal=1\r\nDuration=160"),
                        phone.next("PRACK", "", ""),
                        phone.bye())) {
            seeds.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return seeds;
    }

    /** With a branch and Call-ID of its own: else most would be repetitions of the first. */
    private byte[] fresh(byte[] message) {
        String unique = Integer.toString(random.nextInt(1 << 30), 36);
        String text =
                new String(message, StandardCharsets.ISO_8859_1)
                        .replaceFirst("branch=z9hG4bK", "branch=z9hG4bK" + unique)
                        .replaceFirst("(?i)(Call-ID\\s*:\\s*)", "$1" + unique);
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
