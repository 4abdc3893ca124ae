package org.consentgateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.Notice;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;

/** Immutable. One reading of the configuration, and of the texts that go with it. */
record ConfigReading(GatewayConfig config, PartSettings settings, NoticeLibrary notices) {
    /** Which texts and recordings differ from those of another reading, a line each. */
    List<String> textsOtherThan(ConfigReading before) {
        Map<String, Notice> was = before.texts();
        Map<String, Notice> is = texts();
        List<String> lines = new ArrayList<>();
        is.forEach((name, notice) -> {
            Notice old = was.get(name);
            if (old == null) {
                lines.add(name + " (new)");
            } else if (!old.textSha256().equals(notice.textSha256())) {
                lines.add(name + ": text");
            } else if (!old.audioSha256().equals(notice.audioSha256())) {
                lines.add(name + ": recordings");
            }
        });
        was.keySet().stream()
                .filter(name -> !is.containsKey(name))
                .forEach(name -> lines.add(name + " (gone)"));
        return lines;
    }

    /** Every version and variant that is loaded. */
    private Map<String, Notice> texts() {
        Map<String, Notice> all = new TreeMap<>();
        for (String lineage : notices.lineages()) {
            for (String language : notices.languages(lineage)) {
                for (Notice each : notices.all(lineage, language)) {
                    String variant = each.variant().isEmpty() ? "" : " " + each.variant();
                    all.put(
                            "notice %s %s %s%s"
                                    .formatted(lineage, language, each.version(), variant),
                            each);
                }
            }
        }
        return all;
    }

    List<AudioClip> clips(Utterance said) {
        return said.parts().stream().map(part -> notices.clip(said.notice(), part)).toList();
    }
}
