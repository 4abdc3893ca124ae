package org.consentgateway.speech.vosk;

import java.util.Optional;
import java.util.Set;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.engine.Hypothesis;
import org.consentgateway.speech.words.Lexicon;
import org.consentgateway.speech.words.Understood;
import org.jspecify.annotations.Nullable;

/**
 * When spoken words count. This is the one place that says so. Immutable.
 *
 * <p>A yes needs all of: a final result (never a partial), enough speech, no garbage in it, every
 * word sure enough, a plain yes by the lexicon (no negation, no hedge, no strange word), and if the
 * model has no garbage word that works, a second recogniser without a grammar that understood the
 * same. A yes that lasts longer than its words take is asked back; so is one of which sound is
 * missing, or it is none, since the words that make it a no may have been in what is missing. The
 * bundled models are checked by the verifier instead ({@link Doubt}). That no key competes with it
 * is decided by the one who also hears keys. Whatever fails is {@link Heard.Nothing}: the question
 * is asked again, then keys are offered.
 *
 * @param agree least confidence of every word of a yes, or of a number that chooses from a menu, 0
 *     to 1
 * @param refuse the same for no, for withdrawing and for a human: a wrong one costs a call, a
 *     missed one costs trust
 * @param other the same for all else
 * @param agreeMillis least length of the speech of a yes, or of such a number
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
     * The bundled models, whose garbage word works. What it gives on recordings that nobody tuned
     * on stands in speech/README.md. More than 0.8 does not help: what is still taken for a yes has
     * a confidence of 1.000 as often as not.
     */
    static final DecisionRule BUNDLED = new DecisionRule(0.8, 0.6, 0.6, 160, 120, false);

    /**
     * Any other model, such as the small ones of alphacephei.com: with a grammar they answer almost
     * any speech with a grammar word at confidence 1.0 (alphacep/vosk-api issue 1017), so that
     * confidence says nothing and the second opinion decides. Not measured here: no such model
     * comes with the product.
     */
    static final DecisionRule UPSTREAM = new DecisionRule(0.9, 0.7, 0.8, 200, 160, true);

    /** "Jaa" in 0.8 s, and three words in 1.5 s, are said slowly, but still said. */
    private static final int LONGEST_BEGINNING_MILLIS = 450;

    private static final int LONGEST_WORD_MILLIS = 350;

    /**
     * Two packets: no "nicht" and no "not" is hidden in so little ({@code NegationLostTest}). More
     * is asked back.
     */
    private static final int LOST_UNSEEN_MILLIS = 40;

    /** Three packets: with more, nobody knows what was said. */
    private static final int LOST_MOST_MILLIS = 60;

    /** By the SHA-256 of {@link LanguageModel#sha256()}. */
    static DecisionRule of(String modelSha256) {
        return LanguageModel.BUNDLED.containsKey(modelSha256) ? BUNDLED : UPSTREAM;
    }

    /**
     * @param doubt null if nobody else looks at a yes
     */
    Heard decide(
            HeardUtterance utterance,
            Lexicon lexicon,
            Set<SpokenMeaning> accepted,
            @Nullable Doubt doubt) {
        Hypothesis said = utterance.said();
        if (said.isEmpty()) {
            return new Heard.Nothing(Heard.Why.EMPTY);
        }
        Optional<Understood> understood = lexicon.understand(said.text(), accepted);
        if (understood.isEmpty() || (said.garbled() && !standsAmongGarbage(understood.get()))) {
            return new Heard.Nothing(Heard.Why.GARBAGE);
        }
        SpokenMeaning meaning = understood.get().meaning();
        if (utterance.speechMillis() < (grants(meaning) ? agreeMillis : otherMillis)) {
            return new Heard.Nothing(Heard.Why.TOO_SHORT);
        }
        if (said.confidence() < needed(meaning)) {
            return new Heard.Nothing(Heard.Why.UNSURE);
        }
        if (grants(meaning) && utterance.lostMillis() > LOST_MOST_MILLIS) {
            return new Heard.Nothing(Heard.Why.UNSURE);
        }
        if (secondOpinion && !sameMeaning(utterance.free(), lexicon, accepted, meaning)) {
            return new Heard.Nothing(Heard.Why.DISAGREEMENT);
        }
        var words =
                new Heard.Words(
                        meaning,
                        understood.get().entry(),
                        said.confidence(),
                        utterance.speechMillis(),
                        utterance.endMillis(),
                        understood.get().weak()
                                || drawnOut(utterance)
                                || lossy(meaning, utterance));
        return doubt != null && meaning == SpokenMeaning.AGREE
                ? doubt.of(words, utterance.sound())
                : words;
    }

    /** Longer than its words take: more may have been said than was heard. */
    private static boolean drawnOut(HeardUtterance utterance) {
        int words = utterance.said().text().split(" ", -1).length;
        return utterance.speechMillis() > LONGEST_BEGINNING_MILLIS + words * LONGEST_WORD_MILLIS;
    }

    /** What was no louder than our own echo may have been that, or a "nicht". */
    private static boolean lossy(SpokenMeaning meaning, HeardUtterance utterance) {
        return grants(meaning)
                && Math.max(utterance.lostMillis(), utterance.hiddenMillis()) > LOST_UNSEEN_MILLIS;
    }

    /** Whether something can be agreed to with it: with the others less is done, or asked for. */
    private static boolean grants(SpokenMeaning meaning) {
        return switch (meaning) {
            case AGREE, ONE, TWO, THREE, FOUR, FIVE -> true;
            case REFUSE,
                    HEDGED,
                    NEGATED,
                    WITHDRAW,
                    KEEP_NOTHING,
                    HUMAN,
                    ERASE,
                    COMPLAIN,
                    REPEAT,
                    HELP,
                    INFORMATION,
                    OTHER_LANGUAGE,
                    ZERO ->
                    false;
        };
    }

    /**
     * "Also ich möchte jetzt meine Einwilligung widerrufen": withdrawing is taken from among words
     * the grammar does not know, but then only by a phrase. One word alone is soon misheard in a
     * conversation of minutes.
     */
    static boolean withdrawsByPhrase(Understood understood) {
        return switch (understood.meaning()) {
            case WITHDRAW, KEEP_NOTHING -> understood.entry().contains(" ");
            default -> false;
        };
    }

    /**
     * "Nein, das will ich nicht": a no, and the wish for a human, are taken from among words the
     * grammar does not know, since nothing is granted by them; beside one of them a single word
     * withdraws as well. In a menu a no is {@code ZERO}; its number among other words is none.
     */
    private static boolean standsAmongGarbage(Understood understood) {
        return switch (understood.meaning()) {
            case REFUSE, NEGATED, HUMAN, ZERO -> true;
            case WITHDRAW, KEEP_NOTHING -> understood.besideANo() || withdrawsByPhrase(understood);
            case AGREE,
                    HEDGED,
                    ERASE,
                    COMPLAIN,
                    REPEAT,
                    HELP,
                    INFORMATION,
                    OTHER_LANGUAGE,
                    ONE,
                    TWO,
                    THREE,
                    FOUR,
                    FIVE ->
                    false;
        };
    }

    private double needed(SpokenMeaning meaning) {
        return switch (meaning) {
            case AGREE, ONE, TWO, THREE, FOUR, FIVE -> agree;
            case REFUSE, NEGATED, WITHDRAW, KEEP_NOTHING, HUMAN -> refuse;
            case HEDGED, ERASE, COMPLAIN, REPEAT, HELP, INFORMATION, OTHER_LANGUAGE, ZERO -> other;
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
