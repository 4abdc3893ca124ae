package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.auth.Digest;
import org.consentgateway.sip.auth.DigestAlgorithm;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.trunk.Account;
import org.consentgateway.testkit.DnsServer;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls over a provider's account: its way, its password, its numbers. */
@Timeout(60)
class AccountCallTest {
    private final Heard heard = new Heard();
    private SipPeer provider;
    private DnsServer dns;
    private @Nullable SipEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        provider =
                SipPeer.udp(
                        "127.0.0.1", new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9));
        dns = new DnsServer();
        dns.srv("_sip._udp.provider.test", 1, provider.port, "a.provider.test")
                .srv("_sip._udp.edge.provider.test", 1, provider.port, "a.provider.test")
                .address("a.provider.test", "127.0.0.1");
    }

    @AfterEach
    void stop() throws IOException {
        endpoint().close();
        provider.close();
        dns.close();
    }

    private void start(boolean registers, boolean showsCallers) throws IOException {
        SipEndpoint started =
                SipEndpoint.start(
                        Bench.settings(
                                List.of(Bench.provider()),
                                List.of(
                                        new Account(
                                                "provider",
                                                "provider.test",
                                                Optional.empty(),
                                                Optional.of(Transport.UDP),
                                                "e12345p0",
                                                "login",
                                                "secret",
                                                EnumSet.allOf(DigestAlgorithm.class),
                                                Duration.ofMinutes(10),
                                                registers,
                                                showsCallers))),
                        new Switchboard(),
                        Peers.machine(dns));
        endpoint = started;
        provider.to(started.listening().getFirst());
    }

    private SipEndpoint endpoint() {
        return Objects.requireNonNull(endpoint);
    }

    private OutgoingCall dial(String shown) {
        return endpoint()
                .dial(
                        new OutgoingCall.Dial(
                                "sip:+4930999@provider.test",
                                shown,
                                Map.of(),
                                LocalMedia.ofAudio(Switchboard.MEDIA),
                                G711.PCMA,
                                false,
                                "provider",
                                "+4930123456",
                                Optional.empty(),
                                Srtp.OFF,
                                Set.of()),
                        heard);
    }

    private void challenge(SipMessage request, String statusAndHeader, String nonce)
            throws IOException {
        challenge(provider, request, statusAndHeader, "provider", nonce);
    }

    private static void challenge(
            SipPeer by, SipMessage request, String statusAndHeader, String realm, String nonce)
            throws IOException {
        String header = statusAndHeader.startsWith("401") ? "WWW" : "Proxy";
        by.send(
                request.response(
                        statusAndHeader,
                        "c",
                        "%s-Authenticate: Digest realm=\"%s\", nonce=\"%s\", algorithm=MD5, qop=\"auth\"\r\n"
                                .formatted(header, realm, nonce),
                        ""));
        if (request.method().equals("INVITE")) {
            by.expectRequest("ACK");
        }
    }

    private SipMessage answer(SipMessage invite) throws IOException {
        success(invite);
        return provider.expectRequest("ACK");
    }

    private void success(SipMessage invite) throws IOException {
        success(invite, "127.0.0.1:" + provider.port);
    }

    private void success(SipMessage invite, String contact) throws IOException {
        provider.send(
                invite.response(
                        "200 OK", "t", "Contact: <sip:b@" + contact + ">\r\n", SipDialog.OFFER));
    }

    private static void rightPassword(SipMessage request, String header, String method) {
        String value = request.header(header);
        String uri = Digest.parameter(value, "uri").orElseThrow();
        assertThat(Digest.parameter(value, "response"))
                .contains(
                        Digest.response(
                                DigestAlgorithm.MD5,
                                "login:provider:secret",
                                method + ":" + uri,
                                Digest.parameter(value, "nonce").orElseThrow(),
                                Optional.of(
                                        Digest.parameter(value, "nc").orElseThrow()
                                                + ":"
                                                + Digest.parameter(value, "cnonce").orElseThrow()
                                                + ":auth")));
    }

    @Test
    void challengesOfAnInviteAndOfItsByeAreAnswered() throws Exception {
        start(false, false);
        OutgoingCall call = dial("+491701234567");
        SipMessage invite = provider.expectRequest("INVITE");
        assertThat(invite.header("From")).startsWith("<sip:+4930123456@provider.test>");
        assertThat(invite.header("P-Preferred-Identity"))
                .isEqualTo("<sip:+4930123456@provider.test>");
        assertThat(invite.header("Contact")).startsWith("<sip:e12345p0@127.0.0.1:");
        assertThat(invite.text()).doesNotContain("1701234567");
        challenge(invite, "407 Proxy Authentication Required", "n1");

        SipMessage again = provider.expectRequest("INVITE");
        assertThat(again.header("CSeq")).isEqualTo("2 INVITE");
        assertThat(again.header("Call-ID")).isEqualTo(invite.header("Call-ID"));
        assertThat(again.header("Proxy-Authorization")).contains("nonce=\"n1\"", "nc=00000001");
        rightPassword(again, "Proxy-Authorization", "INVITE");
        SipMessage ack = answer(again);
        assertThat(ack.header("Proxy-Authorization"))
                .isEqualTo(again.header("Proxy-Authorization"));
        assertThat(heard.next()).startsWith("media PCMA");

        call.hangUp(IncomingCall.Ending.NORMAL);
        SipMessage bye = provider.expectRequest("BYE");
        challenge(bye, "401 Unauthorized", "n2");
        SipMessage ended = provider.expectRequest("BYE");
        assertThat(ended.header("CSeq")).isEqualTo("4 BYE");
        rightPassword(ended, "Authorization", "BYE");
    }

    /** Where the provider does not stay in the dialog; its realm is no secret. */
    @ParameterizedTest
    @ValueSource(strings = {"provider", "evil.example"})
    void whoIsCalledGetsNoPasswordToGuessAt(String realm) throws Exception {
        start(false, false);
        OutgoingCall call = dial("+491701234567");
        challenge(provider.expectRequest("INVITE"), "407 Proxy Authentication Required", "n1");
        try (SipPeer called = SipPeer.udp("127.0.0.66", endpoint().listening().getFirst())) {
            success(provider.expectRequest("INVITE"), "127.0.0.66:" + called.port);
            assertThat(called.expectRequest("ACK").header("Proxy-Authorization")).isEmpty();
            assertThat(heard.next()).startsWith("media PCMA");

            call.offerAgain(MediaPeer.Direction.RECVONLY, _ -> {});
            challenge(called, called.expectRequest("INVITE"), "401 Unauthorized", realm, "n2");
            call.hangUp(IncomingCall.Ending.NORMAL);
            challenge(called, called.expectRequest("BYE"), "401 Unauthorized", realm, "n3");
            assertThat(called.untilSilent(300)).isEmpty();
        }
    }

    /** A proxy passes on what whoever is called wants to see. */
    @Test
    void noOtherRealmThanTheFirstGetsAPassword() throws Exception {
        start(false, false);
        dial("+491701234567");
        challenge(provider.expectRequest("INVITE"), "407 Proxy Authentication Required", "n1");
        challenge(
                provider,
                provider.expectRequest("INVITE"),
                "401 Unauthorized",
                "evil.example",
                "n2\", stale=true, x=\"y");
        assertThat(heard.next()).isEqualTo("refused 401");
        assertThat(provider.hearsNothing(200)).isTrue();
    }

    @Test
    void noOtherRealmThanTheRegistrarsGetsAPassword() throws Exception {
        start(true, false);
        challenge(provider.expectRequest("REGISTER"), "401 Unauthorized", "n1");
        SipMessage register = provider.expectRequest("REGISTER");
        rightPassword(register, "Authorization", "REGISTER");
        provider.send(
                register.response(
                        "200 OK",
                        "r",
                        "Contact: " + register.header("Contact") + ";expires=600\r\n",
                        ""));
        await().until(() -> endpoint().registrations().getFirst().registered());
        dial("+491701234567");
        challenge(
                provider,
                provider.expectRequest("INVITE"),
                "407 Proxy Authentication Required",
                "evil.example",
                "n2");
        assertThat(heard.next()).isEqualTo("refused 407");
        assertThat(provider.hearsNothing(200)).isTrue();
    }

    /** RFC 3261 §22.1: an ACK cannot be challenged, so each bears what its INVITE did. */
    @Test
    void theAckOfAReinviteThatWasChallengedBearsThePasswordAsOftenAsItGoesOut() throws Exception {
        start(false, false);
        OutgoingCall call = dial("+491701234567");
        assertThat(answer(provider.expectRequest("INVITE")).header("Proxy-Authorization"))
                .isEmpty();
        assertThat(heard.next()).startsWith("media PCMA");

        call.offerAgain(MediaPeer.Direction.RECVONLY, _ -> {});
        challenge(provider.expectRequest("INVITE"), "407 Proxy Authentication Required", "n1");
        SipMessage again = provider.expectRequest("INVITE");
        rightPassword(again, "Proxy-Authorization", "INVITE");
        SipMessage ack = answer(again);
        assertThat(ack.header("CSeq")).isEqualTo("3 ACK");
        assertThat(ack.header("Proxy-Authorization"))
                .isEqualTo(again.header("Proxy-Authorization"));

        call.offerAgain(MediaPeer.Direction.SENDRECV, _ -> {});
        SipMessage next = provider.expectRequest("INVITE");
        success(again);
        provider.expectAgain(ack);
        SipMessage unasked = answer(next);
        assertThat(unasked.header("CSeq")).isEqualTo("4 ACK");
        assertThat(unasked.header("Proxy-Authorization")).isEmpty();
    }

    @Test
    void aWrongPasswordIsShownOnceAndAStaleNonceReplaced() throws Exception {
        start(false, false);
        dial("+491701234567");
        challenge(provider.expectRequest("INVITE"), "401 Unauthorized", "n1");
        challenge(provider.expectRequest("INVITE"), "401 Unauthorized", "n2\", stale=true, x=\"y");
        SipMessage third = provider.expectRequest("INVITE");
        assertThat(third.header("CSeq")).isEqualTo("3 INVITE");
        assertThat(third.header("Authorization")).contains("nonce=\"n2\"");
        challenge(third, "401 Unauthorized", "n3");
        assertThat(heard.next()).isEqualTo("refused 401");
        assertThat(provider.hearsNothing(200)).isTrue();
    }

    @Test
    void callersAreShownWhereTheProviderAllowsIt() throws Exception {
        start(false, true);
        dial("+491701234567");
        SipMessage invite = provider.expectRequest("INVITE");
        assertThat(invite.header("From")).startsWith("<sip:+491701234567@provider.test>");
        assertThat(invite.header("P-Preferred-Identity"))
                .isEqualTo("<sip:+4930123456@provider.test>");
        assertThat(invite.header("Privacy")).isEmpty();
    }

    @Test
    void whoIsWithheldIsAnonymous() throws Exception {
        start(false, true);
        dial(OutgoingCall.ANONYMOUS);
        SipMessage invite = provider.expectRequest("INVITE");
        assertThat(invite.header("From"))
                .startsWith("\"Anonymous\" <sip:anonymous@anonymous.invalid>");
        assertThat(invite.header("Privacy")).isEqualTo("id");
        assertThat(invite.header("P-Preferred-Identity"))
                .isEqualTo("<sip:+4930123456@provider.test>");
    }

    @Test
    void theServiceRouteIsTaken() throws Exception {
        start(true, false);
        SipMessage register = provider.expectRequest("REGISTER");
        provider.send(
                register.response(
                        "200 OK",
                        "r",
                        "Contact: "
                                + register.header("Contact")
                                + ";expires=600\r\n"
                                + "Service-Route: <sip:edge.provider.test;lr>,"
                                + " <sip:core.provider.test;lr>\r\n",
                        ""));
        await().until(() -> endpoint().registrations().getFirst().registered());
        dial("+491701234567");
        SipMessage invite = provider.expectRequest("INVITE");
        assertThat(invite.header("Route").replace(" ", ""))
                .isEqualTo("<sip:edge.provider.test;lr>,<sip:core.provider.test;lr>");
        assertThat(invite.startLine()).isEqualTo("INVITE sip:+4930999@provider.test SIP/2.0");
        answer(invite);
        assertThat(heard.next()).startsWith("media PCMA");
    }
}
