package org.consentgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.consentgateway.call.far.OpeningHours;
import org.consentgateway.callback.CallBackPart;
import org.consentgateway.callback.CallBackTerms;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.speech.voice.PromptLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is done from time to time, and what must not wait for what. */
@Timeout(60)
class MonitoringTest {
    private static final Duration OFTEN = Duration.ofMillis(5);

    /**
     * On PostgreSQL the retention waits for a VACUUM, and for a server that has gone meanwhile; and
     * a look at a file waits for a disk that hangs.
     */
    @Test
    void withdrawalsThatAreKeptHereAreStoredWhileOthersWait() throws Exception {
        var waits = new CountDownLatch(2);
        var written = new CountDownLatch(1);
        try (var opened = new OpenParts()) {
            Monitoring.writing(
                    opened,
                    Duration.ZERO,
                    () -> {
                        waits.countDown();
                        Thread.sleep(Duration.ofMinutes(1));
                    },
                    OFTEN,
                    () -> {
                        waits.await();
                        written.countDown();
                    },
                    () -> {
                        waits.countDown();
                        Thread.sleep(Duration.ofMinutes(1));
                    });
            assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** In the hours in which it is another day there than on this machine. */
    @Test
    void aCallBackSpeaksTheWordsOfTheDayOfItsLine() throws Exception {
        Path project = Path.of(System.getProperty("project.root"));
        var settings =
                new PartSettings(
                        GatewayConfig.load(project.resolve("config/gateway.yaml"), project));
        NoticeLibrary texts =
                NoticeLibrary.load(
                        settings.texts(ZonedDateTime.parse("2026-11-28T00:00:00Z")),
                        PromptLibrary.open(settings.voice()));
        Instant first = LocalDate.of(2026, 11, 1).atStartOfDay(ZoneId.systemDefault()).toInstant();

        ZoneId ahead = ZoneId.of("Pacific/Kiritimati");
        assertThat(spoken(first.minusSeconds(60), texts, ahead).text()).contains("zurück");
        assertThat(spoken(first.plusSeconds(60), texts, ZoneId.of("Pacific/Niue")).clips())
                .as("not in force yet")
                .isEmpty();
    }

    private static CallBackPart spoken(Instant now, NoticeLibrary texts, ZoneId zone) {
        var line =
                new CallBackTerms.OfLine(
                        "+4930123458",
                        "demo",
                        List.of("+49"),
                        OpeningHours.ALWAYS,
                        zone,
                        Duration.ZERO,
                        Duration.ofSeconds(6));
        return Monitoring.spoken(now, texts, line, "de", "privacy-call-back");
    }
}
