package org.consentgateway.speech;

import org.jspecify.annotations.Nullable;

/** Local speech recognition; no audio leaves the process and none is stored. Thread-safe. */
public interface Recogniser extends AutoCloseable {

    /**
     * Whether there is a model that hears this language. If not, prompts name keys only; where
     * there is, so do those to a caller for whom there is no {@link #place}.
     */
    boolean hears(String language);

    /**
     * SHA-256 of the model that hears this language, lower-case hex, and behind a plus sign that of
     * the verifier that looks at a yes again; empty if the language is not heard.
     */
    String model(String language);

    /** For readiness detail: per language "ready", or why it is keys only. */
    java.util.Map<String, String> state();

    /** What was counted since it was opened. */
    default SpeechTotals totals() {
        return SpeechTotals.NONE;
    }

    /**
     * Takes a place for one caller, without which nobody is listened to. To be asked for before a
     * prompt is chosen, so that nobody is invited to say what nobody hears.
     *
     * @return null where all of this use are taken
     */
    @Nullable ListeningPlace place(ListeningPlace.Use use);

    @Override
    void close();
}
