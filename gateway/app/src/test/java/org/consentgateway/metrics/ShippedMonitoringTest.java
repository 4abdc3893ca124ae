package org.consentgateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.metrics.ShippedMonitoring.Rule;
import org.junit.jupiter.api.Test;

/** What is shipped for Prometheus and Grafana asks for what the gateway has. */
class ShippedMonitoringTest {
    /** Of the process; the collector's are there once it has run. */
    private static final List<String> COLLECTOR =
            List.of("jvm_gc_pause_seconds", "jvm_gc_pause_seconds_max");

    /** Prometheus gives them to each series, and a histogram has its buckets. */
    private static final List<String> LABELS_OF_ALL = List.of("job", "instance", "le");

    private static final List<String> OF_THE_PROCESS = List.of("jvm_", "process_", "system_");

    private static final int COLUMNS = 24;

    private static Stream<String> expressions() {
        return Stream.concat(
                ShippedMonitoring.rules().stream().map(Rule::expression),
                ShippedMonitoring.queries().stream().map(query -> query.expression()));
    }

    private static List<Rule> alerts() {
        return ShippedMonitoring.rules().stream().filter(Rule::alert).toList();
    }

    @Test
    void anExpressionIsReadForWhatItAsks() {
        assertThat(
                        PromQl.selectors(
                                "sum by (line) (rate(a_total{job=\"x (y)\",line=~\"$line\"}[5m]))"
                                        + " / on (job) group_left (b) (c:d:e1h offset 1w > 0.5)"
                                        + " and f != bool 2 or vector(0)"))
                .containsExactly(
                        new PromQl.Selector("a_total", Set.of("job", "line")),
                        new PromQl.Selector("c:d:e1h", Set.of()),
                        new PromQl.Selector("f", Set.of()));
    }

    @Test
    void everyMetricThatIsAskedForIsThere() {
        Set<String> there = new HashSet<>(MetersTest.PROMETHEUS_NAMES);
        there.addAll(ofTheProcess());
        there.addAll(COLLECTOR);
        there.add("up");
        ShippedMonitoring.rules().stream()
                .filter(rule -> !rule.alert())
                .map(Rule::name)
                .forEach(there::add);

        Set<String> missing =
                expressions()
                        .flatMap(each -> PromQl.selectors(each).stream())
                        .map(PromQl.Selector::metric)
                        .filter(metric -> !there.contains(metric))
                        .filter(metric -> !there.contains(family(metric)))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(missing).as("rename them in config/prometheus and config/grafana").isEmpty();
    }

    @Test
    void everyLabelThatIsAskedForIsOneOfTheMetric() {
        Set<String> unknown = new TreeSet<>();
        expressions()
                .flatMap(each -> PromQl.selectors(each).stream())
                .forEach(asked ->
                        meters().filter(meter -> isOf(meter, asked.metric()))
                                .forEach(meter ->
                                        asked.labels().stream()
                                                .filter(label -> !has(meter, label))
                                                .forEach(label ->
                                                        unknown.add(asked.metric() + label))));
        assertThat(unknown).isEmpty();
    }

    private static Stream<Meter> meters() {
        return Arrays.stream(Meter.values());
    }

    private static boolean isOf(Meter meter, String metric) {
        String name = meter.name.replace('.', '_');
        return Stream.of("", "_total", "_seconds")
                        .anyMatch(as -> (name + as).equals(family(metric)))
                || (name + "_total").equals(metric);
    }

    private static boolean has(Meter meter, String label) {
        return LABELS_OF_ALL.contains(label)
                || meter.tags.stream().anyMatch(tag -> tag.label.equals(label));
    }

    /** A histogram is asked for by its parts. */
    private static String family(String metric) {
        return metric.replaceFirst("_(bucket|count|sum)$", "");
    }

    private static List<String> ofTheProcess() {
        try (Meters process = new Meters().withProcess()) {
            return process.scrape("")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith("# TYPE "))
                    .map(line -> line.split(" ", -1)[2])
                    .filter(name -> OF_THE_PROCESS.stream().anyMatch(name::startsWith))
                    .toList();
        }
    }

    @Test
    void everyAlertSaysHowBadItIsAndHasAPageThatSaysWhatToDo() throws IOException {
        for (Rule alert : alerts()) {
            assertThat(alert.all().at("/labels/severity").asText())
                    .as(alert.name())
                    .isIn("page", "ticket", "none");
            assertThat(alert.all().at("/annotations/summary").asText()).isNotBlank();
            assertThat(alert.all().at("/annotations/description").asText()).isNotBlank();
            String page = alert.all().at("/annotations/runbook_url").asText();
            assertThat(page).isEqualTo("config/prometheus/runbooks/" + alert.name() + ".md");
            assertThat(Files.readString(runbooks().resolve(alert.name() + ".md")))
                    .as(page)
                    .startsWith("# " + alert.name() + "\n")
                    .contains(
                            "**What it means.** ",
                            "**What callers notice.** ",
                            "**What to look at**\n1. ",
                            "**What to do**\n1. ",
                            "**Whom to wake.** ");
        }
        assertThat(ShippedMonitoring.files(runbooks()).stream().map(file -> file.getFileName()))
                .as("none without an alert")
                .extracting(Path::toString)
                .containsExactlyInAnyOrderElementsOf(
                        alerts().stream().map(alert -> alert.name() + ".md").toList());
    }

    private static Path runbooks() {
        return ShippedMonitoring.PROMETHEUS.resolve("runbooks");
    }

    /** {@code promtool test rules} runs them; it does not tell what it was not asked. */
    @Test
    void everyAlertHasACaseInWhichItFiresAndButForTheDeadMansOneInWhichItDoesNot() {
        Set<String> fires = new HashSet<>();
        Set<String> stays = new HashSet<>();
        for (Path file : ShippedMonitoring.files(ShippedMonitoring.PROMETHEUS.resolve("tests"))) {
            for (JsonNode one : ShippedMonitoring.yaml(file).path("tests")) {
                for (JsonNode of : one.path("alert_rule_test")) {
                    (of.path("exp_alerts").isEmpty() ? stays : fires)
                            .add(of.path("alertname").asText());
                }
            }
        }
        Set<String> all = alerts().stream().map(Rule::name).collect(Collectors.toSet());
        assertThat(fires).isEqualTo(all);
        all.remove("ConsentWatchdog");
        assertThat(stays).isEqualTo(all);
    }

    @Test
    void dashboardsAreWhatGrafanaTakes() {
        Set<String> uids = new HashSet<>();
        for (Path file : ShippedMonitoring.files(ShippedMonitoring.DASHBOARDS)) {
            JsonNode dashboard = ShippedMonitoring.json(file);
            assertThat(uids.add(dashboard.path("uid").asText())).as(file.toString()).isTrue();
            assertThat(dashboard.has("id")).as("an id is Grafana's to give").isFalse();
            assertThat(dashboard.path("title").asText()).isNotBlank();
            assertThat(dashboard.path("schemaVersion").isInt()).isTrue();
            assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
            panels(file, dashboard);
        }
        assertThat(uids).hasSizeGreaterThanOrEqualTo(6);
    }

    private static void panels(Path file, JsonNode dashboard) {
        Set<Integer> ids = new HashSet<>();
        List<int[]> places = new ArrayList<>();
        for (JsonNode panel : dashboard.path("panels")) {
            String what = file.getFileName() + ", " + panel.path("title").asText();
            assertThat(ids.add(panel.path("id").asInt())).as(what).isTrue();
            assertThat(panel.path("type").asText()).as(what).isIn("timeseries", "stat", "table");
            assertThat(panel.path("title").asText()).isNotBlank();
            int[] place = {
                panel.at("/gridPos/x").asInt(),
                panel.at("/gridPos/y").asInt(),
                panel.at("/gridPos/w").asInt(),
                panel.at("/gridPos/h").asInt()
            };
            assertThat(place[0] + place[2]).as(what).isBetween(1, COLUMNS);
            assertThat(places).as(what).noneMatch(other -> overlap(place, other));
            places.add(place);
            Set<String> refs = new HashSet<>();
            assertThat(panel.path("targets")).as(what).isNotEmpty();
            for (JsonNode target : panel.path("targets")) {
                assertThat(target.at("/datasource/uid").asText())
                        .as(what)
                        .isEqualTo("${datasource}");
                assertThat(refs.add(target.path("refId").asText())).as(what).isTrue();
            }
        }
    }

    private static boolean overlap(int[] one, int[] other) {
        return one[0] < other[0] + other[2]
                && other[0] < one[0] + one[2]
                && one[1] < other[1] + other[3]
                && other[1] < one[1] + one[3];
    }
}
