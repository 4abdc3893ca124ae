package org.consentgateway.speech.vosk;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.Meaning;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. One caller being listened to for one question. Audio comes in through a bounded
 * queue from a media loop; everything with a decoder in it happens in {@link #work}, on the thread
 * of its lane and nowhere else.
 *
 * <pre>
 * frame → queue → endpointer → (speech only) decoder → final result → decision rule → Heard
 * </pre>
 */
final class Ear implements Listening {
    private static final Logger LOG = LoggerFactory.getLogger(Ear.class);

    /** 3 s: more than a worker may be late. */
    static final int QUEUE_FRAMES = 150;

    /** Taken in one turn, then it is another caller's. */
    private static final int TURN_FRAMES = 25;

    /** Silence after which a partial result tells how long to wait for more. */
    private static final int HANG_LOOK_MILLIS = 240;

    /** "Ja" may go on with "aber nicht aufnehmen"; so may a number. */
    private static final int HANG_PLAIN_MILLIS = 300;

    /** What is no answer yet may become one. */
    private static final int HANG_UNCLEAR_MILLIS = 500;

    /** Nobody answers a yes/no question for longer. */
    private static final int UTTERANCE_MAX_MILLIS = 8000;

    /** Each partial result walks the lattice. */
    private static final int PARTIAL_EVERY_MILLIS = 100;

    /** Silence that shows the end of a word. */
    private static final int BREAK_MILLIS = 60;

    /** A knock at the microphone: shorter, and the model heard nothing in it. */
    private static final int BLIP_MILLIS = 200;

    private static final Heard NOTHING_AT_ALL = new Heard.Nothing(Heard.Why.EMPTY);
    private static final Set<Meaning> WITHDRAW_ONLY = Set.of(Meaning.WITHDRAW);

    private final @Nullable Tongue tongue;
    private final Set<Meaning> accepted;
    private final Consumer<Heard> to;
    private final Turns turns;
    private final Counters counters;
    private final ArrayBlockingQueue<PcmFrame> frames = new ArrayBlockingQueue<>(QUEUE_FRAMES);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean reported = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();
    private final Endpointer endpointer = new Endpointer();
    private volatile boolean prompting;
    private volatile boolean closed;
    private volatile Heard.@Nullable Failed refused;

    /** 0 while no work is waiting. */
    private volatile long waitingSince;

    // Only touched in work().
    private @Nullable Decoder decoder;
    private @Nullable Decoder free;
    private boolean started;

    /** Only where withdrawing is listened for; bounded by {@link #UTTERANCE_MAX_MILLIS}. */
    private final List<PcmFrame> utterance = new ArrayList<>();

    private int hang;
    private int lastPartial;

    Ear(
            @Nullable Tongue tongue,
            Set<Meaning> accepted,
            Consumer<Heard> to,
            Turns turns,
            Counters counters) {
        this.tongue = tongue;
        this.accepted = accepted;
        this.to = to;
        this.turns = turns;
        this.counters = counters;
    }

    /** Reports this failure from the lane's thread and hears nothing. */
    void refuse(Heard.Reason reason) {
        refused = new Heard.Failed(reason);
        schedule();
    }

    @Override
    public void hear(PcmFrame frame) {
        if (closed || reported.get()) {
            return;
        }
        if (!frames.offer(frame)) {
            counters.framesDropped.increment();
        }
        schedule();
    }

    @Override
    public void prompt(boolean playing) {
        prompting = playing;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            reported.set(true);
            schedule();
        }
    }

    /** Called by the watchdog. True when this listening was given up now. */
    boolean giveUpIfLate(long nanos, long deadlineNanos) {
        long since = waitingSince;
        if (since == 0 || nanos - since <= deadlineNanos) {
            return false;
        }
        return report(new Heard.Failed(Heard.Reason.DEADLINE));
    }

    boolean isReleased() {
        return released.get();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            waitingSince = Math.max(1, turns.nanos());
            turns.add(this);
        }
    }

    /** One turn on the lane's thread. */
    void work() {
        try {
            turn();
        } catch (DecoderException e) {
            LOG.warn("A recogniser failed; its caller goes on with keys: {}", e.getMessage());
            crash();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("A recogniser crashed; its caller goes on with keys", e);
            crash();
        }
        if (closed || reported.get()) {
            release();
        }
        waitingSince = 0;
        scheduled.set(false);
        if (!released.get() && (closed || reported.get() || !frames.isEmpty())) {
            schedule();
        }
    }

    private void crash() {
        if (report(new Heard.Failed(Heard.Reason.CRASHED))) {
            counters.crashed.increment();
        }
    }

    private void turn() throws DecoderException {
        Heard.Failed refusal = refused;
        if (refusal != null) {
            report(refusal);
            return;
        }
        for (int i = 0; i < TURN_FRAMES && !closed && !reported.get(); i++) {
            PcmFrame frame = frames.poll();
            if (frame == null) {
                return;
            }
            hearNow(frame);
        }
    }

    private void hearNow(PcmFrame frame) throws DecoderException {
        endpointer.prompt(prompting);
        List<PcmFrame> speech = endpointer.take(frame);
        if (!speech.isEmpty() && !started) {
            started = true;
            to.accept(new Heard.SpeechStarted(frame.mediaMillis()));
        }
        if (accepted.equals(WITHDRAW_ONLY)) {
            utterance.addAll(speech);
        }
        boolean modelSaysEnd = false;
        for (PcmFrame part : speech) {
            modelSaysEnd |= decoder().accept(part.samples());
            if (free != null) {
                free.accept(part.samples());
            }
        }
        if (!endpointer.speaking()) {
            return;
        }
        if (modelSaysEnd || hasEnded()) {
            end();
        } else if (withdraws()) {
            Heard heard = decideSoFar();
            if (heard instanceof Heard.Words) {
                report(heard);
            }
        }
    }

    /**
     * Where nothing but withdrawing is listened for, the final result is asked for at the first
     * break after the phrase: audio must stop within 100 ms, and stopping too early does no harm.
     */
    private boolean withdraws() throws DecoderException {
        int now = endpointer.utteranceMillis();
        if (tongue == null
                || !accepted.equals(WITHDRAW_ONLY)
                || endpointer.quietMillis() != BREAK_MILLIS
                || now - lastPartial < PARTIAL_EVERY_MILLIS) {
            return false;
        }
        lastPartial = now;
        return tongue.lexicon()
                .understand(decoder().partial().text(), accepted)
                .filter(DecisionRule::withdrawsByPhrase)
                .isPresent();
    }

    private boolean hasEnded() throws DecoderException {
        int quiet = endpointer.quietMillis();
        if (quiet < HANG_LOOK_MILLIS) {
            hang = 0;
            return endpointer.utteranceMillis() > UTTERANCE_MAX_MILLIS;
        }
        if (hang == 0) {
            hang = hangFor(decoder().partial());
        }
        return quiet >= hang;
    }

    /** How long to wait for more, by what a partial result suggests. Nothing is decided here. */
    private int hangFor(Hypothesis partial) {
        if (partial.isEmpty() || partial.garbled() || tongue == null) {
            return HANG_UNCLEAR_MILLIS;
        }
        return tongue.lexicon()
                .understand(partial.text(), accepted)
                .map(understood ->
                        switch (understood.meaning()) {
                            case REFUSE, WITHDRAW, HUMAN -> HANG_LOOK_MILLIS;
                            case HEDGED -> HANG_UNCLEAR_MILLIS;
                            case AGREE,
                                    REPEAT,
                                    HELP,
                                    OTHER_LANGUAGE,
                                    ZERO,
                                    ONE,
                                    TWO,
                                    THREE,
                                    FOUR,
                                    FIVE ->
                                    HANG_PLAIN_MILLIS;
                        })
                .orElse(HANG_UNCLEAR_MILLIS);
    }

    private void end() throws DecoderException {
        Heard heard = decide();
        if (heard.equals(NOTHING_AT_ALL) && endpointer.speechMillis() < BLIP_MILLIS) {
            endpointer.reset();
            utterance.clear();
            hang = 0;
        } else {
            report(heard);
        }
    }

    /** Asks for the final result, which begins the decoder anew. */
    private Heard decide() throws DecoderException {
        return decide(decoder().end(), free == null ? null : free.end());
    }

    /** The final result if the speech ended here; the decoder itself goes on undisturbed. */
    private Heard decideSoFar() throws DecoderException {
        if (tongue == null) {
            return NOTHING_AT_ALL;
        }
        Hypothesis second = free == null ? null : sayAgain(tongue.model().openFree());
        return decide(sayAgain(tongue.decoder(accepted)), second);
    }

    private Hypothesis sayAgain(Decoder again) throws DecoderException {
        try (again) {
            for (PcmFrame frame : utterance) {
                again.accept(frame.samples());
            }
            return again.end();
        }
    }

    private Heard decide(Hypothesis said, @Nullable Hypothesis second) {
        if (tongue == null) {
            return NOTHING_AT_ALL;
        }
        return tongue.rule()
                .decide(
                        said,
                        second,
                        tongue.lexicon(),
                        accepted,
                        endpointer.speechMillis(),
                        endpointer.endMillis());
    }

    private Decoder decoder() throws DecoderException {
        Decoder opened = decoder;
        if (opened == null) {
            if (tongue == null) {
                throw new DecoderException("no language");
            }
            opened = tongue.decoder(accepted);
            decoder = opened;
            if (tongue.rule().secondOpinion()) {
                free = tongue.model().openFree();
            }
        }
        return opened;
    }

    /** The last word of this listening; only the first caller of this is heard. */
    private boolean report(Heard last) {
        if (!reported.compareAndSet(false, true)) {
            return false;
        }
        switch (last) {
            case Heard.Words words -> counters.understood.increment();
            case Heard.Nothing nothing -> counters.notUnderstood.increment();
            case Heard.Failed failed -> {}
            case Heard.SpeechStarted began -> {}
        }
        to.accept(last);
        return true;
    }

    /** On the owning thread only: a decoder closed elsewhere takes the process down. */
    private void release() {
        frames.clear();
        utterance.clear();
        if (!released.compareAndSet(false, true)) {
            return;
        }
        if (decoder != null) {
            decoder.close();
            decoder = null;
        }
        if (free != null) {
            free.close();
            free = null;
        }
        turns.left(this);
    }
}
