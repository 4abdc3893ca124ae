package org.consentgateway.speech;

import java.util.Set;
import java.util.function.Consumer;

/** Local speech recognition; no audio leaves the process and none is stored. Thread-safe. */
public interface Recogniser extends AutoCloseable {

    /**
     * Whether questions in this language can be answered by voice now. If not, prompts name keys
     * only.
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
     * Starts to listen for the meanings a question accepts. Reports one utterance; for the next
     * call it again, or {@link Listening#again}.
     *
     * @param language ISO 639-1, such as "de"
     * @param accepted only these meanings' words (and garbage) are in the grammar
     * @param to called on a recogniser thread; must return at once
     */
    Listening listen(String language, Set<SpokenMeaning> accepted, Consumer<Heard> to);

    @Override
    void close();
}
