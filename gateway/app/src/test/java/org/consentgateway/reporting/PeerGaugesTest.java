package org.consentgateway.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.consentgateway.metrics.Gauges;
import org.consentgateway.metrics.Meters;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.sip.registration.TargetState;
import org.consentgateway.sip.registration.TargetState.Health;
import org.consentgateway.sip.registration.Watched;
import org.consentgateway.target.TargetHealth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each of those outside has a gauge of its own, so that each is missed. */
class PeerGaugesTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));

    /** As a provider calls its accounts: by a number of the company. */
    private static final String FIRST = "tk-4930123456";

    private static final String SECOND = "tk-4940123456";

    @TempDir private Path folder;

    private final List<String[]> reloaded = new ArrayList<>();

    private GatewayConfig with(String... trunks) throws Exception {
        StringBuilder added = new StringBuilder("trunks:\n");
        for (int i = 0; i < trunks.length; i++) {
            added.append("  - {name: %s, sources: [192.0.2.%d]}\n".formatted(trunks[i], i + 1));
        }
        String yaml = Files.readString(PROJECT.resolve("config/gateway.yaml"));
        assertThat(yaml).contains("\ntrunks:\n");
        return GatewayConfig.load(
                Files.writeString(folder.resolve("gateway.yaml"), yaml.replace("trunks:\n", added)),
                PROJECT);
    }

    private static TargetState state(String trunk, Health health) {
        return new TargetState(
                Watched.Kind.TRUNK,
                trunk,
                Optional.empty(),
                health,
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    @Test
    void twoTrunksThatAreCalledByNumbersAreToldApart() throws Exception {
        var health =
                new TargetHealth(
                        () -> List.of(state(FIRST, Health.UP), state(SECOND, Health.DOWN)));
        try (Meters meters = new Meters()) {
            var peers = new PeerGauges(new Gauges(meters), health, _ -> 1);
            peers.show(with(FIRST, SECOND));
            assertThat(meters.scrape("").text())
                    .contains("consent_trunk_up{trunk=\"" + FIRST + "\"} 1.0")
                    .contains("consent_trunk_up{trunk=\"" + SECOND + "\"} 0.0");

            peers.show(with(SECOND));
            assertThat(meters.scrape("").text())
                    .doesNotContain(FIRST)
                    .contains("consent_trunk_up{trunk=\"" + SECOND + "\"} 0.0");
        }
    }

    /** The configuration names them, and no call does: there may be as many as an operator has. */
    @Test
    void eachOfManyIsMissedAlsoBehindReloads() throws Exception {
        for (int reload = 0; reload < 2; reload++) {
            String[] names = new String[100];
            for (int i = 0; i < names.length; i++) {
                names[i] = "carrier-" + reload + "-" + i;
            }
            reloaded.add(names);
        }
        var health =
                new TargetHealth(() ->
                        reloaded.stream()
                                .flatMap(Stream::of)
                                .map(name ->
                                        state(name, name.endsWith("9") ? Health.DOWN : Health.UP))
                                .toList());
        try (Meters meters = new Meters()) {
            var peers = new PeerGauges(new Gauges(meters), health, _ -> 1);
            for (String[] names : reloaded) {
                peers.show(with(names));
            }
            List<String> shown =
                    meters.scrape("")
                            .text()
                            .lines()
                            .filter(line -> line.startsWith("consent_trunk_up{trunk=\"carrier"))
                            .toList();
            assertThat(shown)
                    .hasSize(100)
                    .contains("consent_trunk_up{trunk=\"carrier-1-98\"} 1.0")
                    .contains("consent_trunk_up{trunk=\"carrier-1-99\"} 0.0");
        }
    }
}
