package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.sip.auth.Digest;
import org.consentgateway.sip.auth.DigestAlgorithm;
import org.consentgateway.sip.auth.Nonces;
import org.consentgateway.sip.auth.RequiredLogin;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dns.DnsLookups;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.timer.Alarm;
import org.consentgateway.sip.transport.ClockAndDns;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.IdentityTrust;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A trunk that has to show a password. */
@Timeout(60)
class InboundDigestTest {
    private static final String REALM = "gateway.test";

    /**
     * Over UDP no challenge is longer than what it answers; telephones write this much and more.
     */
    private static final String ROOM = "User-Agent: " + "x".repeat(400) + "\r\n";

    private static final String LINE = "sip:+4930123456@127.0.0.1";

    private final AtomicLong forward = new AtomicLong();
    private final Switchboard gateway = new Switchboard();
    private final Heard heard = new Heard();
    private SipEndpoint endpoint;
    private SipPeer peer;

    @BeforeEach
    void start() throws IOException {
        Trunk trunk =
                new Trunk(
                        "pbx",
                        List.of(Cidr.parse("127.0.0.1/32")),
                        Trunk.EVERY_TRANSPORT,
                        List.of(),
                        IdentityTrust.NONE,
                        Numbering.GERMANY,
                        false,
                        Srtp.OFF,
                        Optional.of(
                                new RequiredLogin(
                                        REALM,
                                        "pbx",
                                        "secret",
                                        EnumSet.allOf(DigestAlgorithm.class))));
        endpoint =
                SipEndpoint.start(
                        Bench.settings(List.of(trunk), List.of()),
                        gateway,
                        new ClockAndDns(
                                () -> System.nanoTime() + forward.get(),
                                InstantSource.system(),
                                DnsLookups.ofThisMachine(),
                                Alarm::real));
        gateway.answerAll(heard);
        peer = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
        peer.close();
    }

    private SipMessage challenged(String authorization) throws IOException {
        SipDialog phone = new SipDialog(peer);
        phone.extra = ROOM + authorization;
        peer.send(phone.invite(SipDialog.OFFER));
        SipMessage refused = peer.expect(401);
        phone.toTag = refused.toTag();
        peer.send(phone.ack(""));
        return refused;
    }

    private static String nonce(SipMessage challenge) {
        return Digest.parameter(challenge.headers("WWW-Authenticate").getFirst(), "nonce")
                .orElseThrow();
    }

    private static String authorization(
            DigestAlgorithm algorithm, String user, String password, String nonce, int nc) {
        String count = String.format("%08x", nc);
        String response =
                Digest.response(
                        algorithm,
                        user + ":" + REALM + ":" + password,
                        "INVITE:" + LINE,
                        nonce,
                        Optional.of(count + ":c:auth"));
        return ("Authorization: Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\","
                        + " response=\"%s\", algorithm=%s, cnonce=\"c\", qop=auth, nc=%s\r\n")
                .formatted(user, REALM, nonce, LINE, response, algorithm.token(), count);
    }

    private void passes(String authorization) throws Exception {
        SipDialog phone = new SipDialog(peer);
        phone.extra = authorization;
        phone.connect();
        assertThat(gateway.nextCall().trunk()).isEqualTo("pbx");
    }

    private long failures() {
        Long count = endpoint.counters().rejected().get(Rejection.BAD_PASSWORD);
        return count == null ? 0 : count;
    }

    @Test
    void withoutAPasswordNothingIsLookedAt() throws Exception {
        SipMessage refused = challenged("");
        assertThat(refused.headers("WWW-Authenticate"))
                .hasSize(2)
                .satisfiesExactly(
                        first -> assertThat(first).contains("SHA-256", "qop=\"auth\"", REALM),
                        second -> assertThat(second).contains("MD5").doesNotContain("stale"));
        assertThat(gateway.asked).isEmpty();
        assertThat(failures()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void theRightPasswordOpens(DigestAlgorithm algorithm) throws Exception {
        passes(authorization(algorithm, "pbx", "secret", nonce(challenged("")), 1));
        assertThat(failures()).isZero();
    }

    @Test
    void nothingIsTakenTwice() throws Exception {
        String nonce = nonce(challenged(""));
        String shown = authorization(DigestAlgorithm.SHA_256, "pbx", "secret", nonce, 1);
        passes(shown);
        challenged(shown);
        assertThat(failures()).isEqualTo(1);
        passes(authorization(DigestAlgorithm.SHA_256, "pbx", "secret", nonce, 2));
        challenged(authorization(DigestAlgorithm.SHA_256, "pbx", "secret", nonce, 1));
        assertThat(failures()).isEqualTo(2);
    }

    /** It is refused without a transaction, and over UDP the refusal may be lost. */
    @Test
    void aRefusedInviteThatIsSaidAgainGetsTheSameRefusal() throws Exception {
        String nonce = nonce(challenged(""));
        String shown = authorization(DigestAlgorithm.SHA_256, "pbx", "secret", nonce, 1);
        gateway.admission = new CallAdmission.UnknownLine();
        SipDialog phone = new SipDialog(peer);
        phone.extra = shown;
        String invite = phone.invite(SipDialog.OFFER);
        peer.send(invite);
        SipMessage refused = peer.expect(404);
        peer.send(invite);
        peer.expectAgain(refused);
        assertThat(failures()).isZero();

        peer.send(invite.replace("m=audio 8000", "m=audio 8002"));
        peer.expect(401);
        assertThat(failures()).as("another that bears it").isEqualTo(1);
    }

    @Test
    void withoutAQopANonceServesOnce() throws Exception {
        String nonce = nonce(challenged(""));
        String response =
                Digest.response(
                        DigestAlgorithm.MD5,
                        "pbx:" + REALM + ":secret",
                        "INVITE:" + LINE,
                        nonce,
                        Optional.empty());
        String old =
                "Authorization: Digest username=\"pbx\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", response=\"%s\"\r\n"
                        .formatted(REALM, nonce, LINE, response);
        passes(old);
        challenged(old);
        assertThat(failures()).isEqualTo(1);
    }

    @Test
    void anOldNonceIsStaleAndNoFailure() throws Exception {
        String nonce = nonce(challenged(""));
        forward.addAndGet(Nonces.LIFETIME.plusSeconds(1).toNanos());
        SipMessage again =
                challenged(authorization(DigestAlgorithm.MD5, "pbx", "secret", nonce, 1));
        assertThat(again.headers("WWW-Authenticate")).allMatch(each -> each.contains("stale=true"));
        assertThat(failures()).isZero();
        passes(authorization(DigestAlgorithm.MD5, "pbx", "secret", nonce(again), 1));
    }

    @Test
    void aNonceOfSomebodyElseIsNone() throws Exception {
        challenged(authorization(DigestAlgorithm.MD5, "pbx", "secret", "made-up", 1));
        assertThat(failures()).isEqualTo(1);
    }

    /** What svwar and svcrack look for: a difference. */
    @Test
    void knownAndUnknownUsersAreAnsweredAlike() throws Exception {
        String known =
                challenged(
                                authorization(
                                        DigestAlgorithm.MD5,
                                        "pbx",
                                        "wrong",
                                        nonce(challenged("")),
                                        1))
                        .text();
        String unknown =
                challenged(
                                authorization(
                                        DigestAlgorithm.MD5,
                                        "100",
                                        "wrong",
                                        nonce(challenged("")),
                                        1))
                        .text();
        assertThat(alike(unknown)).isEqualTo(alike(known)).isEqualTo(alike(challenged("").text()));
        for (String line : List.of("+4930123456", "100", "nobody")) {
            for (String method : List.of("INVITE", "OPTIONS", "REGISTER", "SUBSCRIBE", "BYE")) {
                SipDialog phone = new SipDialog(peer);
                phone.calling(line);
                phone.extra = ROOM;
                peer.send(phone.request(method, 1, phone.branch, "", ""));
                assertThat(alike(peer.expect(401).text()).replace(line, "+4930123456"))
                        .isEqualTo(alike(known).replace("INVITE", method));
            }
        }
        assertThat(gateway.asked).isEmpty();
    }

    /** svcrack tries a list of passwords by REGISTER, many over one nonce. */
    @Test
    void guessesTellNothingAndLockNobodyOut() throws Exception {
        String nonce = nonce(challenged(""));
        String first = "";
        for (int guess = 1; guess <= 20; guess++) {
            for (String user : List.of("pbx", "100")) {
                SipDialog phone = new SipDialog(peer);
                phone.extra =
                        ROOM
                                + authorization(
                                        DigestAlgorithm.MD5, user, "guess" + guess, nonce, guess);
                peer.send(phone.request("REGISTER", guess, phone.branch, "", ""));
                String answer = alike(peer.expect(401).text()).replaceAll("CSeq: \\d+", "CSeq: n");
                first = first.isEmpty() ? answer : first;
                assertThat(answer).isEqualTo(first).doesNotContain("stale");
            }
        }
        assertThat(failures()).isEqualTo(40);
        passes(authorization(DigestAlgorithm.MD5, "pbx", "secret", nonce(challenged("")), 1));
    }

    @Test
    void overUdpAChallengeIsNoLongerThanWhatItAnswers() throws Exception {
        int both = challenged("").text().length();
        SipDialog phone = new SipDialog(peer);
        int bare = phone.request("OPTIONS", 1, phone.branch, "", "").length();
        phone.extra = "X: " + "x".repeat(both - 100 - bare) + "\r\n";
        String shorter = phone.request("OPTIONS", 1, phone.branch, "", "");
        peer.send(shorter);
        SipMessage one = peer.expect(401);
        assertThat(one.headers("WWW-Authenticate"))
                .singleElement()
                .asString()
                .contains("SHA-256", "nonce=");
        assertThat(one.text().length()).isLessThanOrEqualTo(shorter.length());

        phone.extra = "";
        peer.send(phone.request("OPTIONS", 2, phone.branch + "2", "", ""));
        assertThat(peer.hearsNothing(200)).isTrue();
        Bench.rejects(endpoint, Rejection.TOO_SHORT, 1);
    }

    /** Without what differs in any two answers. */
    private static String alike(String text) {
        return text.replaceAll("nonce=\"[^\"]*\"", "nonce")
                .replaceAll("tag=[^;\r\n]*", "tag")
                .replaceAll("branch=[^;\r\n]*", "branch")
                .replaceAll("call-\\d+", "call");
    }
}
