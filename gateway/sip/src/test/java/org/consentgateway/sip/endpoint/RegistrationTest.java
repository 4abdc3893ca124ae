package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistrationTest {
    private final Switchboard gateway = new Switchboard();
    private SipPeer registrar;
    private SipEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        registrar =
                SipPeer.udp(
                        "127.0.0.1", new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9));
        Bench.Setup setup = new Bench.Setup();
        setup.listen = List.of(Bench.at(Transport.UDP, "127.0.0.1"));
        setup.trunks = List.of(Bench.provider());
        setup.accounts = List.of(Bench.account(Transport.UDP, registrar.port));
        endpoint = SipEndpoint.start(setup.settings(), gateway, System::nanoTime);
        registrar.to(endpoint.listening().getFirst());
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
        registrar.close();
    }

    private void grant(SipMessage register, int seconds) throws IOException {
        registrar.send(
                register.response(
                        "200 OK",
                        "r1",
                        "Contact: " + register.header("Contact") + ";expires=" + seconds + "\r\n",
                        ""));
    }

    @Test
    void theDomainNeedsNoAddressWhereAProxyHasOne() throws Exception {
        SipMessage register = registrar.expectRequest("REGISTER");
        assertThat(register.startLine()).isEqualTo("REGISTER sip:provider.invalid SIP/2.0");
        assertThat(register.header("To")).isEqualTo("<sip:e12345p0@provider.invalid>");
        assertThat(register.header("Contact")).contains("sip:e12345p0@127.0.0.1");
        assertThat(register.header("Expires")).isEqualTo("600");
        assertThat(endpoint.registrations().getFirst().registered()).isFalse();
        grant(register, 600);
        await().until(() -> endpoint.registrations().getFirst().registered());
    }

    @Test
    void aChallengeIsAnsweredWithTheStrongestAlgorithm() throws Exception {
        SipMessage register = registrar.expectRequest("REGISTER");
        registrar.send(
                register.response(
                        "401 Unauthorized",
                        "r1",
                        "WWW-Authenticate: Digest realm=\"provider\", nonce=\"n1\","
                                + " algorithm=MD5, qop=\"auth\"\r\n"
                                + "WWW-Authenticate: Digest realm=\"provider\", nonce=\"n2\","
                                + " algorithm=SHA-256, qop=\"auth,auth-int\", opaque=\"o\"\r\n",
                        ""));
        SipMessage again = registrar.expectRequest("REGISTER");
        assertThat(again.header("CSeq")).isEqualTo("2 REGISTER");
        assertThat(again.header("Call-ID")).isEqualTo(register.header("Call-ID"));
        assertThat(again.header("Authorization"))
                .contains("username=\"login\"", "nonce=\"n2\"", "algorithm=SHA-256", "qop=auth")
                .contains("uri=\"sip:provider.invalid\"", "opaque=\"o\"")
                .doesNotContain("secret");
        registrar.send(
                again.response(
                        "401 Unauthorized",
                        "r1",
                        "WWW-Authenticate: Digest realm=\"provider\", nonce=\"n3\"\r\n",
                        ""));
        await().until(() -> endpoint.registrations().getFirst().failures() == 1);
        assertThat(endpoint.registrations().getFirst().status()).isEqualTo(401);
    }

    @Test
    void itIsRefreshedBeforeItRunsOutAndTakenBackAtTheEnd() throws Exception {
        grant(registrar.expectRequest("REGISTER"), 2);
        grant(registrar.expectRequest("REGISTER"), 2);
        await().until(() -> endpoint.registrations().getFirst().registered());
        endpoint.close();
        SipMessage last = registrar.expectRequest("REGISTER");
        while (!last.header("Expires").equals("0")) {
            last = registrar.expectRequest("REGISTER");
        }
    }

    private void challenge(SipMessage register, String nonce) throws IOException {
        registrar.send(
                register.response(
                        "401 Unauthorized",
                        "r1",
                        "WWW-Authenticate: Digest realm=\"provider\", nonce=\"" + nonce + "\"\r\n",
                        ""));
    }

    @Test
    void whoWantsAPasswordEachTimeGetsItAtTheEndAsWell() throws Exception {
        challenge(registrar.expectRequest("REGISTER"), "n1");
        grant(registrar.expectRequest("REGISTER"), 600);
        await().until(() -> endpoint.registrations().getFirst().registered());
        Thread closing = Thread.ofPlatform().start(endpoint::close);
        challenge(registrar.expectRequest("REGISTER"), "n2");
        SipMessage last = registrar.expectRequest("REGISTER");
        assertThat(last.header("Expires")).isEqualTo("0");
        assertThat(last.header("Authorization")).contains("nonce=\"n2\"");
        grant(last, 0);
        assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
    }

    /** What it calls itself is its own: only others get no password in another realm. */
    @Test
    void aRegistrarMayChangeItsRealm() throws Exception {
        challenge(registrar.expectRequest("REGISTER"), "n1");
        grant(registrar.expectRequest("REGISTER"), 2);
        registrar.send(
                registrar
                        .expectRequest("REGISTER")
                        .response(
                                "401 Unauthorized",
                                "r1",
                                "WWW-Authenticate: Digest realm=\"moved\", nonce=\"n2\"\r\n",
                                ""));
        assertThat(registrar.expectRequest("REGISTER").header("Authorization"))
                .contains("realm=\"moved\"", "nonce=\"n2\"");
    }

    @Test
    void tooShortIsAskedAgainLonger() throws Exception {
        SipMessage register = registrar.expectRequest("REGISTER");
        registrar.send(
                register.response("423 Interval Too Brief", "r1", "Min-Expires: 3600\r\n", ""));
        assertThat(registrar.expectRequest("REGISTER").header("Expires")).isEqualTo("3600");
    }

    @Test
    void whoWeRegisteredWithMayCallUs() throws Exception {
        grant(registrar.expectRequest("REGISTER"), 600);
        SipDialog phone = new SipDialog(registrar);
        phone.calling("e12345p0");
        registrar.send(phone.invite(SipDialog.OFFER));
        IncomingCall call = gateway.nextCall();
        assertThat(call.trunk()).isEqualTo("provider");
        assertThat(call.calledNumber()).isEqualTo("e12345p0");
    }

    @Test
    void whatOthersOfTheSameUserAreGrantedIsTheirs() throws Exception {
        SipMessage register = registrar.expectRequest("REGISTER");
        registrar.send(
                register.response(
                        "200 OK",
                        "r1",
                        "Contact: <sip:e12345p0@192.0.2.7>;expires=1\r\nContact: "
                                + register.header("Contact")
                                + ";expires=600\r\n",
                        ""));
        await().until(() -> endpoint.registrations().getFirst().registered());
        assertThat(endpoint.registrations().getFirst().until().orElseThrow())
                .isAfter(Instant.now().plusSeconds(500));
    }

    @Test
    void whoIsGrantedNoTimeIsNotRegistered() throws Exception {
        grant(registrar.expectRequest("REGISTER"), 0);
        await().until(() -> endpoint.registrations().getFirst().failures() == 1);
        assertThat(endpoint.registrations().getFirst().registered()).isFalse();
    }

    /** Behind a NAT, the registrar may tell another address; ours runs out all the same. */
    @Test
    void theShortestTimeThatItsUserIsGrantedCounts() throws Exception {
        SipMessage register = registrar.expectRequest("REGISTER");
        registrar.send(
                register.response(
                        "200 OK",
                        "r1",
                        "Contact: <sip:e12345p0@192.0.2.7>;expires=86400,"
                                + " <sip:e12345p0@192.0.2.8>;expires=2\r\n",
                        ""));
        assertThat(registrar.expectRequest("REGISTER").header("CSeq")).isEqualTo("2 REGISTER");
    }

    @Test
    void nobodyWaitsLongerThanADayForAChange() throws Exception {
        SipMessage register = registrar.expectRequest("REGISTER");
        registrar.send(
                register.response("423 Interval Too Brief", "r1", "Min-Expires: 86401\r\n", ""));
        await().until(() -> endpoint.registrations().getFirst().status() == 423);
    }

    @Test
    void whoFindsEachNonceTooOldIsAskedOnceASecond() throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        int asked = 0;
        while (System.nanoTime() < until) {
            SipMessage register = registrar.receive(100);
            if (register != null && register.method().equals("REGISTER")) {
                asked++;
                registrar.send(
                        register.response(
                                "401 Unauthorized",
                                "r1",
                                "WWW-Authenticate: Digest realm=\"r\", stale=true, nonce=\"n"
                                        + asked
                                        + "\"\r\n",
                                ""));
            }
        }
        // The first, its password at once, and one in each second.
        assertThat(asked).isBetween(3, 6);
    }
}
