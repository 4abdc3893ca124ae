package org.consentgateway.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.consentgateway.metrics.Gauges;
import org.consentgateway.metrics.Meters;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.certificate.CertificateEnd;
import org.consentgateway.settings.certificate.CertificateEnds;
import org.consentgateway.testkit.Certificates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** When certificates end is told before it is too late. */
class CertificateWatchTest {
    @TempDir static Path folder;

    private static Certificates certificates;

    /** When the first of the gateway's chain ends: two days from when it was made. */
    private static Instant ends;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.in(folder);
        ends =
                config().stream()
                        .filter(one -> one.setting().equals("sip.tls.certificate"))
                        .map(CertificateEnd::ends)
                        .min(Comparator.naturalOrder())
                        .orElseThrow();
    }

    private static List<CertificateEnd> config() throws Exception {
        return CertificateEnds.of(loaded(List.of()));
    }

    /** The shipped configuration with TLS. */
    private static GatewayConfig loaded(List<Path> lists) throws Exception {
        Path file = folder.resolve("gateway.yaml");
        Path home = Path.of(System.getProperty("project.root"));
        String yaml = Files.readString(home.resolve("config/gateway.yaml"));
        yaml = changed(yaml, "listen: \\[udp:", "listen: [tls:127.0.0.1:5061, udp:");
        yaml =
                changed(
                        yaml,
                        "certificate: # PEM",
                        "certificate: " + certificates.certificate("gateway") + " # PEM");
        yaml = changed(yaml, "key: # PEM", "key: " + certificates.key("gateway") + " # PEM");
        yaml = changed(yaml, "roots: \\[\\]", "roots: [" + certificates.root() + "]");
        if (!lists.isEmpty()) {
            yaml = changed(yaml, "client-certificate: off", "client-certificate: required");
            yaml = changed(yaml, "check: off", "check: crl");
            yaml = changed(yaml, "lists: \\[\\]", "lists: " + lists);
        }
        Files.writeString(file, yaml);
        return GatewayConfig.load(file, home);
    }

    private static String changed(String yaml, String what, String to) {
        assertThat(yaml).containsPattern(what);
        return yaml.replaceFirst(what, to);
    }

    @Test
    void allThatTheConfigurationNamesIsKnownWithItsEnd() throws Exception {
        Path list = certificates.revoked("ca", Certificates.OTHER);
        assertThat(CertificateEnds.of(loaded(List.of(list))))
                .extracting(CertificateEnd::setting)
                .containsExactly(
                        "sip.tls.certificate",
                        "sip.tls.certificate",
                        "sip.tls.roots",
                        "sip.tls.revocation.lists");
    }

    @Test
    void theEndIsToldAMonthAhead() throws Exception {
        CertificateEnd ours = config().getFirst();
        Instant month = ours.ends().minus(Duration.ofDays(31));
        assertThat(ours.endsSoon(month)).isFalse();
        Instant near = ours.ends().minus(Duration.ofDays(7));
        assertThat(ours.endsSoon(near)).isTrue();
        assertThat(ours.isWrong(near)).isFalse();
        assertThat(ours.told(near))
                .startsWith("sip.tls.certificate: CN=gateway in ")
                .contains(", in 7 days: put a new one in its place");
        assertThat(ours.endsSoon(ours.ends())).isFalse();
        assertThat(ours.isWrong(ours.ends())).isTrue();
        assertThat(ours.told(ours.ends())).contains("has ended on").contains("peers refuse it");
    }

    @Test
    void anAuthorityThatHasEndedIsNoReasonNotToStart() throws Exception {
        CertificateEnd root = config().getLast();
        assertThat(root.kind()).isEqualTo(CertificateEnd.Kind.BELIEVED);
        assertThat(root.hasEnded(root.ends())).isTrue();
        assertThat(root.isWrong(root.ends())).isFalse();
    }

    @Test
    void theLogTellsWhatEndsSoonAndWhatHasEndedByHowMuchItMatters() throws Exception {
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        var log = (Logger) LoggerFactory.getLogger(CertificateWatch.class);
        log.addAppender(said);
        try (Meters meters = new Meters()) {
            var watch = new CertificateWatch(new Gauges(meters), now::get);
            now.set(ends.minus(CertificateEnd.SOON).minusSeconds(1));
            watch.use(loaded(List.of()));
            assertThat(said.list).as("in good time").isEmpty();

            now.set(ends.minus(Duration.ofDays(7)));
            watch.look();
            assertThat(said.list)
                    .hasSize(3)
                    .allMatch(line -> line.getLevel() == Level.WARN)
                    .first()
                    .asString()
                    .contains("sip.tls.certificate: CN=gateway in ", ", in 7 days: put a new one");
            said.list.clear();

            now.set(ends.plus(Duration.ofDays(1)));
            watch.look();
            assertThat(said.list)
                    .extracting(ILoggingEvent::getLevel)
                    .as("ours, that above it, and one that we believe")
                    .containsExactly(Level.ERROR, Level.ERROR, Level.WARN);
            assertThat(said.list.getFirst().getFormattedMessage())
                    .contains("has ended on", "peers refuse it");
        } finally {
            log.detachAppender(said);
        }
    }

    /** Those that are used are still the ones of the start. */
    @Test
    void anAuthorityOfAWebhookThatWasRenewedCountsAtTheNextStart() throws Exception {
        Path roots = Files.copy(certificates.root(), folder.resolve("crm.pem"));
        String series = "consent_certificate_left_seconds{setting=\"webhooks.endpoints.roots\"} ";
        try (Meters meters = new Meters()) {
            var watch = new CertificateWatch(new Gauges(meters), now::get);
            now.set(ends.minusSeconds(90));
            watch.use(withWebhook(roots));
            String left = seconds(meters, series);
            assertThat(left).isNotEmpty();

            String ended = certificates.ended();
            Files.copy(certificates.certificate(ended), roots, StandardCopyOption.REPLACE_EXISTING);
            watch.use(withWebhook(roots));
            assertThat(seconds(meters, series)).isEqualTo(left);
        }
        CertificateEnd renewed =
                CertificateEnds.of(withWebhook(roots)).stream()
                        .filter(one -> one.setting().equals("webhooks.endpoints.roots"))
                        .findFirst()
                        .orElseThrow();
        assertThat(renewed.told(renewed.ends().minus(Duration.ofDays(7))))
                .endsWith("put a new one in its place and restart.");
        assertThat(renewed.told(renewed.ends())).endsWith("renew or remove it and restart.");
    }

    private static GatewayConfig withWebhook(Path roots) throws Exception {
        Path file = folder.resolve("webhook.yaml");
        Path home = Path.of(System.getProperty("project.root"));
        String yaml = Files.readString(home.resolve("config/gateway.yaml"));
        yaml = changed(yaml, "      roots: \\[]", "      roots: [" + roots + "]");
        return GatewayConfig.load(Files.writeString(file, yaml), home);
    }

    private static String seconds(Meters meters, String series) {
        return meters.scrape("")
                .text()
                .lines()
                .filter(line -> line.startsWith(series))
                .findFirst()
                .orElse("");
    }

    @Test
    void theSecondsLeftAreThoseOfTheFirstToEnd() throws Exception {
        try (Meters meters = new Meters()) {
            var watch = new CertificateWatch(new Gauges(meters), now::get);
            now.set(ends.minusSeconds(90));
            watch.use(loaded(List.of()));
            assertThat(meters.scrape("").text())
                    .containsPattern(
                            "consent_certificate_left_seconds\\{setting=\"sip.tls.certificate\"}"
                                    + " 90\\.0");
            now.set(ends.plusSeconds(10));
            assertThat(meters.scrape("").text())
                    .containsPattern(
                            "consent_certificate_left_seconds\\{setting=\"sip.tls.certificate\"}"
                                    + " -10\\.0");
        }
    }
}
