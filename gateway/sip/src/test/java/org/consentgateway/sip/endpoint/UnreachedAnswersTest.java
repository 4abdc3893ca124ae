package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import gov.nist.javax.sip.address.AddressFactoryImpl;
import gov.nist.javax.sip.address.GenericURI;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.Leg;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.trunk.UnreachedAnswers;
import org.consentgateway.testkit.DnsServer;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Who answers and says that it is where nobody is: its call is acknowledged, and ended, there. */
@Timeout(60)
class UnreachedAnswersTest {
    private static final String NOWHERE = "Contact: <sip:4930777@nowhere.test>";
    private static final String NUMBER = "4930777";

    private final Logger log = (Logger) LoggerFactory.getLogger(UnreachedAnswers.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Heard heard = new Heard();
    private DnsServer dns;
    private SipEndpoint endpoint;
    private SipPeer called;

    @BeforeEach
    void start() throws IOException {
        dns = new DnsServer();
        endpoint =
                SipEndpoint.start(
                        Bench.settings(Duration.ofSeconds(90), "192.0.2.1/32"),
                        CallHandler.none(),
                        Peers.machine(dns));
        called = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void stop() throws IOException {
        log.detachAppender(lines);
        endpoint.close();
        called.close();
        dns.close();
    }

    private OutgoingCall dial() {
        return endpoint.dial(
                OutgoingCall.Dial.straight(
                        "sip:" + NUMBER + "@127.0.0.1:" + called.port,
                        "+4930123456",
                        Map.of(),
                        Switchboard.MEDIA,
                        G711.PCMA),
                heard);
    }

    private void saysOnce(String why) {
        await("it is told").until(() -> !lines.list.isEmpty());
        assertThat(lines.list)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .asString()
                .contains("udp:127.0.0.1:" + called.port, why)
                .doesNotContain(NUMBER);
    }

    @ParameterizedTest
    @CsvSource({
        "'" + NOWHERE + "',nothing can be sent",
        "'Contact: <sip:4930777@127.0.0.1:1;transport=tcp>',nothing can be sent",
        "'" + NOWHERE + "\r\nRecord-Route: <sip:proxy.nowhere.test;lr>',nothing can be sent",
        "'Contact: <sip:4930777@127.0.0.1;maddr=[>',nothing can be sent",
        "'" + NOWHERE + "\r\nRecord-Route: <sip:proxy;maddr=[;lr>',nothing can be sent",
        "'" + NOWHERE + "\r\nRecord-Route: <tel:+4930777>',a Record-Route",
        "'"
                + NOWHERE
                + "\r\nRecord-Route: <sip:127.0.0.1:1;lr>, <sip:proxy:777777>',a Record-Route",
        "'" + NOWHERE + "\r\nRecord-Route: <sip:proxy.nowhere.test',a Record-Route",
    })
    void isAcknowledgedAndEndedWhereItWasCalled(String headers, String why) throws Exception {
        OutgoingCall call = dial();
        SipMessage invite = called.expectRequest("INVITE");
        called.send(invite.response("200 OK", "t", headers + "\r\n", SipDialog.OFFER));
        assertThat(called.expectRequest("ACK").toTag()).isEqualTo("t");
        assertThat(heard.next()).startsWith("media PCMA");
        call.hangUp(IncomingCall.Ending.NORMAL);
        SipMessage bye = called.expectRequest("BYE");
        assertThat(bye.header("CSeq")).isEqualTo("2 BYE");
        assertThat(bye.header("Route")).isEmpty();
        called.send(bye.response("200 OK", "", ""));
        assertThat(heard.next()).isEqualTo("ended BY_US");
        saysOnce(why);
    }

    /** Another branch, or too late: the BYE behind its ACK goes the same way. */
    @Test
    void whoIsNotTalkedToIsEndedThereAsWell() throws Exception {
        OutgoingCall call = dial();
        SipMessage invite = called.expectRequest("INVITE");
        called.send(invite.response("180 Ringing", "t", NOWHERE + "\r\n", ""));
        assertThat(heard.next()).isEqualTo("ringing");
        call.hangUp(IncomingCall.Ending.NORMAL);
        called.expectRequest("CANCEL");
        called.send(invite.response("200 OK", "t", NOWHERE + "\r\n", SipDialog.OFFER));
        called.expectRequest("ACK");
        called.expectRequest("BYE");
        assertThat(heard.next()).isEqualTo("refused 487");
    }

    /** RFC 3261 §8.1.2: what is said to be secure is met by TLS, or not at all. */
    @Test
    void aSecureAddressIsNotMetInPlain() throws Exception {
        dial();
        SipMessage invite = called.expectRequest("INVITE");
        called.send(
                invite.response(
                        "200 OK", "t", NOWHERE.replace("sip:", "sips:") + "\r\n", SipDialog.OFFER));
        assertThat(heard.next()).startsWith("media PCMA");
        assertThat(called.hearsNothing(300)).isTrue();
        saysOnce("its ACK cannot be sent");
    }

    /** Another's code, which makes copies of what came, may fail at any of it. */
    @Test
    void whereNoAckCanBeMadeTheCallEndsAndItsServerIsTold() throws Exception {
        OutgoingCall call = dial();
        SipMessage invite = called.expectRequest("INVITE");
        String text = invite.response("200 OK", "t", NOWHERE + "\r\n", SipDialog.OFFER);
        SIPResponse ok =
                (SIPResponse)
                        new StringMsgParser()
                                .parseSIPMessage(
                                        text.getBytes(StandardCharsets.UTF_8), true, true, null);
        ok.getTo().setAddress(new AddressFactoryImpl().createAddress(new CopiedOnce()));
        ((Leg) call).straySuccess(ok, InetAddress.ofLiteral("127.0.0.1"));
        assertThat(heard.next()).isEqualTo("refused 500");
        assertThat(called.hearsNothing(300)).isTrue();
        saysOnce("no ACK can be made");
    }

    /** By the dialog, and not by a request in it. */
    private static final class CopiedOnce extends GenericURI {
        private boolean copied;

        @Override
        public Object clone() {
            if (copied) {
                throw new IllegalStateException("copied already");
            }
            copied = true;
            return this;
        }
    }
}
