package org.consentgateway.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Immutable. The rules and dashboards of config/prometheus and config/grafana. */
public final class ShippedMonitoring {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final Path CONFIG = Path.of(System.getProperty("project.root"), "config");

    /** Where the rules stand, with what belongs to them. */
    public static final Path PROMETHEUS = CONFIG.resolve("prometheus");

    static final Path DASHBOARDS = CONFIG.resolve("grafana/dashboards");

    private ShippedMonitoring() {}

    /** One that is recorded, or an alert. */
    public record Rule(String name, boolean alert, String expression, JsonNode all) {}

    /** What one panel shows. */
    public record Query(String dashboard, String panel, String expression) {
        @Override
        public String toString() {
            return dashboard + ", \"" + panel + "\": " + expression;
        }
    }

    /** All of them, in the order of their files. */
    public static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (Path file : files(PROMETHEUS.resolve("rules"))) {
            for (JsonNode group : yaml(file).path("groups")) {
                for (JsonNode rule : group.path("rules")) {
                    boolean alert = rule.has("alert");
                    rules.add(
                            new Rule(
                                    rule.path(alert ? "alert" : "record").asText(),
                                    alert,
                                    rule.path("expr").asText(),
                                    rule));
                }
            }
        }
        return rules;
    }

    /** Of all dashboards. */
    public static List<Query> queries() {
        return files(DASHBOARDS).stream()
                .flatMap(file -> queries(file.getFileName().toString(), json(file)).stream())
                .toList();
    }

    private static List<Query> queries(String dashboard, JsonNode json) {
        List<Query> queries = new ArrayList<>();
        for (JsonNode panel : json.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(
                        new Query(
                                dashboard,
                                panel.path("title").asText(),
                                target.path("expr").asText()));
            }
        }
        return queries;
    }

    static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(Path file) {
        return read(JSON, file);
    }

    static JsonNode yaml(Path file) {
        return read(YAML, file);
    }

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
