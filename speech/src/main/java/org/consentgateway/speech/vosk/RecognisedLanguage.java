package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.engine.AcousticModel;
import org.consentgateway.speech.engine.DecoderException;
import org.consentgateway.speech.engine.SpeechDecoder;
import org.consentgateway.speech.words.Lexicon;
import org.jspecify.annotations.Nullable;

/** One language that can be heard: its model, its words, its rule. Thread-safe. */
final class RecognisedLanguage {
    private final AcousticModel model;
    private final Lexicon lexicon;
    private final DecisionRule rule;
    private final @Nullable Doubt doubt;
    private final List<String> unknown;
    private final Map<Set<SpokenMeaning>, List<String>> grammars = new ConcurrentHashMap<>();

    private RecognisedLanguage(
            AcousticModel model,
            Lexicon lexicon,
            DecisionRule rule,
            @Nullable Doubt doubt,
            List<String> unknown) {
        this.model = model;
        this.lexicon = lexicon;
        this.rule = rule;
        this.doubt = doubt;
        this.unknown = unknown;
    }

    /**
     * Checks every word against the model's vocabulary: Vosk drops unknown ones without a word, and
     * a question nobody can say yes to would look like a silent caller.
     *
     * @param doubt null if nobody else looks at a yes
     * @throws IOException if the model does not know this language
     */
    static RecognisedLanguage of(
            AcousticModel model, Lexicon lexicon, DecisionRule rule, @Nullable Doubt doubt)
            throws IOException {
        var unknown = new ArrayList<String>();
        int all = 0;
        int missing = 0;
        for (String phrase : lexicon.grammar(EnumSet.allOf(SpokenMeaning.class))) {
            boolean decoy = lexicon.decoys().contains(phrase);
            all += decoy ? 0 : 1;
            if (!known(model, phrase)) {
                unknown.add(phrase);
                missing += decoy ? 0 : 1;
            }
        }
        for (SpokenMeaning must : List.of(SpokenMeaning.AGREE, SpokenMeaning.REFUSE)) {
            String first = lexicon.first(must);
            if (unknown.contains(first) || missing > all * 2 / 3) {
                throw new IOException(
                        "the model does not know \"%s\" or most of the %d phrases of the lexicon: is it a model for \"%s\"?"
                                .formatted(first, all, lexicon.language()));
            }
        }
        return new RecognisedLanguage(model, lexicon, rule, doubt, List.copyOf(unknown));
    }

    private static boolean known(AcousticModel model, String phrase) {
        for (String word : phrase.split(" ", -1)) {
            if (!model.knows(word)) {
                return false;
            }
        }
        return true;
    }

    /** Phrases of the lexicon this model cannot hear. */
    List<String> unknown() {
        return unknown;
    }

    Lexicon lexicon() {
        return lexicon;
    }

    DecisionRule rule() {
        return rule;
    }

    AcousticModel model() {
        return model;
    }

    /** Whether a yes is looked at again, so that its sound is needed. */
    boolean looksAgain() {
        return doubt != null;
    }

    /** Of what decides: the model's digest, and the verifier's where there is one. */
    String sha256() {
        return doubt == null ? model.sha256() : model.sha256() + "+" + doubt.verifier().sha256();
    }

    Heard decide(HeardUtterance utterance, Set<SpokenMeaning> accepted) {
        return rule.decide(utterance, lexicon, accepted, doubt);
    }

    SpeechDecoder decoder(Set<SpokenMeaning> accepted) throws DecoderException {
        return model.open(
                grammars.computeIfAbsent(
                        Set.copyOf(accepted),
                        key ->
                                lexicon.grammar(key).stream()
                                        .filter(phrase -> !unknown.contains(phrase))
                                        .toList()));
    }
}
