package org.consentgateway.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.consentgateway.call.far.OpeningHours;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.Playback;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.sdp.Srtp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From when on a key counts, in a time that passes when the test says so. */
@Timeout(30)
class CallBackCallTest {
    /** "1" has been named at the end of the second of three sentences. */
    private static final String TEXT =
            "Was it you, or not? Then press the 1. If it was not, the 2.";

    private static final int CLIP_MILLIS = 3000;
    private static final int PUT_MILLIS =
            (int) ((long) CLIP_MILLIS * TEXT.indexOf("If") / TEXT.length());

    private final AtomicLong nanos = new AtomicLong(TimeUnit.HOURS.toNanos(1));
    private final BlockingQueue<Prompt> begun = new LinkedBlockingQueue<>();
    private final CompletableFuture<CallBackResult> written = new CompletableFuture<>();
    private final BlockingQueue<String> parts = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private boolean storeAway;
    private MediaListener keys = new MediaListener() {};
    private CallBackCall call;

    /** What is played to whoever is called, as far as the test says. */
    private final class Prompt implements Playback {
        /** Begun for the test when the call waits for its end: what is done then comes in order. */
        private final CompletableFuture<Played> ended =
                new CompletableFuture<>() {
                    @Override
                    public CompletableFuture<Void> thenAccept(Consumer<? super Played> action) {
                        CompletableFuture<Void> waits = super.thenAccept(action);
                        begun.add(Prompt.this);
                        return waits;
                    }
                };

        private final long startNanos = nanos.get();
        private final long samples;

        Prompt(List<AudioClip> clips) {
            samples = clips.stream().mapToLong(AudioClip::samples).sum();
        }

        void ends(End how) {
            boolean _ =
                    ended.complete(
                            new Played(
                                    samples, how == End.COMPLETED ? samples : 0, 0, 0, false, how));
        }

        /** Spoken until then. */
        void goesOnUntil(int millis) {
            nanos.set(startNanos + TimeUnit.MILLISECONDS.toNanos(millis));
        }

        @Override
        public CompletionStage<Long> begun() {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Played> ended() {
            return ended;
        }

        @Override
        public long playedMillis() {
            return Math.min(CLIP_MILLIS, TimeUnit.NANOSECONDS.toMillis(nanos.get() - startNanos));
        }

        @Override
        public void volume(Volume volume) {}

        @Override
        public void stop() {
            ends(End.STOPPED);
        }
    }

    private MediaLeg leg() {
        return (MediaLeg)
                Proxy.newProxyInstance(
                        MediaLeg.class.getClassLoader(),
                        new Class<?>[] {MediaLeg.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("listen")) {
                                keys = (MediaListener) arguments[0];
                            }
                            return method.getName().equals("play") ? play(arguments[0]) : null;
                        });
    }

    @SuppressWarnings("unchecked")
    private Playback play(Object clips) {
        return new Prompt((List<AudioClip>) clips);
    }

    private static OutgoingCall dialled() {
        return (OutgoingCall)
                Proxy.newProxyInstance(
                        OutgoingCall.class.getClassLoader(),
                        new Class<?>[] {OutgoingCall.class},
                        (_, _, _) -> null);
    }

    @BeforeEach
    void isTaken() {
        AudioClip sound = AudioClip.of(new short[CLIP_MILLIS * 8]);
        call =
                new CallBackCall(
                        leg(),
                        part -> {
                            parts.add(part);
                            return new CallBackPart(TEXT, List.of(sound));
                        },
                        Duration.ofSeconds(6),
                        nanos::get);
        var way =
                new CallBackTerms.Way(
                        "sip:a@192.0.2.1",
                        "",
                        Srtp.OFF,
                        new CallBackTerms.OfLine(
                                "+4930123458",
                                "demo",
                                List.of("+49"),
                                OpeningHours.of(List.of("mon-sun 08:00-20:00"), List.of()),
                                ZoneId.of("Europe/Berlin"),
                                Duration.ZERO,
                                Duration.ofSeconds(6)));
        var here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 20_000);
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        call.ask(
                                SubjectRequest.Kind.ERASURE,
                                _ -> dialled(),
                                way,
                                here,
                                result -> {
                                    written.complete(result);
                                    if (storeAway) {
                                        throw new JournalUnavailable("away", true);
                                    }
                                    return result;
                                });
                        over.complete(null);
                    } catch (JournalUnavailable e) {
                        over.completeExceptionally(e);
                    } catch (Exception e) {
                        written.completeExceptionally(e);
                    }
                });
        isDescribed();
    }

    /** Taken, or described once more: the thread of the call looks what time it is. */
    private void isDescribed() {
        var there = new InetSocketAddress(InetAddress.getLoopbackAddress(), 20_002);
        call.media(
                new MediaFormat(G711.PCMA, 8, 101),
                new MediaPeer(there, there, MediaPeer.Direction.SENDRECV, Set.of()));
    }

    private Prompt next() throws InterruptedException {
        Prompt prompt = begun.poll(10, TimeUnit.SECONDS);
        assertThat(prompt).isNotNull();
        return prompt;
    }

    /** The opening is heard, and this follows it. */
    private Prompt question() throws InterruptedException {
        Prompt opening = next();
        opening.goesOnUntil(CLIP_MILLIS);
        opening.ends(Playback.End.COMPLETED);
        return next();
    }

    private void presses(char key, Prompt during, int millis) {
        during.goesOnUntil(millis);
        keys.keyDown(key, nanos.get());
    }

    private CallBackResult result() throws Exception {
        return written.get(10, TimeUnit.SECONDS);
    }

    @Test
    void keyOneCountsOnlyOnceItHasBeenNamed() throws Exception {
        Prompt question = question();
        presses('1', question, 50);
        presses('1', question, 400);
        presses('1', question, PUT_MILLIS - 100);
        // Of what has been pressed until then nothing counts, so this is the answer.
        presses('2', question, PUT_MILLIS - 50);

        assertThat(result()).isEqualTo(CallBackResult.DISOWNED);
    }

    @Test
    void whoPressedTooEarlyIsAskedToTheEndAndCanStillConfirm() throws Exception {
        Prompt question = question();
        presses('1', question, 50);
        question.goesOnUntil(CLIP_MILLIS);
        question.ends(Playback.End.COMPLETED);
        assertThat(question.ended.join().whole()).as("spoken to its end").isTrue();
        presses('1', question, CLIP_MILLIS + 500);

        assertThat(result()).isEqualTo(CallBackResult.CONFIRMED);
    }

    @Test
    void keyOneCountsWhileTheQuestionIsSpokenOn() throws Exception {
        presses('1', question(), PUT_MILLIS + 100);

        assertThat(result()).isEqualTo(CallBackResult.CONFIRMED);
    }

    @Test
    void keyTwoCountsFromTheFirstSampleOn() throws Exception {
        presses('2', question(), 0);

        assertThat(result()).isEqualTo(CallBackResult.DISOWNED);
    }

    @Test
    void aKeyCountsByWhenItWentDown() throws Exception {
        Prompt question = question();
        long early = nanos.get() + TimeUnit.MILLISECONDS.toNanos(50);
        question.goesOnUntil(CLIP_MILLIS);
        keys.keyDown('1', early);
        presses('5', question, CLIP_MILLIS);

        assertThat(result()).isEqualTo(CallBackResult.OTHER_KEY);
    }

    /** Found in the product before: hung up on without a word. */
    @Test
    void whoseAnswerCannotBeWrittenIsTold() throws Exception {
        storeAway = true;
        presses('1', question(), PUT_MILLIS + 100);
        assertThat(result()).isEqualTo(CallBackResult.CONFIRMED);
        next().ends(Playback.End.COMPLETED);
        next().ends(Playback.End.COMPLETED);

        assertThat(over).failsWithin(Duration.ofSeconds(10));
        assertThat(parts)
                .containsExactly("privacy-opening", "confirm-erasure", "apology", "goodbye");
    }

    @Test
    void whoHasHungUpIsToldNothing() throws Exception {
        storeAway = true;
        Prompt _ = question();
        call.ended(IncomingCall.How.BYE);
        assertThat(result()).isEqualTo(CallBackResult.HUNG_UP);

        assertThat(over).failsWithin(Duration.ofSeconds(10));
        assertThat(parts).containsExactly("privacy-opening", "confirm-erasure");
    }

    @Test
    void nobodyIsAskedWhoHasNotHeardWhoCalls() throws Exception {
        next().ends(Playback.End.SEND_FAILED);

        assertThat(result()).isEqualTo(CallBackResult.NOT_REACHED);
    }

    @Test
    void nothingIsConfirmedBehindAQuestionThatWentOutInPart() throws Exception {
        Prompt question = question();
        question.goesOnUntil(CLIP_MILLIS);
        question.ends(Playback.End.SEND_FAILED);
        presses('1', question, CLIP_MILLIS + 500);

        assertThat(result()).isEqualTo(CallBackResult.NOT_REACHED);
    }

    @Test
    void whoPressedTooEarlyAndNothingElseIsAskedOnceMore() throws Exception {
        for (int time = 0; time < 2; time++) {
            Prompt question = time == 0 ? question() : next();
            presses('1', question, 50);
            question.goesOnUntil(CLIP_MILLIS);
            question.ends(Playback.End.COMPLETED);
            await().until(() -> {
                nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
                isDescribed();
                return !begun.isEmpty();
            });
        }

        assertThat(result()).isEqualTo(CallBackResult.NO_KEY);
    }
}
