package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.testkit.Certificates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class TlsTest {
    @TempDir static Path folder;

    private static Certificates certificates;

    private final Heard here = new Heard();
    private final Heard there = new Heard();

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.in(folder);
    }

    private static Tls tls(String name, boolean clientCertificate) {
        return Peers.tls(
                certificates,
                name,
                clientCertificate ? Tls.ClientCertificate.REQUIRED : Tls.ClientCertificate.OFF);
    }

    private static SipEndpoint endpoint(String source, Tls tls, CallHandler inbound)
            throws IOException {
        Bench.Setup setup = new Bench.Setup();
        setup.listen = List.of(Bench.at(Transport.TLS, "127.0.0.1"));
        setup.trunks = List.of(Bench.trunk("secure", source));
        setup.tls = Optional.of(tls);
        return SipEndpoint.start(setup.settings(), inbound, System::nanoTime);
    }

    private OutgoingCall dial(SipEndpoint from, String host, int port) {
        return from.dial(
                OutgoingCall.Dial.straight(
                        "sip:+4930777@" + host + ":" + port + ";transport=tls",
                        "+4930123456",
                        Map.of(),
                        Switchboard.MEDIA,
                        G711.PCMA),
                here);
    }

    private Switchboard answering() {
        Switchboard gateway = new Switchboard();
        gateway.answerAll(there);
        return gateway;
    }

    @Test
    void aCallGoesOverTlsAndEitherSideMayEndIt() throws Exception {
        Switchboard gateway = answering();
        try (SipEndpoint called = endpoint("127.0.0.1", tls(Certificates.GATEWAY, false), gateway);
                SipEndpoint caller =
                        endpoint(
                                "192.0.2.1",
                                tls(Certificates.GATEWAY, false),
                                CallHandler.none())) {
            int port = called.listening().getFirst().getPort();
            OutgoingCall call = dial(caller, "localhost", port);
            assertThat(here.next()).isEqualTo("ringing");
            assertThat(here.next()).startsWith("media PCMA");
            assertThat(there.next()).startsWith("media PCMA");
            call.hangUp(IncomingCall.Ending.NORMAL);
            assertThat(there.next()).isEqualTo("ended BYE");
            assertThat(here.next()).isEqualTo("ended BY_US");

            dial(caller, "127.0.0.1", port);
            assertThat(here.next()).isEqualTo("ringing");
            assertThat(here.next()).startsWith("media PCMA");
            gateway.nextCall();
            gateway.nextCall().hangUp(IncomingCall.Ending.NORMAL);
            assertThat(here.next()).isEqualTo("ended BYE");
        }
    }

    /** As to a hosted assistant: no port of ours, no certificate of ours. */
    @Test
    void whoOnlyDialsByTlsIsReachedOverItsOwnConnection() throws Exception {
        Bench.Setup setup = new Bench.Setup();
        setup.listen =
                List.of(
                        Bench.at(Transport.UDP, "127.0.0.1"),
                        SipSettings.Listen.dialling(Transport.TLS, "127.0.0.1"));
        setup.trunks = List.of(Bench.trunk("nobody", "192.0.2.1"));
        setup.tls =
                Optional.of(
                        new Tls(
                                Optional.empty(),
                                List.of(certificates.root()),
                                false,
                                Tls.ClientCertificate.OFF,
                                Tls.VERSIONS));
        Switchboard gateway = answering();
        try (SipEndpoint called = endpoint("127.0.0.1", tls(Certificates.GATEWAY, false), gateway);
                SipEndpoint caller =
                        SipEndpoint.start(setup.settings(), CallHandler.none(), System::nanoTime)) {
            assertThat(caller.listening()).hasSize(1);
            int port = called.listening().getFirst().getPort();
            for (boolean byCalled : new boolean[] {false, true}) {
                OutgoingCall call = dial(caller, "localhost", port);
                assertThat(here.next()).isEqualTo("ringing");
                assertThat(here.next()).startsWith("media PCMA");
                assertThat(there.next()).startsWith("media PCMA");
                if (byCalled) {
                    gateway.nextCall().hangUp(IncomingCall.Ending.NORMAL);
                    assertThat(here.next()).isEqualTo("ended BYE");
                } else {
                    gateway.nextCall();
                    call.hangUp(IncomingCall.Ending.NORMAL);
                    assertThat(there.next()).isEqualTo("ended BYE");
                    assertThat(here.next()).isEqualTo("ended BY_US");
                }
            }
        }
    }

    @Test
    void aCertificateOfAnotherNameOrOfNobodyWeTrustIsNotCalled() throws Exception {
        try (SipEndpoint called =
                        endpoint("127.0.0.1", tls(Certificates.OTHER, false), answering());
                SipEndpoint caller =
                        endpoint(
                                "192.0.2.1",
                                tls(Certificates.GATEWAY, false),
                                CallHandler.none())) {
            dial(caller, "localhost", called.listening().getFirst().getPort());
            assertThat(here.next()).isEqualTo("refused 503");
            assertThat(there.all).isEmpty();
        }
    }

    @Test
    void whereAClientCertificateIsWantedOneIsNeeded() throws Exception {
        try (SipEndpoint called =
                        endpoint("127.0.0.1", tls(Certificates.GATEWAY, true), answering());
                SipEndpoint trusted =
                        endpoint(
                                "192.0.2.1", tls(Certificates.GATEWAY, false), CallHandler.none());
                SipEndpoint untrusted =
                        endpoint(
                                "192.0.2.1",
                                tls(Certificates.STRANGER, false),
                                CallHandler.none())) {
            int port = called.listening().getFirst().getPort();
            dial(trusted, "localhost", port);
            assertThat(here.next()).isEqualTo("ringing");
            assertThat(here.next()).startsWith("media PCMA");
            assertThat(there.next()).startsWith("media PCMA");
            dial(untrusted, "localhost", port);
            assertThat(here.next()).startsWith("refused");
        }
    }

    @Test
    void aStrangerSeesNoCertificate() throws Exception {
        try (SipEndpoint called =
                        endpoint("192.0.2.1", tls(Certificates.GATEWAY, false), answering());
                Socket stranger = new Socket()) {
            stranger.connect(
                    new InetSocketAddress(
                            InetAddress.ofLiteral("127.0.0.1"),
                            called.listening().getFirst().getPort()),
                    1000);
            stranger.setSoTimeout(5000);
            assertThat(stranger.getInputStream().read()).isEqualTo(-1);
            Bench.rejects(called, Rejection.UNKNOWN_SOURCE, 1);
        }
    }

    @Test
    void aSilentHandshakeDoesNotKeepOthersOut() throws Exception {
        try (SipEndpoint called =
                        endpoint("127.0.0.1", tls(Certificates.GATEWAY, false), answering());
                SipEndpoint caller =
                        endpoint(
                                "192.0.2.1", tls(Certificates.GATEWAY, false), CallHandler.none());
                Socket silent = new Socket()) {
            InetSocketAddress at =
                    new InetSocketAddress(
                            InetAddress.ofLiteral("127.0.0.1"),
                            called.listening().getFirst().getPort());
            silent.connect(at, 1000);
            dial(caller, "localhost", at.getPort());
            assertThat(here.next()).isEqualTo("ringing");
        }
    }

    private static Tls withVersions(String... versions) {
        Tls usual = tls(Certificates.GATEWAY, false);
        return new Tls(
                usual.own(),
                usual.roots(),
                usual.systemRoots(),
                usual.clientCertificate(),
                List.of(versions));
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, TLSv1.3", "TLSv1.3, TLSv1.2"})
    void onlyTheVersionsWeWantAreSpoken(String ours, String theirs) throws Exception {
        try (SipEndpoint called = endpoint("127.0.0.1", withVersions(ours), answering());
                SipEndpoint same = endpoint("192.0.2.1", withVersions(ours), CallHandler.none());
                SipEndpoint other =
                        endpoint("192.0.2.1", withVersions(theirs), CallHandler.none())) {
            int port = called.listening().getFirst().getPort();
            dial(other, "localhost", port);
            assertThat(here.next()).startsWith("refused");
            dial(same, "localhost", port);
            assertThat(here.next()).isEqualTo("ringing");
        }
    }

    @Test
    void anOptionalClientCertificateMayBeMissing() throws Exception {
        Tls wanting = Peers.tls(certificates, Certificates.GATEWAY, Tls.ClientCertificate.OPTIONAL);
        Tls nameless =
                new Tls(
                        Optional.empty(),
                        wanting.roots(),
                        false,
                        Tls.ClientCertificate.OFF,
                        wanting.versions());
        try (SipEndpoint called = endpoint("127.0.0.1", wanting, answering());
                SipEndpoint without = endpoint("192.0.2.1", nameless, CallHandler.none())) {
            dial(without, "localhost", called.listening().getFirst().getPort());
            assertThat(here.next()).isEqualTo("ringing");
        }
    }

    @Test
    void whatIsWrongWithAFileIsSaid() throws Exception {
        Path nothing = Files.writeString(folder.resolve("nothing.pem"), "nothing\n");
        Path locked =
                Files.writeString(
                        folder.resolve("locked.pem"),
                        """
                        -----BEGIN ENCRYPTED PRIVATE KEY-----
                        AAAA
                        -----END ENCRYPTED PRIVATE KEY-----
                        """);
        Path old =
                Files.writeString(
                        folder.resolve("old.pem"),
                        """
                        -----BEGIN EC PRIVATE KEY-----
                        AAAA
                        -----END EC PRIVATE KEY-----
                        """);
        Tls.Own own = tls(Certificates.GATEWAY, false).own().orElseThrow();
        Path otherKey = tls(Certificates.OTHER, false).own().orElseThrow().key();
        assertThat(wrong(own.certificate(), own.key())).isEmpty();
        assertThat(wrong(folder.resolve("no.crt"), own.key())).containsExactly("is not there");
        assertThat(wrong(nothing, own.key()))
                .containsExactly("holds no certificate (-----BEGIN CERTIFICATE-----)");
        assertThat(wrong(own.certificate(), nothing))
                .containsExactly("holds no private key (-----BEGIN PRIVATE KEY-----)");
        assertThat(wrong(own.certificate(), locked)).singleElement().asString().contains("locked");
        assertThat(wrong(own.certificate(), old)).singleElement().asString().contains("pkcs8");
        assertThat(wrong(own.certificate(), otherKey))
                .containsExactly("is not the key of " + own.certificate());
    }

    private static List<String> wrong(Path certificate, Path key) {
        return new Tls(
                        Optional.of(new Tls.Own(certificate, key)),
                        List.of(),
                        true,
                        Tls.ClientCertificate.OFF,
                        Tls.VERSIONS)
                .wrong().stream().map(Tls.Wrong::what).toList();
    }
}
