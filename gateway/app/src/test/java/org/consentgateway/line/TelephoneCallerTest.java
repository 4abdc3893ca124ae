package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.Proxy;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.signal.CallDrained;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Purpose;
import org.consentgateway.line.text.DialogObserver;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.TextFormat;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.words.Lexicons;
import org.consentgateway.target.CallerSides;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.token.Grants;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A caller whose telephone is a socket, on a leg that is real: what becomes of the two. */
@Timeout(60)
class TelephoneCallerTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    /** A whole press of key 1, of type 101. */
    private static final byte[] PRESS =
            HexFormat.of().parseHex("80e500010000000000000007" + "018a0320");

    private final MediaEngine media =
            MediaEngine.start(
                    new MediaSettings(
                            HERE,
                            RtpPorts.GATEWAY,
                            RtpPorts.GATEWAY + 19,
                            Duration.ofSeconds(1),
                            Duration.ofMillis(300),
                            1));
    private final DatagramSocket telephone = new DatagramSocket(0, HERE);
    private final CallFacts facts = notAnswered(Grants.facts(UUID.randomUUID()));
    private MediaLeg leg;
    private MediaLeg far;
    private IncomingCall.@Nullable Events dialogEvents;
    private Consumer<IncomingCall.Events> afterTheAnswer = IncomingCall.Events::acknowledged;
    private final ToldRecogniser recogniser = new ToldRecogniser(false);
    private Lexicons lexicons = Lexicons.none();
    private AgreedMedia agreed = new AgreedMedia(null, null);

    TelephoneCallerTest() throws SocketException {}

    private static CallFacts notAnswered(CallFacts of) {
        return new CallFacts(
                of.callId(),
                of.sipCallIdHash(),
                of.trunk(),
                of.line(),
                null,
                of.subject(),
                of.callerIdPresent(),
                of.clir(),
                of.asserted());
    }

    @BeforeEach
    void open() throws Exception {
        leg = media.open();
        far = media.open(leg);
    }

    @AfterEach
    void close() {
        media.close();
        telephone.close();
    }

    private TelephoneCaller caller(DialogObserver observer) {
        IncomingCall dialog =
                (IncomingCall)
                        Proxy.newProxyInstance(
                                IncomingCall.class.getClassLoader(),
                                new Class<?>[] {IncomingCall.class},
                                (_, method, values) -> {
                                    if (!method.getName().equals("answer")) {
                                        return null;
                                    }
                                    var events = (IncomingCall.Events) values[1];
                                    dialogEvents = events;
                                    InetSocketAddress _ = ((LocalMedia) values[0]).text().open();
                                    events.agreed(agreed);
                                    afterTheAnswer.accept(events);
                                    return null;
                                });
        return new TelephoneCaller(
                dialog,
                facts,
                leg,
                new SharedParts(
                        new SharedParts.OwnMedia(media, UnaryOperator.identity()),
                        recogniser,
                        lexicons,
                        new Sounds(_ -> List.of(), Tone.ringBack()),
                        new CallerSides(),
                        new SharedParts.Watchers(_ -> {}, _ -> {}, observer),
                        (_, _) -> "",
                        new CallTime(
                                InstantSource.system(), InstantSource.system(), System::nanoTime)),
                List.of());
    }

    private static final MediaFormat ALAW = new MediaFormat(G711.PCMA, 8, 101);

    private void connect(MediaLeg which) {
        which.connect(ALAW, there());
    }

    private MediaPeer there() {
        var there = (InetSocketAddress) telephone.getLocalSocketAddress();
        return new MediaPeer(there, there, MediaPeer.Direction.SENDRECV, Set.of());
    }

    private BridgeEnd converses(TelephoneCaller caller) {
        return caller.converse(
                new AnsweredAssistant(far), Grants.of(facts.callId(), Purpose.ASSISTANT), null);
    }

    @Test
    void anAssistantWhoseMediaHasFailedIsLost() {
        TelephoneCaller caller = caller(DialogObserver.NONE);
        far.listen(
                new MediaListener() {
                    @Override
                    public void mediaLost(long atNanos) {
                        throw new IllegalStateException("a bug of ours");
                    }
                });
        connect(far);
        assertThat(converses(caller)).isEqualTo(new BridgeEnd.Lost(true));
    }

    @Test
    void aCallerWhoseMediaHasFailedIsNotLeftInSilence() throws Exception {
        TelephoneCaller caller =
                caller(
                        new DialogObserver() {
                            @Override
                            public void pressed(CallFacts facts, char key) {
                                throw new IllegalStateException("a bug of ours");
                            }
                        });
        connect(leg);
        telephone.receive(new DatagramPacket(new byte[200], 200)); // it is connected
        telephone.send(new DatagramPacket(PRESS, PRESS.length, leg.local()));
        assertThatExceptionOfType(CallEnded.class)
                .isThrownBy(() -> converses(caller))
                .extracting(CallEnded::how)
                .isEqualTo(CallEnded.How.MEDIA_LOST);
    }

    /** A telephone that could show text says nothing of whether anybody types. */
    @ParameterizedTest
    @CsvSource({"1, true, true", "0, true, false", "0, false, true"})
    void theWordsThatWithdrawAreHeardOfWhoSpeaksOnlyWhereSomebodyListens(
            int talks, boolean audio, boolean heard) throws Exception {
        lexicons = Lexicons.load(Path.of(System.getProperty("project.root"), "config/lexicon"));
        recogniser.talks.set(talks);
        recogniser.questions.set(0);
        agreed =
                new AgreedMedia(
                        audio ? new AgreedMedia.AudioStream(ALAW, there()) : null,
                        new AgreedMedia.TextStream(new TextFormat(98, -1, 0, 30), there()));
        TelephoneCaller caller = caller(DialogObserver.NONE);
        caller.answer();

        assertThat(caller.hearsWithdrawal("de")).isEqualTo(heard);
        assertThat(caller.hears("de")).as("what is typed counts").isTrue();
    }

    /** Whoever forges the source of an INVITE would write into the log, for ever. */
    @ParameterizedTest
    @EnumSource(names = {"NO_ACK", "BYE"})
    void aCallThatEndsBeforeTheAckWasNeverAnswered(IncomingCall.How how) {
        afterTheAnswer = events -> events.ended(how);
        TelephoneCaller caller = caller(DialogObserver.NONE);
        assertThatExceptionOfType(CallEnded.class).isThrownBy(caller::answer);
        assertThat(caller.facts().answeredAt()).isNull();
    }

    @Test
    void aCallWasAnsweredWhenItsMediaWasAgreedOnOnceThatIsAcknowledged() throws Exception {
        var answered = new CompletableFuture<Instant>();
        afterTheAnswer =
                events -> {
                    Thread.startVirtualThread(() -> {
                        LockSupport.parkNanos(300_000_000);
                        answered.complete(Instant.now());
                        events.acknowledged();
                    });
                };
        TelephoneCaller caller = caller(DialogObserver.NONE);
        caller.answer();
        assertThat(caller.facts().answeredAt()).isNotNull().isBefore(answered.get());
    }

    /** An answered call leaves one decision, whoever is there then. */
    @Test
    void aCallThatIsPassedOnBeforeTheAckIsAnsweredAndTheNextVerbSaysSoOnce() {
        afterTheAnswer =
                events -> {
                    events.passedOn();
                    events.acknowledged();
                };
        TelephoneCaller caller = answeredWithAConsentThatCanEnd();
        assertThat(caller.facts().answeredAt()).isNotNull();
        assertThatExceptionOfType(CallEnded.class)
                .isThrownBy(caller::hearOut)
                .extracting(CallEnded::how)
                .isEqualTo(CallEnded.How.PASSED_ON);
        caller.hearOut();
    }

    /** Else nobody would hear that we are going. */
    @Test
    void anAckThatComesWhileWeAreGoingConnectsTheCallAllTheSame() {
        var calling = new AtomicReference<TelephoneCaller>();
        afterTheAnswer = _ -> calling.get().drain();
        TelephoneCaller caller = caller(DialogObserver.NONE);
        calling.set(caller);
        assertThatExceptionOfType(CallDrained.class).isThrownBy(caller::answer);
        IncomingCall.Events events = Objects.requireNonNull(dialogEvents);
        events.acknowledged();
        events.ended(IncomingCall.How.BYE);
        assertThatExceptionOfType(CallEnded.class).isThrownBy(() -> converses(caller));
        assertThat(caller.facts().answeredAt()).isNotNull();
    }

    @Test
    void aKeyToldByInfoWentDownBeforeItWasTold() {
        TelephoneCaller caller = caller(DialogObserver.NONE);
        caller.answer();
        caller.watch(new Withdrawals("*9", false, "de"));
        Instant before = Instant.now();
        IncomingCall.Events events = Objects.requireNonNull(dialogEvents);
        events.infoDigit('*', 160);
        events.infoDigit('9', 1500);
        assertThatExceptionOfType(ConsentWithdrawn.class)
                .isThrownBy(() -> converses(caller))
                .extracting(ConsentWithdrawn::at)
                .satisfies(at -> assertThat(at).isBefore(before.minusSeconds(1)));
    }

    private TelephoneCaller answeredWithAConsentThatCanEnd() {
        TelephoneCaller caller = caller(DialogObserver.NONE);
        caller.answer();
        caller.watch(new Withdrawals("*9", true, "de"));
        return caller;
    }

    private static void soon(Runnable what) {
        Thread.startVirtualThread(() -> {
            LockSupport.parkNanos(400_000_000);
            what.run();
        });
    }

    /** Else who is told of the star could keep its caller from withdrawing, by a BYE. */
    @Test
    void whoHasPressedTheFirstKeyOfAWithdrawalIsNotHungUpOnBeforeTheLast() {
        TelephoneCaller caller = answeredWithAConsentThatCanEnd();
        IncomingCall.Events events = Objects.requireNonNull(dialogEvents);
        events.infoDigit('*', 160);
        soon(() -> events.infoDigit('9', 160));
        assertThatExceptionOfType(ConsentWithdrawn.class).isThrownBy(caller::hearOut);
    }

    @Test
    void norIsWhoIsSayingTheWords() {
        TelephoneCaller caller = answeredWithAConsentThatCanEnd();
        recogniser.opening =
                () -> {
                    recogniser.heard(new Heard.SpeechStarted(0));
                    soon(() ->
                            recogniser.heard(
                                    new Heard.Words(
                                            SpokenMeaning.WITHDRAW, "", 0.9, 700, 1000, false)));
                };
        assertThatExceptionOfType(ConsentWithdrawn.class).isThrownBy(caller::hearOut);
    }

    @Test
    @Timeout(value = 900, unit = TimeUnit.MILLISECONDS)
    void whoHasBegunNothingIsHungUpOnAtOnce() {
        answeredWithAConsentThatCanEnd().hearOut();
    }

    @Test
    void whoHasNothingToWithdrawIsNotListenedTo() {
        TelephoneCaller caller = answeredWithAConsentThatCanEnd();
        caller.watch(Withdrawals.NONE);
        caller.hearOut();
        assertThat(recogniser.opened).isZero();
    }
}
