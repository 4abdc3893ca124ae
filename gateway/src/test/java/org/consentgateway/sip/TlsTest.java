package org.consentgateway.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.media.codec.Codec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir static Path folder;

    private final Heard here = new Heard();
    private final Heard there = new Heard();

    @BeforeAll
    static void makeCertificates() throws Exception {
        keytool(
                "-genkeypair -alias gateway -keyalg EC -dname CN=gateway -ext"
                        + " SAN=dns:localhost,ip:127.0.0.1 -validity 2 -keystore gateway.p12");
        keytool("-exportcert -alias gateway -keystore gateway.p12 -file gateway.crt");
        keytool("-importcert -noprompt -alias gateway -file gateway.crt -keystore trust.p12");
        keytool(
                "-genkeypair -alias other -keyalg EC -dname CN=other -ext SAN=dns:other.example"
                        + " -validity 2 -keystore other.p12");
    }

    private static void keytool(String command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        words.addAll(List.of(command.split(" ", -1)));
        words.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.txt").toFile())
                        .start();
        assertThat(process.waitFor()).isZero();
    }

    private static Tls tls(String keyStore, boolean clientCertificate) {
        return new Tls(
                folder.resolve(keyStore),
                PASSWORD,
                Optional.of(folder.resolve("trust.p12")),
                clientCertificate);
    }

    private static SipEndpoint endpoint(String source, Tls tls, Inbound inbound)
            throws IOException {
        return SipEndpoint.start(
                new SipSettings(
                        List.of(new SipSettings.Listen(Transport.TLS, "127.0.0.1", 0)),
                        Optional.empty(),
                        "consent-gateway-test",
                        List.of(
                                new Trunk(
                                        "secure",
                                        List.of(Cidr.parse(source)),
                                        List.of(),
                                        false,
                                        Numbering.GERMANY,
                                        false)),
                        8192,
                        Duration.ofMillis(50),
                        Duration.ofMinutes(30),
                        Duration.ofSeconds(90),
                        10,
                        Optional.of(tls),
                        List.of()),
                inbound);
    }

    private OutgoingCall dial(SipEndpoint from, String host, int port) {
        return from.dial(
                new OutgoingCall.Dial(
                        "sip:+4930777@" + host + ":" + port + ";transport=tls",
                        "+4930123456",
                        Map.of(),
                        Switchboard.MEDIA,
                        Codec.PCMA),
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
        try (SipEndpoint called = endpoint("127.0.0.1", tls("gateway.p12", false), gateway);
                SipEndpoint caller =
                        endpoint("192.0.2.1", tls("gateway.p12", false), Inbound.none())) {
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

    @Test
    void aCertificateOfAnotherNameOrOfNobodyWeTrustIsNotCalled() throws Exception {
        try (SipEndpoint called = endpoint("127.0.0.1", tls("other.p12", false), answering());
                SipEndpoint caller =
                        endpoint("192.0.2.1", tls("gateway.p12", false), Inbound.none())) {
            dial(caller, "localhost", called.listening().getFirst().getPort());
            assertThat(here.next()).isEqualTo("refused 503");
            assertThat(there.all).isEmpty();
        }
    }

    @Test
    void whereAClientCertificateIsWantedOneIsNeeded() throws Exception {
        try (SipEndpoint called = endpoint("127.0.0.1", tls("gateway.p12", true), answering());
                SipEndpoint trusted =
                        endpoint("192.0.2.1", tls("gateway.p12", false), Inbound.none());
                SipEndpoint untrusted =
                        endpoint("192.0.2.1", tls("other.p12", false), Inbound.none())) {
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
        try (SipEndpoint called = endpoint("192.0.2.1", tls("gateway.p12", false), answering());
                Socket stranger = new Socket()) {
            stranger.connect(
                    new InetSocketAddress(
                            InetAddress.ofLiteral("127.0.0.1"),
                            called.listening().getFirst().getPort()),
                    1000);
            stranger.setSoTimeout(5000);
            assertThat(stranger.getInputStream().read()).isEqualTo(-1);
            assertThat(called.counters().rejected().get(Rejection.UNKNOWN_SOURCE)).isEqualTo(1L);
        }
    }

    @Test
    void aSilentHandshakeDoesNotKeepOthersOut() throws Exception {
        try (SipEndpoint called = endpoint("127.0.0.1", tls("gateway.p12", false), answering());
                SipEndpoint caller =
                        endpoint("192.0.2.1", tls("gateway.p12", false), Inbound.none());
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
}
