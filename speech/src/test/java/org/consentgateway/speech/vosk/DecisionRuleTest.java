package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.engine.Hypothesis;
import org.consentgateway.speech.words.Lexicon;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionRuleTest {
    private static final Set<SpokenMeaning> YES_NO =
            EnumSet.of(
                    SpokenMeaning.AGREE,
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.HUMAN,
                    SpokenMeaning.HELP,
                    SpokenMeaning.WITHDRAW);
    private static final Set<SpokenMeaning> MENU =
            EnumSet.of(SpokenMeaning.ZERO, SpokenMeaning.ONE, SpokenMeaning.TWO);

    /** What the model does not know is garbage: "nein, das will ich nicht". */
    @ParameterizedTest
    @CsvSource({
        "nein [unk], REFUSE",
        "[unk] nein danke [unk], REFUSE",
        "[unk] nicht einverstanden, REFUSE",
        "[unk] mensch [unk], HUMAN"
    })
    void aNoIsTakenFromAmongWordsThatTheModelDoesNotKnow(String said, SpokenMeaning meaning)
            throws Exception {
        assertThat(meaning(decide(DecisionRule.BUNDLED, said, 0.9, null, YES_NO)))
                .isEqualTo(meaning);
    }

    @Test
    void soItIsInAMenu() throws Exception {
        assertThat(meaning(decide(DecisionRule.BUNDLED, "nein [unk]", 0.9, null, MENU)))
                .isEqualTo(SpokenMeaning.ZERO);
        assertThat(why(decide(DecisionRule.BUNDLED, "null [unk]", 0.9, null, MENU)))
                .isEqualTo(Heard.Why.GARBAGE);
    }

    @ParameterizedTest
    @CsvSource({
        "ja [unk], 0.9, GARBAGE",
        "ja nein [unk], 0.9, GARBAGE",
        "[unk] hilfe, 0.9, GARBAGE",
        "[unk] widerrufen, 0.9, GARBAGE",
        "[unk], 1, GARBAGE",
        "nein [unk], 0.59, UNSURE"
    })
    void nothingElseIs(String said, double confidence, Heard.Why why) throws Exception {
        assertThat(why(decide(DecisionRule.BUNDLED, said, confidence, null, YES_NO)))
                .isEqualTo(why);
    }

    /** "Nein, das will ich nicht, ich möchte das widerrufen". */
    @ParameterizedTest
    @CsvSource({"nein [unk] widerrufen, WITHDRAW", "[unk] mensch widerrufen [unk], WITHDRAW"})
    void oneWordOfAWithdrawalIsEnoughBesideANo(String said, SpokenMeaning meaning)
            throws Exception {
        assertThat(meaning(decide(DecisionRule.BUNDLED, said, 0.9, null, YES_NO)))
                .isEqualTo(meaning);
    }

    @Test
    void butNotWhereANoIsNoAnswer() throws Exception {
        Set<SpokenMeaning> talk = EnumSet.of(SpokenMeaning.WITHDRAW);
        assertThat(why(decide(DecisionRule.BUNDLED, "nein [unk] widerrufen", 0.9, null, talk)))
                .isEqualTo(Heard.Why.GARBAGE);
    }

    @Test
    void aForeignModelHasToHearItWithoutAGrammarToo() throws Exception {
        var free = new Hypothesis("nein rufen sie später an", 1);
        assertThat(meaning(decide(DecisionRule.UPSTREAM, "nein [unk]", 1, free, YES_NO)))
                .isEqualTo(SpokenMeaning.REFUSE);
        var other = new Hypothesis("ein roter wagen", 1);
        assertThat(why(decide(DecisionRule.UPSTREAM, "nein [unk]", 1, other, YES_NO)))
                .isEqualTo(Heard.Why.DISAGREEMENT);
    }

    private static Heard decide(
            DecisionRule rule,
            String said,
            double confidence,
            @Nullable Hypothesis free,
            Set<SpokenMeaning> accepted)
            throws Exception {
        return rule.decide(
                new HeardUtterance(
                        new Hypothesis(said, confidence), free, 600, 900, 0, 0, () -> new short[0]),
                Lexicon.load(Utterances.ROOT.resolve("config/lexicon/de.yaml")),
                accepted,
                null);
    }

    private static SpokenMeaning meaning(Heard heard) {
        assertThat(heard).isInstanceOf(Heard.Words.class);
        return ((Heard.Words) heard).meaning();
    }

    private static Heard.Why why(Heard heard) {
        assertThat(heard).isInstanceOf(Heard.Nothing.class);
        return ((Heard.Nothing) heard).why();
    }
}
