package org.consentgateway.speech.words;

import java.text.Normalizer;

/** The form in which texts are compared. Immutable. */
public final class SpokenText {
    private SpokenText() {}

    /** Unicode composed, white space single: what text hashes are made of. */
    public static String canonical(String written) {
        return Normalizer.normalize(written, Normalizer.Form.NFC).strip().replaceAll("\\s+", " ");
    }
}
