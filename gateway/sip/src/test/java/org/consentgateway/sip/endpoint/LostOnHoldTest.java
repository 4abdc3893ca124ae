package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is on hold over TCP is gone with its connection, and what it is asked cannot be sent. */
@Timeout(60)
class LostOnHoldTest {
    private static final Duration NEXT = Duration.ofMinutes(2);
    private static final Duration AGAIN = Duration.ofSeconds(10);

    /** Longer than it takes to be seen that a connection has ended. */
    private static final int GONE_MILLIS = 300;

    private final HandMovedTime time = new HandMovedTime();
    private final Heard heard = new Heard();
    private final int port = FreePort.next();
    private Bench bench;

    @BeforeEach
    void isOnHoldAndGone() throws Exception {
        bench = new Bench(Duration.ofSeconds(90), time.machine());
        bench.gateway.answerAll(heard);
        try (SipPeer peer = SipPeer.resetting("127.0.0.1", port, bench.tcp())) {
            SipDialog phone = new SipDialog(peer);
            phone.connect();
            assertThat(heard.next()).endsWith("SENDRECV");
            String held = SipDialog.OFFER.replace("a=sendrecv", "a=sendonly");
            peer.send(phone.next("INVITE", "application/sdp", held));
            phone.expect(200);
            peer.send(phone.ack(""));
            peer.send(phone.next("OPTIONS", "", ""));
            phone.expect(200);
            assertThat(heard.next()).endsWith("RECVONLY");
        }
        Thread.sleep(GONE_MILLIS);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** Returns when it is known that what was asked then was not sent. */
    private void isAskedInVain(Duration after) {
        time.pass(after);
        time.setFor(AGAIN);
    }

    @Test
    void whoCannotBeAskedThreeTimesLosesTheCall() throws Exception {
        isAskedInVain(NEXT);
        isAskedInVain(AGAIN);
        assertThat(heard.nothingMore(100)).as("a connection may be made anew").isTrue();
        time.pass(AGAIN);
        assertThat(heard.next()).isEqualTo("ended TIMER_EXPIRED");
    }

    @Test
    void whoIsMetByAnotherConnectionKeepsIt() throws Exception {
        isAskedInVain(NEXT);
        isAskedInVain(AGAIN);
        isThere();
        isAskedInVain(NEXT);
        isAskedInVain(AGAIN);
        assertThat(heard.nothingMore(100)).as("those before are forgotten").isTrue();
    }

    private void isThere() throws IOException, InterruptedException {
        try (ServerSocket listening =
                new ServerSocket(port, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            listening.setSoTimeout(SipPeer.PATIENCE_MILLIS);
            time.pass(AGAIN);
            try (SipPeer again = SipPeer.over(listening.accept())) {
                again.send(
                        again.expectRequest("OPTIONS").response("503 Service Unavailable", "", ""));
            }
        }
        assertThat(heard.nothingMore(GONE_MILLIS)).isTrue();
    }
}
