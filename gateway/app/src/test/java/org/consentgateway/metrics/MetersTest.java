package org.consentgateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.consentgateway.media.MediaStats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetersTest {
    /** What dashboards and alerts stand on: a change here is a change for operators. */
    private static final List<String> PROMETHEUS_NAMES =
            List.of(
                    "consent_abandonments_total",
                    "consent_call_duration_seconds",
                    "consent_calls_active",
                    "consent_calls_limit",
                    "consent_calls_rejected_total",
                    "consent_calls_total",
                    "consent_checkpoint_age_seconds",
                    "consent_decision_time_seconds",
                    "consent_decisions_total",
                    "consent_draining",
                    "consent_first_audio_seconds",
                    "consent_media_ports_limit",
                    "consent_media_ports_used",
                    "consent_metric_labels_folded_total",
                    "consent_notices_served_total",
                    "consent_ready",
                    "consent_rtp_jitter_seconds",
                    "consent_rtp_packets_dropped_total",
                    "consent_rtp_packets_lost_total",
                    "consent_rtp_packets_total",
                    "consent_satisfaction_total",
                    "consent_sip_dialogs",
                    "consent_sip_dropped_total",
                    "consent_sip_transactions",
                    "consent_speech_listening",
                    "consent_speech_ready",
                    "consent_speech_rejected_total",
                    "consent_store_commit_seconds",
                    "consent_store_up",
                    "consent_trunk_answers_total",
                    "consent_trunk_call_duration_seconds",
                    "consent_trunk_mos",
                    "consent_trunk_registered",
                    "consent_trunk_rejected_total",
                    "consent_trunk_rtp_packets_lost_total",
                    "consent_trunk_rtp_packets_total",
                    "consent_uses_total",
                    "consent_withdrawal_cut_seconds",
                    "consent_withdrawals_total");

    private static final Asked ASKED = new Asked("demo", "de", "a");

    private final Meters meters = new Meters();
    private final CallMeters calls = new CallMeters(meters);
    private final Gauges gauges = new Gauges(meters);

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void everyMeterIsFedUnderItsPrometheusName() {
        feedAll();

        assertThat(families()).containsExactlyElementsOf(PROMETHEUS_NAMES);
        assertThat(PROMETHEUS_NAMES).hasSize(Meter.values().length);
    }

    @Test
    void aDecisionCarriesWhatWordingsAreComparedBy() {
        calls.decided(ASKED, "given", "", "basis", "key", Duration.ofMillis(1_500));
        calls.decided(ASKED, "unanswered", "NO_INPUT", "", "none", Duration.ofSeconds(30));

        assertThat(scrape())
                .contains(
                        "consent_decisions_total{language=\"de\",level=\"basis\",line=\"demo\",method=\"key\",reason=\"none\",state=\"given\",variant=\"a\"}"
                            + " 1.0")
                .contains(
                        "consent_decisions_total{language=\"de\",level=\"none\",line=\"demo\","
                                + "method=\"none\",reason=\"NO_INPUT\",state=\"unanswered\","
                                + "variant=\"a\"} 1.0")
                .contains(
                        "consent_decision_time_seconds_bucket{method=\"key\",state=\"given\","
                                + "le=\"2.0\"} 1")
                .contains(
                        "consent_decision_time_seconds_bucket{method=\"key\",state=\"given\","
                                + "le=\"1.0\"} 0");
    }

    @Test
    void aLegsPacketsAreCountedAtItsEnd() {
        calls.legEnded("carrier", new MediaStats(500, 490, 10, 2, 3.5, -1, -1, 0, 4, 1, 0));
        calls.legEnded("carrier", new MediaStats(100, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0));

        assertThat(scrape())
                .contains("consent_rtp_packets_total{direction=\"sent\"} 600.0")
                .contains("consent_rtp_packets_total{direction=\"received\"} 490.0")
                .contains("consent_rtp_packets_lost_total 10.0")
                .contains("consent_rtp_packets_dropped_total{reason=\"stranger\"} 4.0")
                .contains("consent_rtp_jitter_seconds_bucket{le=\"0.005\"} 1")
                .contains("consent_rtp_jitter_seconds_count 1");
    }

    @Test
    void aLabelNeverGrowsPastItsLimit() {
        IntStream.range(0, 1_000).forEach(i -> calls.rejected("reason-" + i, 1));

        List<String> series =
                scrape().lines().filter(l -> l.startsWith("consent_calls_rejected_total")).toList();
        assertThat(series)
                .hasSize(Tag.REASON.maxValues + 1)
                .contains(
                        "consent_calls_rejected_total{reason=\"other\"} "
                                + (1_000.0 - Tag.REASON.maxValues));
        assertThat(scrape())
                .contains("consent_metric_labels_folded_total " + (1_000.0 - Tag.REASON.maxValues));
    }

    @Test
    void whatMayBeATelephoneNumberIsNoLabel() {
        calls.ended("+49 30 123456", "assisted", Duration.ofSeconds(1));
        calls.ended("anna@example.org", "assisted", Duration.ofSeconds(1));
        calls.ended("line-4930123456", "assisted", Duration.ofSeconds(1));

        assertThat(scrape())
                .contains("consent_calls_total{line=\"other\",outcome=\"assisted\"} 3.0")
                .doesNotContain("49")
                .doesNotContain("anna");
    }

    @Test
    void aMeterTakesExactlyItsTags() {
        assertThatThrownBy(() -> meters.counter(Meter.CALLS, "demo"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theProcessTellsOfItselfToo() {
        try (Meters whole = new Meters().withProcess()) {
            assertThat(whole.scrape("").text())
                    .contains("jvm_memory_used_bytes", "jvm_threads_live_threads")
                    .contains("process_files_open_files", "process_cpu_usage");
        }
    }

    @Test
    void prometheusMayAskForOpenMetrics() {
        calls.rejected("limit", 1);

        Meters.Scrape open = meters.scrape("application/openmetrics-text;version=1.0.0,*/*;q=0.1");

        assertThat(open.contentType()).startsWith("application/openmetrics-text");
        assertThat(open.text()).endsWith("# EOF\n");
        assertThat(meters.scrape("*/*").contentType()).startsWith("text/plain; version=0.0.4");
    }

    private void feedAll() {
        calls.ended("demo", "assisted", Duration.ofSeconds(90));
        calls.endedOn("local", Duration.ofSeconds(90));
        calls.answered("local", true, 200, 1);
        calls.rejectedOf("local", "limit", 1);
        gauges.registered("local", () -> true);
        calls.rejected("limit", 1);
        calls.dropped("unknown-source", 2);
        calls.firstAudio(Duration.ofMillis(20));
        calls.served(ASKED, true);
        calls.decided(ASKED, "given", "", "basis", "key", Duration.ofSeconds(2));
        calls.used("demo", "basis");
        calls.abandoned(ASKED, "HANGUP_DURING_OPENING");
        calls.committed(true, Duration.ofMillis(3));
        calls.withdrawn("demo", "basis", "key");
        calls.cut(Duration.ofMillis(20));
        calls.satisfaction(ASKED, 1);
        calls.notListened("busy", 1);
        calls.legEnded("carrier", new MediaStats(1, 1, 0, 0, 1, -1, -1, 0, 0, 0, 0));
        gauges.calls(() -> 3, 400);
        gauges.sip(() -> 6, () -> 40);
        gauges.ports(() -> 4, 2_000);
        gauges.speech("de", () -> true);
        gauges.listening(() -> 2);
        gauges.store(() -> true);
        gauges.checkpointAge(() -> 12.5);
        gauges.node(() -> true, () -> false);
    }

    private List<String> families() {
        return scrape().lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.replaceAll("# TYPE (\\S+) .*", "$1"))
                // A timer's maximum is a family of its own.
                .filter(name -> !name.endsWith("_max"))
                .sorted()
                .toList();
    }

    private String scrape() {
        return meters.scrape("").text();
    }
}
