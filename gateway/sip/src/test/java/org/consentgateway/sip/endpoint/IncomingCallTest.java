package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class IncomingCallTest {
    private Bench bench;
    private SipPeer peer;
    private SipDialog phone;
    private final Heard heard = new Heard();

    /** As telephone systems have it, who tell what they can, too. */
    private static final String AS_MANY_OCTETS_AS_THE_ANSWER =
            "User-Agent: " + "x".repeat(200) + "\r\n";

    @BeforeEach
    void listen() throws IOException {
        bench = new Bench();
        peer = bench.udpPeer();
        phone = new SipDialog(peer);
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        bench.close();
    }

    @Test
    void aCallIsTriedRungAnsweredAndEndedByTheCaller() throws Exception {
        bench.gateway.answerAll(heard);
        peer.send(phone.invite(SipDialog.OFFER));

        peer.expect(100);
        SipMessage ringing = peer.expect(180);
        assertThat(ringing.header("Contact")).contains("127.0.0.1:" + bench.udp().getPort());
        SipMessage ok = peer.expect(200);
        assertThat(ok.toTag()).isNotEmpty().isEqualTo(ringing.toTag());
        assertThat(ok.header("Contact")).contains("127.0.0.1:" + bench.udp().getPort());
        assertThat(ok.header("Allow")).contains("INVITE", "BYE", "UPDATE");
        assertThat(ok.header("Supported")).contains("timer");
        assertThat(ok.header("Content-Type")).isEqualTo("application/sdp");
        assertThat(ok.body())
                .contains("m=audio 30000 RTP/AVP 8 101", "a=rtpmap:8 PCMA/8000", "a=ptime:20")
                .contains("a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=sendrecv");
        assertThat(heard.next()).isEqualTo("media PCMA/8/101 127.0.0.1:8000 SENDRECV");

        phone.toTag = ok.toTag();
        peer.send(phone.ack(""));
        peer.send(phone.bye());
        phone.expect(200);
        assertThat(heard.next()).isEqualTo("ended BYE");
        assertThat(bench.gateway.asked.poll()).isEqualTo("loopback +4930123456");
    }

    /** RFC 3261 §8.1.1.6 wants it in each; an INVITE without it is a call, and has its end. */
    @Test
    void whoLeavesOutMaxForwardsIsHeardInItsCallAsWell() throws Exception {
        bench.gateway.answerAll(heard);
        phone.connect();
        assertThat(heard.next()).startsWith("media");
        for (String request :
                List.of(
                        phone.next("OPTIONS", "", ""),
                        phone.next("INFO", "application/dtmf-relay", "Signal=1\r\n"),
                        phone.bye())) {
            peer.send(request.replace("Max-Forwards: 70\r\n", ""));
            peer.expect(200);
        }
        assertThat(heard.next()).contains("1");
        assertThat(heard.next()).isEqualTo("ended BYE");
    }

    /** What it says is of no use until we have something to send: then the call goes on. */
    @Test
    void aContactWhoseAddressIsOneBracketEndsNoCall() throws Exception {
        peer.send(
                phone.invite(SipDialog.OFFER)
                        .replaceFirst("Contact: [^\r]*", "Contact: <sip:a@127.0.0.1;maddr=[>"));
        bench.gateway.nextCall().answer(Switchboard.MEDIA, heard);
        phone.toTag = peer.expect(200).toTag();
        peer.send(phone.ack(""));
        assertThat(heard.next()).startsWith("media");
        peer.send(phone.bye());
        phone.expect(200);
        assertThat(heard.next()).isEqualTo("ended BYE");
    }

    @Test
    void theSameCallWorksOverTcp() throws Exception {
        bench.gateway.answerAll(heard);
        try (SipPeer overTcp = bench.tcpPeer()) {
            SipDialog tcpPhone = new SipDialog(overTcp);
            SipMessage ok = tcpPhone.connect();
            assertThat(ok.header("Contact")).contains("transport=tcp");
            overTcp.send(tcpPhone.bye());
            overTcp.expect(200);
            assertThat(heard.next()).startsWith("media");
            assertThat(heard.next()).isEqualTo("ended BYE");
        }
    }

    @Test
    void weEndACallWithByeAndItsReason() throws Exception {
        bench.gateway.answerAll(heard);
        phone.connect();
        IncomingCall call = bench.gateway.nextCall();
        assertThat(heard.next()).startsWith("media");
        assertThat(peer.hearsNothing(200)).isTrue();

        call.hangUp(IncomingCall.Ending.NORMAL);
        call.hangUp(IncomingCall.Ending.FAILURE);

        SipMessage bye = peer.expectRequest("BYE");
        assertThat(bye.header("Reason")).contains("Q.850", "cause=16");
        assertThat(bye.header("To")).contains("tag=" + phone.fromTag);
        assertThat(bye.header("Call-ID")).isEqualTo(phone.callId);
        assertThat(heard.next()).isEqualTo("ended BY_US");
        assertThat(heard.nothingMore(100)).isTrue();
    }

    /** The stack's own is a java.util.Timer: a clock set back by an hour stops it for an hour. */
    @Test
    void theTimersOfATransactionDoNotGoByTheTimeOfDay() throws Exception {
        bench.gateway.answerAll(heard);
        phone.connect();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .anyMatch("sip-transactions"::equals);
    }

    @Test
    void aRepeatedInviteIsNoSecondCall() throws Exception {
        bench.gateway.answerAll(heard);
        String invite = phone.invite(SipDialog.OFFER);
        peer.send(invite);
        SipMessage ok = peer.expect(200);
        peer.send(invite);
        peer.send(invite);
        peer.expectAgain(ok);

        assertThat(bench.gateway.nextCall()).isNotNull();
        assertThat(bench.gateway.calls.poll()).isNull();
        assertThat(bench.endpoint.counters().retransmissions()).isPositive();
    }

    @Test
    void aRepeatedInviteBeforeTheAnswerGetsTheLastProvisionalAgain() throws Exception {
        bench.gateway.onCall = IncomingCall::ring;
        String invite = phone.invite(SipDialog.OFFER);
        peer.send(invite);
        SipMessage ringing = peer.expect(180);
        peer.send(invite);
        peer.expectAgain(ringing);
        assertThat(bench.gateway.calls).hasSize(1);
    }

    /** RFC 3261 §13.3.1.4: behind the proxy at the other end it may go on by UDP. */
    @Test
    void theAnswerIsRepeatedOverAConnectionAsWell() throws Exception {
        bench.gateway.answerAll(heard);
        try (SipPeer overTcp = bench.tcpPeer()) {
            SipDialog tcpPhone = new SipDialog(overTcp);
            overTcp.send(tcpPhone.invite(SipDialog.OFFER));
            SipMessage ok = overTcp.expect(200);
            overTcp.expectAgain(ok);
            overTcp.expectAgain(ok);
            tcpPhone.toTag = ok.toTag();
            overTcp.send(tcpPhone.ack(""));
            overTcp.send(tcpPhone.bye());
            tcpPhone.expect(200);
            assertThat(heard.next()).startsWith("media");
            assertThat(heard.next()).isEqualTo("ended BYE");
            assertThat(overTcp.hearsNothing(200)).isTrue();
        }
    }

    @Test
    void theAnswerIsRepeatedUntilALateAck() throws Exception {
        bench.gateway.answerAll(heard);
        peer.send(phone.invite(SipDialog.OFFER));
        SipMessage ok = peer.expect(200);
        peer.expectAgain(ok);
        peer.expectAgain(ok);
        phone.toTag = ok.toTag();
        peer.send(phone.ack(""));
        // Repetitions may have been under way when the ACK came.
        peer.untilSilent(500);
        assertThat(heard.next()).startsWith("media");
        assertThat(heard.all).isEmpty();
        peer.send(phone.bye());
        peer.expect(200);
        assertThat(heard.next()).isEqualTo("ended BYE");
    }

    @Test
    void aLostAckEndsTheCallWithBye() throws Exception {
        bench.gateway.answerAll(heard);
        peer.send(phone.invite(SipDialog.OFFER));
        peer.expectRequest("BYE");
        assertThat(heard.next()).startsWith("media");
        assertThat(heard.next()).isEqualTo("ended NO_ACK");
    }

    @Test
    void aByeThatOvertakesItsAckEndsTheCall() throws Exception {
        bench.gateway.answerAll(heard);
        peer.send(phone.invite(SipDialog.OFFER));
        phone.toTag = peer.expect(200).toTag();
        String ack = phone.ack("");
        peer.send(phone.bye());
        phone.expect(200);
        peer.send(ack);
        assertThat(heard.next()).startsWith("media");
        assertThat(heard.next()).isEqualTo("ended BYE");
        assertThat(peer.hearsNothing(500)).isTrue();
    }

    @Test
    void hangingUpBeforeTheAckWaitsForIt() throws Exception {
        bench.gateway.answerAll(heard);
        peer.send(phone.invite(SipDialog.OFFER));
        SipMessage ok = peer.expect(200);
        phone.toTag = ok.toTag();
        bench.gateway.nextCall().hangUp(IncomingCall.Ending.NORMAL);
        // Until the ACK it is the answer that is repeated, and no BYE is sent (RFC 3261 §15).
        assertThat(peer.anything()).isEqualTo(ok);
        assertThat(peer.anything()).isEqualTo(ok);
        peer.send(phone.ack(""));
        peer.expectRequest("BYE");
    }

    @Test
    void aCancelBeforeTheAnswerEndsTheCallWith487() throws Exception {
        bench.gateway.onCall = IncomingCall::ring;
        peer.send(phone.invite(SipDialog.OFFER));
        peer.expect(180);
        peer.send(phone.cancel());
        assertThat(peer.expect(200).header("CSeq")).contains("CANCEL");
        assertThat(peer.expect(487).header("CSeq")).contains("INVITE");

        bench.gateway.nextCall().answer(Switchboard.MEDIA, heard);
        assertThat(heard.next()).isEqualTo("ended CANCELLED");
        assertThat(heard.nothingMore(100)).isTrue();
    }

    @Test
    void aCancelThatLosesTheRaceChangesNothing() throws Exception {
        bench.gateway.answerAll(heard);
        peer.send(phone.invite(SipDialog.OFFER));
        phone.toTag = peer.expect(200).toTag();
        String toTag = phone.toTag;
        phone.toTag = "";
        peer.send(phone.cancel());
        phone.toTag = toTag;
        peer.send(phone.ack(""));
        assertThat(heard.next()).startsWith("media");
        assertThat(heard.nothingMore(300)).isTrue();
        peer.send(phone.bye());
        assertThat(heard.next()).isEqualTo("ended BYE");
    }

    @Test
    void aCancelOfNothingIs481() throws Exception {
        peer.send(phone.cancel());
        peer.expect(481);
    }

    @Test
    void anInviteWithoutOfferGetsOursAndItsAnswerComesWithTheAck() throws Exception {
        bench.gateway.answerAll(heard);
        peer.send(phone.invite(""));
        SipMessage ok = peer.expect(200);
        assertThat(ok.body()).contains("m=audio 30000 RTP/AVP 8 0 9 101");
        assertThat(heard.nothingMore(100)).isTrue();
        phone.toTag = ok.toTag();
        peer.send(phone.ack(SipDialog.OFFER.replace("8 0 101", "0 101")));
        assertThat(heard.next()).isEqualTo("media PCMU/0/101 127.0.0.1:8000 SENDRECV");
    }

    @Test
    void anAckWithoutTheAnswerWeNeedEndsTheCall() throws Exception {
        bench.gateway.answerAll(heard);
        peer.send(phone.invite(""));
        phone.toTag = peer.expect(200).toTag();
        peer.send(phone.ack(""));
        assertThat(peer.expectRequest("BYE").header("Reason")).contains("cause=88");
        assertThat(heard.next()).isEqualTo("ended BY_US");
    }

    @Test
    void noCommonCodecIs488WithAWarning() throws Exception {
        peer.send(phone.invite(SipDialog.OFFER.replace("8 0 101", "3 18")));
        SipMessage refused = peer.expect(488);
        assertThat(refused.header("Warning")).startsWith("305");
        assertThat(bench.gateway.calls).isEmpty();
        bench.rejects(Rejection.NO_COMMON_CODEC, 1);
    }

    @Test
    void anUnknownLineIs404() throws Exception {
        bench.gateway.admission = new CallAdmission.UnknownLine();
        peer.send(phone.invite(SipDialog.OFFER));
        peer.expect(404);
        bench.rejects(Rejection.UNKNOWN_LINE, 1);
    }

    @Test
    void aRefusalWaitsForNoAckAndARepetitionGetsTheSame() throws Exception {
        bench.gateway.admission = new CallAdmission.UnknownLine();
        String invite = phone.invite(SipDialog.OFFER);
        peer.send(invite);
        SipMessage refused = peer.expect(404);
        assertThat(peer.untilSilent(500)).isEmpty();
        peer.send(invite);
        peer.expectAgain(refused);
        peer.send(phone.ackRefusal(refused));
        assertThat(peer.untilSilent(300)).isEmpty();
    }

    @Test
    void whoNeverAcknowledgesHasNoByeSentToSomebodyElse() throws Exception {
        bench.gateway.answerAll(heard);
        try (SipPeer named = SipPeer.udp("127.0.0.9", bench.udp())) {
            peer.send(
                    phone.invite(SipDialog.OFFER)
                            .replaceFirst(
                                    "Contact: .*",
                                    "Contact: <sip:a@127.0.0.9:" + named.port + ">"));
            peer.expect(200);
            assertThat(heard.next()).startsWith("media");
            assertThat(heard.next()).isEqualTo("ended NO_ACK");
            assertThat(named.untilSilent(500)).isEmpty();
        }
    }

    @Test
    void anEmergencyCallIsSentOnToTheNetworkAtOnce() throws Exception {
        bench.gateway.admission = new CallAdmission.Emergency();
        peer.send(phone.invite(SipDialog.OFFER));
        assertThat(peer.expect(503).header("Retry-After")).isEmpty();
        SipDialog urn = new SipDialog(peer);
        peer.send(
                urn.invite(SipDialog.OFFER)
                        .replaceFirst("sip:[^ ]* SIP/2.0", "urn:service:sos.police SIP/2.0"));
        peer.expect(503);
        assertThat(bench.gateway.calls).isEmpty();
        bench.rejects(Rejection.EMERGENCY, 2);
    }

    @Test
    void overTheLimitIs503WithRetryAfterAndTheSameTagForARepetition() throws Exception {
        bench.gateway.admission = new CallAdmission.Full(CallAdmission.Limit.CALLS, 7);
        peer.send(phone.invite(SipDialog.OFFER));
        SipMessage full = peer.expect(503);
        assertThat(full.header("Retry-After")).isEqualTo("7");
        peer.send(phone.invite(SipDialog.OFFER));
        assertThat(peer.expect(503).toTag()).isEqualTo(full.toTag());
        assertThat(bench.endpoint.counters().transactions()).isZero();
    }

    @Test
    void aDrainingNodeRefusesCallsAndOptionsAndFinishesWhatIsUnderWay() throws Exception {
        bench.gateway.answerAll(heard);
        phone.connect();
        bench.endpoint.drain();
        peer.send(new SipDialog(peer).invite(SipDialog.OFFER));
        peer.expect(503);
        peer.send(new SipDialog(peer).request("OPTIONS", 1, "z9hG4bK-o1", "", ""));
        assertThat(peer.expect(503).header("CSeq")).contains("OPTIONS");
        peer.send(phone.bye());
        assertThat(peer.expect(200).header("CSeq")).contains("BYE");
    }

    @Test
    void rejectingSendsTheStatusAndTheHeaders() throws Exception {
        bench.gateway.onCall = call -> call.reject(486, "Busy Here", Map.of("Retry-After", "60"));
        peer.send(phone.invite(SipDialog.OFFER));
        SipMessage busy = peer.expect(486);
        assertThat(busy.startLine()).isEqualTo("SIP/2.0 486 Busy Here");
        assertThat(busy.header("Retry-After")).isEqualTo("60");
    }

    @Test
    void hangingUpUnansweredIsAFinalRefusal() throws Exception {
        bench.gateway.onCall = call -> call.hangUp(IncomingCall.Ending.FAILURE);
        peer.send(phone.invite(SipDialog.OFFER));
        assertThat(peer.expect(500).header("Reason")).contains("cause=41");
    }

    @Test
    void theSameInviteByAnotherWayIsMerged() throws Exception {
        bench.gateway.onCall = IncomingCall::ring;
        peer.send(phone.invite(SipDialog.OFFER));
        peer.expect(180);
        phone.branch = "z9hG4bK-other-way";
        peer.send(phone.invite(SipDialog.OFFER));
        peer.expect(482);
        bench.rejects(Rejection.MERGED, 1);
    }

    @Test
    void noHopsLeftIs483() throws Exception {
        peer.send(phone.invite(SipDialog.OFFER).replace("Max-Forwards: 70", "Max-Forwards: 0"));
        peer.expect(483);
    }

    @Test
    void aRequiredExtensionWeDoNotHaveIs420AndNamed() throws Exception {
        phone.extra = "Require: nothing-we-know, timer\r\n";
        peer.send(phone.invite(SipDialog.OFFER));
        assertThat(peer.expect(420).header("Unsupported")).isEqualTo("nothing-we-know");
    }

    @Test
    void ringingIsRepeatedUntilItsPrackWhereTheCallerRequiresIt() throws Exception {
        bench.gateway.onCall = IncomingCall::ring;
        phone.extra = "Require: 100rel\r\n";
        peer.send(phone.invite(SipDialog.OFFER));
        SipMessage ringing = peer.expect(180);
        assertThat(ringing.header("Require")).isEqualTo("100rel");
        peer.expectAgain(ringing);
        phone.toTag = ringing.toTag();
        phone.extra = "RAck: 1 1 INVITE\r\n";
        peer.send(phone.next("PRACK", "", ""));
        peer.expect(481);
        phone.extra = "RAck: " + ringing.header("RSeq") + " 1 INVITE\r\n";
        peer.send(phone.next("PRACK", "", ""));
        assertThat(peer.expect(200).header("CSeq")).contains("PRACK");
        assertThat(peer.untilSilent(700)).allMatch(ringing::equals);
        bench.gateway.nextCall().answer(Switchboard.MEDIA, heard);
        assertThat(peer.expect(200).header("CSeq")).contains("INVITE");
        assertThat(heard.next()).startsWith("media");
    }

    /** It would have to bear our offer (RFC 3262 §5), and nothing else may be said meanwhile. */
    @Test
    void whoOffersNothingAndRequiresReliableRingingIsNotToldOfIt() throws Exception {
        bench.gateway.onCall = IncomingCall::ring;
        phone.extra = "Require: 100rel\r\n";
        peer.send(phone.invite(""));
        peer.expect(100);
        IncomingCall call = bench.gateway.nextCall();
        assertThat(peer.untilSilent(300)).allMatch(answer -> answer.status() == 100);
        call.answer(Switchboard.MEDIA, heard);
        SipMessage ok = peer.expect(200);
        assertThat(ok.body()).contains("m=audio 30000");
        phone.toTag = ok.toTag();
        phone.extra = "";
        peer.send(phone.ack(SipDialog.OFFER));
        assertThat(heard.next()).startsWith("media");
    }

    @Test
    void whoOffersNothingAndRequiresNothingHearsThatItRings() throws Exception {
        bench.gateway.onCall = IncomingCall::ring;
        phone.extra = "Supported: 100rel\r\n";
        peer.send(phone.invite(""));
        assertThat(peer.expect(180).header("Require")).isEmpty();
    }

    @Test
    void ringingThatNobodyAcknowledgesEndsTheAttempt() throws Exception {
        bench.gateway.onCall = IncomingCall::ring;
        phone.extra = "Require: 100rel\r\n";
        peer.send(phone.invite(SipDialog.OFFER));
        peer.expect(504);
        bench.gateway.nextCall().answer(Switchboard.MEDIA, heard);
        assertThat(heard.next()).isEqualTo("ended NO_ACK");
    }

    @Test
    void aMethodWeDoNotServeIs405AndAnUnknownOneIs501() throws Exception {
        phone.extra = AS_MANY_OCTETS_AS_THE_ANSWER;
        peer.send(phone.request("SUBSCRIBE", 1, "z9hG4bK-s", "", ""));
        assertThat(peer.expect(405).header("Allow")).contains("INVITE");
        peer.send(phone.request("DANCE", 2, "z9hG4bK-d", "", ""));
        peer.expect(501);
    }

    @Test
    void optionsIsAnsweredWithWhatWeCan() throws Exception {
        phone.extra = AS_MANY_OCTETS_AS_THE_ANSWER;
        peer.send(phone.request("OPTIONS", 1, "z9hG4bK-o", "", ""));
        SipMessage ok = peer.expect(200);
        assertThat(ok.header("Allow")).contains("INVITE");
        assertThat(ok.header("Accept")).isEqualTo("application/sdp");
        assertThat(ok.header("Supported")).contains("timer");
    }

    @Test
    void anAnswerLeavesOutWhatWouldMakeItLongerThanTheRequest() throws Exception {
        String options = phone.request("OPTIONS", 1, "z9hG4bK-o", "", "");
        peer.send(options);
        SipMessage ok = peer.expect(200);
        assertThat(ok.text().length()).isLessThanOrEqualTo(options.length());
        assertThat(ok.header("Server")).isEmpty();

        peer.send(
                "OPTIONS sip:g SIP/2.0\r\nv:SIP/2.0/UDP g;rport;branch=z9hG4bKx\r\nMax-Forwards:70"
                        + "\r\nf:<sip:a>;tag=b\r\nt:<sip:a>\r\ni:c\r\nCSeq:1 OPTIONS\r\n\r\n");
        assertThat(peer.hearsNothing(300)).isTrue();
        bench.rejects(Rejection.TOO_SHORT, 1);
    }

    @Test
    void aRequestOutsideAnyDialogIs481() throws Exception {
        phone.toTag = "nobody";
        peer.send(phone.bye());
        peer.expect(481);
    }

    @Test
    void aBodyWeCannotReadIs415() throws Exception {
        peer.send(phone.request("INVITE", 1, phone.branch, "text/plain", "hello"));
        assertThat(peer.expect(415).header("Accept")).isEqualTo("application/sdp");
    }

    @Test
    void sdpInsideAMultipartBodyIsFound() throws Exception {
        bench.gateway.answerAll(heard);
        String body =
                "--edge\r\nContent-Type: application/isup;version=itu-t92+\r\n\r\nxx\r\n"
                        + "--edge\r\nContent-Type: application/sdp\r\n\r\n"
                        + SipDialog.OFFER
                        + "\r\n--edge--\r\n";
        peer.send(phone.request("INVITE", 1, phone.branch, "multipart/mixed;boundary=edge", body));
        peer.expect(200);
        assertThat(heard.next()).startsWith("media PCMA");
    }

    @Test
    void strangersHearNothingAndAreCounted() throws Exception {
        bench.gateway.answerAll(heard);
        try (SipPeer stranger = SipPeer.udp("127.0.0.2", bench.udp())) {
            SipDialog theirs = new SipDialog(stranger);
            stranger.send(theirs.invite(SipDialog.OFFER));
            stranger.send(theirs.request("OPTIONS", 1, "z9hG4bK-o", "", ""));
            stranger.send("this is no SIP message\r\n\r\n");
            assertThat(stranger.hearsNothing(300)).isTrue();
        }
        bench.rejects(Rejection.UNKNOWN_SOURCE, 3);
        assertThat(bench.gateway.calls).isEmpty();
    }

    @Test
    void aStrangersTcpConnectionIsClosed() throws Exception {
        try (SipPeer stranger = SipPeer.tcp("127.0.0.2", bench.tcp())) {
            assertThat(stranger.isClosedByPeer()).isTrue();
        }
        bench.rejects(Rejection.UNKNOWN_SOURCE, 1);
    }

    @Test
    void tcpConnectionsBeyondTheLimitAreClosed() throws Exception {
        SipPeer[] held = new SipPeer[10];
        try {
            for (int i = 0; i < held.length; i++) {
                held[i] = bench.tcpPeer();
                // Those that say nothing would give way to others.
                held[i].send(
                        new SipDialog(held[i]).request("OPTIONS", 1, "z9hG4bK-held-" + i, "", ""));
                held[i].expect(200);
            }
            try (SipPeer oneTooMany = bench.tcpPeer()) {
                assertThat(oneTooMany.isClosedByPeer()).isTrue();
            }
            bench.rejects(Rejection.TOO_MANY_CONNECTIONS, 1);
        } finally {
            for (SipPeer one : held) {
                if (one != null) {
                    one.close();
                }
            }
        }
    }

    @Test
    void aMessageLongerThanAllowedIsNotRead() throws Exception {
        phone.extra = "X-Long: " + "x".repeat(9000) + "\r\n";
        peer.send(phone.invite(SipDialog.OFFER));
        assertThat(peer.hearsNothing(300)).isTrue();
        bench.rejects(Rejection.TOO_LONG, 1);
    }

    @Test
    void nothingIsLeftOfAFinishedCall() throws Exception {
        bench.gateway.answerAll(heard);
        phone.connect();
        peer.send(phone.bye());
        peer.expect(200);
        assertThat(bench.endpoint.counters().dialogs()).isEqualTo(1);
        org.awaitility.Awaitility.await().until(() -> bench.endpoint.counters().dialogs() == 0);
    }
}
