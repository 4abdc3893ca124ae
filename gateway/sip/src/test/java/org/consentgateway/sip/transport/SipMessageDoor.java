package org.consentgateway.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.message.SIPMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.endpoint.SipSamples;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.screen.MessageHead;
import org.consentgateway.sip.screen.Screen;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;
import org.consentgateway.testkit.fuzz.Door;

/**
 * The way of a message up to the dialogs, without sockets: head, screen, parser, its text again.
 */
final class SipMessageDoor implements Door {
    private static final InetSocketAddress SOURCE =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5060);
    private static final int MANY = 1_000_000_000;

    private final LiveCounters counters = new LiveCounters(System::nanoTime);
    private final KnownSources sources =
            new KnownSources(
                    List.of(
                            Trunk.trustedWithNothing(
                                    "trunk",
                                    List.of(Cidr.parse("192.0.2.0/24")),
                                    List.of(),
                                    Numbering.GERMANY)));
    private long nanos;
    private final Screen screen =
            new Screen(
                    new Screen.Rates(MANY, MANY),
                    Duration.ofMillis(500),
                    counters,
                    sources,
                    new Open(),
                    () -> nanos);
    private final CountedParser parser =
            new CountedParser(counters, false, () -> 0, screen::unread);

    /** Takes every call, knows none, and waits for all responses. Immutable. */
    private record Open() implements Screen.Traffic {
        @Override
        public Trunk addressed(List<Trunk> all, String requestUri) {
            return all.getFirst();
        }

        @Override
        public boolean serves(Trunk trunk, String requestUri) {
            return true;
        }

        @Override
        public CallAdmission door(String trunk, boolean proven) {
            return new CallAdmission.Accepted();
        }

        @Override
        public void cancelled(long invite) {}

        @Override
        public boolean has(String callId, String localTag) {
            return false;
        }

        @Override
        public boolean awaits(String branch) {
            return true;
        }

        @Override
        public void unreadable(String branch, String method, int status) {}

        @Override
        public int transactions() {
            return 0;
        }
    }

    @Override
    public List<byte[]> seeds() {
        return SipSamples.messages("UDP");
    }

    @Override
    public List<String> words() {
        return SipSamples.WORDS;
    }

    @Override
    public int longest() {
        return 8192;
    }

    @Override
    public void takes(byte[] input) {
        nanos += Duration.ofHours(1).toNanos(); // nobody is too fast, and nothing is a repetition
        MessageHead head = MessageHead.of(input, 0, input.length);
        if (head == null) {
            return;
        }
        assertThat(head.bodyAt()).isBetween(0, input.length);
        for (Transport over : Transport.values()) {
            switch (screen.look(head, input.length, SOURCE, over.name())) {
                case Screen.Verdict.Pass(int end) -> parse(input, Math.min(end, input.length));
                case Screen.Verdict.Answer answer -> answered(answer);
                case Screen.Verdict.Drop() -> {}
            }
        }
    }

    /** What is copied from the request breaks no line of the answer. */
    private static void answered(Screen.Verdict.Answer answer) {
        String text = new String(answer.message(), StandardCharsets.ISO_8859_1);
        if (!text.isEmpty()) {
            assertThat(text).startsWith("SIP/2.0 ").endsWith("\r\n\r\n");
            assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n");
        }
    }

    private void parse(byte[] input, int end) {
        try {
            SIPMessage message =
                    parser.parseSIPMessage(
                            Arrays.copyOf(input, end),
                            true,
                            false,
                            (_, parsed, _, header, _) -> parsed.addUnparsed(header));
            if (message == null) {
                return;
            }
            assertThat(message.encode()).isNotNull();
            Iterator<?> names = message.getHeaderNames();
            while (names.hasNext()) {
                assertThat(message.getHeaders(names.next().toString())).isNotNull();
            }
        } catch (ParseException refused) {
            assertThat(refused.getMessage()).isEqualTo("Malformed Header Field");
        }
    }
}
