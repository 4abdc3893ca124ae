package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class OutgoingCallTest {
    private static final InetSocketAddress MEDIA =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 31000);

    private SipEndpoint caller;
    private SipPeer called;
    private final Heard heard = new Heard();

    @BeforeEach
    void listen() throws IOException {
        // Its only trunk is elsewhere: what it hears, it hears because it has called.
        caller =
                SipEndpoint.start(
                        Bench.settings(Duration.ofSeconds(90), "192.0.2.0/24"),
                        CallHandler.none(),
                        System::nanoTime);
        called = SipPeer.udp("127.0.0.1", caller.listening().getFirst());
    }

    @AfterEach
    void close() throws IOException {
        called.close();
        caller.close();
    }

    private OutgoingCall dial(Codec preferred) {
        return dial("sip:assistant@127.0.0.1:" + called.port, preferred, Map.of());
    }

    private OutgoingCall dial(String target, Codec preferred, Map<String, String> headers) {
        return caller.dial(
                OutgoingCall.Dial.straight(target, "+4930123456", headers, MEDIA, preferred),
                heard);
    }

    private String contact() {
        return "Contact: <sip:assistant@127.0.0.1:" + called.port + ">\r\n";
    }

    private SipMessage answered() throws IOException {
        SipMessage invite = called.expectRequest("INVITE");
        called.send(invite.response("200 OK", "t1", contact(), SipDialog.OFFER));
        called.expectRequest("ACK");
        return invite;
    }

    @Test
    void aCallIsRungAnsweredAndEndedByUs() throws Exception {
        OutgoingCall call = dial(G711.PCMU);
        SipMessage invite = called.expectRequest("INVITE");
        assertThat(invite.startLine())
                .isEqualTo("INVITE sip:assistant@127.0.0.1:" + called.port + " SIP/2.0");
        assertThat(invite.body()).contains("m=audio 31000 RTP/AVP 0 8 101");
        assertThat(invite.header("From")).contains("sip:+4930123456@127.0.0.1");
        assertThat(invite.header("Session-Expires")).isEqualTo("1800;refresher=uac");
        assertThat(invite.header("Allow")).contains("UPDATE");
        called.send(invite.response("100 Trying", "", ""));
        called.send(invite.response("180 Ringing", "t1", contact(), ""));
        assertThat(heard.next()).isEqualTo("ringing");
        called.send(invite.response("200 OK", "t1", contact(), SipDialog.OFFER));
        SipMessage ack = called.expectRequest("ACK");
        assertThat(ack.header("CSeq")).isEqualTo("1 ACK");
        assertThat(ack.toTag()).isEqualTo("t1");
        assertThat(heard.next()).isEqualTo("media PCMA/8/101 127.0.0.1:8000 SENDRECV");

        call.hangUp(IncomingCall.Ending.NORMAL);
        SipMessage bye = called.expectRequest("BYE");
        assertThat(bye.header("CSeq")).isEqualTo("2 BYE");
        assertThat(bye.header("Reason")).contains("cause=16");
        called.send(bye.response("200 OK", "", ""));
        assertThat(heard.next()).isEqualTo("ended BY_US");
    }

    @Test
    void whoAllowsInfoIsToldWithinTheDialogAndItsAnswersAreTold() throws Exception {
        OutgoingCall call = dial(G711.PCMU);
        SipMessage invite = called.expectRequest("INVITE");
        String headers = contact() + "Allow: INVITE, ACK, BYE, CANCEL, INFO\r\n";
        called.send(invite.response("200 OK", "t1", headers, SipDialog.OFFER));
        called.expectRequest("ACK");
        assertThat(heard.next()).startsWith("media");
        assertThat(call.takesInfo()).isTrue();
        var statuses = new LinkedBlockingQueue<Integer>();

        call.inform(new OutgoingCall.InfoBody("application", "consent+json", "{}"), statuses::add);
        SipMessage info = called.expectRequest("INFO");
        assertThat(info.header("CSeq")).isEqualTo("2 INFO");
        assertThat(info.header("Content-Type")).isEqualTo("application/consent+json");
        assertThat(info.body()).isEqualTo("{}");
        called.send(info.response("415 Unsupported Media Type", "", ""));
        assertThat(statuses.poll(10, TimeUnit.SECONDS)).isEqualTo(415);

        call.hangUp(IncomingCall.Ending.sip(200, "consent withdrawn"), statuses::add);
        SipMessage bye = called.expectRequest("BYE");
        assertThat(bye.header("Reason")).isEqualTo("SIP;cause=200;text=\"consent withdrawn\"");
        called.send(bye.response("200 OK", "", ""));
        assertThat(statuses.poll(10, TimeUnit.SECONDS)).isEqualTo(200);
        call.hangUp(IncomingCall.Ending.NORMAL, statuses::add);
        assertThat(statuses.poll(10, TimeUnit.SECONDS)).as("there is none").isEqualTo(503);
    }

    @Test
    void consentHeadersGoOutAndCannotSmuggleAnotherLine() throws Exception {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Consent-Id", "0193-abc");
        headers.put("X-Consent-Level", "basis\r\nX-Evil: yes");
        headers.put("Contact", "<sip:elsewhere@192.0.2.1>");
        dial("sip:assistant@127.0.0.1:" + called.port, G711.PCMA, headers);
        SipMessage invite = called.expectRequest("INVITE");
        assertThat(invite.header("X-Consent-Id")).isEqualTo("0193-abc");
        assertThat(invite.header("X-Evil")).isEmpty();
        assertThat(invite.header("Contact")).doesNotContain("elsewhere");
    }

    @Test
    void theCalledSideMayHangUp() throws Exception {
        dial(G711.PCMA);
        SipMessage invite = answered();
        called.send(bye(invite, "t1"));
        assertThat(called.expect(200).header("CSeq")).contains("BYE");
        assertThat(heard.next()).startsWith("media");
        assertThat(heard.next()).isEqualTo("ended BYE");
    }

    /** Exchanges say so who is rung now; to one that hears 481 the call is over (RFC 5057). */
    @Test
    void whoRingsMayUpdateAndOfferNothingYet() throws Exception {
        dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        called.send(invite.response("180 Ringing", "t1", contact(), ""));
        assertThat(heard.next()).isEqualTo("ringing");
        String update = bye(invite, "t1").replace("BYE", "UPDATE");
        called.send(update.replace("Content-Length", contact() + "Content-Length"));
        assertThat(called.expect(200).header("CSeq")).isEqualTo("1 UPDATE");
        String offer = contact() + SipMessage.end("application/sdp", SipDialog.OFFER);
        called.send(
                update.replace("1 UPDATE", "2 UPDATE")
                        .replace("-bye", "-offer")
                        .replace("Content-Length: 0\r\n\r\n", offer));
        called.expect(491);
        called.send(
                update.replace("tag=t1", "tag=other")
                        .replace("-bye", "-other")
                        .replace("Content-Length", contact() + "Content-Length"));
        called.expect(481);
        called.send(invite.response("200 OK", "t1", contact(), SipDialog.OFFER));
        called.expectRequest("ACK");
        assertThat(heard.next()).startsWith("media");
    }

    /** BYE from the called side: From and To change places. */
    private String bye(SipMessage invite, String tag) {
        return "BYE sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:"
                + called.port
                + ";branch=z9hG4bK-bye\r\nMax-Forwards: 70\r\nFrom: "
                + invite.header("To")
                + ";tag="
                + tag
                + "\r\nTo: "
                + invite.header("From")
                + "\r\nCall-ID: "
                + invite.header("Call-ID")
                + "\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n";
    }

    /** Whoever writes such a tag finds its call by no other (RFC 3261 §25.1 wants a token). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"x\"",
                "\"a b\"",
                "abc/+==",
                "a@b",
                "a:b",
                "[a]",
                "a<b",
                "a>b",
                "\"a;b\"",
                "\"a>b\"",
                "\"<sip:a@b>;tag=c\""
            })
    void aTagThatIsNoTokenIsHandedBackAsItCame(String tag) throws Exception {
        dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        called.send(invite.response("180 Ringing", tag, contact(), ""));
        assertThat(heard.next()).isEqualTo("ringing");
        called.send(invite.response("200 OK", tag, contact(), SipDialog.OFFER));
        assertThat(called.expectRequest("ACK").header("To")).endsWith(";tag=" + tag);
        assertThat(heard.next()).startsWith("media");
        called.send(bye(invite, tag));
        assertThat(called.expect(200).header("From")).endsWith(";tag=" + tag);
        assertThat(heard.next()).isEqualTo("ended BYE");

        OutgoingCall other = dial(G711.PCMA);
        SipMessage again = called.expectRequest("INVITE");
        called.send(again.response("200 OK", tag, contact(), SipDialog.OFFER));
        called.expectRequest("ACK");
        other.hangUp(IncomingCall.Ending.NORMAL);
        assertThat(called.expectRequest("BYE").header("To")).endsWith(";tag=" + tag);
    }

    @Test
    void aStrangerCannotEndTheCall() throws Exception {
        dial(G711.PCMA);
        SipMessage invite = answered();
        assertThat(heard.next()).startsWith("media");
        try (SipPeer stranger = SipPeer.udp("127.0.0.2", caller.listening().getFirst())) {
            stranger.send(bye(invite, "t1"));
            assertThat(stranger.hearsNothing(300)).isTrue();
        }
        assertThat(heard.all).isEmpty();
        Bench.rejects(caller, Rejection.UNKNOWN_SOURCE, 1);
    }

    @Test
    void onesWeCallMayNotCallUs() throws Exception {
        dial(G711.PCMA);
        answered();
        called.send(new SipDialog(called).invite(SipDialog.OFFER));
        assertThat(called.hearsNothing(300)).isTrue();
        Bench.rejects(caller, Rejection.NOT_A_TRUNK, 1);
    }

    @Test
    void aRepeated200IsAcknowledgedAgain() throws Exception {
        dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        called.send(invite.response("200 OK", "t1", contact(), SipDialog.OFFER));
        SipMessage ack = called.expectRequest("ACK");
        called.send(invite.response("200 OK", "t1", contact(), SipDialog.OFFER));
        called.expectAgain(ack);
        assertThat(heard.next()).startsWith("media");
        assertThat(heard.nothingMore(100)).isTrue();
    }

    @Test
    void aSecondForkThatAnswersIsAcknowledgedAndEnded() throws Exception {
        dial(G711.PCMA);
        SipMessage invite = answered();
        called.send(invite.response("200 OK", "t2", contact(), SipDialog.OFFER));
        assertThat(called.expectRequest("ACK").toTag()).isEqualTo("t2");
        assertThat(called.expectRequest("BYE").toTag()).isEqualTo("t2");
        assertThat(heard.next()).startsWith("media");
        assertThat(heard.nothingMore(100)).isTrue();
    }

    @Test
    void whoAnswersForHundredsOfForksHasFewOfThemEnded() throws Exception {
        dial(G711.PCMA);
        SipMessage invite = answered();
        for (int fork = 2; fork <= 18; fork++) {
            called.send(invite.response("200 OK", "t" + fork, contact(), SipDialog.OFFER));
        }
        // Those behind the tenth; how often one may respond at all is another law.
        Bench.rejects(caller, Rejection.STRAY_RESPONSE, 8);
        assertThat(requests("BYE")).hasSize(9);
    }

    @Test
    void aForkThatAnswersAgainIsAcknowledgedAgainAndEndedOnce() throws Exception {
        dial(G711.PCMA);
        SipMessage invite = answered();
        for (int time = 0; time < 5; time++) {
            called.send(invite.response("200 OK", "t2", contact(), SipDialog.OFFER));
        }
        assertThat(called.untilSilent(300))
                .filteredOn(message -> message.startLine().startsWith("ACK"))
                .isNotEmpty();
        assertThat(requests("BYE")).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void whoRingsReliablyAgainAndAgainHasFewPracks() throws Exception {
        dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        for (int number = 1; number <= 16; number++) {
            rings(invite, "t1", number);
            assertThat(acknowledged()).as("of %s", number).isEqualTo(number);
        }
        rings(invite, "t1", 17);
        rings(invite, "t2", 1);
        assertThat(called.hearsNothing(300)).isTrue();
    }

    @Test
    void whatComesAheadIsAcknowledgedInItsTurn() throws Exception {
        dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        rings(invite, "t1", 7);
        assertThat(acknowledged()).isEqualTo(7);
        rings(invite, "t1", 9);
        rings(invite, "t1", 8);
        assertThat(acknowledged()).isEqualTo(8);
        rings(invite, "t1", 9);
        assertThat(acknowledged()).isEqualTo(9);
    }

    @Test
    void eachForkNumbersItsResponsesItself() throws Exception {
        dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        rings(invite, "t1", 7);
        assertThat(acknowledged()).isEqualTo(7);
        rings(invite, "t2", 3);
        assertThat(acknowledged()).isEqualTo(3);
        rings(invite, "t1", 8);
        assertThat(acknowledged()).isEqualTo(8);
    }

    @Test
    void whoAnswersIsTalkedToWhereItSaidItself() throws Exception {
        dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        for (int branch = 1; branch <= 5; branch++) {
            String sdp = SipDialog.OFFER.replace("m=audio 8000", "m=audio 800" + branch);
            called.send(invite.response("183 Session Progress", "t" + branch, contact(), sdp));
        }
        called.send(invite.response("200 OK", "t2", contact(), ""));
        assertThat(heard.next()).startsWith("media PCMA").contains("8002");
    }

    private void rings(SipMessage invite, String tag, int number) throws IOException {
        String reliable = contact() + "Require: 100rel\r\nRSeq: " + number + "\r\n";
        called.send(invite.response("180 Ringing", tag, reliable, ""));
    }

    /** The number that the next PRACK bears. */
    private int acknowledged() throws IOException {
        String number = called.expectRequest("PRACK").header("RAck").split(" ", -1)[0];
        return Integer.parseInt(number);
    }

    /** Of this method until nothing comes for a while, each once: by their branches. */
    private List<String> requests(String method) throws IOException {
        return called.untilSilent(300).stream()
                .filter(message -> message.startLine().startsWith(method + " "))
                .map(message -> message.header("Via"))
                .distinct()
                .toList();
    }

    @Test
    void aReliableProvisionalIsAcknowledgedOnceAndItsAnswerCounts() throws Exception {
        OutgoingCall call = dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        assertThat(invite.header("Supported")).contains("100rel");
        String reliable = contact() + "Require: 100rel\r\nRSeq: 77\r\n";
        called.send(invite.response("183 Session Progress", "t1", reliable, SipDialog.OFFER));
        SipMessage prack = called.expectRequest("PRACK");
        assertThat(prack.header("RAck")).isEqualTo("77 1 INVITE");
        assertThat(prack.header("CSeq")).isEqualTo("2 PRACK");
        called.send(prack.response("200 OK", "", ""));
        called.send(invite.response("183 Session Progress", "t1", reliable, SipDialog.OFFER));
        assertThat(called.hearsNothing(200)).isTrue();
        called.send(invite.response("200 OK", "t1", contact(), ""));
        assertThat(called.expectRequest("ACK").header("CSeq")).isEqualTo("1 ACK");
        assertThat(heard.next()).startsWith("media PCMA");
        call.hangUp(IncomingCall.Ending.NORMAL);
        assertThat(called.expectRequest("BYE").header("CSeq")).isEqualTo("3 BYE");
    }

    @Test
    void aRefusalIsToldOnce() throws Exception {
        dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        called.send(invite.response("486 Busy Here", "t1", "", ""));
        called.expectRequest("ACK");
        assertThat(heard.next()).isEqualTo("refused 486");
        assertThat(heard.nothingMore(100)).isTrue();
    }

    @Test
    void silenceIs408() throws Exception {
        dial(G711.PCMA);
        called.expectAgain(called.expectRequest("INVITE"));
        assertThat(heard.next()).isEqualTo("refused 408");
    }

    @Test
    void aNameThatDoesNotResolveIs503AndATargetThatIsNoneIs416() throws Exception {
        dial("sip:assistant@nobody.invalid", G711.PCMA, Map.of());
        assertThat(heard.next()).isEqualTo("refused 503");
        dial("this is no uri", G711.PCMA, Map.of());
        assertThat(heard.next()).isEqualTo("refused 416");
    }

    @Test
    void aTcpTargetThatDoesNotListenIs503() throws Exception {
        dial("sip:assistant@127.0.0.1:1;transport=tcp", G711.PCMA, Map.of());
        assertThat(heard.next()).isEqualTo("refused 503");
    }

    @Test
    void hangingUpWhileItRingsCancels() throws Exception {
        OutgoingCall call = dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        called.send(invite.response("180 Ringing", "t1", contact(), ""));
        assertThat(heard.next()).isEqualTo("ringing");
        call.hangUp(IncomingCall.Ending.NORMAL);
        SipMessage cancel = called.expectRequest("CANCEL");
        assertThat(cancel.header("Via")).isEqualTo(invite.header("Via"));
        called.send(cancel.response("200 OK", "", ""));
        called.send(invite.response("487 Request Terminated", "t1", "", ""));
        called.expectRequest("ACK");
        assertThat(heard.next()).isEqualTo("refused 487");
    }

    @Test
    void hangingUpBeforeAnythingCameWaitsWithTheCancel() throws Exception {
        OutgoingCall call = dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        call.hangUp(IncomingCall.Ending.NORMAL);
        assertThat(called.anything().method()).isEqualTo("INVITE");
        called.send(invite.response("180 Ringing", "t1", contact(), ""));
        called.expectRequest("CANCEL");
    }

    @Test
    void anAnswerThatCrossesOurCancelIsAcknowledgedAndEnded() throws Exception {
        OutgoingCall call = dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        called.send(invite.response("180 Ringing", "t1", contact(), ""));
        assertThat(heard.next()).isEqualTo("ringing");
        call.hangUp(IncomingCall.Ending.NORMAL);
        called.expectRequest("CANCEL");
        called.send(invite.response("200 OK", "t1", contact(), SipDialog.OFFER));
        called.expectRequest("ACK");
        called.expectRequest("BYE");
        assertThat(heard.next()).isEqualTo("refused 487");
        assertThat(heard.nothingMore(100)).isTrue();
    }

    @Test
    void anIntervalTooSmallForThemIsAskedAgainLonger() throws Exception {
        dial(G711.PCMA);
        SipMessage first = called.expectRequest("INVITE");
        called.send(first.response("422 Session Interval Too Small", "t1", "Min-SE: 3600\r\n", ""));
        called.expectRequest("ACK");
        SipMessage second = called.expectRequest("INVITE");
        assertThat(second.header("Session-Expires")).isEqualTo("3600;refresher=uac");
        assertThat(second.header("CSeq")).isEqualTo("2 INVITE");
        assertThat(second.header("Via")).isNotEqualTo(first.header("Via"));
    }

    @Test
    void recordedRoutesAreFollowedFromTheirEnd() throws Exception {
        OutgoingCall call = dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        String routes =
                "Record-Route: <sip:192.0.2.9;lr>, <sip:127.0.0.1:" + called.port + ";lr>\r\n";
        called.send(
                invite.response(
                        "200 OK",
                        "t1",
                        "Contact: <sip:deep@192.0.2.7>\r\n" + routes,
                        SipDialog.OFFER));
        SipMessage ack = called.expectRequest("ACK");
        assertThat(ack.startLine()).isEqualTo("ACK sip:deep@192.0.2.7 SIP/2.0");
        assertThat(ack.headers("Route").getFirst()).contains("127.0.0.1:" + called.port);
        call.hangUp(IncomingCall.Ending.NORMAL);
        called.expectRequest("BYE");
    }

    @Test
    void ourPlaceCanBeTakenWhereTheCalledKnowsReplaces() throws Exception {
        OutgoingCall call = dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        assertThat(call.place()).as("not answered").isEmpty();
        String headers = contact() + "Supported: timer, replaces\r\n";
        called.send(invite.response("200 OK", "t+1%~", headers, SipDialog.OFFER));
        called.expectRequest("ACK");
        String from = invite.header("From");
        assertThat(call.place())
                .hasValue(
                        "sip:assistant@127.0.0.1:"
                                + called.port
                                + "?Replaces="
                                + invite.header("Call-ID")
                                + "%3Bto-tag%3Dt%2B1%25~%3Bfrom-tag%3D"
                                + from.substring(from.indexOf("tag=") + 4)
                                + "&Require=replaces");
        call.hangUp(IncomingCall.Ending.NORMAL);

        OutgoingCall other = dial(G711.PCMA);
        answered();
        assertThat(other.place()).as("the called does not").isEmpty();
    }

    @Test
    void anAnswerWithoutCommonCodecIsEnded() throws Exception {
        dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        called.send(
                invite.response(
                        "200 OK", "t1", contact(), SipDialog.OFFER.replace("8 0 101", "18")));
        called.expectRequest("ACK");
        called.expectRequest("BYE");
        assertThat(heard.next()).isEqualTo("refused 488");
    }

    /** Whom we call is believed where its media is, but not that it is nobody's or the system's. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 19", "255.255.255.255, 8000", "240.0.0.1, 8000"})
    void anAnswerThatNamesWhereNothingMayGoIsEnded(String host, int port) throws Exception {
        dial(G711.PCMA);
        SipMessage invite = called.expectRequest("INVITE");
        String there =
                SipDialog.OFFER
                        .replace("c=IN IP4 127.0.0.1", "c=IN IP4 " + host)
                        .replace("m=audio 8000", "m=audio " + port);
        called.send(invite.response("200 OK", "t1", contact(), there));
        called.expectRequest("ACK");
        called.expectRequest("BYE");
        assertThat(heard.next()).isEqualTo("refused 488");
        Bench.rejects(caller, Rejection.MEDIA_ADDRESS, 1);
    }

    @Test
    void aRefusalTellsWhenToCallAgain() throws Exception {
        dial(G711.PCMA);
        String later = "Retry-After: 30 (full);duration=60\r\n";
        called.send(
                called.expectRequest("INVITE")
                        .response("503 Service Unavailable", "t1", later, ""));
        assertThat(heard.next()).isEqualTo("refused 503");
        assertThat(heard.retryAfterSeconds).isEqualTo(30);
    }

    @Test
    void twoEndpointsTalkOverUdpAndTcp() throws Exception {
        try (Bench bench = new Bench()) {
            Heard there = new Heard();
            bench.gateway.answerAll(there);
            for (String target :
                    new String[] {
                        "sip:+4930777@127.0.0.1:" + bench.udp().getPort(),
                        "sip:+4930777@127.0.0.1:" + bench.tcp().getPort() + ";transport=tcp"
                    }) {
                OutgoingCall call = dial(target, G711.PCMU, Map.of());
                assertThat(heard.next()).isEqualTo("ringing");
                assertThat(heard.next()).isEqualTo("media PCMU/0/101 127.0.0.1:30000 SENDRECV");
                assertThat(there.next()).isEqualTo("media PCMU/0/101 127.0.0.1:31000 SENDRECV");
                call.hangUp(IncomingCall.Ending.NORMAL);
                assertThat(heard.next()).isEqualTo("ended BY_US");
                assertThat(there.next()).isEqualTo("ended BYE");

                OutgoingCall second = dial(target, G711.PCMA, Map.of());
                assertThat(second).isNotNull();
                assertThat(heard.next()).isEqualTo("ringing");
                assertThat(heard.next()).startsWith("media PCMA");
                bench.gateway.nextCall();
                bench.gateway.nextCall().hangUp(IncomingCall.Ending.NORMAL);
                assertThat(there.next()).startsWith("media PCMA");
                assertThat(there.next()).isEqualTo("ended BY_US");
                assertThat(heard.next()).isEqualTo("ended BYE");
            }
        }
    }

    @Test
    void ipv6AndListeningOnAllAddressesWork() throws Exception {
        Switchboard gateway = new Switchboard();
        Heard there = new Heard();
        gateway.answerAll(there);
        SipSettings anywhere =
                SipSettings.usual(
                        List.of(
                                new SipSettings.Listen(Transport.UDP, "::", 0),
                                new SipSettings.Listen(Transport.TCP, "::", 0)),
                        "consent-gateway-test",
                        List.of(Bench.trunk("six", "::1")));
        try (SipEndpoint six = SipEndpoint.start(anywhere, gateway, System::nanoTime);
                SipEndpoint phone =
                        SipEndpoint.start(anywhere, CallHandler.none(), System::nanoTime)) {
            for (int i = 0; i < 2; i++) {
                String target =
                        "sip:+4930777@[::1]:"
                                + six.listening().get(i).getPort()
                                + (i == 0 ? "" : ";transport=tcp");
                OutgoingCall call =
                        phone.dial(
                                OutgoingCall.Dial.straight(
                                        target,
                                        "+4930123456",
                                        Map.of(),
                                        new InetSocketAddress(InetAddress.ofLiteral("::"), 31000),
                                        G711.PCMA),
                                heard);
                assertThat(heard.next()).isEqualTo("ringing");
                assertThat(heard.next()).startsWith("media PCMA");
                assertThat(there.next())
                        .isEqualTo("media PCMA/8/101 0:0:0:0:0:0:0:1:31000 SENDRECV");
                call.hangUp(IncomingCall.Ending.NORMAL);
                assertThat(there.next()).isEqualTo("ended BYE");
                assertThat(heard.next()).isEqualTo("ended BY_US");
            }
        }
    }
}
