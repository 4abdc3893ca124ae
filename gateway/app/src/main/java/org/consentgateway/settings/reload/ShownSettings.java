package org.consentgateway.settings.reload;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.consentgateway.config.ConfigFile;
import org.consentgateway.config.SettingsInForce;
import org.consentgateway.settings.GatewayConfig;

/** Thread-safe. What is in force of the file, for people: as it was read last. */
public final class ShownSettings {
    /** With every key and a comment to each. */
    private static final String REFERENCE = "config/gateway.yaml";

    private final Optional<Path> file;
    private volatile List<SettingsInForce.One> all;

    /**
     * @param file that was read just now; empty where there is none to show
     */
    public ShownSettings(Optional<Path> file) {
        this.file = file;
        this.all = read();
    }

    public List<SettingsInForce.One> all() {
        return all;
    }

    /** What will be in force when the file counts again: not what needs a restart. */
    public List<SettingsInForce.One> next() {
        Map<String, SettingsInForce.One> before = new HashMap<>();
        all.forEach(one -> before.put(one.key(), one));
        return read().stream()
                .flatMap(next ->
                        ChangedConfig.countsAtOnce(next.key())
                                ? Stream.of(next)
                                : Stream.ofNullable(before.get(next.key())))
                .toList();
    }

    public void use(List<SettingsInForce.One> next) {
        all = next;
    }

    private List<SettingsInForce.One> read() {
        return file.map(path ->
                        SettingsInForce.of(
                                path,
                                GatewayConfig.class,
                                GatewayConfig.VALUES,
                                ConfigFile.home().resolve(REFERENCE)))
                .orElse(List.of());
    }
}
