package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.attack.Bystander;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls whose description names somebody else's address. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReflectionTest {
    private static final String ELSEWHERE = "127.0.0.9";

    /** Fifty times the packets of one of them. */
    private static final int A_WHILE_MILLIS = 1500;

    /** In octets less than the INVITE and the ACK. */
    private static final int MOST_PACKETS = 3;

    @RegisterExtension
    static final TestGateway gateway = TestGateway.with(TestGateway.Wishes.USUAL);

    @RegisterExtension
    static final TestGateway strict =
            TestGateway.with(
                    TestGateway.Wishes.USUAL,
                    yaml ->
                            yaml.replace(
                                    "sources: [\"127.0.0.1\"],",
                                    "sources: [\"127.0.0.1\"], media-networks: [\"127.0.0.7\"],"));

    private static Caller at(Bystander bystander, Caller caller) {
        return caller.describing(sdp ->
                sdp.replace("c=IN IP4 127.0.0.1", "c=IN IP4 " + ELSEWHERE)
                        .replaceFirst("m=audio \\d+", "m=audio " + bystander.port()));
    }

    @Story
    void whoAcknowledgesNothingHasNothingSentToAnybody() throws Exception {
        try (Bystander bystander = Bystander.at(ELSEWHERE);
                Caller caller = gateway.caller(TestGateway.ONE_LEVEL, "+491741000001")) {
            at(bystander, caller).callsOnly();
            Thread.sleep(A_WHILE_MILLIS);
            assertThat(bystander.packets()).isZero();
            caller.acknowledges();
            caller.hangsUp();
        }
    }

    @Story
    void theCallersOwnAddressGetsNothingBeforeTheAckEither() throws Exception {
        try (Bystander own = Bystander.at("127.0.0.1");
                Caller caller = gateway.caller(TestGateway.ONE_LEVEL, "+491741000002")) {
            caller.describing(sdp -> sdp.replaceFirst("m=audio \\d+", "m=audio " + own.port()))
                    .callsOnly();
            Thread.sleep(A_WHILE_MILLIS);
            assertThat(own.packets()).isZero();
            caller.acknowledges();
            TestWait.until(() -> own.packets() > 10);
            caller.hangsUp();
        }
    }

    @Story
    void afterTheAckAnotherHostGetsATrickleUntilItIsHeardFromAndThenTheWholeOpening()
            throws Exception {
        String number = "+491741000003";
        try (Bystander other = Bystander.at(ELSEWHERE);
                Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number)) {
            at(other, caller).callsOnly();
            caller.acknowledges();
            Thread.sleep(A_WHILE_MILLIS);
            assertThat(other.packets()).isBetween(1L, (long) MOST_PACKETS);

            int port = caller.voice().peer().getPort();
            for (int sequence = 0; !gateway.story(number).contains("Served opening"); sequence++) {
                other.speaks(caller.voice().peer().getAddress(), port, sequence);
                Thread.sleep(20);
            }
            caller.hangsUp();
        }
    }

    @Story
    void aCallThatMovesItsMediaToAnotherHostTakesNoMoreThanATrickleThere() throws Exception {
        try (Bystander bystander = Bystander.at(ELSEWHERE);
                Caller caller = gateway.caller(TestGateway.ONE_LEVEL, "+491741000004").calls()) {
            at(bystander, caller);
            assertThat(caller.asks("INVITE", "").status()).isEqualTo(200);
            Thread.sleep(A_WHILE_MILLIS);
            assertThat(bystander.packets()).isBetween(1L, (long) MOST_PACKETS);
            caller.hangsUp();
        }
    }

    /** Reports are not proven by packets of sound, so they stay with the host that sends those. */
    @Story
    void reportsGoToNobodyElseThanTheSound() throws Exception {
        try (Bystander bystander = Bystander.at(ELSEWHERE);
                Bystander own = Bystander.at("127.0.0.1");
                Caller caller = gateway.caller(TestGateway.ONE_LEVEL, "+491741000010")) {
            String rtcp = "a=rtcp:" + (bystander.port() + 1) + " IN IP4 " + ELSEWHERE + "\r\n";
            caller.describing(
                            sdp -> sdp.replaceFirst("m=audio \\d+", "m=audio " + own.port()) + rtcp)
                    .callsOnly();
            caller.acknowledges();
            TestWait.until(() -> own.packets() > 10);
            caller.hangsUp();
            TestWait.until(() -> own.reports() > 0); // the last one (RFC 3550 §6.6)
            assertThat(bystander.packets()).isZero();
        }
    }

    @Story
    void nothingIsWrittenToAnotherHostBeforeItIsHeardFrom() throws Exception {
        try (Bystander bystander = Bystander.at(ELSEWHERE);
                Caller caller = gateway.caller(TestGateway.ONE_LEVEL, "+491741000011")) {
            textAt(bystander, caller.withText(false)).callsOnly();
            caller.acknowledges();
            Thread.sleep(A_WHILE_MILLIS);
            assertThat(bystander.packets()).isZero();
            caller.hangsUp();
        }
    }

    private static Caller textAt(Bystander bystander, Caller caller) {
        String there = "m=text %d $1\r\nc=IN IP4 %s\r\n".formatted(bystander.port(), ELSEWHERE);
        return caller.describing(sdp -> sdp.replaceFirst("m=text \\d+ (.*)\r\n", there));
    }

    @Story
    void whereTheTrunkHasMediaNetworksNothingGoesOutsideOfThem() throws Exception {
        String number = "+491741000005";
        try (Bystander bystander = Bystander.at(ELSEWHERE);
                Caller refused = strict.caller(TestGateway.ONE_LEVEL, "+491741000006");
                Caller typing = strict.caller(TestGateway.ONE_LEVEL, "+491741000012");
                Caller late = strict.caller(TestGateway.ONE_LEVEL, "+491741000013");
                Caller caller = strict.caller(TestGateway.ONE_LEVEL, number).calls()) {
            assertThat(at(bystander, refused).isRefused(488).header("Warning"))
                    .contains("outside of the trunk's media networks");
            textAt(bystander, typing.withText(true)).isRefused(488);

            at(bystander, late).answersInTheAck();
            SipMessage bye = late.receives("BYE"); // nothing else answers an ACK
            late.answers(bye, "200 OK");
            assertThat(bye.header("Reason")).contains("cause=88");

            at(bystander, caller);
            assertThat(caller.asks("INVITE", "").status()).isEqualTo(488);
            assertThat(caller.asks("UPDATE", "").status()).isEqualTo(488);
            strict.tells(number, "Served opening"); // the call goes on as it was
            assertThat(bystander.packets()).isZero();
            assertThat(strict.http("/metrics"))
                    .containsPattern(
                            "consent_calls_rejected_total\\{[^}]*reason=\"media_address\"[^}]*} 5");
            caller.hangsUp();
        }
    }

    @Story
    void nothingIsSentToOurselvesToEverybodyOrToPortsOfTheSystem() throws Exception {
        int sip = gateway.sip().getPort();
        refuses("c=IN IP4 127.0.0.1", sip);
        try (Caller running = gateway.caller(TestGateway.ONE_LEVEL, "+491741000008").calls()) {
            int open = running.voice().peer().getPort();
            refuses("c=IN IP4 127.0.0.1", open);
            refuses("c=IN IP4 127.0.0.1", open + 1);
            running.hangsUp();
        }
        refuses("c=IN IP4 127.0.0.1", 19);
        refuses("c=IN IP4 255.255.255.255", 40_000);
        refuses("c=IN IP4 240.0.0.1", 40_000);
        refuses("c=IN IP4 0.0.0.1", 40_000);
    }

    /** A telephone system on our own machine may have ports of the range that we use. */
    @Story
    void aPortOfOurRangeThatIsSomebodyElsesIsNotOurs() throws Exception {
        try (DatagramSocket theirs = freeInRange();
                Caller caller = gateway.caller(TestGateway.ONE_LEVEL, "+491741000009")) {
            caller.describing(sdp ->
                            sdp.replaceFirst("m=audio \\d+", "m=audio " + theirs.getLocalPort()))
                    .calls();
            theirs.setSoTimeout(20_000);
            theirs.receive(new DatagramPacket(new byte[1500], 1500)); // the opening
            caller.hangsUp();
        }
    }

    private static DatagramSocket freeInRange() throws Exception {
        var ports = gateway.config().media().ports();
        for (int port = ports.first() + ports.first() % 2; port < ports.last(); port += 2) {
            try {
                return new DatagramSocket(port, InetAddress.getLoopbackAddress());
            } catch (BindException taken) {
                // by a call
            }
        }
        throw new IOException("no free port");
    }

    private static void refuses(String connection, int port) throws Exception {
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, "+491741000007")) {
            SipMessage refusal =
                    caller.describing(sdp ->
                                    sdp.replace("c=IN IP4 127.0.0.1", connection)
                                            .replaceFirst("m=audio \\d+", "m=audio " + port))
                            .isRefused(488);
            assertThat(refusal.header("Warning")).contains("media");
        }
    }
}
