package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.CallerLevels;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.engine.Hypothesis;
import org.consentgateway.speech.words.Lexicon;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ListeningSessionTest {
    private static final Set<SpokenMeaning> YES_NO =
            EnumSet.of(SpokenMeaning.AGREE, SpokenMeaning.REFUSE);
    private static final DecisionRule RULE = new DecisionRule(0.7, 0.6, 0.6, 160, 120, false);

    private final FakeModel model = new FakeModel();
    private InlineSession session = new InlineSession(recognised(RULE), YES_NO);

    @BeforeEach
    void silenceFirst() {
        session.hear(Sounds.silence(500));
    }

    @Test
    void aPlainYesIsHeardOnceAndItsDecoderClosed() {
        model.last = new Hypothesis("ja", 0.9);
        model.partial = model.last;
        speak(400);
        session.hear(Sounds.silence(1000));
        speak(400);
        session.hear(Sounds.silence(1000));
        assertThat(session.told).hasSize(2);
        assertThat(session.told.getFirst().heard()).isInstanceOf(Heard.SpeechStarted.class);
        assertThat(last())
                .isInstanceOfSatisfying(
                        Heard.Words.class,
                        words -> {
                            assertThat(words.meaning()).isEqualTo(SpokenMeaning.AGREE);
                            assertThat(words.entry()).isEqualTo("ja");
                            assertThat(words.endOfSpeechMediaMillis()).isBetween(900L, 920L);
                        });
        assertThat(model.open).hasValue(0);
    }

    @Test
    void nothingIsDecidedOnAPartialResult() {
        model.partial = new Hypothesis("ja", 1);
        model.last = new Hypothesis("ja aber nicht", 1);
        speak(400);
        session.hear(Sounds.silence(280));
        assertThat(session.told).hasSize(1);
        session.hear(Sounds.silence(100));
        assertThat(meaning()).isEqualTo(SpokenMeaning.HEDGED);
    }

    @Test
    void aFirstGuessIsToldOnceAndOnlyWhileOurPromptIsSent() {
        model.partial = new Hypothesis("ja", 0);
        model.last = new Hypothesis("ja", 0.9);
        session.session.prompt(true);
        session.hear(Sounds.silence(1000));
        speak(400);
        session.hear(Sounds.silence(500));
        assertThat(session.told)
                .extracting(told -> told.heard().getClass().getSimpleName())
                .containsExactly("SpeechStarted", "Likely", "Words");
        assertThat(session.told.get(1).heard())
                .isEqualTo(new Heard.Likely(SpokenMeaning.AGREE))
                .hasToString("Likely[hidden]");
    }

    /** Into the first prompt, of which nobody knows what comes back. */
    @ParameterizedTest
    @CsvSource({
        "1500, einwilligung, nein, true",
        "1500, nein, nein, true",
        "1500, einwilligung, ja, false",
        "1500, ja, ja, false",
        "1500, [unk], nein, false"
    })
    void whatLastsLongerThanAWordThereCountsOnlyAsANo(
            int millis, String partial, String last, boolean counts) {
        session = new InlineSession(recognised(RULE), YES_NO);
        model.partial = new Hypothesis(partial, 0.9);
        model.last = new Hypothesis("[unk]", 0.9);
        session.session.prompt(true);
        session.hear(Sounds.silence(200));
        speak(1300);
        model.last = new Hypothesis(last, 0.9);
        speak(millis - 1300);
        session.hear(Sounds.silence(600));

        assertThat(session.told.stream().anyMatch(told -> told.heard() instanceof Heard.Words))
                .isEqualTo(counts);
    }

    @Test
    void whatIsNoWordOfThisQuestionIsNoGuess() {
        model.partial = new Hypothesis("[unk]", 0);
        session.session.prompt(true);
        session.hear(Sounds.silence(1000));
        speak(3000);
        assertThat(session.told).hasSize(1);
        assertThat(model.partials.get()).as("for two seconds, ten times each").isBetween(15, 20);
    }

    @Test
    void howLoudACallerSpokeIsKnownForTheNextQuestion() {
        var levels = new CallerLevels();
        session.session.levels(levels);
        model.last = new Hypothesis("ja", 0.9);
        model.partial = model.last;
        speak(400);
        session.hear(Sounds.silence(500));
        assertThat(levels.callerDbfs()).isBetween(-35.0, -10.0);
    }

    @Test
    void partialsAreAskedAtMostOnceAPause() {
        model.partial = new Hypothesis("[unk]", 0);
        model.last = new Hypothesis("[unk]", 1);
        speak(3000);
        session.hear(Sounds.silence(1000));
        assertThat(model.partials).hasValue(1);
    }

    @Test
    void whoGoesOnWithinThreeHundredMillisecondsIsHeardOut() {
        model.partial = new Hypothesis("ja", 1);
        model.last = new Hypothesis("ja", 1);
        speak(300);
        session.hear(Sounds.silence(280));
        model.last = new Hypothesis("ja aber nicht", 1);
        speak(600);
        session.hear(Sounds.silence(500));
        assertThat(meaning()).isEqualTo(SpokenMeaning.HEDGED);
    }

    @ParameterizedTest
    @CsvSource({
        "ja, 0.69, UNSURE",
        "ja [unk], 1, GARBAGE",
        "[unk], 1, GARBAGE",
        "'', 0, EMPTY",
        "danke, 1, GARBAGE"
    })
    void aYesThatIsNotSureOrNotPlainIsNone(String text, double confidence, Heard.Why why) {
        model.last = new Hypothesis(text, confidence);
        speak(400);
        session.hear(Sounds.silence(1000));
        assertThat(last()).isEqualTo(new Heard.Nothing(why));
    }

    @ParameterizedTest
    @CsvSource({"ja, false", "klar, true", "ja bitte, true", "klar ja, false", "nein, false"})
    void aYesOfWeakWordsAloneIsToldAsWeak(String text, boolean weak) {
        model.last = new Hypothesis(text, 1);
        speak(400);
        session.hear(Sounds.silence(1000));
        assertThat(((Heard.Words) last()).weak()).isEqualTo(weak);
    }

    @Test
    void aYesThatLastsLongerThanItsWordsTakeIsAskedBack() {
        model.last = new Hypothesis("ja", 1);
        speak(760);
        session.hear(Sounds.silence(1000));
        assertThat(((Heard.Words) last()).weak()).isFalse();

        session = new InlineSession(recognised(RULE), YES_NO);
        silenceFirst();
        speak(1000);
        session.hear(Sounds.silence(1000));
        assertThat(((Heard.Words) last()).weak()).isTrue();
    }

    private void hearFrames(short[] sound, PcmFrame.Origin origin, boolean whole, int lostMillis) {
        for (int at = 0; at + PcmFrame.SAMPLES <= sound.length; at += PcmFrame.SAMPLES) {
            short[] samples = Arrays.copyOfRange(sound, at, at + PcmFrame.SAMPLES);
            session.hear(new PcmFrame(samples, at / 8, origin, whole, lostMillis));
        }
    }

    private String verdict() {
        return last() instanceof Heard.Words words
                ? words.meaning() + (words.weak() ? " weak" : "")
                : last().toString();
    }

    /** Of "nicht einverstanden" may be left "einverstanden". */
    @ParameterizedTest
    @CsvSource({
        "ja, 20, AGREE",
        "ja, 40, AGREE",
        "ja, 60, AGREE weak",
        "ja, 80, Nothing[why=UNSURE]",
        "ja, 300, Nothing[why=UNSURE]",
        "eins, 60, ONE weak",
        "eins, 80, Nothing[why=UNSURE]",
        "nein, 300, REFUSE",
        "mensch, 300, HUMAN"
    })
    void whatGrantsIsAskedBackOrIsNoneWhereSoundOfItIsMissing(String said, int lost, String heard) {
        session =
                new InlineSession(
                        recognised(RULE),
                        EnumSet.of(
                                SpokenMeaning.AGREE,
                                SpokenMeaning.REFUSE,
                                SpokenMeaning.HUMAN,
                                SpokenMeaning.ONE));
        model.last = new Hypothesis(said, 1);
        speak(200);
        hearFrames(Sounds.voice(20, -25), PcmFrame.Origin.RECEIVED, true, lost);
        speak(200);
        session.hear(Sounds.silence(1000));
        assertThat(verdict()).isEqualTo(heard);
    }

    @Test
    void whatIsMissingRightBeforeTheOnsetIsMissingInTheUtterance() {
        model.last = new Hypothesis("ja", 1);
        hearFrames(Sounds.silence(200), PcmFrame.Origin.SILENCE, false, 20);
        speak(400);
        session.hear(Sounds.silence(1000));
        assertThat(verdict()).isEqualTo("Nothing[why=UNSURE]");
    }

    @Test
    void aPacketLostHereAndAnotherThereHideNoWord() {
        model.last = new Hypothesis("ja", 1);
        for (int i = 0; i < 4; i++) {
            hearFrames(Sounds.voice(20, -25), PcmFrame.Origin.CONCEALED, false, 20);
            speak(100);
        }
        session.hear(Sounds.silence(1000));
        assertThat(verdict()).isEqualTo("AGREE");
    }

    /** Some telephones send nothing while nobody speaks; but silence goes before it. */
    @ParameterizedTest
    @CsvSource({"0, Nothing[why=UNSURE]", "40, Nothing[why=UNSURE]", "80, AGREE", "160, AGREE"})
    void whereNothingComesBehindAWordItIsSilenceOnlyBehindSilence(int silence, String heard) {
        model.last = new Hypothesis("ja", 1);
        speak(400);
        session.hear(Sounds.silence(silence));
        hearFrames(Sounds.silence(1000), PcmFrame.Origin.SILENCE, false, 0);
        assertThat(verdict()).isEqualTo(heard);
    }

    @Test
    void whatAFullQueueDropsIsMissing() {
        model.last = new Hypothesis("ja", 1);
        handOver(Sounds.silence((ListeningSession.QUEUE_FRAMES - 5) * 20));
        handOver(Sounds.voice(200, -25));
        while (session.session.behindMillis() > 0) {
            session.session.work();
        }
        speak(200);
        session.hear(Sounds.silence(1000));
        assertThat(session.counters.framesDropped).hasValue(5L);
        assertThat(verdict()).isEqualTo("Nothing[why=UNSURE]");
    }

    /** While the recogniser does not work. */
    private void handOver(short[] sound) {
        for (int at = 0; at + PcmFrame.SAMPLES <= sound.length; at += PcmFrame.SAMPLES) {
            session.session.hear(
                    new PcmFrame(
                            Arrays.copyOfRange(sound, at, at + PcmFrame.SAMPLES),
                            at / 8,
                            PcmFrame.Origin.RECEIVED));
        }
    }

    @Test
    void theModelsOwnEndOfSpeechCountsOnlyWhereTheSoundHasFallen() {
        model.last = new Hypothesis("ja", 1);
        model.saysEnd = true;
        speak(1500);
        assertThat(session.last()).as("still spoken").isEmpty();

        session.hear(Sounds.voice(400, -45));
        assertThat(session.last()).as("a noise by now").isPresent();
    }

    @Test
    void whatIsNotHeardYetIsTold() {
        assertThat(session.session.behindMillis()).isZero();
        for (int i = 0; i < 3; i++) {
            session.session.hear(new PcmFrame(new short[160], i * 20L, PcmFrame.Origin.RECEIVED));
        }
        assertThat(session.session.behindMillis()).isEqualTo(60);
        session.session.work();
        assertThat(session.session.behindMillis()).isZero();
    }

    @Test
    void aYesOfAnInstantIsTooShort() {
        model.last = new Hypothesis("ja", 1);
        speak(80);
        session.hear(Sounds.silence(1000));
        assertThat(last()).isEqualTo(new Heard.Nothing(Heard.Why.TOO_SHORT));
    }

    @Test
    void aKnockIsPassedOverAndTheNextWordIsHeard() {
        speak(80);
        session.hear(Sounds.silence(1000));
        assertThat(told()).as("an onset that was none").containsExactly("SpeechStarted", "Ceased");
        model.last = new Hypothesis("nein", 1);
        speak(300);
        session.hear(Sounds.silence(600));
        assertThat(told()).containsExactly("SpeechStarted", "Ceased", "SpeechStarted", "Words");
        assertThat(meaning()).isEqualTo(SpokenMeaning.REFUSE);
    }

    private List<String> told() {
        return session.told.stream().map(told -> told.heard().getClass().getSimpleName()).toList();
    }

    @Test
    void whoSpeaksOverATelevisionHasABeginningOfTheirOwn() {
        model.last = new Hypothesis("ja", 1);
        session.hear(Sounds.voice(1000, -42));
        speak(400);
        session.hear(Sounds.silence(1000));
        assertThat(told()).containsExactly("SpeechStarted", "BegunAnew", "Words");
        assertThat(session.told.get(1).heard())
                .isInstanceOfSatisfying(
                        Heard.BegunAnew.class,
                        anew -> assertThat(anew.mediaMillis()).isBetween(1500L, 1560L));
    }

    @Test
    void aWordThatTheTelevisionSaidStaysTheBeginning() {
        model.partial = new Hypothesis("nein", 1);
        model.last = new Hypothesis("nein ja", 1);
        session.hear(Sounds.voice(1000, -42));
        speak(400);
        session.hear(Sounds.silence(1000));
        assertThat(told()).containsExactly("SpeechStarted", "Words");
    }

    @Test
    void whereAWholeWordMayBeMissingItIsTold() {
        hearFrames(Sounds.silence(140), PcmFrame.Origin.CONCEALED, false, 20);
        assertThat(told()).isEmpty();
        hearFrames(Sounds.silence(60), PcmFrame.Origin.CONCEALED, false, 20);
        session.hear(Sounds.silence(200));
        assertThat(told()).containsExactly("Missed");
    }

    @Test
    void whatComesBehindTheYesIsLeftForTheNextListening() {
        model.last = new Hypothesis("ja", 1);
        model.partial = model.last;
        handOver(Sounds.join(Sounds.voice(400, -25), Sounds.silence(400)));
        handOver(Sounds.join(Sounds.voice(400, -25), Sounds.silence(200)));
        assertThat(session.session.unheard()).as("it goes on").isEmpty();
        while (told().size() < 2) {
            session.session.work();
        }
        assertThat(meaning()).isEqualTo(SpokenMeaning.AGREE);
        handOver(Sounds.silence(400));
        List<Listening.HandedOver> left = session.session.unheard();
        assertThat(session.session.behindMillis()).isZero();
        assertThat(session.session.unheard()).as("given away once").isEmpty();

        session = new InlineSession(recognised(RULE), YES_NO);
        model.last = new Hypothesis("nein", 1);
        left.forEach(each -> session.hear(each.frame()));
        assertThat(meaning()).isEqualTo(SpokenMeaning.REFUSE);
    }

    @Test
    void nothingIsLeftOfOneThatFailedOrIsClosed() {
        model.fault = FakeModel.Fault.EXCEPTION_AT_END;
        speak(400);
        session.hear(Sounds.silence(1000));
        handOver(Sounds.silence(100));
        assertThat(session.session.unheard()).isEmpty();
    }

    @Test
    void refusalIsTakenMoreEasilyThanAgreement() {
        model.last = new Hypothesis("nein", 0.65);
        speak(130);
        session.hear(Sounds.silence(600));
        assertThat(meaning()).isEqualTo(SpokenMeaning.REFUSE);
    }

    @ParameterizedTest
    @CsvSource({
        "ja, ja, AGREE",
        "ja, ich bin jan, NONE",
        "ja, '', NONE",
        "ja, nein, NONE",
        "ja, 'na ja', NONE",
        "nein, nein danke, REFUSE",
        "nein, jein, NONE"
    })
    void withoutAGarbageWordBothRecognisersMustAgree(String grammar, String free, String meant) {
        session = new InlineSession(recognised(DecisionRule.UPSTREAM), YES_NO);
        silenceFirst();
        model.last = new Hypothesis(grammar, 1);
        model.free = new Hypothesis(free, 1);
        speak(400);
        session.hear(Sounds.silence(1000));
        if (meant.equals("NONE")) {
            assertThat(last()).isEqualTo(new Heard.Nothing(Heard.Why.DISAGREEMENT));
        } else {
            assertThat(meaning().name()).isEqualTo(meant);
        }
        assertThat(model.open).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeModel.Fault.class,
            names = {"MINUS_ONE_ON_AUDIO", "EXCEPTION_AT_END", "NO_DECODER"})
    void aRecogniserThatFailsCostsTheVoiceAndNothingElse(FakeModel.Fault fault) {
        model.fault = fault;
        model.last = new Hypothesis("ja", 1);
        speak(400);
        session.hear(Sounds.silence(1000));
        assertThat(last()).isEqualTo(new Heard.Failed(Heard.Reason.CRASHED));
        assertThat(session.counters.crashed.sum()).isEqualTo(1);
        assertThat(model.open).hasValue(0);
    }

    @Test
    void afterClosingNothingIsReported() {
        model.last = new Hypothesis("ja", 1);
        speak(400);
        session.session.close();
        session.session.close();
        session.session.work();
        session.hear(Sounds.silence(1000));
        assertThat(session.told).hasSize(1);
        assertThat(model.open).hasValue(0);
    }

    @Test
    void endlessTalkIsCutOffAndIsNoAnswer() {
        model.last = new Hypothesis("[unk]", 1);
        for (int i = 0; i < 60; i++) {
            speak(150);
            session.hear(Sounds.silence(50));
        }
        assertThat(last()).isEqualTo(new Heard.Nothing(Heard.Why.GARBAGE));
    }

    /** A word stays said when somebody is louder, and the utterance goes on with them. */
    @Test
    void noiseInWhichSomebodyIsLouderAgainAndAgainIsCutOffToo() {
        session = new InlineSession(recognised(RULE), EnumSet.of(SpokenMeaning.WITHDRAW));
        session.goesOn = true;
        silenceFirst();
        model.partial = new Hypothesis("widerrufe", 1);
        model.last = new Hypothesis("[unk]", 1);
        for (double level = -48; level < -20; level += 5.5) {
            for (int seed = 0; seed < 23; seed++) {
                session.hear(Sounds.noise(200, level, seed));
                session.hear(Sounds.silence(100));
            }
            session.hear(Sounds.noise(40, level + 13, 0));
        }
        List<Long> ends =
                session.told.stream()
                        .filter(told -> told.heard() instanceof Heard.Nothing)
                        .map(InlineSession.Told::atMillis)
                        .toList();
        assertThat(ends).as("in 42 s, one in 8 s").hasSize(5);
    }

    @Test
    void theGrammarHoldsTheQuestionsWordsAndNothingElse() {
        speak(100);
        assertThat(model.grammars).hasSize(1);
        assertThat(model.grammars.getFirst())
                .contains("ja", "nein", "nicht")
                .doesNotContain("widerrufen", "eins", "hilfe");
    }

    @Test
    void aFullQueueDropsAndCounts() {
        for (int i = 0; i < ListeningSession.QUEUE_FRAMES + 7; i++) {
            session.session.hear(new PcmFrame(new short[160], i * 20L, PcmFrame.Origin.RECEIVED));
        }
        assertThat(session.counters.framesDropped.sum()).isEqualTo(7);
    }

    @Test
    void aWithdrawalIsHeardAmongOtherWordsButOnlyByItsPhrase() {
        for (String said :
                java.util.List.of(
                        "[unk] einwilligung widerrufen [unk]", "[unk] widerrufen [unk]")) {
            session = new InlineSession(recognised(RULE), EnumSet.of(SpokenMeaning.WITHDRAW));
            silenceFirst();
            model.last = new Hypothesis(said, 0.9);
            speak(900);
            session.hear(Sounds.silence(1000));
            assertThat(last())
                    .isInstanceOf(
                            said.contains("einwilligung")
                                    ? Heard.Words.class
                                    : Heard.Nothing.class);
        }
    }

    @Test
    void aYesBesideAWithdrawalIsNoneWhereAYesIsListenedForAsWell() {
        for (String said : List.of("ja ich widerrufe", "ja ich widerrufe [unk]")) {
            session =
                    new InlineSession(
                            recognised(RULE),
                            EnumSet.of(
                                    SpokenMeaning.AGREE,
                                    SpokenMeaning.REFUSE,
                                    SpokenMeaning.WITHDRAW));
            silenceFirst();
            model.last = new Hypothesis(said, 0.9);
            speak(900);
            session.hear(Sounds.silence(1000));
            assertThat(meaning()).as(said).isEqualTo(SpokenMeaning.WITHDRAW);
        }
    }

    @Test
    void aPartialThatWasWrongAboutAWithdrawalChangesNothing() {
        session = new InlineSession(recognised(RULE), EnumSet.of(SpokenMeaning.WITHDRAW));
        silenceFirst();
        model.partial = new Hypothesis("einwilligung widerrufen", 0);
        model.last = new Hypothesis("[unk]", 1);
        speak(900);
        session.hear(Sounds.silence(80));
        assertThat(session.told).as("the onset only").hasSize(1);
        model.last = new Hypothesis("einwilligung widerrufen", 0.9);
        speak(200);
        session.hear(Sounds.silence(80));
        assertThat(meaning()).isEqualTo(SpokenMeaning.WITHDRAW);
    }

    @Test
    void wordsDoNotPrint() {
        assertThat(new Heard.Words(SpokenMeaning.AGREE, "ja", 1, 300, 0, false).toString())
                .doesNotContain("ja");
        assertThat(new Hypothesis("ja", 1).toString()).doesNotContain("ja");
    }

    private void speak(int millis) {
        session.hear(Sounds.voice(millis, -25));
    }

    private Heard last() {
        return session.last().orElseThrow().heard();
    }

    private SpokenMeaning meaning() {
        return ((Heard.Words) last()).meaning();
    }

    private RecognisedLanguage recognised(DecisionRule rule) {
        try {
            return RecognisedLanguage.of(
                    model,
                    Lexicon.load(Utterances.ROOT.resolve("config/lexicon/de.yaml")),
                    rule,
                    null);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
