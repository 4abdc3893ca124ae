package org.consentgateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.CallOutcome.Basis;
import org.consentgateway.call.CallOutcome.Trail;
import org.consentgateway.call.Calls;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.request.Task;
import org.consentgateway.line.Quality;
import org.consentgateway.media.MediaStats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetersTest {
    /** What dashboards and alerts stand on: a change here is a change for operators. */
    static final List<String> PROMETHEUS_NAMES =
            List.of(
                    "consent_abandonments_total",
                    "consent_assistant_answers_total",
                    "consent_assistant_connect_seconds",
                    "consent_assistant_failures_total",
                    "consent_assistant_frames_lost_total",
                    "consent_assistant_messages_ignored_total",
                    "consent_build_info",
                    "consent_call_duration_seconds",
                    "consent_calls_active",
                    "consent_calls_limit",
                    "consent_calls_lost_total",
                    "consent_calls_rejected_total",
                    "consent_calls_total",
                    "consent_cdr_lost_total",
                    "consent_certificate_left_seconds",
                    "consent_checkpoint_age_seconds",
                    "consent_clock_jumps_total",
                    "consent_clock_offset_seconds",
                    "consent_config_last_reload_success_timestamp_seconds",
                    "consent_config_last_reload_successful",
                    "consent_config_reloads_total",
                    "consent_console_sign_ins_turned_away_total",
                    "consent_decision_time_seconds",
                    "consent_decisions_total",
                    "consent_disclosures_served_total",
                    "consent_disk_free_bytes",
                    "consent_draining",
                    "consent_first_audio_seconds",
                    "consent_gate_violations_total",
                    "consent_helped_total",
                    "consent_holders_notified_total",
                    "consent_links_total",
                    "consent_media_dropped_total",
                    "consent_media_opus_limit",
                    "consent_media_opus_used",
                    "consent_media_ports_limit",
                    "consent_media_ports_used",
                    "consent_messages_total",
                    "consent_metric_labels_folded_total",
                    "consent_node_endings_untold",
                    "consent_node_lease",
                    "consent_node_others_silent",
                    "consent_nodes_lost_total",
                    "consent_openings_unheard_total",
                    "consent_purposes_decided_total",
                    "consent_questions_served_total",
                    "consent_ready",
                    "consent_reaffirmations_total",
                    "consent_request_call_backs_total",
                    "consent_requests_open",
                    "consent_retention_lag_seconds",
                    "consent_rtp_jitter_seconds",
                    "consent_rtp_packets_dropped_total",
                    "consent_rtp_packets_lost_total",
                    "consent_rtp_packets_total",
                    "consent_satisfaction_total",
                    "consent_sip_captured_total",
                    "consent_sip_dialogs",
                    "consent_sip_dropped_total",
                    "consent_sip_transactions",
                    "consent_speech_listening",
                    "consent_speech_ready",
                    "consent_speech_rejected_total",
                    "consent_store_commit_seconds",
                    "consent_store_standby",
                    "consent_store_up",
                    "consent_target_up",
                    "consent_tasks_open",
                    "consent_tasks_total",
                    "consent_texts_changed",
                    "consent_tiles_lag_seconds",
                    "consent_traces_lost_total",
                    "consent_trunk_answers_total",
                    "consent_trunk_call_duration_seconds",
                    "consent_trunk_mos",
                    "consent_trunk_registered",
                    "consent_trunk_rejected_total",
                    "consent_trunk_rtp_packets_lost_total",
                    "consent_trunk_rtp_packets_total",
                    "consent_trunk_up",
                    "consent_uses_total",
                    "consent_verification_findings",
                    "consent_verification_lag_seconds",
                    "consent_webhook_deliveries_total",
                    "consent_webhook_disabled",
                    "consent_webhook_dropped_total",
                    "consent_webhook_given_up",
                    "consent_webhook_oldest_seconds",
                    "consent_webhook_queue",
                    "consent_withdrawal_cut_seconds",
                    "consent_withdrawals_total",
                    "consent_witness_conflict",
                    "consent_witness_cosigns",
                    "consent_witness_quorum");

    private static final CallFacts FACTS =
            new CallFacts(
                    new UUID(0, 1), "ab12", "carrier", "demo", null, null, true, false, false);
    private static final NoticeRef NOTICE =
            new NoticeRef(
                    "demo",
                    "2026-11",
                    "de",
                    "a",
                    "00",
                    "00",
                    new Notice.Controller("Musterfirma", "", "DE"));
    private static final Level BASIS =
            Level.of(
                    "basis",
                    List.of(Purpose.ASSISTANT),
                    ValidityPeriod.parse("P12M"),
                    Period.ofYears(3),
                    true);

    /** These start with what SIP, media and recognition count by themselves. */
    private static final String COUNTED_BY_PARTS =
            "consent_(calls_rejected|sip_dropped|sip_captured|media_dropped|speech_rejected|trunk_answers"
                + "|trunk_rejected|assistant_[a-z_]+|webhook_[a-z]+)_total.*";

    private final Meters meters = new Meters();
    private final CallMeters calls = new CallMeters(meters);
    private final Totals totals = new Totals(meters);
    private final Gauges gauges = new Gauges(meters);

    @AfterEach
    void close() {
        meters.close();
    }

    /** A commit of twelve hexadecimal digits: five of them in a row are no telephone number. */
    private static final String VERSION = "0.1.0-SNAPSHOT+12345f6789ab.changed";

    @Test
    void theVersionIsToldWithItsCommit() {
        new Gauges(meters).build(VERSION);

        assertThat(scrape()).contains("consent_build_info{version=\"" + VERSION + "\"} 1");
    }

    @Test
    void everyMeterIsFedUnderItsPrometheusName() {
        feedAll();

        assertThat(families()).containsExactlyElementsOf(PROMETHEUS_NAMES);
        assertThat(PROMETHEUS_NAMES).hasSize(Meter.values().length);
    }

    @Test
    void aDecisionCarriesWhatWordingsAreComparedBy() {
        decided(new Decision.Given(BASIS), Method.KEY, Duration.ofMillis(1_500));
        decided(new Decision.Unanswered(Unclear.NO_INPUT), Method.NONE, Duration.ofSeconds(30));

        assertThat(scrape())
                .contains(
                        "consent_decisions_total{caller=\"new\",language=\"de\",level=\"basis\",line=\"demo\",method=\"key\",reason=\"none\",state=\"given\",variant=\"a\"}"
                            + " 1.0")
                .contains(
                        "consent_decisions_total{caller=\"new\",language=\"de\",level=\"none\",line=\"demo\","
                            + "method=\"none\",reason=\"NO_INPUT\",state=\"unanswered\",variant=\"a\"}"
                            + " 1.0")
                .contains(
                        "consent_decision_time_seconds_bucket{method=\"key\",state=\"given\","
                                + "le=\"2.0\"} 1")
                .contains(
                        "consent_decision_time_seconds_bucket{method=\"key\",state=\"given\","
                                + "le=\"1.0\"} 0");
    }

    @Test
    void aLegsPacketsAreCountedAtItsEnd() {
        ended(FACTS, new MediaStats(500, 490, 10, 2, 3.5, -1, -1, 0, 4, 1, 0));
        ended(FACTS, new MediaStats(100, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0));

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
        double beyond = 1_000 - (Tag.REASON.maxValues - 2); // two there are from the start
        IntStream.range(0, 1_000).forEach(i -> totals.show(Meter.REJECTED, 1, "reason-" + i));

        List<String> series =
                scrape().lines().filter(l -> l.startsWith("consent_calls_rejected_total")).toList();
        assertThat(series)
                .hasSize(Tag.REASON.maxValues + 1)
                .contains("consent_calls_rejected_total{reason=\"other\"} " + beyond);
        assertThat(scrape()).contains("consent_metric_labels_folded_total " + beyond);
    }

    @Test
    void whatTheConfigurationTellsIsThereFromTheStartWithZero() {
        new KnownSeries(meters)
                .make(
                        List.of(
                                new KnownSeries.OfLine(
                                        "demo",
                                        List.of(new KnownSeries.OfText("de", "a")),
                                        List.of("basis", "komfort"),
                                        true)),
                        List.of("carrier"));
        String before = scrape();
        assertThat(before.lines().filter(l -> l.startsWith("consent_") && l.contains("_total{")))
                .as("nothing has happened")
                .isNotEmpty()
                .allMatch(l -> l.endsWith(" 0.0"));
        feedAll();

        List<String> late =
                scrape().lines()
                        .filter(l -> l.startsWith("consent_") && l.contains("_total{"))
                        .map(l -> l.substring(0, l.lastIndexOf(' ')))
                        .filter(series -> !before.contains(series + " "))
                        .filter(series -> !series.matches(COUNTED_BY_PARTS))
                        .toList();
        assertThat(late).as("series that came only when something was counted").isEmpty();
    }

    @Test
    void aTotalIsShownAsItStands() {
        totals.show(Meter.SIP_DROPPED, 0, "never");
        totals.show(Meter.SIP_DROPPED, 3, "late");
        totals.show(Meter.SIP_DROPPED, 5, "late");

        assertThat(scrape())
                .contains("consent_sip_dropped_total{reason=\"late\"} 5.0")
                .contains("consent_sip_dropped_total{reason=\"never\"} 0.0");
    }

    @Test
    void whatTwoPartsCountForOneReasonIsAddedUp() {
        totals.show(Meter.REJECTED, 2, "draining");
        calls.told(new CallEvent.Rejected(Calls.Room.DRAINING));

        assertThat(scrape()).contains("consent_calls_rejected_total{reason=\"draining\"} 3.0");
    }

    @Test
    void whatMayBeATelephoneNumberIsNoLabel() {
        ended(onLine("+49 30 123456"), MediaStats.NONE);
        ended(onLine("anna@example.org"), MediaStats.NONE);
        ended(onLine("line-4930123456"), MediaStats.NONE);
        totals.show(Meter.TRUNK_REJECTED, 1, "4930123456", "limit");
        totals.show(Meter.TRUNK_REJECTED, 1, "anna@example.org", "limit");

        assertThat(scrape())
                .contains("consent_calls_total{line=\"other\",outcome=\"assisted\"} 3.0")
                .contains("consent_trunk_rejected_total{reason=\"limit\",trunk=\"other\"} 2.0")
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
        calls.told(new CallEvent.Rejected(Calls.Room.FULL));

        Meters.Scrape open = meters.scrape("application/openmetrics-text;version=1.0.0,*/*;q=0.1");

        assertThat(open.contentType()).startsWith("application/openmetrics-text");
        assertThat(open.text()).endsWith("# EOF\n");
        assertThat(meters.scrape("*/*").contentType()).startsWith("text/plain; version=0.0.4");
    }

    private void feedAll() {
        ended(FACTS, new MediaStats(1, 1, 0, 0, 1, -1, -1, 0, 0, 0, 0));
        totals.show(Meter.TRUNK_ANSWERS, 1, "local", "received", 200);
        totals.show(Meter.TRUNK_REJECTED, 1, "local", "limit");
        totals.show(Meter.ASSISTANT_ANSWERED, 1, "bot");
        totals.show(Meter.ASSISTANT_FAILURES, 1, "bot", "refused");
        totals.show(Meter.ASSISTANT_FRAMES_LOST, 1, "bot");
        totals.show(Meter.ASSISTANT_IGNORED, 1, "bot");
        meters.add(Meter.CDR_LOST, 1);
        totals.follow(Meter.NODES_LOST, () -> 1);
        totals.follow(Meter.CALLS_LOST, () -> 1);
        meters.add(Meter.TRACES_LOST, 1);
        totals.follow(Meter.SIGN_INS_TURNED_AWAY, () -> 1);
        totals.follow(Meter.WEBHOOK_DELIVERIES, () -> 1, "crm", "delivered");
        totals.follow(Meter.WEBHOOK_DROPPED, () -> 1, "crm");
        gauges.webhook("crm", () -> 1, () -> 1, () -> 1, () -> false);
        gauges.build(VERSION);
        gauges.trunk("local", () -> 1);
        gauges.registered("local", () -> 1);
        gauges.target("assistant", "bot", () -> 1);
        calls.told(new CallEvent.Rejected(Calls.Room.FULL));
        totals.show(Meter.SIP_DROPPED, 2, "unknown-source");
        totals.show(Meter.SIP_CAPTURED, 2, "dropped");
        calls.told(new CallEvent.FirstAudio(FACTS, Duration.ofMillis(20)));
        calls.told(new CallEvent.DisclosureServed(FACTS, NOTICE, false, true));
        calls.told(new CallEvent.OpeningUnheard(FACTS));
        calls.told(new CallEvent.AssistantDialled(FACTS, true, Duration.ofMillis(180)));
        new GateWatch(meters).told(new CallEvent.GateRefused(FACTS));
        calls.told(new CallEvent.QuestionServed(FACTS, NOTICE, false, Instant.EPOCH));
        calls.told(new CallEvent.HolderNotified(FACTS, EndOfConsent.How.WITHDRAWN, "INFO"));
        totals.show(Meter.MEDIA_DROPPED, 1, "cut");
        decided(new Decision.Given(BASIS), Method.KEY, Duration.ofSeconds(2));
        calls.told(new CallEvent.Used(FACTS, "basis"));
        calls.told(new CallEvent.Reaffirmed(FACTS, "basis", Method.KEY));
        calls.told(new CallEvent.Abandoned(FACTS, NOTICE, false, Unclear.HANGUP_DURING_OPENING));
        calls.told(new CallEvent.Committed(FACTS, true, Duration.ofMillis(3)));
        calls.told(new CallEvent.Withdrawn(FACTS, "basis", Method.KEY));
        calls.told(
                new CallEvent.PurposeDecided(
                        FACTS, Purpose.TRANSCRIPT, CallEvent.PurposeState.ENDED));
        calls.told(new CallEvent.Cut(FACTS, Duration.ofMillis(20)));
        calls.told(new CallEvent.Satisfaction("demo", NOTICE, 1));
        calls.told(new CallEvent.Helped("demo", NOTICE, true));
        calls.told(new CallEvent.TaskOpened(FACTS, NOTICE, Task.Kind.COMPLAINT));
        calls.told(new CallEvent.LinkAsked(FACTS, NOTICE, true));
        meters.count(Meter.MESSAGES, true);
        gauges.tasks("call-back", true, () -> 1);
        totals.show(Meter.SPEECH_REJECTED, 1, "busy");
        gauges.calls(() -> 3, () -> 400);
        gauges.reloaded(() -> true, () -> 1_795_000_000L);
        meters.count(Meter.RELOADS, "done");
        gauges.sip(() -> 6, () -> 40);
        gauges.ports(() -> 4, 2_000);
        gauges.opus(() -> 3, 40);
        gauges.speech("de", () -> true);
        gauges.listening(() -> 2);
        gauges.store(() -> true);
        gauges.standby(() -> 1);
        gauges.lease(() -> true);
        gauges.others(() -> 0, () -> 0);
        gauges.disk(() -> 4e9);
        gauges.clock(() -> 0);
        meters.count(Meter.CLOCK_JUMPS, "back");
        meters.count(Meter.CALL_BACKS, "disowned");
        var _ = gauges.certificate("sip.tls.certificate", () -> 86_400);
        gauges.witnesses(() -> false, () -> true, List.of("auditor"), _ -> true);
        gauges.requests("access", true, () -> 1);
        gauges.checkpointAge(() -> 12.5);
        gauges.tiles(() -> 12.5);
        gauges.retention(() -> 12.5);
        gauges.verification(() -> 1, () -> 0);
        gauges.texts(() -> 0);
        gauges.node(() -> true, () -> false);
    }

    private void decided(Decision decision, Method method, Duration took) {
        calls.told(new CallEvent.Decided(FACTS, NOTICE, false, decision, method, took));
    }

    private void ended(CallFacts facts, MediaStats stats) {
        var trail = new Trail(facts, "de", "2026-11", "a", Duration.ofSeconds(90), null);
        calls.told(
                new CallEvent.Ended(
                        new CallOutcome.Assisted(trail, "basis", Basis.GIVEN, Duration.ZERO),
                        Quality.of(stats)));
    }

    private static CallFacts onLine(String line) {
        return new CallFacts(
                new UUID(0, 1), "ab12", "carrier", line, null, null, true, false, false);
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
