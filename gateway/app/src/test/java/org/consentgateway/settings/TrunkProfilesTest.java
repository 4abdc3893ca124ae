package org.consentgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.DnsLookups;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.endpoint.CallHandler;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.registration.TargetState;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.timer.Alarm;
import org.consentgateway.sip.transport.ClockAndDns;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.DnsServer;
import org.consentgateway.testkit.Provider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The shipped profiles against providers that are strict: found by SRV only, challenging, refusing
 * foreign numbers.
 */
@Timeout(60)
class TrunkProfilesTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root", ".."));
    private static final Path PROFILES = PROJECT.resolve("config/trunks");
    private static final String OURS = "+4930123456";
    private static final InetSocketAddress MEDIA =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 30000);

    @TempDir static Path folder;
    private static Certificates certificates;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    /** Who plays the provider of a profile, and how it says whom it calls. */
    enum Played {
        COMPANYFLEX(
                "telekom-companyflex",
                Transport.TLS,
                "tel.t-online.de",
                "551234567890.primary.companyflex.de",
                "+49199296000000000",
                OURS,
                "P-Asserted-Identity: <sip:+491701234567@tel.t-online.de;user=phone>\r\n",
                "<sip:edge.companyflex.de;lr;transport=tls>"),
        SIP_TRUNK(
                "telekom-sip-trunk",
                Transport.TCP,
                "sip-trunk.telekom.de",
                "reg.sip-trunk.telekom.de",
                "+49199296000000000",
                OURS,
                "P-Asserted-Identity: <tel:+491701234567>\r\n",
                "<sip:edge.sip-trunk.telekom.de;lr;transport=tcp>"),
        SIPGATE(
                "sipgate-trunking",
                Transport.UDP,
                "sipconnect.sipgate.de",
                "sipconnect.sipgate.de",
                "1234567t0",
                "1234567t0",
                "P-Asserted-Identity: <sip:491701234567@sipgate.de>\r\n",
                ""),
        EASYBELL(
                "easybell",
                Transport.UDP,
                "sip.easybell.de",
                "sip.easybell.de",
                "004930123456",
                "004930123456",
                "P-Asserted-Identity: <sip:00491701234567@sip.easybell.de>\r\n",
                ""),
        SIPCONNECT(
                "sipconnect",
                Transport.TCP,
                "trunk.example.com",
                "trunk.example.com",
                OURS,
                OURS,
                "P-Asserted-Identity: <sip:+491701234567@trunk.example.com>\r\n",
                "");

        private final String file;
        private final Transport transport;
        private final String domain;
        private final String server;
        private final String login;
        private final String addressed;
        private final String identity;
        private final String route;

        Played(
                String file,
                Transport transport,
                String domain,
                String server,
                String login,
                String addressed,
                String identity,
                String route) {
            this.file = file;
            this.transport = transport;
            this.domain = domain;
            this.server = server;
            this.login = login;
            this.addressed = addressed;
            this.identity = identity;
            this.route = route;
        }

        private String service() {
            return switch (transport) {
                case UDP -> "_sip._udp.";
                case TCP -> "_sip._tcp.";
                case TLS -> "_sips._tcp.";
            };
        }

        private Provider.Customer customer() {
            return new Provider.Customer(
                    domain,
                    login,
                    "geheim",
                    Set.of(OURS),
                    this == SIPCONNECT ? "SHA-256" : "MD5",
                    route);
        }
    }

    /** Immutable. What becomes of a call is the provider's to say. */
    private static final class Ignoring implements IncomingCall.Events {
        @Override
        public void media(MediaFormat format, MediaPeer peer) {}

        @Override
        public void infoDigit(char digit, int durationMillis) {}

        @Override
        public void ended(IncomingCall.How how) {}
    }

    /** Thread-safe. Takes every call and answers it. */
    private static final class Answering implements CallHandler {
        private final BlockingQueue<IncomingCall> calls = new LinkedBlockingQueue<>();

        @Override
        public CallAdmission admit(String trunk, String calledNumber) {
            return new CallAdmission.Accepted();
        }

        @Override
        public void call(IncomingCall call) {
            calls.add(call);
            call.answer(MEDIA, new Ignoring());
        }
    }

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.in(folder);
        for (String language : List.of("de", "en")) {
            Path texts = Files.createDirectories(folder.resolve("config/notices/demo/" + language));
            Files.createFile(texts.resolve("2026-11.yaml"));
        }
    }

    static Stream<Path> profiles() throws IOException {
        try (Stream<Path> files = Files.list(PROFILES)) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void eachLoadsOnceItsPasswordIsPutIn(Path profile) throws Exception {
        String text = Files.readString(profile);
        if (text.contains("password: change-me")) {
            assertThatThrownBy(() -> GatewayConfig.load(profile, PROJECT.toAbsolutePath()))
                    .hasMessageContaining("registration.password")
                    .hasMessageContaining("is still that of the example, change-me");
        }
        Path own =
                Files.writeString(
                        folder.resolve("own-" + profile.getFileName()),
                        text.replace("change-me", "geheim"));
        GatewayConfig config = GatewayConfig.load(own, PROJECT.toAbsolutePath());
        assertThat(config.trunks()).hasSize(1);
        assertThat(config.lines()).hasSize(1);
    }

    @Test
    void eachHasItsScenario() throws Exception {
        List<String> played =
                Stream.concat(Stream.of(Played.values()).map(each -> each.file), Stream.of("sbc"))
                        .toList();
        assertThat(profiles().map(file -> file.getFileName().toString().replace(".yaml", "")))
                .containsExactlyInAnyOrderElementsOf(played);
    }

    /** The profile as it is, but on loopback, with this name server and this root. */
    private GatewayConfig onLoopback(String file, DnsServer dns) throws Exception {
        return GatewayConfig.load(onLoopbackFile(file, dns), folder);
    }

    private static Path onLoopbackFile(String file, DnsServer dns) throws IOException {
        String text = Files.readString(PROFILES.resolve(file + ".yaml"));
        String servers = "  name-servers: [\"127.0.0.1:" + dns.address().getPort() + "\"]\n";
        String here =
                text.replaceAll("(udp|tcp|tls):(0\\.0\\.0\\.0|\\[::]):506[01]", "$1:127.0.0.1:0")
                        .replaceFirst("\nsip:\n", "\nsip:\n" + servers)
                        .replace("change-me", "geheim")
                        .replace("roots: []", "roots: [\"" + certificates.root() + "\"]");
        return Files.writeString(folder.resolve(file + ".yaml"), here);
    }

    private static ClockAndDns machine(DnsServer dns) {
        return new ClockAndDns(
                System::nanoTime,
                InstantSource.system(),
                DnsLookups.of(List.of(dns.address())),
                Alarm::real);
    }

    private OutgoingCall dial(SipEndpoint endpoint, GatewayConfig config, String own) {
        HumanConfig team = config.humans().getFirst();
        return endpoint.dial(
                new OutgoingCall.Dial(
                        team.uri().text(),
                        "+491701234567",
                        Map.of(),
                        LocalMedia.ofAudio(MEDIA),
                        G711.PCMA,
                        false,
                        team.trunk().orElseThrow(),
                        own,
                        Optional.empty(),
                        Srtp.OFF,
                        Set.of()),
                new OutgoingCall.Events() {
                    @Override
                    public void media(MediaFormat format, MediaPeer peer) {
                        heard.add("answered");
                    }

                    @Override
                    public void refused(int status) {
                        heard.add("refused " + status);
                    }

                    @Override
                    public void ended(IncomingCall.How how) {}
                });
    }

    private String next() throws InterruptedException {
        String next = heard.poll(10, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    @ParameterizedTest
    @EnumSource
    void itRegistersTakesCallsAndMakesThem(Played played) throws Exception {
        Answering calls = new Answering();
        try (Provider provider =
                        new Provider(
                                played.customer(),
                                played.transport.name(),
                                played.transport == Transport.TLS
                                        ? certificates.context(Certificates.PROVIDER)
                                        : null);
                DnsServer dns = new DnsServer()) {
            // The domain has no address of its own: who does not ask for SRV finds nobody.
            dns.srv(played.service() + played.server, 1, provider.port(), "a.host.test")
                    .srv(played.service() + edge(played), 1, provider.port(), "a.host.test")
                    .address("a.host.test", "127.0.0.1");
            GatewayConfig config = onLoopback(played.file, dns);
            try (SipEndpoint endpoint =
                    SipEndpoint.start(
                            SipConfiguration.settings(config, _ -> false), calls, machine(dns))) {
                assertThat(provider.registration()).contains("Expires: ");
                await().until(() -> endpoint.registrations().getFirst().registered());

                assertThat(provider.calls(played.addressed, OURS, played.identity)).isEqualTo(200);
                IncomingCall call = calls.calls.take();
                assertThat(call.calledNumber())
                        .isEqualTo(config.lines().getFirst().numbers().getFirst());
                assertThat(call.caller().number()).isEqualTo("+491701234567");
                assertThat(call.caller().asserted()).isTrue();

                assertThat(
                                provider.calls(
                                        played.addressed,
                                        OURS,
                                        played.identity + "Privacy: id\r\n"))
                        .isEqualTo(200);
                assertThat(calls.calls.take().caller().withheld()).isTrue();

                OutgoingCall out = dial(endpoint, config, OURS);
                assertThat(next()).as("%s", provider.complaints()).isEqualTo("answered");
                assertThat(provider.call())
                        .contains("P-Preferred-Identity: <sip:" + OURS + "@" + played.domain + ">")
                        .doesNotContain("1701234567");
                out.hangUp(IncomingCall.Ending.NORMAL);

                OutgoingCall _ = dial(endpoint, config, "+4989999999");
                assertThat(next()).isEqualTo("refused 403");
                assertThat(provider.complaints()).isEmpty();
            }
        }
    }

    @Test
    void anSbcInFrontIsKnownByItsAddressAndIsAskedWhetherItLives() throws Exception {
        Answering calls = new Answering();
        Provider.Customer nobody = new Provider.Customer("sbc.test", "", "", Set.of(), "MD5", "");
        try (Provider sbc = new Provider(nobody, "UDP", null);
                DnsServer dns = new DnsServer()) {
            String text = Files.readString(onLoopbackFile("sbc", dns));
            GatewayConfig config =
                    GatewayConfig.load(
                            Files.writeString(
                                    folder.resolve("sbc.yaml"),
                                    text.replace("sources: [192.0.2.10,", "sources: [127.0.0.1,")
                                            .replace(
                                                    "probe: sip:192.0.2.10",
                                                    "probe: sip:127.0.0.1:" + sbc.port())),
                            folder);
            try (SipEndpoint endpoint =
                    SipEndpoint.start(
                            SipConfiguration.settings(config, _ -> false), calls, machine(dns))) {
                endpoint.watch(SipConfiguration.watched(config).subList(0, 1), Duration.ofHours(1));
                await().until(() ->
                        endpoint.targets().getFirst().health() == TargetState.Health.UP);
                assertThat(
                                sbc.calls(
                                        OURS,
                                        OURS,
                                        "P-Asserted-Identity: <sip:01701234567@127.0.0.1>\r\n"))
                        .isEqualTo(200);
                IncomingCall call = calls.calls.take();
                assertThat(call.trunk()).isEqualTo("sbc");
                assertThat(call.caller().number()).isEqualTo("+491701234567");
                assertThat(endpoint.targets().getFirst().heard()).isPresent();
            }
        }
    }

    private static String edge(Played played) {
        return played.route.isEmpty()
                ? "unused.test"
                : played.route.replaceAll("<sip:([^;]*);.*", "$1");
    }
}
