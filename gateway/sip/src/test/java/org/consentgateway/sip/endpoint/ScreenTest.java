package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.screen.Screen;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.consentgateway.testkit.fuzz.Trouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decided below the parser, seen from the wire. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ScreenTest {
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

    private SipPeer peer(String transport) throws IOException {
        return transport.equals("UDP") ? bench.udpPeer() : bench.tcpPeer();
    }

    private void closeTheDoor() {
        bench.gateway.door = new CallAdmission.Full(CallAdmission.Limit.CALLS, 7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UDP", "TCP"})
    void aCallThatCannotBeTakenIsRefusedBeforeItIsParsed(String transport) throws Exception {
        closeTheDoor();
        try (SipPeer peer = peer(transport)) {
            SipDialog phone = new SipDialog(peer);
            phone.extra = "P-Unparsable: \u0001\r\nRecord-Route: <\r\n";
            String invite = phone.invite(SipDialog.OFFER);
            peer.send(invite);
            SipMessage full = peer.expect(503);

            SipMessage asked = new SipMessage(invite);
            assertThat(full.header("Retry-After")).isEqualTo("7");
            assertThat(full.header("Call-ID")).isEqualTo(asked.header("Call-ID"));
            assertThat(full.header("CSeq")).isEqualTo(asked.header("CSeq"));
            assertThat(full.header("From")).isEqualTo(asked.header("From"));
            assertThat(full.header("To")).startsWith(asked.header("To") + ";tag=");
            assertThat(full.header("Via")).startsWith(asked.header("Via"));
            assertThat(full.header("Content-Length")).isEqualTo("0");
            assertThat(bench.gateway.asked).isEmpty();
            bench.rejects(Rejection.FULL, 1);
            assertThat(bench.endpoint.counters().transactions()).isZero();
        }
    }

    @Test
    void aRefusalIsRepeatedEvenWhenThereIsRoomAgain() throws Exception {
        closeTheDoor();
        try (SipPeer peer = bench.udpPeer()) {
            SipDialog phone = new SipDialog(peer);
            peer.send(phone.invite(SipDialog.OFFER));
            SipMessage first = peer.expect(503);
            bench.gateway.door = new CallAdmission.Accepted();
            peer.send(phone.invite(SipDialog.OFFER));
            peer.expectAgain(first);

            assertThat(bench.gateway.calls).isEmpty();
            bench.rejects(Rejection.FULL, 1);
            assertThat(bench.endpoint.counters().retransmissions()).isEqualTo(1);
        }
    }

    @Test
    void theAckOfARefusalIsSwallowed() throws Exception {
        closeTheDoor();
        try (SipPeer peer = bench.udpPeer()) {
            SipDialog phone = new SipDialog(peer);
            peer.send(phone.invite(SipDialog.OFFER));
            phone.toTag = peer.expect(503).toTag();
            peer.send(phone.request("ACK", 1, phone.branch, "", ""));
            peer.send(phone.request("OPTIONS", 2, "z9hG4bK-after", "", ""));
            peer.expect(481);

            assertThat(bench.endpoint.counters().requests().get("ACK")).isZero();
        }
    }

    @Test
    void aRepetitionOfACallThatWasTakenIsNotRefused() throws Exception {
        try (SipPeer peer = bench.udpPeer()) {
            SipDialog phone = new SipDialog(peer);
            peer.send(phone.invite(SipDialog.OFFER));
            SipMessage ok = peer.expect(200);
            closeTheDoor();
            peer.send(phone.invite(SipDialog.OFFER));
            peer.expectAgain(ok);
            assertThat(bench.gateway.calls).hasSize(1);
        }
    }

    @Test
    void whatBelongsToACallGoesOnWhileTheDoorIsClosed() throws Exception {
        try (SipPeer peer = bench.udpPeer()) {
            SipDialog phone = new SipDialog(peer);
            phone.connect();
            closeTheDoor();
            peer.send(phone.next("INVITE", "application/sdp", SipDialog.OFFER));
            phone.expect(200);
            peer.send(phone.ack(""));
            peer.send(phone.bye());
            phone.expect(200);
        }
    }

    @Test
    void aSourceAboveItsRateIsRefusedForAMoment() throws Exception {
        var limits = fiveRequests(5);
        // Its time stands still: no room comes meanwhile.
        try (SipEndpoint slow = endpoint(limits, () -> 0);
                SipPeer peer = SipPeer.udp("127.0.0.1", slow.listening().getFirst())) {
            List<Integer> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                SipDialog phone = new SipDialog(peer);
                peer.send(phone.invite("not a description"));
                SipMessage answer = phone.expectFinal();
                answers.add(answer.status());
                if (answer.status() == 503) {
                    assertThat(answer.header("Retry-After")).isEqualTo("1");
                }
            }
            assertThat(answers).filteredOn(status -> status == 503).hasSize(3);
            Bench.rejects(slow, Rejection.SOURCE_RATE, 3);
        }
    }

    @Test
    void whatBelongsToNoCallIsAnsweredSoOftenAndLeavesNothingBehind() throws Exception {
        var limits = fiveRequests(100);
        // Its time stands still: what may come may come once.
        try (SipEndpoint slow = endpoint(limits, () -> 0);
                SipPeer peer = SipPeer.udp("127.0.0.1", slow.listening().getFirst());
                SipPeer talker = SipPeer.udp("127.0.0.1", slow.listening().getFirst())) {
            SipDialog call = new SipDialog(talker);
            call.connect();
            int before = slow.transactions();
            List<String> methods =
                    List.of("OPTIONS", "REGISTER", "SUBSCRIBE", "MESSAGE", "BYE", "NONSENSE");
            for (int i = 0; i < 60; i++) {
                SipDialog phone = new SipDialog(peer);
                String method = methods.get(i % methods.size());
                phone.toTag = method.equals("BYE") ? "nobody" : "";
                String request = phone.request(method, 1, "z9hG4bK-" + i, "", "");
                peer.send(i % 7 == 0 ? request.replace("CSeq: 1 ", "CSeq: ") : request);
            }
            Bench.rejects(slow, Rejection.REQUEST_RATE, 55);
            assertThat(peer.untilSilent(300)).hasSize(5);
            assertThat(slow.transactions()).isEqualTo(before);

            talker.send(call.bye());
            call.expect(200);
        }
    }

    @Test
    void whatDatagramsUseUpLeavesThoseOverConnectionsTheirs() throws Exception {
        // Its time stands still: what may come may come once.
        try (SipEndpoint slow = endpoint(fiveRequests(2), () -> 0);
                SipPeer forger = SipPeer.udp("127.0.0.1", slow.listening().getFirst());
                SipPeer trunk = SipPeer.tcp("127.0.0.1", slow.listening().get(1))) {
            for (int i = 0; i < 30; i++) {
                SipDialog forged = new SipDialog(forger);
                forger.send(forged.invite("not a description"));
                forger.send(forged.request("OPTIONS", 2, "z9hG4bK-f" + i, "", ""));
            }
            Bench.rejects(slow, Rejection.SOURCE_RATE, 28);
            Bench.rejects(slow, Rejection.REQUEST_RATE, 25);
            for (int i = 0; i < 2; i++) {
                trunk.send(new SipDialog(trunk).request("OPTIONS", 1, "z9hG4bK-o" + i, "", ""));
                trunk.expect(200);
                new SipDialog(trunk).connect();
            }
        }
    }

    @Test
    void invitesToNumbersThatAreNotOursUseUpNothingOfCalls() throws Exception {
        // Its time stands still: what may come may come once.
        try (SipEndpoint slow = endpoint(fiveRequests(2), () -> 0);
                SipPeer peer = SipPeer.udp("127.0.0.1", slow.listening().getFirst())) {
            bench.gateway.serves = called -> !called.endsWith("999");
            bench.gateway.admission = new CallAdmission.UnknownLine();
            for (int i = 0; i < 9; i++) {
                SipDialog wrong = new SipDialog(peer).calling("+4930123999");
                peer.send(wrong.invite(SipDialog.OFFER));
            }
            Bench.rejects(slow, Rejection.UNKNOWN_LINE, 5);
            Bench.rejects(slow, Rejection.SOURCE_RATE, 4);
            bench.gateway.admission = new CallAdmission.Accepted();
            new SipDialog(peer).connect();
            new SipDialog(peer).connect();
        }
    }

    @Test
    void aCallThatTheScreenTookForNobodysIsCountedAllTheSame() throws Exception {
        bench.gateway.serves = _ -> false;
        bench.gateway.door = new CallAdmission.Full(CallAdmission.Limit.TRUNK_RATE, 7);
        try (SipPeer peer = bench.udpPeer()) {
            SipDialog phone = new SipDialog(peer);
            peer.send(phone.invite(SipDialog.OFFER));
            assertThat(peer.expect(503).header("Retry-After")).isEqualTo("7");
            bench.rejects(Rejection.TRUNK_RATE, 1);
            assertThat(bench.gateway.calls).isEmpty();
        }
    }

    @Test
    void ofTheRequestsOfATrunkSomeAreKeptForItsOptionsAndForThoseThatAreRepeated()
            throws Exception {
        var nanos = new AtomicLong();
        var limits = requests(20, 100);
        try (SipEndpoint slow = endpoint(limits, nanos::get);
                SipPeer peer = SipPeer.udp("127.0.0.1", slow.listening().getFirst())) {
            floods(peer, "MESSAGE", 30);
            Bench.rejects(slow, Rejection.REQUEST_RATE, 14);
            asks(peer, "first").expect(200);
            asks(peer, "second").expect(200);
            SipDialog third = asks(peer, "third");
            Bench.rejects(slow, Rejection.REQUEST_RATE, 15);
            asks(peer, third, "third");
            Bench.rejects(slow, Rejection.REQUEST_RATE, 16);

            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(400));
            floods(peer, "OPTIONS", 30);
            Bench.rejects(slow, Rejection.REQUEST_RATE, 16 + 24);
            asks(peer, third, "third");
            third.expect(200);
            floods(peer, "OPTIONS", 30);
            Bench.rejects(slow, Rejection.REQUEST_RATE, 16 + 24 + 30);
        }
    }

    private static void floods(SipPeer peer, String method, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            SipDialog each = new SipDialog(peer);
            peer.send(each.request(method, 1, each.branch, "", ""));
        }
    }

    private static SipDialog asks(SipPeer peer, String branch) throws IOException {
        SipDialog trunk = new SipDialog(peer);
        asks(peer, trunk, branch);
        return trunk;
    }

    private static void asks(SipPeer peer, SipDialog trunk, String branch) throws IOException {
        peer.send(trunk.request("OPTIONS", 1, "z9hG4bK-" + branch, "", ""));
    }

    @Test
    void whoCancelsBehindTheAnswerGivesItsPlaceToTheNext() throws Exception {
        var limits =
                new SipSettings.Limits(
                        100,
                        10,
                        10,
                        SipSettings.Limits.USUAL.handshake(),
                        SipSettings.Limits.USUAL.tcpIdle(),
                        100,
                        1);
        // Its time stands still: nobody has waited for long enough to give way for that.
        try (SipEndpoint slow = endpoint(limits, () -> 0);
                SipPeer peer = SipPeer.udp("127.0.0.1", slow.listening().getFirst())) {
            SipDialog gone = new SipDialog(peer);
            peer.send(gone.invite(SipDialog.OFFER));
            String tag = gone.expect(200).toTag();
            peer.send(gone.cancel());
            gone.expect(200);
            new SipDialog(peer).connect();
            Bench.rejects(slow, Rejection.UNACKNOWLEDGED, 1);
            gone.toTag = tag;
            peer.send(gone.ack(""));
            gone.expectRequest("BYE");
        }
    }

    @Test
    void aBusyMachineGivesUpNobodyWhoseAckIsLateAndAFullOneDoes() throws Exception {
        var nanos = new AtomicLong();
        try (SipEndpoint busy = endpoint(SipSettings.Limits.USUAL, nanos::get);
                SipPeer peer = SipPeer.udp("127.0.0.1", busy.listening().getFirst())) {
            SipDialog late = new SipDialog(peer);
            peer.send(late.invite(SipDialog.OFFER));
            late.expect(200);
            nanos.set(TimeUnit.SECONDS.toNanos(1));
            bench.gateway.door = new CallAdmission.Full(CallAdmission.Limit.LOAD, 7);
            SipDialog next = new SipDialog(peer);
            peer.send(next.invite(SipDialog.OFFER));
            next.expect(503);
            Bench.rejects(busy, Rejection.UNACKNOWLEDGED, 0);

            closeTheDoor();
            SipDialog another = new SipDialog(peer);
            peer.send(another.invite(SipDialog.OFFER));
            another.expect(503);
            Bench.rejects(busy, Rejection.UNACKNOWLEDGED, 1);
        }
    }

    @Test
    void repetitionsOfARequestThatIsAnsweredWithoutATransactionGetTheSameAnswer() throws Exception {
        try (SipPeer peer = peer("UDP")) {
            SipDialog phone = new SipDialog(peer);
            String options = phone.request("OPTIONS", 1, "z9hG4bK-again", "", "");
            peer.send(options);
            SipMessage answer = phone.expect(200);
            peer.send(options);
            peer.expectAgain(answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVITE", "CANCEL", "INVITE 503"})
    void oneInviteThatWasLetInOpensNoDoorToItsRepetitions(String what) throws Exception {
        var limits = fiveRequests(1);
        // Its time stands still: what may come may come once.
        try (SipEndpoint slow = endpoint(limits, () -> 0);
                SipPeer peer = SipPeer.udp("127.0.0.1", slow.listening().getFirst())) {
            if (what.equals("INVITE 503")) {
                closeTheDoor();
            }
            SipDialog phone = new SipDialog(peer);
            String invite = phone.invite(SipDialog.OFFER);
            peer.send(invite);
            String again = what.equals("CANCEL") ? phone.cancel() : invite;
            for (int i = 0; i < 40; i++) {
                peer.send(again);
            }
            // Eight of the INVITE, and five as its source may send whatever it likes.
            Bench.rejects(slow, Rejection.REQUEST_RATE, 27);
        }
    }

    @Test
    void aCallOpensNoDoorToAFlood() throws Exception {
        var limits = fiveRequests(100);
        var time = new AtomicLong();
        try (SipEndpoint slow = endpoint(limits, time::get);
                SipPeer peer = SipPeer.udp("127.0.0.1", slow.listening().getFirst());
                SipPeer other = SipPeer.udp("127.0.0.1", slow.listening().getFirst())) {
            SipDialog flooding = new SipDialog(peer);
            flooding.connect();
            SipDialog quiet = new SipDialog(other);
            quiet.connect();
            int before = slow.transactions();
            for (int i = 0; i < 100; i++) {
                peer.send(flooding.next("INFO", "text/plain", "x"));
            }
            // Nineteen behind the ACK, and five as its source may send whatever it likes.
            Bench.rejects(slow, Rejection.REQUEST_RATE, 76);

            other.send(quiet.bye());
            quiet.expect(200);
            time.addAndGet(TimeUnit.SECONDS.toNanos(1));
            peer.send(flooding.bye());
            flooding.expect(200);
            assertThat(slow.transactions()).isBetween(before, before + 26);
        }
    }

    @Test
    void whatAnswersNothingIsNotParsed() throws Exception {
        try (SipPeer peer = bench.udpPeer()) {
            SipMessage nobodys =
                    new SipMessage(
                            new SipDialog(peer).request("OPTIONS", 1, "z9hG4bK-none", "", ""));
            for (int i = 0; i < 3; i++) {
                peer.send(nobodys.response("200 OK", "t" + i, ""));
            }
            bench.rejects(Rejection.STRAY_RESPONSE, 3);
        }
    }

    @Test
    void aCallOpensNoDoorToAFloodOfResponses() throws Exception {
        // Its time stands still: what may come may come once.
        try (SipEndpoint slow = endpoint(fiveRequests(100), () -> 0);
                SipPeer peer = SipPeer.udp("127.0.0.1", slow.listening().getFirst())) {
            SipDialog flooding = new SipDialog(peer);
            flooding.connect();
            SipMessage asked = new SipMessage(flooding.next("INVITE", "", ""));
            String response =
                    asked.response("200 OK", "theirs", "")
                            .replaceFirst(
                                    "(?m)^From: .*", "From: <sip:x@gw>;tag=" + flooding.toTag);
            for (int i = 0; i < 60; i++) {
                peer.send(response);
            }
            Bench.rejects(slow, Rejection.REQUEST_RATE, 40);
            Bench.rejects(slow, Rejection.STRAY_RESPONSE, 0);
        }
    }

    /**
     * Five other requests a second of one source, and at once.
     *
     * @param invites the same for new calls
     */
    private static SipSettings.Limits fiveRequests(int invites) {
        return requests(5, invites);
    }

    private static SipSettings.Limits requests(int others, int invites) {
        return new SipSettings.Limits(
                invites,
                10,
                10,
                SipSettings.Limits.USUAL.handshake(),
                SipSettings.Limits.USUAL.tcpIdle(),
                others,
                1_000);
    }

    private SipEndpoint endpoint(SipSettings.Limits limits) throws IOException {
        return endpoint(limits, System::nanoTime);
    }

    private SipEndpoint endpoint(SipSettings.Limits limits, LongSupplier nanos) throws IOException {
        return SipEndpoint.start(
                Bench.settings(
                                SipSettings.usual(List.of(), "", List.of()).minSessionExpires(),
                                "127.0.0.1/32")
                        .with(limits),
                bench.gateway,
                nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UDP", "TCP"})
    void anotherVersionOfTheProtocolIs505(String transport) throws Exception {
        try (SipPeer peer = peer(transport)) {
            SipDialog phone = new SipDialog(peer);
            peer.send(phone.invite(SipDialog.OFFER).replaceFirst("SIP/2.0", "SIP/7.0"));
            peer.expect(505);
            bench.rejects(Rejection.VERSION, 1);
            phone.connect();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UDP", "TCP"})
    void tooManyHeaderFieldsAre400AndTheNextMessageIsFound(String transport) throws Exception {
        try (SipPeer peer = peer(transport)) {
            SipDialog phone = new SipDialog(peer);
            phone.extra = "X: 1\r\n".repeat(Screen.MAX_HEADER_LINES);
            peer.send(phone.invite(SipDialog.OFFER));
            peer.expect(400);
            bench.rejects(Rejection.TOO_MANY_HEADERS, 1);
            new SipDialog(peer).connect();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UDP", "TCP"})
    void tooManyHeaderValuesAre400AndTheNextMessageIsFound(String transport) throws Exception {
        try (SipPeer peer = peer(transport)) {
            for (String one : List.of("Accept: a/b|,a/b", "Accept: a/b|;a", "X: <sip:a?b|&c")) {
                SipDialog phone = new SipDialog(peer);
                String[] parts = one.split("\\|", 2);
                phone.extra = parts[0] + parts[1].repeat(Screen.MAX_SEPARATORS + 1) + "\r\n";
                peer.send(phone.invite(SipDialog.OFFER));
                phone.expect(400);
            }
            bench.rejects(Rejection.TOO_MANY_HEADERS, 3);
            new SipDialog(peer).connect();
        }
    }

    @Test
    void aLargeRequestOfACallCountsForSeveral() throws Exception {
        var limits = fiveRequests(100);
        try (SipEndpoint slow = endpoint(limits, () -> 0);
                SipPeer peer = SipPeer.udp("127.0.0.1", slow.listening().getFirst())) {
            SipDialog large = new SipDialog(peer);
            large.connect();
            SipDialog full = new SipDialog(peer);
            full.connect();
            full.extra = "Allow: A" + ",A".repeat(400) + "\r\n";
            for (int i = 0; i < 10; i++) {
                peer.send(large.next("INFO", "text/plain", "x".repeat(6_000)));
                peer.send(full.next("INFO", "text/plain", "x"));
            }
            // Of nineteen behind the ACK four that count for four and two for nine, and one as
            // its source may send five of whatever it likes.
            Bench.rejects(slow, Rejection.REQUEST_RATE, 13);
        }
    }

    @Test
    void anAnswerNeverGoesElsewhereThanWhereTheRequestCameFrom() throws Exception {
        closeTheDoor();
        try (SipPeer victim = SipPeer.udp("127.0.0.2", bench.udp());
                SipPeer peer = bench.udpPeer()) {
            String invite = new SipDialog(peer).invite(SipDialog.OFFER);
            peer.send(
                    invite.replaceFirst(
                            "127.0.0.1:" + peer.port,
                            "127.0.0.2:" + victim.port + ";rport;maddr=127.0.0.2"));
            peer.expect(400);
            peer.send(
                    invite.replaceFirst(";branch=", ";rport;branch=2")
                            .replaceFirst(":" + peer.port + ";", ";"));
            SipMessage answer = peer.expect(503);
            assertThat(answer.header("Via"))
                    .contains("rport=" + peer.port)
                    .contains("received=127.0.0.1");
            assertThat(victim.hearsNothing(100)).isTrue();
        }
    }

    @Test
    void aStreamIsReadMessageByMessageHoweverItComes() throws Exception {
        try (SipPeer peer = bench.tcpPeer()) {
            SipDialog phone = new SipDialog(peer);
            closeTheDoor();
            String refused = phone.invite(SipDialog.OFFER);
            String options = phone.request("OPTIONS", 1, "z9hG4bK-o", "", "");
            String all = "\r\n\r\n" + refused + "\r\n\r\n" + options + refused + options;
            for (String piece : pieces(all, 97)) {
                peer.send(piece);
            }
            List<Integer> statuses = new ArrayList<>();
            while (statuses.size() < 4) {
                SipMessage answer = peer.anything();
                String line = answer.text().strip();
                if (!line.isEmpty()) {
                    statuses.add(answer.status());
                }
            }
            assertThat(statuses).containsExactlyInAnyOrder(503, 200, 503, 200);
        }
    }

    private static List<String> pieces(String text, int length) {
        return Stream.iterate(0, at -> at < text.length(), at -> at + length)
                .map(at -> text.substring(at, Math.min(text.length(), at + length)))
                .toList();
    }

    @Test
    void aStreamWithoutMessageEndsIsClosedAfterTheAnswer() throws Exception {
        try (SipPeer peer = bench.tcpPeer()) {
            peer.send(
                    new SipDialog(peer)
                            .invite(SipDialog.OFFER)
                            .replaceFirst("Content-Length: [0-9]+", "Content-Length: -1"));
            peer.expect(400);
            assertThat(peer.isClosedByPeer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UDP", "TCP"})
    void carriageReturnsWithinALineAreRefused(String transport) throws Exception {
        try (Trouble trouble = Trouble.watch();
                SipPeer peer = peer(transport)) {
            SipDialog phone = new SipDialog(peer);
            peer.send(phone.invite(SipDialog.OFFER).replace("Max-Forwards", "\r\r\rMax-Forwards"));
            assertThat(peer.expect(400).startLine()).endsWith("Carriage Return Within Line");
            bench.rejects(Rejection.MALFORMED, 1);
            new SipDialog(peer).connect();
            assertThat(trouble.seen()).isEmpty();
        }
    }

    /** However they come: each alone, or all at once. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aStreamWithCarriageReturnsBetweenMessagesIsClosed(int atOnce) throws Exception {
        try (Trouble trouble = Trouble.watch();
                SipPeer peer = bench.tcpPeer()) {
            new SipDialog(peer).connect();
            for (String piece : pieces("\r\r\r\r", atOnce)) {
                peer.send(piece);
            }
            assertThat(peer.isClosedByPeer()).isTrue();
            assertThat(trouble.seen()).isEmpty();
        }
    }

    @Test
    void aMessageTooLongForTheParserIs513AndTheNextIsFound() throws Exception {
        try (SipPeer peer = bench.tcpPeer()) {
            SipDialog phone = new SipDialog(peer);
            peer.send(phone.invite("x".repeat(20_000)));
            peer.expect(513);
            new SipDialog(peer).connect();
        }
    }

    @Test
    void oneSourceMayHoldOnlySoManyConnections() throws Exception {
        var limits =
                new SipSettings.Limits(
                        100,
                        10,
                        2,
                        SipSettings.Limits.USUAL.handshake(),
                        SipSettings.Limits.USUAL.tcpIdle(),
                        100,
                        1_000);
        try (SipEndpoint endpoint = endpoint(limits)) {
            var tcp = endpoint.listening().get(1);
            try (SipPeer first = SipPeer.tcp("127.0.0.1", tcp)) {
                new SipDialog(first).connect();
                try (SipPeer second = SipPeer.tcp("127.0.0.1", tcp)) {
                    new SipDialog(second).connect();
                    try (SipPeer third = SipPeer.tcp("127.0.0.1", tcp)) {
                        assertThat(third.isClosedByPeer()).isTrue();
                    }
                }
            }
            // Those closed make room.
            for (int tries = 0; ; tries++) {
                try (SipPeer again = SipPeer.tcp("127.0.0.1", tcp)) {
                    again.send(new SipDialog(again).request("OPTIONS", 1, "z9hG4bK-r", "", ""));
                    again.expect(200);
                    break;
                } catch (AssertionError | IOException notYet) {
                    assertThat(tries).isLessThan(50);
                }
            }
        }
    }

    @Test
    void aConnectionThatFallsSilentIsClosed() throws Exception {
        var limits =
                new SipSettings.Limits(
                        100,
                        10,
                        10,
                        SipSettings.Limits.USUAL.handshake(),
                        java.time.Duration.ofMillis(1500),
                        100,
                        1_000);
        try (SipEndpoint endpoint = endpoint(limits);
                SipPeer peer = SipPeer.tcp("127.0.0.1", endpoint.listening().get(1))) {
            peer.send(new SipDialog(peer).request("OPTIONS", 1, "z9hG4bK-i", "", ""));
            peer.expect(200);
            assertThat(peer.isClosedByPeer()).isTrue();
            Bench.rejects(endpoint, Rejection.IDLE_CONNECTION, 1);
        }
    }
}
