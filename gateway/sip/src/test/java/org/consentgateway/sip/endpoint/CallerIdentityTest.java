package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.trunk.CallerIdentity;
import org.consentgateway.sip.trunk.Disbelief;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerIdentityTest {
    private Bench bench;
    private SipPeer peer;
    private SipDialog phone;

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

    private IncomingCall call() throws Exception {
        peer.send(phone.invite(SipDialog.OFFER));
        return bench.gateway.nextCall();
    }

    @Test
    void theAssertedIdentityCountsBeforeFrom() throws Exception {
        phone.extra = "P-Asserted-Identity: \"Firma\" <sip:004989555@example.com>\r\n";
        CallerIdentity caller = call().caller();
        assertThat(caller).isEqualTo(new CallerIdentity("+4989555", true, false, Disbelief.NONE));
        assertThat(caller.toString()).doesNotContain("89555");
    }

    /** As the parser hands it on, whose types know no parameters of these headers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<sip:+4989555555@example.com>;verstat=TN-Validation-Failed",
                "<sip:+4989555555@example.com>, <tel:+4989555555>;verstat=TN-Validation-Failed",
                "<sip:+4989555555@example.com>,<tel:+4989555556>",
                "<sip:+4989555555@example.com>\r\nP-Asserted-Identity: <tel:+4989555556>",
                "<sip:+4989555555;verstat=TN-Validation-Failed@example.com>",
                "sip:+4989555555@example.com;verstat=TN-Validation-Failed",
                "<tel:+4989555555;VerStat=No-TN-Validation>",
                "<sip:+4989555555@example.com>, <sips:+4989555555@example.com>, <tel:+4989555556>",
                "<sip:+4989555555@example.com>\r\n"
                        + "P-Asserted-Identity: <tel:+4989555555>;verstat=TN-Validation-Failed",
                "<sip:+4989555555@example.com>\r\nP-Asserted-Identity: <tel:+4989555556>;x=y",
                "<sip:+4989555555@example.com>\r\nP-Asserted-Identity: nonsense",
                "\"a, <b>\" <sip:+4989555555@example.com>;x=y, <tel:+4989555556>",
                "<sip:+4989555555@example.com>\r\np-asserted-identity: <sip:1@example.com>",
            })
    void aNumberThatIsDoubtedOrContradictedOnTheWireIsNobodys(String value) throws Exception {
        phone.extra = "P-Asserted-Identity: " + value + "\r\n";
        assertThat(call().caller().asserted()).isFalse();
    }

    /** Of a trunk with {@code identity: []}, which passes on what it has not looked at. */
    @Test
    void ofATrunkThatIsBelievedNoHeaderNobodyIsKnown() throws Exception {
        Bench.Setup setup = new Bench.Setup();
        setup.trunks = List.of(Bench.trunk("unscreened", "127.0.0.1"));
        try (SipEndpoint unscreened =
                        SipEndpoint.start(setup.settings(), bench.gateway, System::nanoTime);
                SipPeer there = SipPeer.udp("127.0.0.1", unscreened.listening().getFirst())) {
            SipDialog call = new SipDialog(there);
            call.from = "<sip:+491701234567;verstat=TN-Validation-Passed-A@example.com>";
            call.extra =
                    "P-Asserted-Identity:"
                            + " <sip:+4989555555@example.com>;verstat=TN-Validation-Passed-A\r\n"
                            + "P-Preferred-Identity: <sip:+4989555555@example.com>\r\n"
                            + "Remote-Party-ID: <sip:+4989555555@example.com>;screen=yes\r\n";
            there.send(call.invite(SipDialog.OFFER));
            assertThat(bench.gateway.nextCall().caller().asserted()).isFalse();
        }
    }

    @Test
    void aNumberThatFromSaysFailedIsNobodys() throws Exception {
        phone.from = "<sip:+4989555555;verstat=TN-Validation-Failed@example.com;user=phone>";
        phone.extra = "P-Asserted-Identity: <sip:+4989555555@example.com>\r\n";
        assertThat(call().caller().disbelief()).isEqualTo(Disbelief.VERIFICATION);
    }

    @Test
    void withoutItFromIsTaken() throws Exception {
        phone.from = "\"Anna\" <sip:01701234567@127.0.0.1>";
        assertThat(call().caller())
                .isEqualTo(new CallerIdentity("+491701234567", false, false, Disbelief.NONE));
    }

    @Test
    void privacyWithholdsEvenAnAssertedNumber() throws Exception {
        phone.extra =
                "P-Asserted-Identity: <sip:+4989555555@example.com>\r\nPrivacy: critical;id\r\n";
        assertThat(call().caller()).isEqualTo(CallerIdentity.WITHHELD);
    }

    /** What the parser cannot read is a wish all the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {"id;", ";id", "id;;user", "id, header", "id;x=y", "user ; id ,", "id <x>"})
    void privacyThatIsWrittenBadlyWithholdsAsWell(String value) throws Exception {
        phone.extra =
                "P-Asserted-Identity: <sip:+4989555555@example.com>\r\nPrivacy: " + value + "\r\n";
        assertThat(call().caller()).isEqualTo(CallerIdentity.WITHHELD);
    }

    @Test
    void anAnonymousFromIsWithheld() throws Exception {
        phone.from = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
        assertThat(call().caller()).isEqualTo(CallerIdentity.WITHHELD);
    }

    @Test
    void aNameInsteadOfANumberIsUnknownButNotWithheld() throws Exception {
        phone.from = "<sip:alice@127.0.0.1>";
        assertThat(call().caller()).isEqualTo(CallerIdentity.UNKNOWN);
    }

    @Test
    void theCalledNumberIsNormalisedWhereItIsOne() throws Exception {
        phone.calling("030123456");
        assertThat(call().calledNumber()).isEqualTo("+4930123456");
        phone = new SipDialog(peer);
        phone.calling("privacy");
        assertThat(call().calledNumber()).isEqualTo("privacy");
    }

    @Test
    void onlyTheHeadersMeantForItArePassedOnAndNeverConsent() throws Exception {
        phone.extra =
                """
                X-Consent-Id: forged\r
                X-Consent-Level: voll\r
                X-Other: 1\r
                Diversion: <sip:+4930999@example.com>;reason=unconditional\r
                History-Info: <sip:+4930999@example.com>;index=1\r
                User-to-User: 00aa;encoding=hex\r
                """;
        assertThat(call().passedHeaders())
                .containsOnlyKeys("History-Info", "Diversion", "User-to-User")
                .containsEntry(
                        "Diversion", List.of("<sip:+4930999@example.com>;reason=unconditional"));
    }

    @Test
    void aWithheldCallerPassesNoNumbersOn() throws Exception {
        phone.extra =
                """
                Privacy: id\r
                Diversion: <sip:+4930999@example.com>\r
                User-to-User: 00aa;encoding=hex\r
                """;
        assertThat(call().passedHeaders()).containsOnlyKeys("User-to-User");
    }

    private static final String ANNA = "P-Asserted-Identity: <sip:+4989555555@example.com>\r\n";
    private static final String BERTA = "P-Asserted-Identity: <tel:+4989666666>\r\n";

    /** What is told so is done before whoever takes over can speak. */
    @ParameterizedTest
    @ValueSource(strings = {"INVITE", "UPDATE"})
    void thatTheTrunkNamesSomebodyElseIsToldBeforeItIsAnswered(String method) throws Exception {
        var goesOn = new CountDownLatch(1);
        var told = new CountDownLatch(1);
        bench.gateway.answerAll(
                new IncomingCall.Events() {
                    @Override
                    public void passedOn() {
                        told.countDown();
                        await(goesOn);
                    }

                    @Override
                    public void media(MediaFormat format, MediaPeer peer) {}

                    @Override
                    public void ended(IncomingCall.How how) {}
                });
        phone.extra = ANNA;
        phone.connect();
        IncomingCall call = bench.gateway.nextCall();
        phone.extra = BERTA;
        peer.send(phone.next(method, "application/sdp", SipDialog.OFFER));
        await(told);
        assertThat(call.caller()).isEqualTo(CallerIdentity.UNKNOWN);
        @Nullable SipMessage early = peer.receive(200);
        // The stack says 100 by itself after 200 ms (RFC 3261 §17.2.1).
        assertThat(early == null || early.status() == 100).as("answered before").isTrue();
        goesOn.countDown();
        phone.expect(200);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whoIsNamedWhileItRingsIsToldOfWithTheAnswer() throws Exception {
        var heard = new Heard();
        phone.extra = ANNA;
        bench.gateway.onCall = IncomingCall::ring;
        peer.send(phone.invite(SipDialog.OFFER));
        phone.toTag = peer.expect(180).toTag();
        phone.extra = BERTA;
        peer.send(phone.next("UPDATE", "", ""));
        phone.expect(200);
        bench.gateway.nextCall().answer(Switchboard.MEDIA, heard);
        assertThat(heard.next()).isEqualTo("passed on");
        assertThat(heard.next()).startsWith("media");
    }

    @Test
    void whoIsNamedAsBeforeOrNotAtAllIsToldOfNever() throws Exception {
        var heard = new Heard();
        bench.gateway.answerAll(heard);
        phone.extra = ANNA;
        phone.connect();
        assertThat(heard.next()).startsWith("media");
        for (String named : List.of(ANNA.replace("sip:+4989", "sip:089"), "Privacy: id\r\n", "")) {
            phone.extra = named;
            peer.send(phone.next("UPDATE", "", ""));
            phone.expect(200);
        }
        assertThat(heard.nothingMore(100)).isTrue();
        assertThat(bench.gateway.nextCall().caller().number()).isEqualTo("+4989555555");
    }
}
