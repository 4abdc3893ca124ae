package org.consentgateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.Calls;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.Task;
import org.consentgateway.media.MediaDrop;
import org.consentgateway.media.MediaTotals;
import org.consentgateway.operation.Pages;
import org.consentgateway.reporting.PartCounters;
import org.consentgateway.sip.capture.Capture;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.counters.SipCounters;
import org.consentgateway.sip.counters.TrunkCounters;
import org.consentgateway.sip.registration.Watched;
import org.consentgateway.socket.Failure;
import org.consentgateway.socket.SocketTotals;
import org.consentgateway.speech.SpeechTotals;
import org.consentgateway.webhook.WebhookTotals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A process in which everything has happened that we have a word for: the bound of a label is there
 * for what comes from outside, and none of ours becomes "other".
 */
class KnownLabelsTest {
    private static final Path PROJECT =
            Path.of(System.getProperty("project.root", "../..")).toAbsolutePath().normalize();

    /** With the first of its labels. */
    private static final Pattern SERIES =
            Pattern.compile("(consent_[a-z_]+)\\{([a-z_]+=\"[^\"]*\")");

    private final Meters meters = new Meters();
    private final Totals totals = new Totals(meters);
    private final Gauges gauges = new Gauges(meters);

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void whateverWeCountOurselvesHasItsName() {
        assertThat(allThatHappens())
                .contains("consent_sip_captured_total{result=\"dropped\"} 2.0")
                .contains("consent_request_call_backs_total{result=\"answered-before\"} 0.0")
                .contains("consent_metric_labels_folded_total 0.0")
                .doesNotContain("=\"other\"");
    }

    /** Who looks for what is never counted under that name takes it for nought. */
    @Test
    void aSeriesThatAPageNamesIsOneThatIsCounted() throws IOException {
        String counted = allThatHappens();
        Set<String> wrong = new TreeSet<>();
        int named = 0;
        for (Path page : Pages.all()) {
            Matcher found = SERIES.matcher(Files.readString(page));
            while (found.find()) {
                named++;
                if (!isCounted(found.group(1), found.group(2), counted)) {
                    wrong.add(PROJECT.relativize(page) + ": " + found.group());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(named).as("series were found at all").isGreaterThan(20);
    }

    private static boolean isCounted(String metric, String labelled, String counted) {
        return counted.lines()
                .anyMatch(line -> line.startsWith(metric + "{") && line.contains(labelled));
    }

    private String allThatHappens() {
        webhooks();
        var calls = new CallMeters(meters);
        new KnownSeries(meters).make(List.of(line()), List.of("carrier"));
        parts();
        for (Calls.Room why : EnumSet.complementOf(EnumSet.of(Calls.Room.FREE))) {
            calls.told(new CallEvent.Rejected(why));
        }
        for (Unclear why : Unclear.values()) {
            meters.count(
                    Meter.DECISIONS,
                    "demo",
                    "de",
                    "a",
                    "new",
                    "",
                    "unanswered",
                    "none",
                    why.name());
        }
        CallOutcome.names().forEach(outcome -> meters.count(Meter.CALLS, "demo", outcome));
        gauges();
        return meters.scrape("").text();
    }

    private static KnownSeries.OfLine line() {
        return new KnownSeries.OfLine(
                "demo", List.of(new KnownSeries.OfText("de", "a")), List.of("basis"), true);
    }

    /** Opened before all else, so that their values come first. */
    private void webhooks() {
        for (String endpoint : List.of("crm", "sms")) {
            WebhookTotals.RESULTS.forEach(
                    result -> totals.follow(Meter.WEBHOOK_DELIVERIES, () -> 1, endpoint, result));
        }
    }

    private void parts() {
        var sip =
                new SipCounters(
                        Map.of(),
                        each(Rejection.values()),
                        0,
                        0,
                        0,
                        List.of(trunk()),
                        each(Capture.Outcome.values()));
        var media = new MediaTotals(1, 0, 0, 0, 0, 0, each(MediaDrop.values()), 0);
        var assistant = new SocketTotals.Count("bot", 1, each(Failure.values()), 1, 1);
        new PartCounters(
                        () -> sip,
                        () -> media,
                        () -> new SpeechTotals(0, 1, 1, 1, 1, 1, 1, 1, 1, 1),
                        () -> List.of(assistant),
                        () -> List.of("carrier"),
                        totals)
                .read();
    }

    private static TrunkCounters trunk() {
        Map<Integer, Long> statuses = new HashMap<>();
        IntStream.of(200, 404, 480, 486, 487, 488, 500, 503, 603)
                .forEach(status -> statuses.put(status, 1L));
        return new TrunkCounters("carrier", statuses, statuses, each(Rejection.values()));
    }

    /** Of each as many as stand before it, and one. */
    private static <E extends Enum<E>> Map<E, Long> each(E[] values) {
        Map<E, Long> counts = new HashMap<>();
        for (E value : values) {
            counts.put(value, counts.size() + 1L);
        }
        return counts;
    }

    private void gauges() {
        for (boolean overdue : List.of(false, true)) {
            for (SubjectRequest.Kind kind : SubjectRequest.Kind.values()) {
                gauges.requests(Labels.word(kind), overdue, () -> 1);
            }
            for (Task.Kind kind : Task.Kind.values()) {
                gauges.tasks(Labels.word(kind), overdue, () -> 1);
            }
        }
        for (Watched.Kind kind : Watched.Kind.values()) {
            Runnable _ = gauges.target(Labels.word(kind), "desk", () -> 1);
        }
    }
}
