package org.consentgateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.consentgateway.GatewayConfig;
import org.consentgateway.consent.Notice;
import org.consentgateway.ledger.LedgerSettings;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.Notices;

/** Immutable. What a demo caller on the gateway's own machine may look at to tell what it hears. */
public final class DemoWorld {
    static final String ASSISTANT = "assistant";
    static final String HUMAN = "human";

    private final Supplier<GatewayConfig> config;
    private final Supplier<LedgerSettings> ledger;
    private final Supplier<Notices> notices;

    public DemoWorld(
            Supplier<GatewayConfig> config,
            Supplier<LedgerSettings> ledger,
            Supplier<Notices> notices) {
        this.config = config;
        this.ledger = ledger;
        this.notices = notices;
    }

    GatewayConfig config() {
        return config.get();
    }

    LedgerSettings ledger() {
        return ledger.get();
    }

    Path data() {
        return config().store().keys().toAbsolutePath().resolveSibling("");
    }

    int random() {
        return ThreadLocalRandom.current().nextInt(1_000_000, 9_000_000);
    }

    /** Every prompt that may be heard, by part; text and sound. */
    record Known(String part, String text, AudioClip clip) {}

    /** By a name of its own: the same part is spoken by several notices. */
    Map<String, Known> prompts() throws IOException {
        Map<String, Known> all = new LinkedHashMap<>();
        Notices loaded = notices.get();
        for (String lineage : loaded.lineages()) {
            for (String language : loaded.languages(lineage)) {
                for (Notice notice : loaded.all(lineage, language)) {
                    notice.texts()
                            .forEach(
                                    (part, text) ->
                                            all.putIfAbsent(
                                                    language + " " + text,
                                                    new Known(
                                                            part,
                                                            text,
                                                            loaded.clip(notice, part))));
                }
            }
        }
        Path demo = config().prompts().directory().resolve("demo");
        all.put(ASSISTANT, new Known(ASSISTANT, "(the demo assistant)", clip(demo, ASSISTANT)));
        all.put(HUMAN, new Known(HUMAN, "(the demo human)", clip(demo, HUMAN)));
        return all;
    }

    private static AudioClip clip(Path folder, String name) throws IOException {
        return Wav.read(folder.resolve(name + ".wav")).clip();
    }
}
