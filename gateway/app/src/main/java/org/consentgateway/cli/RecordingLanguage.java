package org.consentgateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.speech.LanguageVerdict;
import org.consentgateway.speech.voice.TelephoneBand;
import org.consentgateway.speech.vosk.SpokenLanguage;
import org.consentgateway.speech.words.Language;
import org.consentgateway.speech.words.Languages;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one command: whether recordings are spoken in the language of their texts, and what
 * of them nobody could tell. Of which too little was heard alone, those are judged together.
 */
final class RecordingLanguage implements AutoCloseable {
    private final Languages languages;
    private final @Nullable SpokenLanguage hearing;
    private final Set<String> notChecked = new LinkedHashSet<>();
    private final Map<String, Map<String, SpokenLanguage.Recording>> unclear = new TreeMap<>();

    private RecordingLanguage(Languages languages, @Nullable SpokenLanguage hearing) {
        this.languages = languages;
        this.hearing = hearing;
    }

    /**
     * @param folder of the sounds; what is wrong with it is told, and nothing is checked
     * @param rows of all languages: what a recording may say by mistake
     */
    static RecordingLanguage open(
            Path folder, Languages languages, List<NoticeReport.Row> rows, AnyLanguage any) {
        if (any.isTaken()) {
            return new RecordingLanguage(languages, null);
        }
        Map<String, List<String>> texts = new TreeMap<>();
        for (NoticeReport.Row row : rows) {
            texts.computeIfAbsent(row.language(), each -> new ArrayList<>())
                    .add(languages.spoken(row.language(), row.text()));
        }
        try {
            return new RecordingLanguage(languages, SpokenLanguage.open(folder, texts));
        } catch (IOException e) {
            var deaf = new RecordingLanguage(languages, null);
            deaf.notChecked.add("The language of no recording was checked: " + e.getMessage());
            return deaf;
        }
    }

    /**
     * A sentence for the person who brings the recording; empty where nothing speaks against it.
     *
     * @param what which recording, for what is told later
     * @param language of the text
     */
    Optional<String> fault(String what, String language, String text, Wav recording)
            throws IOException {
        if (hearing == null) {
            return Optional.empty();
        }
        var spoken =
                new SpokenLanguage.Recording(
                        languages.spoken(language, text), TelephoneBand.shape(recording));
        return switch (hearing.judge(language, List.of(spoken))) {
            case LanguageVerdict.Fits _ -> Optional.empty();
            case LanguageVerdict.Other other ->
                    Optional.of(
                            "%s; right would be a recording of: %s"
                                    .formatted(told("sounds", language, other), text));
            case LanguageVerdict.TooLittle _ -> {
                unclear.computeIfAbsent(language, each -> new LinkedHashMap<>()).put(what, spoken);
                yield Optional.empty();
            }
            case LanguageVerdict.NotChecked not -> {
                notChecked.add(
                        "Whether recordings for %s are in that language was not checked: %s. Listen to them."
                                .formatted(name(language), not.why()));
                yield Optional.empty();
            }
        };
    }

    /** Of all that could not be judged alone; to be asked once, after all of them. */
    List<String> faultsTogether() throws IOException {
        if (hearing == null) {
            return List.of();
        }
        List<String> faults = new ArrayList<>();
        for (Map.Entry<String, Map<String, SpokenLanguage.Recording>> each : unclear.entrySet()) {
            String language = each.getKey();
            String files = String.join(", ", each.getValue().keySet());
            LanguageVerdict verdict = hearing.judge(language, each.getValue().values());
            if (verdict instanceof LanguageVerdict.Other other) {
                faults.add(files + ": " + told("together they sound", language, other));
            } else if (verdict instanceof LanguageVerdict.TooLittle) {
                notChecked.add("Too little was heard to tell the language, listen to: " + files);
            }
        }
        return faults;
    }

    /** Sentences for who has to listen. */
    List<String> notChecked() {
        return List.copyOf(notChecked);
    }

    private String told(String sounds, String language, LanguageVerdict.Other other) {
        return "%s like %s, not like %s (heard: %s, which is nearest to: %s)"
                .formatted(
                        sounds,
                        name(other.language()),
                        name(language),
                        other.sounds(),
                        other.text());
    }

    private String name(String language) {
        return languages.find(language).map(Language::name).orElse(language);
    }

    @Override
    public void close() {
        if (hearing != null) {
            hearing.close();
        }
    }
}
