package org.consentgateway.settings.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.config.Setting;
import org.consentgateway.settings.GatewayConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangedConfigTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));
    private static final Path SHIPPED = PROJECT.resolve("config/gateway.yaml");

    @TempDir Path folder;

    private GatewayConfig with(String... changes) throws Exception {
        String yaml = Files.readString(SHIPPED);
        for (int i = 0; i < changes.length; i += 2) {
            assertThat(yaml).contains(changes[i]);
            yaml = yaml.replace(changes[i], changes[i + 1]);
        }
        return GatewayConfig.load(Files.writeString(folder.resolve("c.yaml"), yaml), PROJECT);
    }

    @Test
    void aFileThatIsReadTwiceChangesNothing() throws Exception {
        GatewayConfig first = with();
        ChangedConfig change = ChangedConfig.of(first, with());
        assertThat(change.changed()).isEmpty();
        assertThat(change.atRestart()).isEmpty();
        assertThat(change.inForce()).isEqualTo(first);
    }

    @Test
    void whatCallsToComeGetCountsAtOnceAndWhatBelongsToTheProcessAtARestart() throws Exception {
        GatewayConfig running = with();
        GatewayConfig next =
                with(
                        "  id: gateway #", "  id: other #",
                        "  calls: 400 #", "  calls: 200 #",
                        "  level: info #", "  level: debug #",
                        "  first: 20000 #", "  first: 21000 #",
                        "  - name: local #", "  - name: carrier #",
                        "    repeats: 2 #", "    repeats: 1 #",
                        "    ring-timeout: 30s #", "    ring-timeout: 31s #");

        ChangedConfig change = ChangedConfig.of(running, next);

        assertThat(change.changed())
                .containsExactlyInAnyOrder(
                        "limits.calls: 400 -> 200",
                        "log.level: info -> debug",
                        "trunks carrier (new)",
                        "trunks local (gone)",
                        "lines demo: repeats",
                        "humans human: ring-timeout");
        assertThat(change.atRestart())
                .containsExactly("node.id: gateway -> other", "media.ports.first: 20000 -> 21000");
        GatewayConfig mixed = change.inForce();
        assertThat(mixed.limits()).isEqualTo(next.limits());
        assertThat(mixed.trunks()).isEqualTo(next.trunks());
        assertThat(mixed.lines()).isEqualTo(next.lines());
        assertThat(mixed.node()).isEqualTo(running.node());
        assertThat(mixed.media()).isEqualTo(running.media());
        // The next reading is held against what is in force: it says so again.
        assertThat(ChangedConfig.of(mixed, next).changed()).isEmpty();
        assertThat(ChangedConfig.of(mixed, next).atRestart()).isEqualTo(change.atRestart());
    }

    @Test
    void secretsAreNeverShown() throws Exception {
        GatewayConfig running =
                with(
                        "  url: jdbc:sqlite:data/ledger.db #",
                        "  url: \"jdbc:postgresql://db/consent?user=u&password=geheim1\" #");
        GatewayConfig next =
                with(
                        "  url: jdbc:sqlite:data/ledger.db #",
                        "  url: \"jdbc:postgresql://db/consent?user=u&password=geheim2\" #",
                        """
                              password: # either here (never printed) …
                              password-file: # … or the first line of this file
                              realm:\
                        """,
                        """
                              password: geheim3
                              realm:\
                        """,
                        "      user: # the name it has to show",
                        "      user: sbc");

        ChangedConfig change = ChangedConfig.of(running, next);

        assertThat(change.atRestart()).containsExactly("store.url");
        assertThat(change.changed())
                .containsExactly("trunks local: authentication.user, authentication.password");
        assertThat(change.toString().replace(change.inForce().toString(), ""))
                .doesNotContain("geheim");
    }

    @Test
    void eachKeyThatCountsAtOnceIsAKey() {
        List<String> keys = new ArrayList<>();
        collect("", GatewayConfig.class, keys);
        for (String atOnce : ChangedConfig.AT_ONCE) {
            assertThat(keys).anyMatch(key -> key.equals(atOnce) || key.startsWith(atOnce + "."));
        }
    }

    private static void collect(String in, Class<?> type, List<String> keys) {
        for (RecordComponent each : type.getRecordComponents()) {
            String key = in + ChangedConfig.written(each);
            if (each.getType().isRecord() && !each.isAnnotationPresent(Setting.class)) {
                collect(key + ".", each.getType(), keys);
            } else {
                keys.add(key);
            }
        }
    }
}
