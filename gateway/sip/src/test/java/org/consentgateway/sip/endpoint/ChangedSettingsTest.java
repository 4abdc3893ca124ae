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
import java.util.function.Predicate;
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

            await("it is a stranger").until(() -> isSilentTo(old));
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

    private static Account with(Account account, String proxy, String password) {
        return new Account(
                account.trunk(),
                account.domain(),
                Optional.of(proxy),
                account.transport(),
                account.user(),
                account.login(),
                password,
                Set.of(DigestAlgorithm.MD5),
                account.expires(),
                true,
                false);
    }

    /** An endpoint with one account, at a registrar that everybody else calls from as well. */
    private final class AtRegistrar implements AutoCloseable {
        final SipPeer registrar =
                SipPeer.udp(
                        "127.0.0.1", new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9));
        final Account account = Bench.account(Transport.UDP, registrar.port);
        final SipEndpoint endpoint;
        private final Bench.Setup setup = setup(Bench.provider());

        AtRegistrar(Predicate<String> isToRegister) throws Exception {
            gateway.answerAll(heard);
            setup.accounts = List.of(account);
            endpoint =
                    SipEndpoint.start(
                            setup.settings(),
                            gateway,
                            ClockAndDns.real(System::nanoTime),
                            isToRegister);
            registrar.to(endpoint.listening().getFirst());
        }

        void accounts(Account... next) throws Exception {
            setup.accounts = List.of(next);
            change(endpoint, setup.settings());
        }

        void grants() throws IOException {
            grants(600);
            await().until(this::isRegistered);
        }

        void grants(int seconds) throws IOException {
            SipMessage asked = registrar.expectRequest("REGISTER");
            assertThat(asked.header("Expires")).isEqualTo("600");
            registrar.send(
                    asked.response(
                            "200 OK",
                            "r1",
                            "Contact: %s;expires=%d\r\n"
                                    .formatted(asked.header("Contact"), seconds),
                            ""));
        }

        boolean isRegistered() {
            return endpoint.registrations().getFirst().registered();
        }

        void isTakenBack() throws IOException {
            assertThat(registrar.expectRequest("REGISTER").header("Expires")).isEqualTo("0");
        }

        SipDialog calls() throws IOException {
            SipDialog running = new SipDialog(registrar);
            running.calling(account.user());
            running.connect();
            return running;
        }

        void ends(SipDialog running) throws IOException {
            registrar.send(running.bye());
            running.expect(200, running.cseq + " BYE");
        }

        @Override
        public void close() throws IOException {
            endpoint.close();
            registrar.close();
        }
    }

    @Test
    void whoIsTheSameIsNotRegisteredAgainAndWhoIsGoneIsTakenBackAfterItsCalls() throws Exception {
        try (var at = new AtRegistrar(_ -> true)) {
            at.grants();

            at.accounts(at.account);
            assertThat(at.registrar.hearsNothing(500)).isTrue();
            assertThat(at.isRegistered()).isTrue();

            // Another password: asked for anew, and not taken back.
            at.accounts(with(at.account, at.account.proxy().orElseThrow(), "other"));
            at.grants();

            SipDialog running = at.calls();
            at.accounts();
            assertThat(at.endpoint.registrations()).isEmpty();
            assertThat(at.registrar.hearsNothing(1500)).isTrue();
            at.ends(running);
            at.isTakenBack();
        }
    }

    /** Both have one Contact, and a registrar knows one by it (RFC 3261 §10.3). */
    @Test
    void whoIsPutBackWhileACallIsUpStaysRegisteredBehindItsEnd() throws Exception {
        try (var at = new AtRegistrar(_ -> true)) {
            at.grants();
            SipDialog running = at.calls();
            at.accounts();
            at.accounts(at.account);
            at.grants();

            at.ends(running);
            assertThat(at.registrar.hearsNothing(2500)).as("nothing is taken back").isTrue();
            assertThat(at.isRegistered()).isTrue();
        }
    }

    /** The second has the calls of the first and one more, which came by its registration. */
    @Test
    void whoIsPutBackAndTakenAwayAgainIsRegisteredUntilItsOwnCallsHaveEnded() throws Exception {
        try (var at = new AtRegistrar(_ -> true)) {
            at.grants();
            SipDialog first = at.calls();
            at.accounts();
            at.accounts(at.account);
            at.grants();
            SipDialog second = at.calls();
            at.accounts();

            at.ends(first);
            assertThat(at.registrar.hearsNothing(2500)).as("the other is up").isTrue();
            at.ends(second);
            at.isTakenBack();
        }
    }

    /** What another node was to register had no binding of this one any more. */
    @Test
    void whoIsGivenUpAndTakenAwayBesideACallIsTakenBackBehindIt() throws Exception {
        try (var at = new AtRegistrar(_ -> true)) {
            at.grants();
            SipDialog running = at.calls();
            at.endpoint.registerHere(Set.of());
            at.accounts();
            at.ends(running);
            at.isTakenBack();
        }
    }

    /** Until its calls have ended it is asked again, and what it takes is not asked of the new. */
    @Test
    void theRegistrarThatATrunkHasLeftIsAskedForItsCallsAndIsASourceOfItNoMore() throws Exception {
        try (var at = new AtRegistrar(_ -> true);
                SipPeer elsewhere = SipPeer.udp("127.0.0.2", at.endpoint.listening().getFirst())) {
            at.grants(2);
            SipDialog running = at.calls();
            at.accounts(with(at.account, "127.0.0.2:" + elsewhere.port, "secret"));
            elsewhere.expectRequest("REGISTER");
            at.grants(600);

            SipDialog another = new SipDialog(at.registrar);
            another.calling(at.account.user());
            at.registrar.send(another.invite(SipDialog.OFFER));
            at.registrar.send(another.ackRefusal(another.expectFinal()));
            Bench.rejects(at.endpoint, Rejection.TRUNK_GONE, 1);
            at.ends(running);
            at.isTakenBack();
            await("it is a stranger").until(() -> isSilentTo(at.registrar));
        }
    }

    private static boolean isSilentTo(SipPeer caller) throws IOException {
        SipDialog unheard = new SipDialog(caller);
        caller.send(unheard.invite(SipDialog.OFFER));
        SipMessage answer = caller.receive(300);
        if (answer != null) {
            caller.send(unheard.ackRefusal(answer));
        }
        return answer == null;
    }

    @Test
    void anAccountThatNodesShareIsRegisteredByTheOneThatIsToAndTakenBackWhenAnotherIs()
            throws Exception {
        try (var at = new AtRegistrar(_ -> false)) {
            Set<String> trunk = Set.of(at.account.trunk());
            assertThat(at.registrar.hearsNothing(500)).as("left to another").isTrue();
            assertThat(at.endpoint.registrations()).isEmpty();
            assertThat(at.endpoint.toRegister()).containsExactlyElementsOf(trunk);

            at.endpoint.registerHere(trunk);
            at.endpoint.registerHere(trunk); // as it is said each second
            at.grants();
            assertThat(at.registrar.hearsNothing(300)).as("once").isTrue();

            at.endpoint.registerHere(Set.of());
            at.isTakenBack();
            assertThat(at.endpoint.registrations()).isEmpty();

            at.endpoint.registerHere(trunk);
            assertThat(at.registrar.expectRequest("REGISTER").header("Expires")).isEqualTo("600");
        }
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
