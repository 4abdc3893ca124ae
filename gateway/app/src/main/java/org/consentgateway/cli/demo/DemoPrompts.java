package org.consentgateway.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.consentgateway.consent.Notice;
import org.consentgateway.demo.DemoAgent;
import org.consentgateway.demo.DemoSentences;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.NoticeLibrary;

/**
 * Immutable. Every prompt that a caller of this gateway may hear, so that it can be told in words.
 */
public final class DemoPrompts {
    static final String ASSISTANT = "assistant";
    static final String HUMAN = "human";

    /** One of them. */
    record Known(String part, String text, AudioClip clip) {}

    private final Map<String, Known> all;

    private DemoPrompts(Map<String, Known> all) {
        this.all = all;
    }

    /**
     * @param demo folder of what the demo agents say
     */
    public static DemoPrompts of(NoticeLibrary notices, Path demo) throws IOException {
        Map<String, Known> all = new LinkedHashMap<>();
        for (String lineage : notices.lineages()) {
            for (String language : notices.languages(lineage)) {
                notices.all(lineage, language).forEach(notice -> add(all, notices, notice));
            }
        }
        DemoSentences.in(demo)
                .hello()
                .forEach((language, hello) ->
                        all.put(
                                ASSISTANT + " " + language,
                                new Known(ASSISTANT, hello.written(), hello.spoken())));
        AudioClip human = Wav.read(demo.resolve(HUMAN + ".wav")).clip();
        all.put(HUMAN, new Known(HUMAN, DemoAgent.Sentence.written(HUMAN), human));
        return new DemoPrompts(all);
    }

    private static void add(Map<String, Known> all, NoticeLibrary notices, Notice notice) {
        var parts = new TreeMap<String, List<String>>();
        new TreeMap<>(notice.texts())
                .forEach((part, text) ->
                        parts.computeIfAbsent(text, t -> new ArrayList<>()).add(part));
        parts.forEach((text, names) ->
                all.putIfAbsent(
                        notice.language() + " " + text,
                        new Known(shared(names), text, notices.clip(notice, names.getFirst()))));
    }

    /** What the names of parts with one text have in common: "confirm" of all "confirm.…". */
    private static String shared(List<String> names) {
        String first = names.getFirst();
        int common = first.length();
        for (String name : names) {
            while (!name.startsWith(first.substring(0, common))) {
                common--;
            }
        }
        return first.substring(0, common).replaceFirst("[.-]$", "");
    }

    /** By a name of their own: the same text may be spoken by several notices. */
    Map<String, Known> all() {
        return all;
    }
}
