package org.consentgateway;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.consentgateway.api.operation.SettingRoutes.KnownSetting;
import org.consentgateway.config.ConfigFile;
import org.consentgateway.config.SettingsInForce;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.reload.ChangedConfig;

/** Thread-safe. What is in force of the file, for people: as it was read last. */
final class ShownSettings {
    /** With every key and a comment to each. */
    private static final String REFERENCE = "config/gateway.yaml";

    private final Optional<Path> file;
    private volatile List<KnownSetting> all;

    /**
     * @param file that was read just now; empty where there is none to show
     */
    ShownSettings(Optional<Path> file) {
        this.file = file;
        this.all = read();
    }

    List<KnownSetting> all() {
        return all;
    }

    /** What will be in force when the file counts again: not what needs a restart. */
    List<KnownSetting> next() {
        Map<String, KnownSetting> before = new HashMap<>();
        all.forEach(one -> before.put(one.key(), one));
        return read().stream()
                .flatMap(next ->
                        ChangedConfig.countsAtOnce(next.key())
                                ? Stream.of(next)
                                : Stream.ofNullable(before.get(next.key())))
                .toList();
    }

    void use(List<KnownSetting> next) {
        all = next;
    }

    private List<KnownSetting> read() {
        return file.map(path ->
                        SettingsInForce.of(
                                        path,
                                        GatewayConfig.class,
                                        GatewayConfig.VALUES,
                                        ConfigFile.home().resolve(REFERENCE))
                                .stream()
                                .map(one ->
                                        new KnownSetting(
                                                one.key(), one.value(), one.line(), one.meaning()))
                                .toList())
                .orElse(List.of());
    }
}
