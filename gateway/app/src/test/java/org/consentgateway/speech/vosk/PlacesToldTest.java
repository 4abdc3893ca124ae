package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Map;
import org.consentgateway.media.MediaTotals;
import org.consentgateway.metrics.Meters;
import org.consentgateway.metrics.Totals;
import org.consentgateway.reporting.PartCounters;
import org.consentgateway.sip.counters.SipCounters;
import org.consentgateway.speech.ListeningPlace.Use;
import org.consentgateway.speech.SpeechSettings;
import org.consentgateway.speech.SpeechTotals;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Operators learn that callers are not listened to, and a full gateway fills no log with it. */
class PlacesToldTest {
    @Test
    void eachLimitIsToldOnceInTheLogHoweverManyCallersItMeets() {
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        var log = (Logger) LoggerFactory.getLogger(Places.class);
        log.addAppender(said);
        try {
            var places = new Places(new SpeechSettings.Limits(1, 1));
            for (int i = 0; i < 4; i++) {
                boolean _ = places.take(Use.QUESTIONS);
                boolean _ = places.take(Use.TALK);
            }
        } finally {
            log.detachAppender(said);
        }
        assertThat(said.list).extracting(ILoggingEvent::getLevel).containsOnly(Level.WARN);
        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        asked -> assertThat(asked).contains("speech.max-listening "),
                        talks -> assertThat(talks).contains("speech.max-listening-in-talks"));
    }

    @Test
    void eachCallerWithoutAPlaceIsCountedByWhatItWasFor() {
        try (var meters = new Meters()) {
            new PartCounters(
                            () -> new SipCounters(Map.of(), Map.of(), 0, 0, 0, List.of(), Map.of()),
                            () -> new MediaTotals(0, 0, 0, 0, 0, 0, Map.of(), 0),
                            () -> new SpeechTotals(0, 0, 5, 7, 0, 0, 0, 0, 0, 0),
                            List::of,
                            List::of,
                            new Totals(meters))
                    .read();
            assertThat(meters.scrape("").text())
                    .contains("consent_speech_rejected_total{reason=\"limit\"} 5.0")
                    .contains("consent_speech_rejected_total{reason=\"talk_limit\"} 7.0");
        }
    }
}
