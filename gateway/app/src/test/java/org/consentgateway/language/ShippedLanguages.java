package org.consentgateway.language;

import java.nio.file.Path;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.speech.words.Languages;

/** The languages that come with the product. */
public final class ShippedLanguages {
    public static final Languages ALL = read();

    private ShippedLanguages() {}

    private static Languages read() {
        try {
            return LanguageFiles.read(Path.of("../../config/languages").toAbsolutePath());
        } catch (WrongConfiguration wrong) {
            throw new IllegalStateException(wrong.getMessage(), wrong);
        }
    }
}
