package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Purpose;
import org.consentgateway.line.text.TypedWords;
import org.consentgateway.media.MediaBridge;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.MediaStats;
import org.consentgateway.media.Playback;
import org.consentgateway.media.TextLeg;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.words.Lexicons;
import org.consentgateway.target.FarLeg;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a withdrawal measures: from the caller's key or word to the last packet really sent. */
@Timeout(60)
class BridgingTest {
    private static final Instant START = Instant.parse("2026-11-27T08:00:00Z");
    private static final Withdrawals WATCHING = new Withdrawals("*9", true, "de");
    private static final BridgeEnd LESS_BY_KEY = new BridgeEnd.LessWanted(Method.KEY);

    private final Inbox inbox = new Inbox();
    private final KeyTrail keys = new KeyTrail();
    private final List<Duration> cuts = new ArrayList<>();
    private final ToldRecogniser phrases = new ToldRecogniser(false);
    private final Bridge bridge = new Bridge();
    private final CallTime time = new CallTime(this::clock, this::clock, this::nanos);
    private final Hearing hearing = new Hearing(phrases, new QuietLeg(), time, _ -> {});
    private final KeptBack keptBack = new KeptBack(_ -> new QuietLeg().play(List.of(), false));
    private final WithdrawalListener withdrawals =
            new WithdrawalListener(hearing, keys, new TypedWords(lexicons()), inbox);
    private final CutMeasurement cutTimes = new CutMeasurement(time, cuts::add);
    private long nowMillis = 1000;

    /** So much goes by behind a hang-up, told on another thread. */
    private volatile long sinceMillis;

    private boolean opened;
    private volatile boolean closedBefore;

    private List<Purpose> purposes = List.of(Purpose.ASSISTANT, Purpose.RECORDING);

    /** What happens once the gate is open. */
    private Runnable meanwhile = () -> {};

    private final Bridging bridging =
            new Bridging(
                    inbox,
                    withdrawals,
                    cutTimes,
                    new CallerState(
                            new CallFacts(
                                    new UUID(7, 7),
                                    "5a",
                                    "trunk",
                                    "demo",
                                    null,
                                    null,
                                    false,
                                    true,
                                    false)));

    private static Lexicons lexicons() {
        try {
            return Lexicons.load(Path.of(System.getProperty("project.root"), "config/lexicon"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Instant clock() {
        return START.plusMillis(nowMillis + sinceMillis);
    }

    private long nanos() {
        return nanos(nowMillis + sinceMillis);
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private BridgeEnd converse() {
        withdrawals.watch(WATCHING);
        return bridging.converse(
                () -> {
                    opened = true;
                    return new CuttableBridge(bridge, keptBack);
                },
                new Assistant(),
                purposes,
                null,
                this::next);
    }

    /** As the caller does it. */
    private @Nullable Happening next(long atMost) {
        meanwhile.run();
        meanwhile = () -> {};
        Happening happening = inbox.take(atMost);
        if (happening instanceof Happening.Withdrew withdrew) {
            throw cutTimes.withdrawn(withdrew);
        }
        if (happening instanceof Happening.Ended) {
            throw new CallEnded(CallEnded.How.CALLER_HUNG_UP);
        }
        if (happening instanceof Happening.PassedOn) {
            throw new CallEnded(CallEnded.How.PASSED_ON);
        }
        return happening;
    }

    private ConsentWithdrawn withdrawn() {
        return assertThatExceptionOfType(ConsentWithdrawn.class)
                .isThrownBy(this::converse)
                .actual();
    }

    private void presses() {
        keys.pressed('*', nanos(900));
        keys.pressed('9', nanos(1000));
    }

    @Test
    void aWithdrawalByKeysIsMeasuredUntilTheLastPacketAndNotUntilTheCutWasAskedFor() {
        meanwhile = this::presses;
        bridge.lastSentMillis = 1030;

        ConsentWithdrawn how = withdrawn();
        assertThat(how.method()).isEqualTo(Method.KEY);
        assertThat(how.at()).isEqualTo(START.plusMillis(1000));
        assertThat(how.cutAt()).isEqualTo(START.plusMillis(1030));
        assertThat(cuts).containsExactly(Duration.ofMillis(30));
    }

    @Test
    void aSpokenWithdrawalIsMeasuredFromTheEndOfTheWordAndNotFromItsRecognition() {
        bridge.lastSentMillis = 5320;
        meanwhile =
                () -> {
                    nowMillis = 5000;
                    hearing.frame(new PcmFrame(new short[160], 3980, PcmFrame.Origin.RECEIVED));
                    nowMillis = 5300;
                    phrases.heard(
                            new Heard.Words(
                                    SpokenMeaning.WITHDRAW, "Widerruf", 0.9, 700, 3600, false));
                };

        ConsentWithdrawn how = withdrawn();
        assertThat(how.method()).isEqualTo(Method.SPEECH);
        assertThat(how.at()).as("media 4000 was heard at 5000").isEqualTo(START.plusMillis(4600));
        assertThat(how.cutAt()).isEqualTo(START.plusMillis(5320));
        assertThat(cuts).containsExactly(Duration.ofMillis(720));
    }

    @Test
    void whoSaysThatNothingMayBeKeptEndsThatAlone() {
        meanwhile =
                () ->
                        phrases.heard(
                                new Heard.Words(
                                        SpokenMeaning.KEEP_NOTHING,
                                        "keine aufzeichnung",
                                        0.9,
                                        700,
                                        3600,
                                        false));

        assertThat(converse()).isEqualTo(new BridgeEnd.LessWanted(Method.SPEECH));
        assertThat(phrases.accepted)
                .containsExactlyInAnyOrder(SpokenMeaning.WITHDRAW, SpokenMeaning.KEEP_NOTHING);
        assertThat(cuts).as("nothing is withdrawn").isEmpty();
    }

    /** The second layer shows these keys to who reads as well. */
    @ParameterizedTest
    @ValueSource(strings = {"*8", "* 8", " *8. ", "*8\uFFFD", "*8. \uFFFD"})
    void theKeysThatEndOnePurposeCanBeTyped(String line) {
        meanwhile =
                () -> {
                    typed(line, 1000);
                    inbox.put(new Happening.Ended(IncomingCall.How.BYE));
                };

        assertThat(converse()).isEqualTo(new BridgeEnd.LessWanted(Method.TEXT, true));
        assertThat(cuts).as("nothing is withdrawn").isEmpty();
    }

    @Test
    void theyCanBeTypedALineEachAsSlowlyAsTheyArePressed() {
        meanwhile =
                () -> {
                    typed("*", 1000);
                    typed("8", 4001);
                    typed("*", 5000);
                    typed("18", 5500);
                    assertThat(withdrawals.takeLess()).isNull();
                    typed("8", 8000);
                    inbox.put(new Happening.Ended(IncomingCall.How.BYE));
                };

        assertThat(converse()).isEqualTo(new BridgeEnd.LessWanted(Method.TEXT, true));
    }

    private void typed(String line, long beganMillis) {
        keys.typed(line, nanos(beganMillis), nanos(9000));
        inbox.put(new Happening.LineTyped(line, nanos(beganMillis), nanos(9000), false));
    }

    private void presses(char key, long millis) {
        keys.pressed(key, nanos(millis));
        inbox.put(new Happening.KeyDown(key, nanos(millis)));
    }

    private void pressesStar8(long millis) {
        presses('*', millis);
        presses('8', millis + 200);
    }

    @Test
    void theKeysThatEndOnePurposeArePressedOnceForEach() {
        meanwhile =
                () -> {
                    pressesStar8(1000);
                    pressesStar8(2000);
                    inbox.put(new Happening.Ended(IncomingCall.How.BYE));
                };
        assertThat(converse()).isEqualTo(LESS_BY_KEY);
        assertThat(converse()).as("pressed already").isEqualTo(LESS_BY_KEY);

        opened = false;
        assertThatExceptionOfType(CallEnded.class).isThrownBy(this::converse);
        assertThat(opened).as("nothing more was wished").isTrue();
    }

    /** Whoever speaks to the caller takes that out of the inbox. */
    private BridgeEnd conversesBehind(Runnable what) {
        what.run();
        takesAll();
        inbox.put(new Happening.Ended(IncomingCall.How.BYE));
        return converse();
    }

    private void takesAll() {
        while (inbox.take(0) != null) {
            // as a prompt does
        }
    }

    @Test
    void whoWantsLessWhileSpokenToOpensNoGate() {
        withdrawals.watch(WATCHING);

        assertThat(conversesBehind(() -> pressesStar8(1000))).isEqualTo(LESS_BY_KEY);
        assertThat(opened).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"*8, true", "nicht mehr mitschreiben, false"})
    void whoTypesThatWhileSpokenToOpensNoGateEither(String line, boolean last) {
        withdrawals.watch(WATCHING);

        assertThat(conversesBehind(() -> typed(line, 1000)))
                .isEqualTo(new BridgeEnd.LessWanted(Method.TEXT, last));
        assertThat(opened).isFalse();
    }

    /** While what was agreed to is being recorded. */
    @Test
    void whoWantsLessBeforeSomebodyWatchesOpensNoGate() {
        assertThat(conversesBehind(() -> pressesStar8(1000))).isEqualTo(LESS_BY_KEY);
        assertThat(opened).isFalse();
    }

    @Test
    void whereNothingButTheTalkHoldsTheGateOpensForWhoWantedLess() {
        purposes = List.of(Purpose.ASSISTANT);
        withdrawals.watch(WATCHING);

        opensAndEndsWithTheCall(() -> pressesStar8(1000));
    }

    @Test
    void whatWasPressedInAQuestionEndsNoPurpose() {
        withdrawals.watch(WATCHING);

        opensAndEndsWithTheCall(() -> {
            pressesStar8(1000);
            withdrawals.answered();
        });
    }

    private void opensAndEndsWithTheCall(Runnable before) {
        assertThatExceptionOfType(CallEnded.class).isThrownBy(() -> conversesBehind(before));
        assertThat(opened).isTrue();
    }

    @Test
    void behindAWithdrawalNothingIsLeftThatCouldEndAlone() {
        withdrawals.watch(WATCHING);
        pressesStar8(1000);
        takesAll();
        presses();

        assertThat(withdrawn().method()).isEqualTo(Method.KEY);
        assertThat(opened).isFalse();
    }

    /** The confirmation has told the caller that these words end it, at any time. */
    @Test
    void aTalkIsListenedToAgainAfterTheRecogniserHasFailed() {
        meanwhile =
                () -> {
                    phrases.heard(new Heard.Failed(Heard.Reason.DEADLINE));
                    nowMillis += 1000;
                    hearing.frame(new PcmFrame(new short[160], 3980, PcmFrame.Origin.RECEIVED));
                    phrases.heard(
                            new Heard.Words(
                                    SpokenMeaning.WITHDRAW, "Widerruf", 0.9, 700, 3600, false));
                };

        assertThat(withdrawn().method()).isEqualTo(Method.SPEECH);
    }

    /** The gate closes, and a question is put. */
    @Test
    void aPhraseThatIsBeingSaidWhenTheAssistantAsksIsHeardInTheQuestion() {
        List<Long> heard = new ArrayList<>();
        meanwhile =
                () -> {
                    hearing.frame(new PcmFrame(new short[160], 3980, PcmFrame.Origin.RECEIVED));
                    phrases.heard(new Heard.SpeechStarted(3980));
                    phrases.hearing = frame -> heard.add(frame.mediaMillis());
                    inbox.put(new Happening.AskedElsewhere(Purpose.TRANSCRIPT));
                };
        assertThat(converse()).isEqualTo(new BridgeEnd.Asked(Purpose.TRANSCRIPT));

        try (var _ = withdrawals.alone()) {
            assertThat(heard).containsExactly(3980L);
            phrases.heard(
                    new Heard.Words(SpokenMeaning.WITHDRAW, "Widerruf", 0.9, 700, 3980, false));
        }
        assertThat(inbox.take(0)).isInstanceOf(Happening.Withdrew.class);
    }

    @Test
    void aTalkForWhichThereWasNoPlaceIsListenedToWhenThereIsOne() {
        phrases.talks.set(0);
        meanwhile =
                () -> {
                    assertThat(phrases.opened).isZero();
                    phrases.talks.set(1);
                    nowMillis += 1000;
                    hearing.frame(new PcmFrame(new short[160], 3980, PcmFrame.Origin.RECEIVED));
                    phrases.heard(
                            new Heard.Words(
                                    SpokenMeaning.WITHDRAW, "Widerruf", 0.9, 700, 3600, false));
                };

        assertThat(withdrawn().method()).isEqualTo(Method.SPEECH);
    }

    /** It lasts for minutes, and the next callers are being asked. */
    @Test
    void aTalkGivesBackThePlaceOfTheQuestionsThatWentBefore() {
        assertThat(hearing.hears("de")).isTrue();
        meanwhile =
                () -> {
                    assertThat(phrases.questions).hasValue(1);
                    assertThat(phrases.talks).hasValue(0);
                    keys.elsewhere(EndOfConsent.How.ERASED, nanos(1000));
                };

        assertThat(converse()).isInstanceOf(BridgeEnd.EndedElsewhere.class);
    }

    @Test
    void aTalkInWhichNothingCanBeWithdrawnKeepsNoPlace() {
        assertThat(hearing.hearsInTalk("de")).isTrue();
        var end = CompletableFuture.<FarLeg.End>completedFuture(new FarLeg.End.HungUp());
        FarLeg human =
                new Assistant() {
                    @Override
                    public CompletionStage<End> ended() {
                        return end;
                    }
                };

        BridgeEnd _ =
                bridging.talk(new CuttableBridge(bridge, keptBack), human, _ -> {}, this::next);
        assertThat(phrases.talks).hasValue(1);
    }

    @Test
    void whereNothingIsKeptOnlyTheWithdrawalIsListenedFor() {
        purposes = List.of(Purpose.ASSISTANT, Purpose.MARKETING);
        meanwhile = () -> keys.elsewhere(EndOfConsent.How.ERASED, nanos(1000));

        assertThat(converse()).isInstanceOf(BridgeEnd.EndedElsewhere.class);
        assertThat(phrases.accepted).containsExactly(SpokenMeaning.WITHDRAW);
    }

    /** Whoever was asked or spoken to meanwhile took what was told of it out of the inbox. */
    @Test
    void aConsentThatEndedElsewhereDuringAPauseOfTheTalkOpensNoGate() {
        withdrawals.watch(WATCHING);
        keys.elsewhere(EndOfConsent.How.WITHDRAWN, nanos(1000));
        assertThat(inbox.take(0)).isInstanceOf(Happening.EndedElsewhere.class);

        assertThat(converse()).isEqualTo(new BridgeEnd.EndedElsewhere(EndOfConsent.How.WITHDRAWN));
        assertThat(opened).isFalse();
    }

    @Test
    void whatFlowsIsCutEvenWhileTheCallIsStillAboutToListen() {
        phrases.opening =
                () -> {
                    presses();
                    assertThat(bridge.cut).as("at once, not behind the listening").isTrue();
                };

        assertThat(withdrawn().method()).isEqualTo(Method.KEY);
    }

    @Test
    void aWithdrawalInAnotherCallIsMeasuredFromWhenItWasTold() {
        meanwhile = () -> keys.elsewhere(EndOfConsent.How.ERASED, nanos(1000));
        bridge.lastSentMillis = 1012;

        assertThat(converse()).isEqualTo(new BridgeEnd.EndedElsewhere(EndOfConsent.How.ERASED));
        assertThat(cuts).containsExactly(Duration.ofMillis(12));
    }

    @Test
    void whoHangsUpRightAfterWithdrawingHasWithdrawn() {
        bridge.lastSentMillis = 1030;
        meanwhile =
                () -> {
                    presses();
                    inbox.put(new Happening.Ended(IncomingCall.How.BYE));
                };

        assertThat(withdrawn().cutAt()).isNotNull();
    }

    /** The recogniser tells of words only a while after their end. */
    private void saysAndHangsUp(Heard what) {
        meanwhile =
                () -> {
                    nowMillis = 5000;
                    hearing.frame(new PcmFrame(new short[160], 3980, PcmFrame.Origin.RECEIVED));
                    phrases.heard(new Heard.SpeechStarted(1000));
                    bridge.lastSentMillis = 5010;
                    inbox.put(new Happening.Ended(IncomingCall.How.BYE));
                    heardLater(what);
                };
    }

    private void heardLater(Heard what) {
        Executor later = CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS);
        later.execute(() -> {
            closedBefore = bridge.closed;
            sinceMillis = 300;
            bridge.lastSentMillis = 5310;
            phrases.heard(what);
        });
    }

    private static Heard.Words withdraws(long endMillis) {
        return new Heard.Words(SpokenMeaning.WITHDRAW, "Widerruf", 0.9, 700, endMillis, false);
    }

    @Test
    void whoHangsUpRightAfterSayingTheWordsThatWithdrawHasWithdrawn() {
        saysAndHangsUp(withdraws(3600));

        ConsentWithdrawn how = withdrawn();
        assertThat(how.method()).isEqualTo(Method.SPEECH);
        assertThat(how.at()).as("media 4000 was heard at 5000").isEqualTo(START.plusMillis(4600));
        assertThat(how.cutAt()).as("by the hang-up").isEqualTo(START.plusMillis(5010));
        assertThat(closedBefore).as("nobody hears or says anything meanwhile").isTrue();
        assertThat(bridge.cuts).as("cut once, and not later again").isOne();
    }

    @Test
    void soHasWhomARecogniserThatLagsHasNotHeardYet() {
        phrases.behindMillis = 100;
        meanwhile =
                () -> {
                    inbox.put(new Happening.Ended(IncomingCall.How.BYE));
                    heardLater(withdraws(3600));
                };

        assertThat(withdrawn().method()).isEqualTo(Method.SPEECH);
    }

    @Test
    void noWordIsLaterThanTheHangUp() {
        saysAndHangsUp(withdraws(4100));

        assertThat(withdrawn().at()).isEqualTo(START.plusMillis(5000));
    }

    @Test
    void whoSaysSomethingElseAndHangsUpHasHungUpThen() {
        saysAndHangsUp(new Heard.Nothing(Heard.Why.GARBAGE));

        CallEnded how =
                assertThatExceptionOfType(CallEnded.class).isThrownBy(this::converse).actual();
        assertThat(how.how()).isEqualTo(CallEnded.How.CALLER_HUNG_UP);
        assertThat(how.atOr(START)).isEqualTo(START.plusMillis(5000));
    }

    @Test
    void whatARecogniserNeverTellsIsNotWaitedForForLong() {
        saysAndHangsUp(new Heard.SpeechStarted(1000));
        Runnable says = meanwhile;
        meanwhile =
                () -> {
                    says.run();
                    Executor later = CompletableFuture.delayedExecutor(600, TimeUnit.MILLISECONDS);
                    later.execute(() -> sinceMillis = 1201);
                };

        assertThatExceptionOfType(CallEnded.class).isThrownBy(this::converse);
    }

    /** Who was not heard for seconds has said nothing just now. */
    @Test
    void whoseMediaIsLostIsNotWaitedFor() {
        meanwhile =
                () -> {
                    phrases.heard(new Heard.SpeechStarted(1000));
                    heardLater(withdraws(3600));
                    throw new CallEnded(CallEnded.How.MEDIA_LOST);
                };

        assertThatExceptionOfType(CallEnded.class).isThrownBy(this::converse);
    }

    @Test
    void whoSaysThemToAPersonAndHangsUpHasWithdrawn() {
        List<ConsentWithdrawn> told = new ArrayList<>();
        withdrawals.watch(WATCHING);
        saysAndHangsUp(withdraws(3600));

        assertThatExceptionOfType(CallEnded.class)
                .isThrownBy(() ->
                        bridging.talk(
                                new CuttableBridge(bridge, keptBack),
                                new Assistant(),
                                told::add,
                                this::next));
        assertThat(told).hasSize(1);
    }

    /** Before the exchange has its answer, and so before anybody else can speak. */
    @Test
    void whoTakesOverTheCallIsCutOffBeforeTheCallsThreadKnows() {
        meanwhile =
                () -> {
                    bridging.passedOn();
                    assertThat(bridge.cut).isTrue();
                };

        assertThatExceptionOfType(CallEnded.class)
                .isThrownBy(this::converse)
                .satisfies(how -> assertThat(how.how()).isEqualTo(CallEnded.How.PASSED_ON));
        assertThat(bridge.closed).isTrue();
    }

    /** Whatever verb has been told of it, and what the story made of that. */
    @Test
    void theGateStaysShutForWhoTookOverTheCall() {
        bridging.passedOn();
        takesAll();

        assertThatExceptionOfType(CallEnded.class).isThrownBy(this::converse);
        assertThat(opened).isFalse();
    }

    @Test
    void theGateStaysShutForWhomHasJustWithdrawn() {
        presses();

        assertThat(withdrawn().cutAt()).as("nothing flowed").isNull();
        assertThat(opened).isFalse();
        assertThat(cuts).isEmpty();
    }

    @Test
    void theGateStaysShutWhereTheConsentHasJustEndedElsewhere() {
        keys.elsewhere(EndOfConsent.How.WITHDRAWN, nanos(1000));

        assertThat(converse()).isEqualTo(new BridgeEnd.EndedElsewhere(EndOfConsent.How.WITHDRAWN));
        assertThat(opened).isFalse();
    }

    @Test
    void whoWithdrawsWhileTalkingToAPersonGoesOnTalking() {
        List<ConsentWithdrawn> told = new ArrayList<>();
        var end = new CompletableFuture<FarLeg.End>();
        withdrawals.watch(WATCHING);
        presses();
        meanwhile = () -> end.complete(new FarLeg.End.HungUp());
        FarLeg human =
                new Assistant() {
                    @Override
                    public CompletionStage<End> ended() {
                        return end;
                    }
                };

        assertThat(
                        bridging.talk(
                                new CuttableBridge(bridge, keptBack), human, told::add, this::next))
                .isEqualTo(new BridgeEnd.FarEndHungUp());
        assertThat(told).hasSize(1);
    }

    /** Nothing of that talk is kept: there is nothing that could end but the talk itself. */
    @Test
    void whoWantsLessWhileTalkingToAPersonGoesOnTalking() {
        assertThat(whileTalkingToAPerson(() -> pressesStar8(900)))
                .isEqualTo(new BridgeEnd.FarEndHungUp());
        assertThat(whileTalkingToAPerson(() -> typed("nicht mehr mitschreiben", 900)))
                .isEqualTo(new BridgeEnd.FarEndHungUp());
        assertThat(phrases.accepted).containsExactly(SpokenMeaning.WITHDRAW);
    }

    @Test
    void whoTypesThatNothingMayBeKeptEndsThatAlone() {
        meanwhile = () -> typed("nicht mehr mitschreiben", 900);

        assertThat(converse()).isEqualTo(new BridgeEnd.LessWanted(Method.TEXT));
    }

    /** Neither the assistant nor anybody else hears this caller under it any more. */
    @Test
    void whoseConsentEndsElsewhereWhileTalkingToAPersonGoesOnTalking() {
        assertThat(
                        whileTalkingToAPerson(
                                () -> keys.elsewhere(EndOfConsent.How.WITHDRAWN, nanos(1000))))
                .isEqualTo(new BridgeEnd.FarEndHungUp());
    }

    /**
     * @param what happens before the person hangs up
     */
    private BridgeEnd whileTalkingToAPerson(Runnable what) {
        var end = new CompletableFuture<FarLeg.End>();
        withdrawals.watch(WATCHING);
        meanwhile =
                () -> {
                    what.run();
                    end.complete(new FarLeg.End.HungUp());
                };
        FarLeg human =
                new Assistant() {
                    @Override
                    public CompletionStage<End> ended() {
                        return end;
                    }
                };
        return bridging.talk(new CuttableBridge(bridge, keptBack), human, _ -> {}, this::next);
    }

    /** Tells a little later, on a thread of its own, when the last packet went. */
    private static final class Bridge implements MediaBridge {
        private volatile long lastSentMillis;
        private boolean cut;
        private int cuts;
        private volatile boolean closed;

        @Override
        public CompletionStage<Long> cutFirstToSecond() {
            cut = true;
            cuts++;
            long last = nanos(lastSentMillis);
            return CompletableFuture.supplyAsync(() -> last);
        }

        @Override
        public void tapFirst(boolean open) {}

        @Override
        public void tapSecond(boolean open) {}

        @Override
        public void close() {
            closed = true;
        }
    }

    private static class Assistant implements FarLeg {
        @Override
        public MediaLeg leg() {
            return new QuietLeg();
        }

        @Override
        public CompletionStage<End> ended() {
            return new CompletableFuture<>();
        }
    }

    /** Neither sends nor receives. */
    private static final class QuietLeg implements MediaLeg {
        @Override
        public InetSocketAddress local() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 20_000);
        }

        @Override
        public void connect(MediaFormat format, MediaPeer peer) {}

        @Override
        public boolean takesOpus() {
            return false;
        }

        @Override
        public void withoutAudio() {}

        @Override
        public TextLeg text() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void listen(MediaListener listener) {}

        @Override
        public void frames(boolean wanted) {}

        @Override
        public Playback play(List<AudioClip> clips, boolean repeat) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sendDigit(char digit) {}

        @Override
        public boolean heardFrom() {
            return true;
        }

        @Override
        public MediaStats stats() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Long> unheard() {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Long> fellSilent() {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Long> failure() {
            return new CompletableFuture<>();
        }

        @Override
        public void mute() {}

        @Override
        public void close() {}
    }
}
