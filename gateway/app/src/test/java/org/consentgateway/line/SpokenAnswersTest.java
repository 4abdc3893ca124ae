package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.consentgateway.call.Line;
import org.consentgateway.call.spoken.FirstQuestion;
import org.consentgateway.consent.Purpose;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.speech.voice.EspeakVoice;
import org.consentgateway.speech.voice.Voice;
import org.consentgateway.testkit.timing.Sweep;
import org.consentgateway.whole.ListensAlone;
import org.consentgateway.whole.Recordings;
import org.consentgateway.whole.Recordings.Word;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What callers say, when, and over which lines: whole calls in virtual time, with the shipped
 * texts, recordings, models and words, and single words of people.
 */
@Timeout(value = 480, unit = TimeUnit.SECONDS)
@ExtendWith(ListensAlone.class)
class SpokenAnswersTest {
    private static final int[] PAUSES = {150, 250, 350, 500, 700, 850, 1000};
    private static final int STEP_MILLIS = 100;
    private static final double VOICE_DBFS = -22;
    private static final double SOFT_DBFS = -46;

    /** Samples of each recording, in which nothing is said. */
    private static final int BEFORE_A_WORD = 60 * 8;

    /** With the 60 ms before it; what is shorter is a piece of a word, cut by its recording. */
    private static final int WORD_LEAST_MILLIS = 160;

    /** What a sentence's share of the text may be wrong by: nothing counts in it either way. */
    private static final int AROUND_THE_END_MILLIS = 150;

    private static VirtualCalls calls;
    private static Recordings people;

    @BeforeAll
    static void open() throws Exception {
        calls = VirtualCalls.shipped();
        people = Recordings.ofPeople();
    }

    @AfterAll
    static void close() {
        calls.close();
    }

    private record Row(String what, Callable<VirtualCalls.Outcome> call) {}

    private record Told(String what, VirtualCalls.Outcome outcome) {}

    private static List<Told> made(List<Row> rows) throws Exception {
        List<Future<Told>> made = new ArrayList<>();
        int cores = Runtime.getRuntime().availableProcessors();
        try (ExecutorService callers = Executors.newFixedThreadPool(cores)) {
            for (Row row : rows) {
                made.add(callers.submit(() -> new Told(row.what(), row.call().call())));
            }
        }
        List<Told> told = new ArrayList<>();
        for (Future<Told> each : made) {
            told.add(each.get());
        }
        return told;
    }

    private static void none(List<Row> rows, Predicate<VirtualCalls.Outcome> is) throws Exception {
        assertThat(rows).isNotEmpty();
        List<Told> told = made(Sweep.of(rows));
        assertThat(told.stream().filter(each -> is.test(each.outcome()))).isEmpty();
    }

    private static short[] sound(Word word) {
        return Recordings.at(VOICE_DBFS, word.samples());
    }

    private static Line line(String language) {
        return VirtualCalls.ladder(language, Purpose.ASSISTANT);
    }

    private static int afterTheQuestion(String language) {
        return calls.millis(language, "question.assistant") + 300;
    }

    private static List<Word> yes(String language) {
        return people.saying(language, "ja", "yes");
    }

    /** Words of people and voices that answer otherwise, or not at all. */
    private static List<Word> more(String language) {
        return people.words().stream()
                .filter(word -> word.language().equals(language))
                .filter(word -> !List.of("ja", "yes", "okay", "genau").contains(word.said()))
                .filter(word -> !word.said().matches("i agree|ich stimme zu|ich bin einv.*"))
                .filter(word -> word.millis() < 1500)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aYesThatIsFollowedByAnythingElseIsNoConsent(String language) throws Exception {
        List<Row> rows = new ArrayList<>();
        int pair = 0;
        for (Word first : yes(language)) {
            for (Word second : more(language)) {
                int pause = PAUSES[pair++ % PAUSES.length];
                if (second.millis() < WORD_LEAST_MILLIS) {
                    continue;
                }
                short[] turn = Recordings.turn(sound(first), pause, sound(second));
                rows.add(
                        new Row(
                                first + " " + pause + " ms " + second,
                                () ->
                                        calls.call(
                                                line(language),
                                                CallersLine.Trouble.NONE,
                                                VirtualCaller.Cue.says(
                                                        "question.assistant",
                                                        afterTheQuestion(language),
                                                        turn))));
            }
        }
        none(rows, VirtualCalls.Outcome::consent);
    }

    /** Far softer than the caller, and the word behind it comes later than a yes rests. */
    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aWordThatBeginsSoftlyWhileAYesRestsLeavesNone(String language) throws Exception {
        short[] word = sound(people.saying(language, "nein", "no").getFirst());
        short[] no = Arrays.copyOfRange(word, BEFORE_A_WORD, word.length);
        short[] soft = Recordings.turn(Noises.room(SOFT_DBFS, 360), 0, no);
        short[] silent = Recordings.turn(new short[360 * 8], 0, no);
        short[] yes = sound(clearYes(language));

        assertThat(says(language, Recordings.turn(yes, 760, soft)).consent()).isFalse();
        assertThat(says(language, Recordings.turn(yes, 760, silent)).consent())
                .as("too late without it")
                .isTrue();
    }

    /** A room that begins to be heard is no beginning of a word, and may stay for minutes. */
    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aYesStandsThoughARoomBeginsToBeHeardBehindIt(String language) throws Exception {
        Word yes = clearYes(language);
        short[] turn = Recordings.turn(sound(yes), 800, Noises.room(SOFT_DBFS, 3000));
        VirtualCalls.Outcome outcome = says(language, turn);
        long said = outcome.begunMillis("question.assistant") + afterTheQuestion(language);

        assertThat(outcome.consent()).isTrue();
        assertThat(outcome.recordedMillis() - said - yes.millis()).isLessThanOrEqualTo(1300);
    }

    private static VirtualCalls.Outcome says(String language, short[] turn) {
        int after = afterTheQuestion(language);
        return calls.call(
                line(language),
                CallersLine.Trouble.NONE,
                VirtualCaller.Cue.says("question.assistant", after, turn));
    }

    /** Nobody hears that it rests. */
    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aPlainYesIsAnsweredAtOnceAndOnRecordWithin1100Millis(String language) throws Exception {
        int after = afterTheQuestion(language);
        List<Long> heard = new ArrayList<>();
        List<Long> recorded = new ArrayList<>();
        for (Word word : yes(language)) {
            VirtualCaller.Cue cue =
                    VirtualCaller.Cue.says("question.assistant", after, sound(word));
            VirtualCalls.Outcome outcome =
                    calls.call(line(language), CallersLine.Trouble.NONE, cue);
            if (outcome.consent() && outcome.times("said-yes") == 0) {
                long end = outcome.begunMillis("question.assistant") + after + word.millis();
                heard.add(outcome.begunMillis("confirm.basis") - end);
                recorded.add(outcome.recordedMillis() - end);
            }
        }
        print(language + ": from the end of a yes to hearing the answer", heard);
        print(language + ": from the end of a yes to its record", recorded);

        assertThat(recorded).hasSizeGreaterThanOrEqualTo(2);
        assertThat(recorded).allMatch(millis -> millis <= 1100);
        assertThat(heard).allMatch(millis -> millis <= 400);
    }

    private static void print(String what, List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%s: n %d, p50 %d ms, p95 %d ms%n",
                what,
                sorted.size(),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 95 / 100));
    }

    /** One that is understood at once on a clear line. */
    private static Word clearYes(String language) {
        String name = language.equals("de") ? "36-de-ja" : "02-en-yes";
        return yes(language).stream().filter(w -> w.name().equals(name)).findFirst().orElseThrow();
    }

    private static VirtualCalls.Outcome saysInto(
            String language, CallersLine.Trouble trouble, int atMillis, short[] sound) {
        return calls.call(
                line(language), trouble, VirtualCaller.Cue.says("opening", atMillis, sound));
    }

    /** Of opening and question together. */
    private static int put(String language) {
        double share = FirstQuestion.share(calls.text(language, "question.assistant"));
        int question = calls.millis(language, "question.assistant");
        return calls.millis(language, "opening") + (int) Math.round(share * question);
    }

    private static int whole(String language) {
        return calls.millis(language, "opening") + calls.millis(language, "question.assistant");
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aYesCountsFromTheEndOfTheAskingSentenceOnAndNotBefore(String language) throws Exception {
        short[] yes = sound(clearYes(language));
        List<Row> early = new ArrayList<>();
        List<Row> late = new ArrayList<>();
        for (int at = 0; at < whole(language) + 1000; at += STEP_MILLIS) {
            int millis = at;
            Row row =
                    new Row(
                            "yes at " + at,
                            () -> saysInto(language, CallersLine.Trouble.NONE, millis, yes));
            if (at < put(language) - AROUND_THE_END_MILLIS) {
                early.add(row);
            } else if (at > put(language) + AROUND_THE_END_MILLIS) {
                late.add(row);
            }
        }
        none(early, VirtualCalls.Outcome::consent);
        none(late, outcome -> !outcome.consent());
    }

    /** Also into the first 300 ms of the first prompt, of which nothing is known yet. */
    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aNoCountsAtEveryMoment(String language) throws Exception {
        short[] no = sound(people.saying(language, "nein", "no").getFirst());
        List<Row> rows = new ArrayList<>();
        for (int at = 0; at < whole(language) + 1000; at += STEP_MILLIS) {
            int millis = at;
            rows.add(
                    new Row(
                            "no at " + at,
                            () -> saysInto(language, CallersLine.Trouble.NONE, millis, no)));
        }
        none(rows, outcome -> !outcome.refused());
    }

    /** The phrase takes 1.7 s, and what begins so early may be our own prompt. */
    @Test
    void aPhraseThatWithdrawsRefusesFromTheFirstWordOfTheOpeningOn() throws Exception {
        Voice speaker = new EspeakVoice();
        Assumptions.assumeTrue(speaker.speaks("de"), "espeak-ng is not installed");
        short[] phrase = speaker.say("de", "Einwilligung widerrufen.").at(8000).samples();
        List<Row> rows = new ArrayList<>();
        // Not at 850 and 860: what begins in the last two frames of the time in which an echo is
        // learned is taken for somebody who comes nearer in it, without its first syllable.
        for (int at : new int[] {0, 200, 500, 700, 840, 1000}) {
            short[] said = Recordings.at(VOICE_DBFS, phrase);
            rows.add(new Row("at " + at, () -> saysInto("de", CallersLine.Trouble.NONE, at, said)));
        }
        assertThat(made(rows)).allMatch(told -> told.outcome().refused());
    }

    /** From the confirmation on until the assistant has answered. */
    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aNoWhileTheAssistantIsDialledWithdraws(String language) throws Exception {
        short[] no = sound(people.saying(language, "nein", "no").getFirst());
        VirtualCaller.Cue yes =
                VirtualCaller.Cue.presses("question.assistant", afterTheQuestion(language), '1');
        List<Row> rows = new ArrayList<>();
        for (int at = 0; at < 6000; at += 500) {
            for (String part : List.of("confirm.basis", "ringing")) {
                VirtualCaller.Cue word = VirtualCaller.Cue.says(part, at, no);
                rows.add(
                        new Row(
                                "no " + at + " ms into " + part,
                                () -> calls.ringing(line(language), yes, word)));
            }
        }
        none(rows, outcome -> !outcome.consent() || !outcome.withdrawn());
    }

    /**
     * The bundled model does not know "doch", and hears a "nicht" beside something: what stands for
     * nothing else takes back what is being confirmed.
     */
    @Test
    void aNegationWhileTheAssistantIsDialledWithdraws() throws Exception {
        Voice speaker = new EspeakVoice();
        Assumptions.assumeTrue(speaker.speaks("de"), "espeak-ng is not installed");
        short[] no = speaker.say("de", "Doch nicht.").at(8000).samples();
        short[] ja = sound(clearYes("de"));
        VirtualCaller.Cue yes =
                VirtualCaller.Cue.says("question.assistant", afterTheQuestion("de"), ja);
        List<Row> rows = new ArrayList<>();
        for (int at = 0; at < 4000; at += 500) {
            for (String part : List.of("confirm.basis", "ringing")) {
                VirtualCaller.Cue word =
                        VirtualCaller.Cue.says(part, at, Recordings.at(VOICE_DBFS, no));
                rows.add(
                        new Row(
                                "\"doch nicht\" " + at + " ms into " + part,
                                () -> calls.ringing(line("de"), yes, word)));
            }
        }
        none(rows, outcome -> outcome.consent() && !outcome.withdrawn());
    }

    /** Whoever refuses, asks for a person or withdraws, of whom the models understand the voice. */
    private static List<Word> takingBack(String language) {
        return people.saying(
                language,
                "nein",
                "nicht einverstanden",
                "widerrufen",
                "mensch",
                "stopp",
                "no",
                "i do not agree",
                "agent",
                "stop");
    }

    /** Another word at each moment, so that each word comes everywhere over the runs of steps. */
    private static Word another(List<Word> words, int moment) {
        return words.get(moment * 7 % words.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void nothingButAYesIsConsentAtWhateverMomentItIsSaid(String language) throws Exception {
        List<Word> words = more(language);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i * 300 < whole(language) + 1500; i++) {
            Word word = another(words, i);
            int at = i * 300;
            rows.add(
                    new Row(
                            word + " at " + at,
                            () -> saysInto(language, CallersLine.Trouble.NONE, at, sound(word))));
        }
        none(rows, outcome -> outcome.consent() || outcome.connected());
    }

    /** From the end of the yes until the assistant's telephone rings. */
    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void whoTakesASpokenYesBackAtWhateverMomentIsNotHeardByAnAssistant(String language)
            throws Exception {
        List<Word> words = takingBack(language);
        Word yes = clearYes(language);
        int after = afterTheQuestion(language);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i * 300 < 7000; i++) {
            Word word = another(words, i);
            int at = after + yes.millis() + i * 300;
            rows.add(
                    new Row(
                            word + " " + i * 300 + " ms after a yes",
                            () ->
                                    calls.ringing(
                                            line(language),
                                            VirtualCaller.Cue.says(
                                                    "question.assistant", after, sound(yes)),
                                            VirtualCaller.Cue.says(
                                                    "question.assistant", at, sound(word)))));
        }
        none(rows, outcome -> outcome.connected() || (outcome.consent() && !outcome.withdrawn()));
    }

    /**
     * A recogniser that comes to each caller only every 0.8 s has both words before it has told of
     * the first.
     */
    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aNoRightBehindAYesIsHeardHoweverLateTheRecogniserIs(String language) throws Exception {
        VirtualCalls lagging = calls.heardBy(calls.shipped.lagging(40));
        short[] no = sound(people.saying(language, "nein", "no").getFirst());
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int after = afterTheQuestion(language) + i * 40;
            int pause = PAUSES[i % PAUSES.length];
            short[] turn = Recordings.turn(sound(clearYes(language)), pause, no);
            rows.add(
                    new Row(
                            "yes, " + pause + " ms, no at " + after,
                            () ->
                                    lagging.call(
                                            line(language),
                                            CallersLine.Trouble.NONE,
                                            VirtualCaller.Cue.says(
                                                    "question.assistant", after, turn))));
        }
        none(rows, VirtualCalls.Outcome::consent);
    }

    /** A no to the second question may take back the first answer, and grants no more than it. */
    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aNoIntoTheSecondQuestionGrantsNoMoreThanTheFirst(String language) throws Exception {
        short[] no = sound(people.saying(language, "nein", "no").getFirst());
        Line two = VirtualCalls.ladder(language, Purpose.ASSISTANT, Purpose.TRANSCRIPT);
        List<Row> rows = new ArrayList<>();
        for (int at = 0; at < calls.millis(language, "question.transcript"); at += STEP_MILLIS) {
            VirtualCaller.Cue key =
                    VirtualCaller.Cue.presses(
                            "question.assistant", afterTheQuestion(language), '1');
            VirtualCaller.Cue word = VirtualCaller.Cue.says("question.transcript", at, no);
            rows.add(
                    new Row(
                            "no at " + at,
                            () -> calls.call(two, CallersLine.Trouble.NONE, key, word)));
        }
        none(rows, outcome -> outcome.purposes() > 1);
    }

    /** What comes back of us is neither an answer nor the end of one. */
    @ParameterizedTest
    @ValueSource(doubles = {-6, -12, -18, -25, -35})
    void whatComesBackOfOurPromptsIsNoAnswer(double echo) throws Exception {
        CallersLine.Trouble trouble = CallersLine.Trouble.NONE.echo(echo);
        List<Row> silent = new ArrayList<>();
        List<Row> late = new ArrayList<>();
        for (String language : List.of("de", "en")) {
            silent.add(new Row(language, () -> calls.call(line(language), trouble)));
            VirtualCaller.Cue no =
                    VirtualCaller.Cue.says(
                            "question.assistant",
                            afterTheQuestion(language) + 300,
                            sound(people.saying(language, "nein", "no").getFirst()));
            late.add(new Row(language, () -> calls.call(line(language), trouble, no)));
        }
        none(silent, outcome -> outcome.consent() || outcome.refused() || !outcome.wholePrompts());
        none(late, outcome -> !outcome.refused());
    }

    private static List<CallersLine.Trouble> lines() {
        CallersLine.Trouble clear = CallersLine.Trouble.NONE;
        return List.of(
                clear.codec(Codec.all().getLast()),
                clear.network(3, 60, 200),
                clear.network(0, 60, -200),
                clear.withoutSilence(),
                clear.noise(-50),
                clear.echo(-25));
    }

    /** Whoever is understood on a clear line; over a bad one at the second try at the latest. */
    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void aClearYesIsOneOverEveryLine(String language) throws Exception {
        List<Row> rows = new ArrayList<>();
        List<Row> extreme = new ArrayList<>();
        for (CallersLine.Trouble trouble : lines()) {
            for (Word word : understood(language)) {
                rows.add(answering(language, trouble, word, VOICE_DBFS));
                extreme.add(answering(language, trouble, word, -45));
                extreme.add(answering(language, trouble, word, -6));
            }
        }
        List<Told> told = made(Sweep.of(rows));
        assertThat(told.stream().filter(row -> row.outcome().consent()))
                .hasSizeGreaterThanOrEqualTo(told.size() * 9 / 10);
        assertThat(told.stream().filter(row -> row.outcome().refused())).isEmpty();
        none(extreme, VirtualCalls.Outcome::refused);
    }

    private static Row answering(
            String language, CallersLine.Trouble trouble, Word word, double dbfs) {
        short[] yes = Recordings.at(dbfs, word.samples());
        return new Row(
                word + " at " + dbfs + " over " + trouble,
                () -> answersEach(language, trouble, yes));
    }

    private static List<Word> understood(String language) throws Exception {
        List<Word> all = new ArrayList<>(yes(language));
        all.addAll(people.saying(language, "i agree", "ich stimme zu", "ich bin einverstanden"));
        List<Row> rows = new ArrayList<>();
        for (Word word : all) {
            rows.add(
                    new Row(
                            word.name(),
                            () -> answersEach(language, CallersLine.Trouble.NONE, sound(word))));
        }
        List<Told> told = made(rows);
        List<Word> understood = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (told.get(i).outcome().consent()) {
                understood.add(all.get(i));
            }
        }
        assertThat(understood).hasSizeGreaterThanOrEqualTo(4);
        return understood;
    }

    /** The same to the question, to being asked back, and to the question again. */
    private static VirtualCalls.Outcome answersEach(
            String language, CallersLine.Trouble trouble, short[] sound) {
        List<VirtualCaller.Cue> cues = new ArrayList<>();
        for (String part : List.of("question.assistant", "said-yes", "repeat-1.assistant")) {
            int after = calls.millis(language, part) + 300;
            cues.add(VirtualCaller.Cue.says(part, after, sound));
        }
        return calls.call(line(language), trouble, cues.toArray(VirtualCaller.Cue[]::new));
    }

    /** Coughs and laughter are noise with a voice in it; a key beside them is a key. */
    @Test
    void soundsThatAreNoWordsAreNoAnswer() throws Exception {
        List<Row> rows = new ArrayList<>();
        for (String language : List.of("de", "en")) {
            for (int kind = 0; kind < Noises.KINDS; kind++) {
                for (long seed = 1; seed <= 6; seed++) {
                    short[] noise = Noises.of(kind, seed);
                    rows.add(
                            new Row(
                                    language + " " + kind + " " + seed,
                                    () -> answersEach(language, CallersLine.Trouble.NONE, noise)));
                }
            }
        }
        none(rows, outcome -> outcome.consent() || outcome.refused());
    }

    private static Recordings television() {
        List<String> strange = List.of("up", "left", "down", "go", "house", "happy");
        return new Recordings(
                people.words().stream()
                        .filter(word ->
                                strange.contains(word.said())
                                        || word.millis() > 1500
                                        || (word.language().equals("de")
                                                && word.human()
                                                && !word.said().matches("ja|okay")))
                        .toList());
    }

    private static VirtualCalls.Outcome beside(short[] television, VirtualCaller.Cue... cues) {
        List<VirtualCaller.Cue> all = new ArrayList<>(List.of(cues));
        all.add(VirtualCaller.Cue.says("opening", 0, television));
        return calls.call(
                line("de"), CallersLine.Trouble.NONE, all.toArray(VirtualCaller.Cue[]::new));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-32, -38, -45})
    void aTelevisionLeavesThreeWholeTriesToWhoIsSilent(double dbfs) {
        VirtualCalls.Outcome outcome = beside(television().television(dbfs, 90_000));

        assertThat(outcome).matches(VirtualCalls.Outcome::wholePrompts, "three tries");
        assertThat(outcome.consent() || outcome.refused()).isFalse();
        List<VirtualCaller.Begun> heard = outcome.heard();
        for (int i = 0; i + 1 < heard.size(); i++) {
            VirtualCaller.Begun part = heard.get(i);
            if (part.part().matches("question.*|repeat.*")) {
                assertThat(heard.get(i + 1).millis() - part.millis())
                        .as(part.part() + " to its end")
                        .isGreaterThan(calls.millis("de", part.part()));
            }
        }
    }

    /** How loud, and how many of a hundred are understood. */
    private static List<Arguments> televisions() {
        return Sweep.of(List.of(arguments(-45, 80), arguments(-42, 60), arguments(-38, 50)));
    }

    /** Of those who are understood where it is quiet, at the first or second try. */
    @ParameterizedTest
    @MethodSource("televisions")
    void whoSaysYesBesideATelevisionIsMostlyUnderstood(double dbfs, int percent) throws Exception {
        short[] television = television().television(dbfs, 90_000);
        List<Row> rows = new ArrayList<>();
        for (Word word : understood("de")) {
            for (int after : new int[] {300, 800}) {
                List<VirtualCaller.Cue> cues = new ArrayList<>();
                for (String part :
                        List.of("question.assistant", "said-yes", "repeat-1.assistant")) {
                    cues.add(
                            VirtualCaller.Cue.says(
                                    part,
                                    calls.millis("de", part) + after,
                                    Recordings.at(-20, word.samples())));
                }
                rows.add(
                        new Row(
                                word.name(),
                                () -> beside(television, cues.toArray(VirtualCaller.Cue[]::new))));
            }
        }
        List<Told> told = made(rows);
        assertThat(told.stream().filter(row -> row.outcome().consent()))
                .as("of " + told)
                .hasSizeGreaterThanOrEqualTo(rows.size() * percent / 100);
        assertThat(told.stream().filter(row -> row.outcome().refused())).isEmpty();
    }
}
