package org.consentgateway.cli.recording;

import java.nio.file.Path;
import java.util.List;
import org.consentgateway.config.ConfigFile;
import org.consentgateway.config.Setting;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.demo.RecordingScript;

/**
 * Immutable. {@code config/languages/recording-line/XX.yaml}.
 *
 * @param opening with {@code %d} for the days that recordings are kept
 * @param code with {@code %s} for the speaker's code
 * @param say with {@code %s} for the word
 */
public record ScriptFile(
        @Setting(example = "de") String language,
        @Setting(example = "Diese Leitung nimmt Wörter auf.") String opening,
        @Setting(
                        example = "\"Ihr Code ist: %s.\"",
                        form = "[^%]*%s[^%]*",
                        formInWords = "a text with one %s in it")
                String code,
        @Setting(
                        example = "\"Sagen Sie: %s.\"",
                        form = "[^%]*%s[^%]*",
                        formInWords = "a text with one %s in it")
                String say,
        @Setting(example = "Alles ist gelöscht.") String deleted,
        @Setting(example = "Vielen Dank.") String thanks,
        @Setting(example = "[ja, nein]", atLeast = "1") List<String> words) {

    static List<ScriptFile> all(Path folder) throws WrongConfiguration {
        return ConfigFile.readAll(
                folder,
                ScriptFile.class,
                List.of(),
                name ->
                        (file, complaints) -> {
                            if (!file.language.equals(name)) {
                                complaints.about(
                                        "language",
                                        "is not that of the file's name",
                                        "language: " + name);
                            }
                        });
    }

    /**
     * @param others instead of its words; empty: its own
     */
    RecordingScript script(int days, List<String> others) {
        return new RecordingScript(
                language,
                opening.replace("%d", Integer.toString(days)),
                code,
                say,
                List.of(deleted, thanks),
                others.isEmpty() ? words : others);
    }
}
