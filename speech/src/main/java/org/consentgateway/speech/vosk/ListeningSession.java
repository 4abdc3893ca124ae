package org.consentgateway.speech.vosk;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.CallerLevels;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.engine.DecoderException;
import org.consentgateway.speech.engine.Hypothesis;
import org.consentgateway.speech.engine.SpeechDecoder;
import org.consentgateway.speech.verifier.Verifier;
import org.consentgateway.speech.words.Lexicon;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller being listened to for one question. Thread-safe: audio comes in through a bounded
 * queue from a media loop; everything with a decoder in it happens in {@link #work}, on the thread
 * of its scheduler and nowhere else.
 *
 * <pre>
 * frame → queue → endpointer → (speech only) decoder → final result → decision rule → Heard
 * </pre>
 */
final class ListeningSession implements Listening {
    private static final Logger LOG = LoggerFactory.getLogger(ListeningSession.class);

    /** 3 s: more than a worker may be late. */
    static final int QUEUE_FRAMES = 150;

    /** Taken in one go, so that one caller does not keep the thread from the others. */
    static final int SLICE_FRAMES = 25;

    /** Silence after which a partial result tells how long to wait for more. */
    private static final int WAIT_LOOK_MILLIS = 240;

    /** "Ja" may go on with "aber nicht aufnehmen"; so may a number. */
    private static final int WAIT_PLAIN_MILLIS = 300;

    /** What is no answer yet may become one. */
    private static final int WAIT_UNCLEAR_MILLIS = 500;

    /** Nobody answers a yes/no question for longer. */
    private static final int UTTERANCE_MAX_MILLIS = 8000;

    /** Each partial result walks the lattice. */
    private static final int PARTIAL_EVERY_MILLIS = 100;

    /** What has begun so long ago is no answer, or is one already. */
    private static final int LOOK_FOR_MILLIS = 2000;

    /** Silence that shows the end of a word. */
    private static final int BREAK_MILLIS = 60;

    /** A knock at the microphone: shorter, and the model heard nothing in it. */
    private static final int BLIP_MILLIS = 200;

    /**
     * A decoder keeps what it found out of its grammar, which spares a tenth of the work on the
     * next utterance and takes 1.3 MB: it is closed when the next does not come so soon.
     */
    private static final int KEEP_DECODER_MILLIS = 3000;

    /**
     * 100 ms: frames in which nobody can have begun to speak are looked at together, since to wake
     * the thread costs more than to look at them.
     */
    private static final int QUIET_FRAMES = 5;

    /** 60 ms: the same behind a question, where somebody waits for a silence. */
    private static final int QUIET_FRAMES_ASKED = 3;

    private static final Heard NOTHING_AT_ALL = new Heard.Nothing(Heard.Why.EMPTY);

    /** Grants nothing, so that it may be longer than a word where our own prompt may come back. */
    private static final Set<SpokenMeaning> NOES =
            EnumSet.of(
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.HUMAN,
                    SpokenMeaning.WITHDRAW,
                    SpokenMeaning.KEEP_NOTHING);

    private static final Set<SpokenMeaning> ENDS =
            Set.of(SpokenMeaning.WITHDRAW, SpokenMeaning.KEEP_NOTHING);

    private final @Nullable RecognisedLanguage language;
    private final Set<SpokenMeaning> accepted;

    /** Whether it is a talk, in which nothing but an end of it is listened for. */
    private final boolean onlyEnds;

    private final Consumer<Heard> to;
    private final SessionScheduler scheduler;
    private final Counters counters;
    private final ArrayBlockingQueue<HandedOver> frames = new ArrayBlockingQueue<>(QUEUE_FRAMES);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean reported = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile boolean prompting;
    private volatile boolean speaking;
    private volatile boolean lastQuiet;
    private volatile CallerLevels levels = new CallerLevels();
    private volatile boolean closed;

    /** Of what may be the beginning of a word: not known yet whether it is. */
    private volatile int stirringMillis;

    /** A frame has been taken from the queue and is not dealt with yet. */
    private volatile boolean hearing;

    private volatile Heard.@Nullable Failed refused;

    /** Nothing that comes will be heard. */
    private volatile boolean failed;

    /** 0 while no work is waiting. */
    private volatile long waitingSince;

    /** The thread that tells a result now, on which alone this may go on; null for none. */
    private volatile @Nullable Thread telling;

    /** Dropped since the last frame that found a place. Only touched by who hands frames over. */
    private int droppedMillis;

    // Only touched in work().
    private Endpointer endpointer = new Endpointer();
    private final LostSound lost = new LostSound();
    private @Nullable SpeechDecoder decoder;
    private @Nullable SpeechDecoder free;

    /** Whether the decoder has begun anew, so that nothing of what was said is in it. */
    private boolean blank = true;

    private int unusedMillis;
    private boolean goingOn;
    private boolean started;
    private boolean likely;

    /**
     * Only if withdrawing alone is listened for, or a yes that is looked at again; bounded by
     * {@link #UTTERANCE_MAX_MILLIS}.
     */
    private final List<PcmFrame> utterance = new ArrayList<>();

    private int wait;

    /** What may be our own prompt has lasted longer than a word, and counts if it is a no. */
    private boolean lastsLong;

    private int lastPartial;

    /** Of what the decoder has not been asked to decide on, however often somebody was louder. */
    private int undecidedMillis;

    ListeningSession(
            @Nullable RecognisedLanguage language,
            Set<SpokenMeaning> accepted,
            Consumer<Heard> to,
            SessionScheduler scheduler,
            Counters counters) {
        this.language = language;
        this.accepted = accepted;
        this.onlyEnds = ENDS.containsAll(accepted);
        this.to = to;
        this.scheduler = scheduler;
        this.counters = counters;
    }

    /** Reports this failure from the recogniser thread and hears nothing. */
    void refuse(Heard.Reason reason) {
        refused = new Heard.Failed(reason);
        schedule();
    }

    @Override
    public void hear(PcmFrame frame) {
        if (closed || failed) {
            return;
        }
        PcmFrame next = droppedMillis == 0 ? frame : frame.behindLost(droppedMillis);
        if (frames.offer(new HandedOver(next, prompting))) {
            droppedMillis = 0;
        } else if (reported.get()) {
            frames.clear(); // nobody has listened on for 3 s
        } else {
            counters.framesDropped.increment();
            droppedMillis += Endpointer.FRAME_MILLIS + frame.lostMillis();
        }
        boolean waits = mayWait(frame);
        if (!waits && !reported.get()) {
            schedule();
        }
    }

    @Override
    public List<HandedOver> unheard() {
        List<HandedOver> left = new ArrayList<>();
        if (reported.get() && !failed) {
            frames.drainTo(left);
        }
        return left;
    }

    /** Asked after the frame was handed over: work that is under way takes it. */
    private boolean mayWait(PcmFrame frame) {
        boolean quiet = Endpointer.isQuiet(frame);
        boolean still = quiet && lastQuiet;
        lastQuiet = quiet;
        int together = onlyEnds ? QUIET_FRAMES : QUIET_FRAMES_ASKED;
        return still && frames.size() < together && !scheduled.get() && !speaking;
    }

    @Override
    public void prompt(boolean playing) {
        prompting = playing;
    }

    @Override
    public void levels(CallerLevels known) {
        levels = known;
    }

    @Override
    public int behindMillis() {
        if (released.get()) {
            return 0;
        }
        int waiting = frames.size() + (hearing ? 1 : 0);
        return stirringMillis + waiting * Endpointer.FRAME_MILLIS;
    }

    @Override
    public boolean again() {
        if (telling != Thread.currentThread() || closed) {
            return false;
        }
        goingOn = true;
        return true;
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

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            waitingSince = Math.max(1, scheduler.nanos());
            scheduler.schedule(this);
        }
    }

    /** Takes some of the waiting frames, on the recogniser thread. */
    void work() {
        try {
            takeFrames();
        } catch (DecoderException e) {
            LOG.warn("A recogniser failed; its caller goes on with keys: {}", e.getMessage());
            crash();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("A recogniser crashed; its caller goes on with keys", e);
            crash();
        }
        hearing = false;
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

    private void takeFrames() throws DecoderException {
        Heard.Failed refusal = refused;
        if (refusal != null) {
            report(refusal);
            return;
        }
        for (int i = 0; i < SLICE_FRAMES && !closed && !reported.get(); i++) {
            hearing = true;
            HandedOver next = frames.poll();
            if (next == null) {
                return;
            }
            hearNow(next.frame(), next.prompting());
            speaking = endpointer.speaking();
        }
    }

    private void hearNow(PcmFrame frame, boolean beside) throws DecoderException {
        endpointer.prompt(beside, levels);
        boolean spoken = endpointer.speaking();
        List<PcmFrame> speech = endpointer.take(frame);
        stirringMillis = endpointer.stirringMillis();
        lost.take(frame, endpointer.quietMillis() > 0);
        if (spoken) {
            undecidedMillis += Endpointer.FRAME_MILLIS;
        } else if (endpointer.speaking()) {
            undecidedMillis = endpointer.utteranceMillis();
            lost.begin();
        }
        if (!onlyEnds && lost.hidesAWord()) {
            to.accept(new Heard.Missed());
        }
        if (endpointer.begunAnew() && (endpointer.leftOut() || nothingSaidYet())) {
            beginAnew();
            if (started) {
                to.accept(new Heard.BegunAnew(frame.mediaMillis()));
            }
        }
        if (!speech.isEmpty() && !started && !endpointer.untold()) {
            started = true;
            to.accept(new Heard.SpeechStarted(frame.mediaMillis()));
        }
        if (onlyEnds) {
            utterance.addAll(speech);
        } else if (yesIsLookedAt()) {
            // The verifier knows voices among noise, and none that is cut out of it.
            utterance.addAll(endpointer.asHeard());
        }
        boolean modelSaysEnd = false;
        keepDecoder(!speech.isEmpty());
        for (PcmFrame part : speech) {
            modelSaysEnd |= decoder().accept(part.samples());
            if (free != null) {
                free.accept(part.samples());
            }
        }
        if (!endpointer.speaking()) {
            return;
        }
        lookForAnAnswer();
        if ((modelSaysEnd && endpointer.subsided()) || isOurs(frame) || hasEnded()) {
            end();
        } else if (withdrawsByPhrase()) {
            Heard heard = decideSoFar();
            if (heard instanceof Heard.Words) {
                report(heard);
            }
        }
    }

    /** Closes a decoder for which nothing has come for long. */
    private void keepDecoder(boolean used) {
        unusedMillis = used ? 0 : unusedMillis + Endpointer.FRAME_MILLIS;
        blank &= !used;
        if (unusedMillis >= KEEP_DECODER_MILLIS) {
            closeDecoders();
        }
    }

    /** A word of the lexicon stays said, whoever speaks louder after it. */
    private boolean nothingSaidYet() throws DecoderException {
        return decoder().partial().text().replace(Lexicon.GARBAGE, "").isBlank();
    }

    private void beginAnew() throws DecoderException {
        forget();
        undecidedMillis = endpointer.utteranceMillis();
        lost.begin();
        Hypothesis _ = decoder().end();
        if (free != null) {
            Hypothesis _ = free.end();
        }
    }

    /** A first guess, and only while it can spare the caller our own voice. */
    private void lookForAnAnswer() throws DecoderException {
        int now = endpointer.utteranceMillis();
        if (language == null
                || likely
                || !prompting
                || endpointer.untold()
                || now > LOOK_FOR_MILLIS
                || now - lastPartial < PARTIAL_EVERY_MILLIS) {
            return;
        }
        lastPartial = now;
        Hypothesis partial = decoder().partial();
        if (partial.isEmpty() || partial.garbled()) {
            return;
        }
        language.lexicon()
                .understand(partial.text(), accepted)
                .ifPresent(understood -> {
                    likely = true;
                    to.accept(new Heard.Likely(understood.meaning()));
                });
    }

    /**
     * If nothing but an end is listened for, the final result is asked for at the first break after
     * the phrase: audio must stop within 100 ms, and stopping too early does no harm.
     */
    private boolean withdrawsByPhrase() throws DecoderException {
        int now = endpointer.utteranceMillis();
        if (language == null
                || !onlyEnds
                || endpointer.quietMillis() != BREAK_MILLIS
                || now - lastPartial < PARTIAL_EVERY_MILLIS) {
            return false;
        }
        lastPartial = now;
        return language.lexicon()
                .understand(decoder().partial().text(), accepted)
                .filter(DecisionRule::withdrawsByPhrase)
                .isPresent();
    }

    private boolean hasEnded() throws DecoderException {
        int quiet = endpointer.quietMillis();
        if (quiet < WAIT_LOOK_MILLIS) {
            wait = 0;
            return undecidedMillis > UTTERANCE_MAX_MILLIS;
        }
        if (wait == 0) {
            wait = waitFor(decoder().partial());
        }
        return quiet >= wait;
    }

    /** How long to wait for more, by what a partial result suggests. Nothing is decided here. */
    private int waitFor(Hypothesis partial) {
        if (partial.isEmpty() || partial.garbled() || language == null) {
            return WAIT_UNCLEAR_MILLIS;
        }
        return language.lexicon()
                .understand(partial.text(), accepted)
                .map(understood ->
                        switch (understood.meaning()) {
                            case REFUSE, WITHDRAW, KEEP_NOTHING, HUMAN -> WAIT_LOOK_MILLIS;
                            case HEDGED, NEGATED -> WAIT_UNCLEAR_MILLIS;
                            case AGREE,
                                    REPEAT,
                                    HELP,
                                    INFORMATION,
                                    OTHER_LANGUAGE,
                                    ERASE,
                                    COMPLAIN,
                                    ZERO,
                                    ONE,
                                    TWO,
                                    THREE,
                                    FOUR,
                                    FIVE ->
                                    WAIT_PLAIN_MILLIS;
                        })
                .orElse(WAIT_UNCLEAR_MILLIS);
    }

    /**
     * Whether what may be our own prompt is that, since it lasts longer than a word, and is no
     * phrase that refuses or withdraws.
     */
    private boolean isOurs(PcmFrame frame) throws DecoderException {
        int now = endpointer.utteranceMillis();
        if (!endpointer.untoldForLong() || now - lastPartial < PARTIAL_EVERY_MILLIS) {
            return false;
        }
        lastPartial = now;
        boolean ours = endpointer.untoldForTooLong() || !mayBeANo(decoder().partial().text());
        if (!ours && !started) {
            // whoever ends this listening meanwhile hands on what is being said
            started = true;
            to.accept(new Heard.SpeechStarted(frame.mediaMillis() - now));
        }
        lastsLong |= !ours;
        return ours;
    }

    /** "Einwilligung" may go on with "widerrufen". */
    private boolean mayBeANo(String text) {
        return language != null
                && (language.lexicon().holdsAWordOf(SpokenMeaning.WITHDRAW, text)
                        || language.lexicon()
                                .understand(text, accepted)
                                .filter(understood -> NOES.contains(understood.meaning()))
                                .isPresent());
    }

    private static boolean isNo(Heard heard) {
        return heard instanceof Heard.Words words && NOES.contains(words.meaning());
    }

    private void end() throws DecoderException {
        boolean onlyANo = endpointer.untold() && lastsLong;
        Heard heard = decide();
        boolean blip = heard.equals(NOTHING_AT_ALL) && endpointer.speechMillis() < BLIP_MILLIS;
        if (blip
                || (endpointer.untold() && heard instanceof Heard.Nothing)
                || (onlyANo && !isNo(heard))) {
            endpointer.reset();
            forget();
            cease();
        } else {
            report(heard);
        }
    }

    /** Nobody has spoken. */
    private void cease() {
        if (started) {
            started = false;
            likely = false;
            to.accept(new Heard.Ceased());
        }
    }

    private void forget() {
        utterance.clear();
        wait = 0;
        lastsLong = false;
        lastPartial = 0;
    }

    /** Asks for the final result, which begins the decoder anew. */
    private Heard decide() throws DecoderException {
        Hypothesis said = decoder().end();
        Hypothesis second = free == null ? null : free.end();
        blank = true;
        return decide(said, second);
    }

    /** The final result if the speech ended here; the decoder itself goes on undisturbed. */
    private Heard decideSoFar() throws DecoderException {
        if (language == null) {
            return NOTHING_AT_ALL;
        }
        Hypothesis second = free == null ? null : decodeAgain(language.model().openFree());
        return decide(decodeAgain(language.decoder(accepted)), second);
    }

    private Hypothesis decodeAgain(SpeechDecoder again) throws DecoderException {
        try (again) {
            for (PcmFrame frame : utterance) {
                again.accept(frame.samples());
            }
            return again.end();
        }
    }

    private Heard decide(Hypothesis said, @Nullable Hypothesis second) {
        if (language == null) {
            return NOTHING_AT_ALL;
        }
        Heard heard =
                language.decide(
                        new HeardUtterance(
                                said,
                                second,
                                endpointer.speechMillis(),
                                endpointer.endMillis(),
                                lost.millis(),
                                endpointer.hiddenMillis(),
                                this::lastSecond),
                        accepted);
        return heard instanceof Heard.Words words ? ofWhom(words) : heard;
    }

    /** What may have been said by somebody else is asked back, or has not to be done at all. */
    private Heard ofWhom(Heard.Words words) {
        boolean beside = endpointer.besideTheCaller();
        if (beside && words.meaning() == SpokenMeaning.REPEAT) {
            return new Heard.Nothing(Heard.Why.UNSURE);
        }
        return beside ? words.asWeak() : words;
    }

    private boolean yesIsLookedAt() {
        return language != null && language.looksAgain() && accepted.contains(SpokenMeaning.AGREE);
    }

    /** The last frames that were given to the decoder; no more than the verifier looks at. */
    private short[] lastSecond() {
        int frames = Math.min(utterance.size(), Verifier.SAMPLES / PcmFrame.SAMPLES + 1);
        short[] sound = new short[frames * PcmFrame.SAMPLES];
        for (int i = 0; i < frames; i++) {
            PcmFrame frame = utterance.get(utterance.size() - frames + i);
            System.arraycopy(frame.samples(), 0, sound, i * PcmFrame.SAMPLES, PcmFrame.SAMPLES);
        }
        return sound;
    }

    private SpeechDecoder decoder() throws DecoderException {
        SpeechDecoder opened = decoder;
        if (opened == null) {
            if (language == null) {
                throw new DecoderException("no language");
            }
            opened = language.decoder(accepted);
            decoder = opened;
            if (language.rule().secondOpinion()) {
                free = language.model().openFree();
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
            case Heard.Words words -> {
                levels.caller(endpointer.speechDbfs());
                levels.beside(endpointer.backgroundDbfs());
                counters.understood.increment();
            }
            case Heard.Nothing nothing -> counters.notUnderstood.increment();
            case Heard.Failed failed -> {}
            case Heard.SpeechStarted _,
                    Heard.Ceased _,
                    Heard.BegunAnew _,
                    Heard.Missed _,
                    Heard.Likely _ -> {}
        }
        tell(last);
        return true;
    }

    private void tell(Heard last) {
        if (last instanceof Heard.Failed) {
            failed = true;
            to.accept(last);
            return;
        }
        telling = Thread.currentThread();
        try {
            to.accept(last);
        } finally {
            telling = null;
        }
        if (goingOn) {
            goingOn = false;
            goOn();
        }
    }

    /** As if it had been opened now, but for a decoder of which the final result was asked. */
    private void goOn() {
        if (!blank) {
            closeDecoders();
        }
        forget();
        endpointer = new Endpointer();
        stirringMillis = 0;
        unusedMillis = 0;
        started = false;
        likely = false;
        counters.opened.increment();
        reported.set(false);
        if (closed) {
            reported.set(true);
        }
    }

    /** On the owning thread only: a decoder closed elsewhere takes the process down. */
    private void release() {
        if (closed || failed) {
            frames.clear();
        }
        utterance.clear();
        if (!released.compareAndSet(false, true)) {
            return;
        }
        closeDecoders();
        scheduler.released(this);
    }

    private void closeDecoders() {
        blank = true;
        if (decoder != null) {
            decoder.close();
            decoder = null;
        }
        if (free != null) {
            free.close();
            free = null;
        }
    }
}
