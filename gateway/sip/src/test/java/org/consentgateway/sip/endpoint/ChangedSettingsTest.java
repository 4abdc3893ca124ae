package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.consentgateway.sip.auth.DigestAlgorithm;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.registration.Watched;
import org.consentgateway.sip.transport.ClockAndDns;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.sip.trunk.Account;
import org.consentgateway.sip.trunk.Trunk;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Trunks, accounts, limits and certificates that become others while calls are under way. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class ChangedSettingsTest {
    /** 64 of them, in which late messages are met, are little more than a second. */
    private static final Duration T1 = Duration.ofMillis(20);

    private final Switchboard gateway = new Switchboard();
    private final Heard heard = new Heard();

    private static Bench.Setup setup(Trunk... trunks) {
        Bench.Setup setup = new Bench.Setup();
        setup.t1 = T1;
        setup.trunks = List.of(trunks);
        return setup;
    }

    private static void change(SipEndpoint endpoint, SipSettings next) throws Exception {
        endpoint.change(next, SSLContext.getDefault());
    }

    @Test
    void aTrunkThatIsGoneEndsItsCallsInPeaceAndGetsNoOthers() throws Exception {
        gateway.answerAll(heard);
        Trunk before = Bench.trunk("before", "127.0.0.1/32");
        Trunk after = Bench.trunk("after", "127.0.0.2/32");
        try (SipEndpoint endpoint =
                        SipEndpoint.start(setup(before).settings(), gateway, System::nanoTime);
                SipPeer old = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
                SipPeer late = SipPeer.udp("127.0.0.2", endpoint.listening().getFirst())) {
            SipDialog running = new SipDialog(old);
            running.connect();
            assertThat(heard.next()).startsWith("media");
            SipDialog stranger = new SipDialog(late);
            late.send(stranger.invite(SipDialog.OFFER));
            assertThat(late.hearsNothing(200)).isTrue();

            change(endpoint, setup(after).settings());

            new SipDialog(late).connect();
            SipDialog another = new SipDialog(old);
            old.send(another.invite(SipDialog.OFFER));
            SipMessage refused = another.expect(403);
            old.send(another.ackRefusal(refused));
            Bench.rejects(endpoint, Rejection.TRUNK_GONE, 1);
            // Much longer than the trunk stays known without calls.
            assertThat(old.hearsNothing(3000)).isTrue();
            old.send(running.bye());
            running.expect(200, running.cseq + " BYE");

            await("it is a stranger")
                    .until(() -> {
                        SipDialog unheard = new SipDialog(old);
                        old.send(unheard.invite(SipDialog.OFFER));
                        SipMessage answer = old.receive(300);
                        if (answer != null) {
                            old.send(unheard.ackRefusal(answer));
                        }
                        return answer == null;
                    });
        }
    }

    @Test
    void aCallOfATrunkThatIsGoneMayStillBeCancelled() throws Exception {
        Trunk before = Bench.trunk("before", "127.0.0.1/32");
        try (SipEndpoint endpoint =
                        SipEndpoint.start(setup(before).settings(), gateway, System::nanoTime);
                SipPeer old = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst())) {
            SipDialog ringing = new SipDialog(old);
            old.send(ringing.invite(SipDialog.OFFER));
            ringing.expect(100);
            gateway.nextCall();
            change(endpoint, setup(Bench.trunk("after", "127.0.0.2/32")).settings());
            old.send(ringing.cancel());
            ringing.expect(487, "1 INVITE");
        }
    }

    private static Account with(Account account, String user, String password) {
        return new Account(
                account.trunk(),
                account.domain(),
                account.proxy(),
                account.transport(),
                user,
                account.login(),
                password,
                Set.of(DigestAlgorithm.MD5),
                account.expires(),
                true,
                false);
    }

    @Test
    void whoIsTheSameIsNotRegisteredAgainAndWhoIsGoneIsTakenBackAfterItsCalls() throws Exception {
        gateway.answerAll(heard);
        try (SipPeer registrar =
                SipPeer.udp(
                        "127.0.0.1",
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9))) {
            Bench.Setup setup = setup(Bench.provider());
            Account first = Bench.account(Transport.UDP, registrar.port);
            setup.accounts = List.of(first);
            try (SipEndpoint endpoint =
                    SipEndpoint.start(setup.settings(), gateway, System::nanoTime)) {
                registrar.to(endpoint.listening().getFirst());
                grant(registrar, registrar.expectRequest("REGISTER"));
                await().until(() -> endpoint.registrations().getFirst().registered());

                change(endpoint, setup.settings());
                assertThat(registrar.hearsNothing(500)).isTrue();
                assertThat(endpoint.registrations().getFirst().registered()).isTrue();

                // Another password: asked for anew, and not taken back.
                setup.accounts = List.of(with(first, first.user(), "other"));
                change(endpoint, setup.settings());
                SipMessage again = registrar.expectRequest("REGISTER");
                assertThat(again.header("Expires")).isEqualTo("600");
                grant(registrar, again);
                await().until(() -> endpoint.registrations().getFirst().registered());

                SipDialog running = new SipDialog(registrar);
                running.calling(first.user());
                running.connect();
                setup.accounts = List.of();
                change(endpoint, setup.settings());
                assertThat(endpoint.registrations()).isEmpty();
                assertThat(registrar.hearsNothing(1500)).isTrue();
                registrar.send(running.bye());
                running.expect(200, running.cseq + " BYE");
                SipMessage back = registrar.expectRequest("REGISTER");
                assertThat(back.header("Expires")).isEqualTo("0");
            }
        }
    }

    @Test
    void anAccountThatNodesShareIsRegisteredByTheOneThatIsToAndTakenBackWhenAnotherIs()
            throws Exception {
        try (SipPeer registrar =
                SipPeer.udp(
                        "127.0.0.1",
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9))) {
            Bench.Setup setup = setup(Bench.provider());
            Account account = Bench.account(Transport.UDP, registrar.port);
            setup.accounts = List.of(account);
            try (SipEndpoint endpoint =
                    SipEndpoint.start(
                            setup.settings(),
                            gateway,
                            ClockAndDns.real(System::nanoTime),
                            _ -> false)) {
                registrar.to(endpoint.listening().getFirst());
                assertThat(registrar.hearsNothing(500)).as("left to another").isTrue();
                assertThat(endpoint.registrations()).isEmpty();
                assertThat(endpoint.toRegister()).containsExactly(account.trunk());

                endpoint.registerHere(Set.of(account.trunk()));
                endpoint.registerHere(Set.of(account.trunk())); // as it is said each second
                grant(registrar, registrar.expectRequest("REGISTER"));
                await().until(() -> endpoint.registrations().getFirst().registered());
                assertThat(registrar.hearsNothing(300)).as("once").isTrue();

                endpoint.registerHere(Set.of());
                SipMessage back = registrar.expectRequest("REGISTER");
                assertThat(back.header("Expires")).isEqualTo("0");
                assertThat(endpoint.registrations()).isEmpty();

                endpoint.registerHere(Set.of(account.trunk()));
                assertThat(registrar.expectRequest("REGISTER").header("Expires")).isEqualTo("600");
            }
        }
    }

    private static void grant(SipPeer registrar, SipMessage register) throws IOException {
        registrar.send(
                register.response(
                        "200 OK",
                        "r1",
                        "Contact: " + register.header("Contact") + ";expires=600\r\n",
                        ""));
    }

    @Test
    void whoIsWatchedAsBeforeIsStillKnownToBeUp() throws Exception {
        try (SipEndpoint endpoint =
                        SipEndpoint.start(
                                setup(Bench.loopback("127.0.0.1/32")).settings(),
                                gateway,
                                System::nanoTime);
                SipEndpoint there =
                        SipEndpoint.start(
                                setup(Bench.loopback("127.0.0.1/32")).settings(),
                                gateway,
                                System::nanoTime)) {
            Watched up =
                    new Watched(
                            Watched.Kind.HUMAN,
                            "up",
                            Optional.of("sip:127.0.0.1:" + there.listening().getFirst().getPort()));
            Watched other = new Watched(Watched.Kind.HUMAN, "other", Optional.empty());
            endpoint.watch(List.of(up), Duration.ofHours(1));
            await().until(() -> endpoint.targets().getFirst().since().isPresent());
            var since = endpoint.targets().getFirst().since();

            endpoint.watch(List.of(other, up), Duration.ofHours(1));
            assertThat(endpoint.targets().get(1).since()).isEqualTo(since);
            endpoint.watch(List.of(other), Duration.ofHours(1));
            assertThat(endpoint.targets()).hasSize(1);
            endpoint.watch(List.of(up), Duration.ZERO);
            assertThat(endpoint.targets()).isEmpty();
        }
    }

    @Test
    void theNextHandshakeShowsTheNewCertificateAndOpenConnectionsGoOn(@TempDir Path folder)
            throws Exception {
        Certificates certificates = Certificates.in(folder);
        Bench.Setup setup = setup(Bench.loopback("127.0.0.1/32"));
        setup.listen = List.of(Bench.at(Transport.TLS, "127.0.0.1"));
        setup.tls = tls(certificates, Certificates.GATEWAY);
        try (SipEndpoint endpoint =
                SipEndpoint.start(setup.settings(), gateway, System::nanoTime)) {
            InetSocketAddress at = endpoint.listening().getFirst();
            SSLSocket first = connect(certificates, at);
            try (SipPeer open = SipPeer.tls(first)) {
                assertThat(shown(first)).isEqualTo("CN=gateway");
                setup.tls = tls(certificates, Certificates.OTHER);
                endpoint.change(setup.settings(), setup.tls.get().context());

                SSLSocket second = connect(certificates, at);
                try (SipPeer next = SipPeer.tls(second)) {
                    assertThat(shown(second)).isEqualTo("CN=other");
                    assertThat(asked(next)).isEqualTo(200);
                }
                assertThat(asked(open)).isEqualTo(200);
            }
        }
    }

    private static Optional<Tls> tls(Certificates certificates, String name) {
        return Optional.of(Peers.tls(certificates, name, Tls.ClientCertificate.OFF));
    }

    private static SSLSocket connect(Certificates certificates, InetSocketAddress at)
            throws IOException {
        return (SSLSocket)
                certificates
                        .context(Certificates.PROVIDER)
                        .getSocketFactory()
                        .createSocket(at.getAddress(), at.getPort());
    }

    private static String shown(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    private static int asked(SipPeer peer) throws IOException {
        SipDialog ping = new SipDialog(peer);
        peer.send(ping.request("OPTIONS", 1, ping.branch, "", ""));
        return peer.anything().status();
    }
}
