package org.consentgateway.speech.vosk;

import java.util.Optional;
import java.util.Set;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.words.Lexicon;
import org.consentgateway.speech.words.Understood;
import org.jspecify.annotations.Nullable;

/**
 * When spoken words count. This is the one place that says so. Immutable.
 *
 * <p>A yes needs all of: a final result (never a partial), enough speech, no garbage in it, every
 * word sure enough, a plain yes by the lexicon (no negation, no hedge, no strange word), and if the
 * model has no garbage word that works, a second recogniser without a grammar that understood the
 * same. That no key competes with it is decided by the one who also hears keys. Whatever fails is
 * {@link Heard.Nothing}: the question is asked again, then keys are offered.
 *
 * @param agree least confidence of every word of a yes, 0 to 1
 * @param refuse the same for no, for withdrawing and for a human: a wrong one costs a call, a
 *     missed one costs trust
 * @param other the same for all else
 * @param agreeMillis least length of the speech of a yes
 * @param otherMillis the same for all else
 * @param secondOpinion whether a recogniser without a grammar must understand the same
 */
record DecisionRule(
        double agree,
        double refuse,
        double other,
        int agreeMillis,
        int otherMillis,
        boolean secondOpinion) {

    /**
     * The bundled model (vosk-consent-de-en-small), whose garbage word works. Measured with
     * scripts/evaluate-speech (table in speech/README.md):
     *
     * <pre>
     * yes at   yes heard (clean)   taken for a yes, of about 2650 sounds
     * 0.7      13 of 14            14, with "genau", "fine" and "right" among the yes words; six of
     *                              them were yes indeed ("In Ordnung."), one a "no" in noise
     * 0.8      12 of 13            0, without those words; upper 95 % bound 0.11 %
     * </pre>
     *
     * Its makers found, with more words in the grammar, 13 of 5562 (0.2 %) at 0.6 and 3 (0.05 %) at
     * 0.8. At 0.6 for a no: 14 of 14 heard, 6 of 171 words of the other language taken for one.
     */
    static final DecisionRule BUNDLED = new DecisionRule(0.8, 0.6, 0.6, 160, 120, false);

    /**
     * Any other model, such as the small ones of alphacephei.com: with a grammar they answer almost
     * any speech with a grammar word at confidence 1.0 (alphacep/vosk-api issue 1017), so that
     * confidence says nothing and the second opinion decides. Not measured here: no such model
     * comes with the product.
     */
    static final DecisionRule UPSTREAM = new DecisionRule(0.9, 0.7, 0.8, 200, 160, true);

    /** By the SHA-256 of {@link LanguageModel#sha256()}. */
    static DecisionRule of(String modelSha256) {
        return modelSha256.equals(LanguageModel.BUNDLED_SHA256) ? BUNDLED : UPSTREAM;
    }

    DecisionRule withAgree(double confidence) {
        return Double.isNaN(confidence)
                ? this
                : new DecisionRule(
                        confidence, refuse, other, agreeMillis, otherMillis, secondOpinion);
    }

    /**
     * @param free what the recogniser without a grammar heard; null if there is none
     * @param speechMillis how long the speech was
     * @param endMillis media time of its end
     */
    Heard decide(
            Hypothesis said,
            @Nullable Hypothesis free,
            Lexicon lexicon,
            Set<SpokenMeaning> accepted,
            int speechMillis,
            long endMillis) {
        if (said.isEmpty()) {
            return new Heard.Nothing(Heard.Why.EMPTY);
        }
        Optional<Understood> understood = lexicon.understand(said.text(), accepted);
        if (understood.isEmpty() || (said.garbled() && !withdrawsByPhrase(understood.get()))) {
            return new Heard.Nothing(Heard.Why.GARBAGE);
        }
        SpokenMeaning meaning = understood.get().meaning();
        if (speechMillis < (meaning == SpokenMeaning.AGREE ? agreeMillis : otherMillis)) {
            return new Heard.Nothing(Heard.Why.TOO_SHORT);
        }
        if (said.confidence() < needed(meaning)) {
            return new Heard.Nothing(Heard.Why.UNSURE);
        }
        if (secondOpinion && !sameMeaning(free, lexicon, accepted, meaning)) {
            return new Heard.Nothing(Heard.Why.DISAGREEMENT);
        }
        return new Heard.Words(
                meaning,
                understood.get().entry(),
                said.confidence(),
                speechMillis,
                endMillis,
                false);
    }

    /**
     * "Also ich möchte jetzt meine Einwilligung widerrufen": withdrawing is taken from among words
     * the grammar does not know, but then only by a phrase. One word alone is soon misheard in a
     * conversation of minutes.
     */
    static boolean withdrawsByPhrase(Understood understood) {
        return understood.meaning() == SpokenMeaning.WITHDRAW && understood.entry().contains(" ");
    }

    private double needed(SpokenMeaning meaning) {
        return switch (meaning) {
            case AGREE -> agree;
            case REFUSE, WITHDRAW, HUMAN -> refuse;
            case HEDGED,
                    REPEAT,
                    HELP,
                    INFORMATION,
                    OTHER_LANGUAGE,
                    ZERO,
                    ONE,
                    TWO,
                    THREE,
                    FOUR,
                    FIVE ->
                    other;
        };
    }

    private static boolean sameMeaning(
            @Nullable Hypothesis free,
            Lexicon lexicon,
            Set<SpokenMeaning> accepted,
            SpokenMeaning meaning) {
        return free != null
                && !free.garbled()
                && lexicon.understand(free.text(), accepted)
                        .map(Understood::meaning)
                        .filter(meaning::equals)
                        .isPresent();
    }
}
