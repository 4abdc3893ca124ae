package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.consentgateway.testkit.fuzz.Trouble;

/** An endpoint that takes every call and hangs up, whoever sends what. Confined to one thread. */
final class OpenEndpoint implements AutoCloseable {
    /** What it has to say of what it does not take, and not a line for each. */
    private static final List<String> SAID =
            List.of(
                    "WARN calls refused that have no line of their own",
                    "WARN trunk loopback: a session description was refused: ",
                    "WARN trunk loopback: a handshake of TLS failed: ",
                    "WARN trunk loopback: numbers that it vouches for are not believed, since ",
                    "WARN a called party at udp:127.0.0.1:");

    private static final String LOOPBACK = "127.0.0.1";

    /** Of 5 ms: what is never acknowledged is forgotten after 0.3 s. */
    private static final Duration T1 = Duration.ofMillis(5);

    private final Trouble trouble = Trouble.watch();
    private final SipEndpoint endpoint;
    private final SipPeer asking;
    private final SipDialog dialog;
    private long asked;

    /** In addition to the transport that is tried, UDP is there to ask whether it lives. */
    OpenEndpoint(Transport transport, Optional<Tls> tls) throws IOException {
        Bench.Setup setup = new Bench.Setup();
        setup.listen =
                transport == Transport.UDP
                        ? List.of(Bench.at(Transport.UDP, LOOPBACK))
                        : List.of(Bench.at(Transport.UDP, LOOPBACK), Bench.at(transport, LOOPBACK));
        setup.t1 = T1;
        setup.tls = tls;
        setup.many();
        endpoint = SipEndpoint.start(setup.settings(), new Answering(), System::nanoTime);
        asking = SipPeer.udp(LOOPBACK, endpoint.listening().getFirst());
        dialog = new SipDialog(asking);
    }

    /** Of the transport that is tried. */
    InetSocketAddress address() {
        return endpoint.listening().getLast();
    }

    /** Calls somebody who may ask for a password, and hand over the call. */
    OutgoingCall dial(String target, OutgoingCall.Events events) {
        return endpoint.dial(Bench.challenged(target), events);
    }

    /** Calls there are, and were a moment ago. */
    int dialogs() {
        return endpoint.dialogs();
    }

    /** What was sent before has been taken: one thread reads all datagrams, in order. */
    void hasTakenAll() throws IOException {
        asked++;
        asking.send(dialog.request("OPTIONS", (int) asked, "z9hG4bKasked" + asked, "", ""));
        // Not by expect, which remembers all that it has seen: here that is millions.
        SipMessage answer;
        do {
            answer =
                    Objects.requireNonNull(
                            asking.receive(OneConnection.PATIENCE_MILLIS), "no answer to OPTIONS");
        } while (!answer.header("CSeq").equals(asked + " OPTIONS"));
        assertThat(answer.status()).isEqualTo(200);
        isWell();
    }

    void isWell() {
        assertThat(trouble.seen())
                .filteredOn(line -> SAID.stream().noneMatch(line::startsWith))
                .isEmpty();
    }

    @Override
    public void close() {
        try {
            asking.close();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
        endpoint.close();
        trouble.close();
    }

    /** Immutable. */
    private record Answering() implements CallHandler {
        @Override
        public CallAdmission admit(String trunk, String calledNumber) {
            return new CallAdmission.Accepted();
        }

        @Override
        public void call(IncomingCall call) {
            call.ring();
            call.answer(Switchboard.MEDIA, new Deaf());
            call.hangUp(IncomingCall.Ending.NORMAL);
        }
    }

    /** Immutable. */
    private record Deaf() implements IncomingCall.Events {
        @Override
        public void media(MediaFormat format, MediaPeer peer) {}

        @Override
        public void ended(IncomingCall.How how) {}
    }
}
