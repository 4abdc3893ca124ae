package org.consentgateway.compliance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.LevelConfig;
import org.consentgateway.settings.LineConfig;

/** How callers are asked and helped on each line: what templates may name. */
final class LineFacts {
    private final List<LineConfig> lines;
    private final PackWords words;

    private LineFacts(List<LineConfig> lines, PackWords words) {
        this.lines = lines;
        this.words = words;
    }

    static void into(Map<String, Object> all, GatewayConfig config, PackWords words) {
        var facts = new LineFacts(config.lines(), words);
        Predicate<LineConfig> privacy = line -> line.dialog() == LineConfig.Dialog.PRIVACY;
        all.put("lines", facts.where(_ -> true));
        all.put("asking", facts.where(privacy.negate()));
        all.put("privacyLines", facts.where(privacy));
        all.put("satisfaction", config.lines().stream().anyMatch(LineConfig::satisfaction));
        all.put("callBack", config.lines().stream().anyMatch(LineConfig::callBack));
        all.put("withoutHumans", facts.names(line -> line.humans().isEmpty()));
        all.put("skipsQuestion", facts.names(l -> l.remember() == LineConfig.Remember.BASIS));
        all.put(
                "phrase",
                config.speech().enabled()
                        && config.levels().stream().anyMatch(LevelConfig::withdrawalPhrase));
    }

    private String names(Predicate<LineConfig> which) {
        return lines.stream().filter(which).map(LineConfig::name).collect(Collectors.joining(", "));
    }

    private List<Map<String, Object>> where(Predicate<LineConfig> which) {
        return lines.stream().filter(which).map(this::line).toList();
    }

    private Map<String, Object> line(LineConfig line) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", line.name());
        one.put("number", line.numbers().getFirst());
        one.put("numbers", String.join(", ", line.numbers()));
        one.put("languages", String.join(", ", line.languages()));
        one.put("dialog", words.named("dialog", line.dialog().name().toLowerCase(Locale.ROOT)));
        one.put("levels", listed(line.levels(), "none"));
        one.put("assistant", line.assistant().orElse(words.of("none")));
        one.put("humans", listed(line.humans(), "nobody"));
        one.put("key", line.withdrawalKey());
        return one;
    }

    private String listed(List<String> names, String none) {
        return names.isEmpty() ? words.of(none) : String.join(", ", names);
    }
}
