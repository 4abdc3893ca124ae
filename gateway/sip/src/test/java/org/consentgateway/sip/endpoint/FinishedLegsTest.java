package org.consentgateway.sip.endpoint;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A leg is kept for 64*T1 behind its end (32 s here), for what may still come; of the call nothing
 * is. Who listens stands for all of it.
 */
@Execution(ExecutionMode.CONCURRENT)
class FinishedLegsTest {
    private final Switchboard calls = new Switchboard();
    private SipEndpoint endpoint;
    private SipPeer peer;

    @BeforeEach
    void listen() throws IOException {
        var setup = new Bench.Setup();
        setup.t1 = Duration.ofMillis(500);
        endpoint = SipEndpoint.start(setup.settings(), calls, System::nanoTime);
        peer = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        endpoint.close();
    }

    /** Who listens, and what it heard, which keeps nobody. */
    private record Listener(WeakReference<Heard> who, BlockingQueue<String> heard) {
        static Listener of(Heard heard) {
            return new Listener(new WeakReference<>(heard), heard.all);
        }

        void hears(String end) {
            await().until(() -> Objects.equals(heard.poll(1, TimeUnit.SECONDS), end));
        }

        void isForgotten() {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> {
                        System.gc();
                        return who.get() == null;
                    });
        }
    }

    private Listener answering() {
        var heard = new Heard();
        calls.answerAll(heard);
        return Listener.of(heard);
    }

    private Listener dialling() {
        var heard = new Heard();
        OutgoingCall _ =
                endpoint.dial(
                        OutgoingCall.Dial.straight(
                                "sip:assistant@127.0.0.1:" + peer.port,
                                "+4930123456",
                                Map.of(),
                                Switchboard.MEDIA,
                                G711.PCMA),
                        heard);
        return Listener.of(heard);
    }

    @Test
    void ofACallThatCameNothingIsKeptAndItsByeIsAnsweredAgain() throws Exception {
        Listener listener = answering();
        var phone = new SipDialog(peer);
        phone.connect();
        calls.onCall = IncomingCall::ring; // forgets who listens to this one
        String bye = phone.bye();
        peer.send(bye);
        SipMessage answer = phone.expect(200);
        listener.hears("ended BYE");
        listener.isForgotten();
        peer.send(bye);
        peer.expectAgain(answer);
    }

    @Test
    void ofACallOfOursNothingIsKeptAndItsAnswerIsAcknowledgedAgain() throws Exception {
        Listener listener = dialling();
        SipMessage invite = peer.expectRequest("INVITE");
        String contact = "Contact: <sip:assistant@127.0.0.1:" + peer.port + ">\r\n";
        String ok = invite.response("200 OK", "t1", contact, SipDialog.OFFER);
        peer.send(ok);
        SipMessage ack = peer.expectRequest("ACK");
        peer.send(
                "BYE sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bKbye\r\nFrom: %s;tag=t1\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: 9 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
                        .formatted(
                                peer.port,
                                invite.header("To"),
                                invite.header("From"),
                                invite.header("Call-ID")));
        listener.hears("ended BYE");
        listener.isForgotten();
        peer.send(ok);
        peer.expectAgain(ack);
    }
}
