package org.consentgateway.line;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.line.text.ReadingTime;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.Playback;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.target.FarLeg;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread, but for {@link #letTheLastWordArrive}. What is played to a
 * caller: from when on, how much of it, and until when.
 */
final class Prompts {
    /** The event loop needs one tick to stop; more only if the machine is overloaded. */
    private static final Duration STOPPING = Duration.ofMillis(500);

    /** Between the last packet of a prompt and our BYE: two of 20 ms. */
    private static final long LAST_WORD_NANOS = Duration.ofMillis(40).toNanos();

    private final MediaLeg leg;
    private final CallerText text;
    private final Sounds sounds;
    private final Inbox inbox;
    private final CallTime time;
    private final Watcher watcher;
    private boolean firstAudioAwaited;
    private @Nullable Speaking underWay;

    /** Of the last prompt spoken to its end, so long ago at first that it does not count. */
    private volatile long saidUntil;

    /** Told of what is played. */
    @FunctionalInterface
    interface Watcher {
        /** Once, on the event loop: the first packet of the first prompt was sent. */
        void firstAudio(long atNanos);

        /**
         * On the call's thread.
         *
         * @param clips of each of their parts, in order
         */
        default void begins(List<Utterance> utterances, List<AudioClip> clips, Playback playback) {}
    }

    Prompts(
            MediaLeg leg,
            CallerText text,
            Sounds sounds,
            Inbox inbox,
            CallTime time,
            Watcher watcher) {
        this.leg = leg;
        this.text = text;
        this.sounds = sounds;
        this.inbox = inbox;
        this.time = time;
        this.watcher = watcher;
        this.saidUntil = time.nanos() - LAST_WORD_NANOS;
    }

    /** Where nothing is heard, what is shown stands for as long as it takes to read. */
    List<AudioClip> clips(Utterance utterance) {
        List<AudioClip> clips = sounds.clips().of(utterance);
        return text.alone() ? ReadingTime.of(utterance, clips) : clips;
    }

    /**
     * What is being spoken.
     *
     * @param startNanos when it was begun
     */
    record Speaking(
            Utterance utterance, List<AudioClip> clips, Playback playback, long startNanos) {
        boolean over() {
            return playback.ended().toCompletableFuture().isDone();
        }
    }

    /** Begins to speak this, or goes on with it where it was begun already. */
    Speaking begin(Utterance utterance) {
        Speaking begun = underWay;
        underWay = null;
        if (begun != null && begun.utterance().equals(utterance)) {
            return begun;
        }
        return begin(utterance, clips(utterance));
    }

    private Speaking begin(Utterance utterance, List<AudioClip> clips) {
        return begin(utterance, List.of(), clips);
    }

    /**
     * The same from the beginning.
     *
     * @param before said before it without a gap
     * @param clips of both
     */
    Speaking begin(Utterance utterance, List<Utterance> before, List<AudioClip> clips) {
        long start = time.nanos();
        text.show(before, utterance);
        Playback playback = play(clips);
        List<Utterance> all = new ArrayList<>(before);
        all.add(utterance);
        watcher.begins(all, clips, playback);
        return new Speaking(utterance, clips, playback, start);
    }

    /** Lets it go on after this verb: the next one that speaks goes on with it or replaces it. */
    void leave(Speaking speaking) {
        underWay = speaking;
    }

    /** As {@link org.consentgateway.call.Caller#say}. */
    Said say(Utterance utterance, Happenings happenings) {
        Playback playback = begin(utterance).playback();
        try {
            while (!playback.ended().toCompletableFuture().isDone()) {
                happenings.next();
            }
            saidUntil = time.nanos();
            return said(playback.ended().toCompletableFuture().join(), Said.End.SEND_FAILED);
        } catch (CallEnded gone) {
            throw new CallEnded(gone.how(), stopped(playback, Said.End.CALLER_GONE));
        } catch (ConsentWithdrawn withdrawn) {
            throw withdrawn.during(stopped(playback, Said.End.BARGED_IN));
        }
    }

    Playback play(List<AudioClip> clips) {
        Playback playback = play(clips, false);
        if (!firstAudioAwaited) {
            firstAudioAwaited = true;
            playback.begun().thenAccept(watcher::firstAudio);
        }
        return playback;
    }

    /** Tells whoever talks to the caller something in our own words: never audio of the caller. */
    Playback tell(FarLeg far, Utterance utterance) {
        return far.leg().play(clips(utterance), false);
    }

    Playback ringBack() {
        return play(List.of(sounds.ringBack()), true);
    }

    private Playback play(List<AudioClip> clips, boolean repeat) {
        Playback playback = leg.play(clips, repeat);
        playback.ended().thenAccept(how -> inbox.put(new Happening.Played(playback, how)));
        return playback;
    }

    /**
     * Stops it.
     *
     * @return how much of it went out before
     */
    Said stopped(Playback playback, Said.End why) {
        playback.stop();
        try {
            Playback.Played how =
                    playback.ended()
                            .toCompletableFuture()
                            .get(STOPPING.toMillis(), TimeUnit.MILLISECONDS);
            return said(how, why);
        } catch (TimeoutException | ExecutionException e) {
            return new Said(0, 0, 0, false, why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Said(0, 0, 0, false, why);
        }
    }

    Said said(Playback.Played how, Said.End ifStopped) {
        Said.End end =
                switch (how.end()) {
                    case COMPLETED -> Said.End.COMPLETED;
                    case STOPPED, REPLACED -> ifStopped;
                    case LEG_CLOSED, SEND_FAILED -> Said.End.SEND_FAILED;
                };
        return new Said(
                how.samplesPlanned(),
                how.samplesSent(),
                how.heldMillis(),
                how.receivedPackets() > 0 || how.reported() || text.reaches(),
                end);
    }

    /**
     * A BYE right behind the last packet of a goodbye would have the far end throw away what it has
     * not played yet: two packets of silence go between them.
     */
    void letTheLastWordArrive() {
        long left = saidUntil + LAST_WORD_NANOS - time.nanos();
        while (left > 0 && left <= LAST_WORD_NANOS) {
            LockSupport.parkNanos(left);
            left = saidUntil + LAST_WORD_NANOS - time.nanos();
        }
        text.letTheLastWordArrive();
    }
}
