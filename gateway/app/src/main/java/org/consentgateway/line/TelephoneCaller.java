package org.consentgateway.line;

import org.consentgateway.call.AnswerWindow;
import org.consentgateway.call.AssistantEnd;
import org.consentgateway.call.BridgeEnd;
import org.consentgateway.call.CallEnded;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.call.Caller;
import org.consentgateway.call.Dialled;
import org.consentgateway.call.Dialling;
import org.consentgateway.call.Draining;
import org.consentgateway.call.Ending;
import org.consentgateway.call.Expecting;
import org.consentgateway.call.FarEnd;
import org.consentgateway.call.FirstQuestion;
import org.consentgateway.call.HumanEnd;
import org.consentgateway.call.HumanTarget;
import org.consentgateway.call.Line;
import org.consentgateway.call.MediaQuality;
import org.consentgateway.call.Reply;
import org.consentgateway.call.Said;
import org.consentgateway.call.Utterance;
import org.consentgateway.call.Withdrawals;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.SpokenWords;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.media.MediaBridge;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.Playback;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.target.CallerSide;
import org.consentgateway.target.CallerSides;
import org.consentgateway.target.FarLeg;
import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Confined to the call's virtual thread, but for {@link #drain}, {@link #consentEnded} and what the
 * network's threads leave in the {@link Inbox}. A caller on a real telephone: joins the SIP dialog,
 * the media leg, the recogniser and the prompts into the verbs of the story.
 */
public final class TelephoneCaller implements Caller {

    /**
     * What all callers of a process share.
     *
     * @param ringBack heard while a target is dialled
     * @param advertised what the other side is told to send its RTP to, for our own address
     * @param nanos monotonic
     * @param left told once, when a call is over
     */
    public record Exchange(
            MediaEngine media,
            Recogniser recogniser,
            Clips clips,
            CallerSides sides,
            UnaryOperator<InetSocketAddress> advertised,
            AudioClip ringBack,
            CallListener listener,
            InstantSource clock,
            LongSupplier nanos,
            Consumer<CallFacts> left) {}

    /** The event loop needs one tick to stop; more only where the machine is overloaded. */
    private static final Duration STOPPING = Duration.ofMillis(500);

    /**
     * How long to look at the inbox where only what comes in it matters: each look costs a wake-up.
     */
    private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

    /** Between the last packet of a prompt and our BYE: two of 20 ms. */
    private static final long LAST_WORD_NANOS = Duration.ofMillis(40).toNanos();

    private static final long NEVER = Long.MIN_VALUE;

    private final IncomingCall sip;
    private final MediaLeg leg;
    private final Exchange exchange;
    private final Hearing hearing;
    private final Gate gate;
    private final Inbox inbox = new Inbox();
    private CallFacts facts;
    private boolean onHold;
    private boolean acknowledged;

    /** Whether somebody hears the caller. */
    private boolean inTalk;

    /** The caller's media was missing already when nobody heard the caller. */
    private boolean lostBefore;

    private boolean firstAudioAwaited;

    /** When the ACK came: before it nothing is spoken. */
    private volatile long acknowledgedAt = NEVER;

    private boolean over;

    /** Of the last prompt spoken to its end, so long ago at first that it does not count. */
    private volatile long saidUntil;

    private final KeyTrail keys = new KeyTrail();
    private final SamePress presses = new SamePress();

    /**
     * @param leg ours until {@link #hangUp}
     */
    public TelephoneCaller(IncomingCall sip, CallFacts facts, MediaLeg leg, Exchange exchange) {
        this.sip = sip;
        this.facts = facts;
        this.leg = leg;
        this.exchange = exchange;
        this.hearing = new Hearing(exchange.recogniser(), leg);
        this.gate = new Gate(exchange.media());
        this.saidUntil = exchange.nanos().getAsLong() - LAST_WORD_NANOS;
        leg.listen(new Ears());
    }

    @Override
    public CallFacts facts() {
        return facts;
    }

    @Override
    public void ring() {
        sip.ring();
    }

    @Override
    public void answer() {
        sip.answer(exchange.advertised().apply(leg.local()), new Dialog());
        while (facts.answeredAt() == null || !acknowledged) {
            switch (next(PATIENCE_NANOS)) {
                case Happening.Agreed _ when facts.answeredAt() == null ->
                        facts = facts.answered(exchange.clock().instant());
                case Happening.Acknowledged() -> acknowledged = true;
                case null, default -> {
                    // RFC 3261 §13.3.1.4: without an ACK there is no call to speak on
                }
            }
        }
    }

    @Override
    public boolean hears(String language) {
        return exchange.recogniser().hears(language);
    }

    @Override
    public String model(String language) {
        return exchange.recogniser().model(language);
    }

    @Override
    public Said say(Utterance utterance) {
        Playback playback = play(exchange.clips().of(utterance));
        try {
            while (true) {
                if (next(PATIENCE_NANOS) instanceof Happening.Played(Playback which, var how)
                        && which.equals(playback)) {
                    saidUntil = exchange.nanos().getAsLong();
                    return said(how, Said.End.SEND_FAILED);
                }
            }
        } catch (CallEnded gone) {
            throw new CallEnded(gone.how(), heardOf(playback));
        }
    }

    /** How much of it went out before the caller was gone. */
    private static Said heardOf(Playback playback) {
        playback.stop();
        try {
            Playback.Played how =
                    playback.ended()
                            .toCompletableFuture()
                            .get(STOPPING.toMillis(), TimeUnit.MILLISECONDS);
            return said(how, Said.End.CALLER_GONE);
        } catch (TimeoutException | ExecutionException e) {
            return new Said(0, 0, 0, false, Said.End.CALLER_GONE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Said(0, 0, 0, false, Said.End.CALLER_GONE);
        }
    }

    @Override
    public Reply ask(Utterance question, Expecting expecting, Line.Timing timing) {
        long start = exchange.nanos().getAsLong();
        List<AudioClip> clips = exchange.clips().of(question);
        var window = new AnswerWindow(expecting, timing, start, put(question, clips));
        if (onHold) {
            window.held(true, start);
        }
        Playback playback = play(clips);
        hearing.prompt(true);
        String language = question.notice().language();
        Set<SpokenMeaning> words = SpokenMeanings.spoken(expecting.words());
        boolean listens = !words.isEmpty() && hears(language);
        int listening = listens ? listenFor(language, words) : -1;
        keys.watch(watch(new Withdrawals(expecting.withdrawal(), false, language)));
        try {
            while (true) {
                Happening happening = next(untilTick(window));
                long now = exchange.nanos().getAsLong();
                if (happening instanceof Happening.Withdrew(_, long at, _)) {
                    return new Reply.Withdrew(instantOf(at), Duration.ofNanos(at - start));
                }
                AnswerWindow.Move move = move(window, happening, playback, listening, now);
                if (move.stopPrompt()) {
                    playback.stop();
                }
                if (move.reply() != null) {
                    return move.reply();
                }
                if (move.listenAgain() && listens) {
                    listening = listenFor(language, words);
                }
            }
        } finally {
            playback.stop();
            hearing.prompt(false);
            hearing.stop();
            keys.watch(null);
            keys.clear();
        }
    }

    /** From the start of a prompt until it has put its question, which its last part asks. */
    private static Duration put(Utterance question, List<AudioClip> clips) {
        String part = question.parts().getLast();
        double asking = FirstQuestion.share(question.notice().texts().getOrDefault(part, ""));
        long before = clips.stream().limit(clips.size() - 1).mapToLong(AudioClip::millis).sum();
        return Duration.ofMillis(before + Math.round(asking * clips.getLast().millis()));
    }

    private AnswerWindow.Move move(
            AnswerWindow window,
            @Nullable Happening happening,
            Playback playback,
            int listening,
            long now) {
        return switch (happening) {
            case Happening.KeyDown(char digit, long at) -> window.keyDown(digit, at, now);
            case Happening.Played(Playback which, var how) when which.equals(playback) -> {
                hearing.prompt(false);
                yield window.promptEnded(said(how, Said.End.BARGED_IN), now);
            }
            case Happening.Listened(int which, Heard heard) when which == listening ->
                    move(window, heard, now);
            case Happening.Agreed _ -> window.held(onHold, now);
            case null, default -> window.tick(now);
        };
    }

    private static AnswerWindow.Move move(AnswerWindow window, Heard heard, long now) {
        return switch (heard) {
            case Heard.SpeechStarted _ -> window.speechStarted(now);
            case Heard.Words words ->
                    window.words(
                            SpokenMeanings.meaning(words.meaning()),
                            new SpokenWords(words.entry()),
                            words.confidence(),
                            words.speechMillis(),
                            now);
            case Heard.Nothing _ -> window.nothing(now);
            case Heard.Failed _ -> window.recogniserFailed(now);
        };
    }

    @Override
    public Dialled<AssistantEnd> await(Dialling<AssistantEnd> dialling, Withdrawals watching) {
        keys.watch(watch(watching));
        try {
            return ringing(
                    dialling,
                    happening ->
                            switch (happening) {
                                case Happening.Withdrew(Method method, _, _) ->
                                        new Dialled.WithdrawnMeanwhile(method);
                                case Happening.EndedElsewhere _ -> new Dialled.EndedElsewhere();
                                case null, default -> null; // other keys mean nothing
                            });
        } finally {
            keys.watch(null);
        }
    }

    @Override
    public Dialled<HumanEnd> await(Dialling<HumanEnd> dialling) {
        return ringing(dialling, _ -> null);
    }

    /**
     * @param ends what a happening means to the dialling; null if it goes on
     */
    private <E extends FarEnd> Dialled<E> ringing(
            Dialling<E> dialling, Function<@Nullable Happening, @Nullable Dialled<E>> ends) {
        CompletionStage<Dialled<E>> result = dialling.result();
        result.thenAccept(_ -> inbox.put(new Happening.DialDone(dialling)));
        Playback ringing = play(List.of(exchange.ringBack()), true);
        boolean done = false;
        try {
            while (true) {
                Happening happening = next(PATIENCE_NANOS);
                if (happening instanceof Happening.DialDone(Dialling<?> which)
                        && which.equals(dialling)) {
                    done = true;
                    return result.toCompletableFuture().join();
                }
                Dialled<E> end = ends.apply(happening);
                if (end != null) {
                    return end;
                }
            }
        } finally {
            ringing.stop();
            if (!done) {
                dialling.cancel();
            }
        }
    }

    /** For where no audio flows yet, or none any more: there is nothing to cut. */
    private WithdrawalWatch watch(Withdrawals watching) {
        return new WithdrawalWatch(watching, exchange.nanos(), inbox);
    }

    @Override
    public BridgeEnd converse(AssistantEnd assistant, DurableGrant grant, Withdrawals watching) {
        try (MediaBridge bridge = gate.open(leg, assistant, grant, facts)) {
            var cutting = new WithdrawalWatch(watching, () -> cut(bridge), inbox);
            keys.watch(cutting);
            if (watching.phrase() && hears(watching.language())) {
                bridge.tapFirst(true);
                listenForPhrase(watching.language(), cutting);
            }
            return untilTheEnd(FarLeg.of(assistant));
        } finally {
            keys.watch(null);
            hearing.stop();
        }
    }

    @Override
    public BridgeEnd talk(HumanEnd human) {
        try (MediaBridge _ = gate.openToHuman(leg, human)) {
            return untilTheEnd(FarLeg.of(human));
        }
    }

    private BridgeEnd untilTheEnd(FarLeg far) {
        far.ended().thenAccept(end -> inbox.put(new Happening.FarEnded(far, end)));
        inTalk = true;
        try {
            return talkOf(far);
        } finally {
            inTalk = false;
        }
    }

    private BridgeEnd talkOf(FarLeg far) {
        while (true) {
            switch (next(PATIENCE_NANOS)) {
                case Happening.FarEnded(FarLeg which, FarLeg.End end) when which.equals(far) -> {
                    return switch (end) {
                        case FarLeg.End.HungUp() -> new BridgeEnd.FarEndHungUp();
                        case FarLeg.End.Lost() -> new BridgeEnd.Lost();
                        case FarLeg.End.Referred(HumanTarget to) -> new BridgeEnd.Referred(to);
                    };
                }
                case Happening.Withdrew(Method method, long at, long cutAt) -> {
                    exchange.listener()
                            .told(new CallEvent.Cut(facts, Duration.ofNanos(cutAt - at)));
                    return new BridgeEnd.Withdrawn(method, instantOf(at), instantOf(cutAt));
                }
                case Happening.EndedElsewhere(long at, long cutAt) -> {
                    exchange.listener()
                            .told(new CallEvent.Cut(facts, Duration.ofNanos(cutAt - at)));
                    return new BridgeEnd.EndedElsewhere();
                }
                case null, default -> {
                    // the talk goes on
                }
            }
        }
    }

    /**
     * Called on the event loop or a recogniser thread: nothing stands between the last key and
     * this.
     */
    private long cut(MediaBridge bridge) {
        bridge.cutFirstToSecond();
        return exchange.nanos().getAsLong();
    }

    private void listenForPhrase(String language, WithdrawalWatch cutting) {
        hearing.start(
                language,
                EnumSet.of(SpokenMeaning.WITHDRAW),
                (_, heard) -> {
                    switch (heard) {
                        case Heard.Words words when words.meaning() == SpokenMeaning.WITHDRAW ->
                                cutting.spoken(exchange.nanos().getAsLong());
                        case Heard.Words _, Heard.Nothing _ -> listenForPhrase(language, cutting);
                        case Heard.SpeechStarted _, Heard.Failed _ -> {
                            // wait for the words; or only keys are left
                        }
                    }
                });
    }

    @Override
    public void hangUp(Ending why) {
        if (over) {
            return;
        }
        letTheLastWordArrive();
        dismiss();
        sip.hangUp(
                why == Ending.FAILURE ? IncomingCall.Ending.FAILURE : IncomingCall.Ending.NORMAL);
    }

    /**
     * A BYE right behind the last packet of a goodbye would have the far end throw away what it has
     * not played yet: two packets of silence go between them.
     */
    private void letTheLastWordArrive() {
        long left = saidUntil + LAST_WORD_NANOS - exchange.nanos().getAsLong();
        while (left > 0 && left <= LAST_WORD_NANOS) {
            LockSupport.parkNanos(left);
            left = saidUntil + LAST_WORD_NANOS - exchange.nanos().getAsLong();
        }
    }

    /** Gives back all that a call holds but the dialog: for a call that was not taken. */
    public void dismiss() {
        over = true;
        hearing.close();
        exchange.sides().leave(facts.callId());
        leg.close();
        exchange.left().accept(facts);
    }

    @Override
    public MediaQuality quality() {
        return Quality.of(leg.stats());
    }

    @Override
    public void drain() {
        inbox.put(new Happening.Drain());
    }

    @Override
    public void consentEnded() {
        keys.elsewhere(exchange.nanos().getAsLong());
    }

    /** Takes the next happening, and does at once what it means at any time. */
    private @Nullable Happening next(long waitNanos) {
        Happening happening = inbox.take(waitNanos);
        switch (happening) {
            case Happening.Ended(IncomingCall.How how) -> throw new CallEnded(how(how));
            case Happening.MediaLost() -> mediaLost();
            case Happening.Drain() -> throw new Draining();
            case Happening.Agreed(MediaFormat format, MediaPeer peer) -> connect(format, peer);
            case null, default -> {
                // for the verb under way
            }
        }
        return happening;
    }

    /**
     * While we speak, the story finds out by itself that nothing comes back, records it so and
     * tries a human; only a talk ends with the caller's media.
     */
    private void mediaLost() {
        if (!onHold && inTalk && !lostBefore) {
            throw new CallEnded(CallEnded.How.MEDIA_LOST);
        }
        lostBefore = !inTalk;
    }

    private void connect(MediaFormat format, MediaPeer peer) {
        leg.connect(format, peer);
        onHold = !peer.direction().weSend();
        exchange.sides()
                .enter(
                        facts.callId(),
                        new CallerSide(
                                leg,
                                format.codec(),
                                sip.caller(),
                                sip.calledNumber(),
                                sip.passedHeaders(),
                                sip));
    }

    private Playback play(List<AudioClip> clips) {
        Playback playback = play(clips, false);
        if (!firstAudioAwaited) {
            firstAudioAwaited = true;
            CallFacts answered = facts;
            playback.begun().thenAccept(at -> firstAudio(answered, at));
        }
        return playback;
    }

    /** On the event loop. */
    private void firstAudio(CallFacts answered, long atNanos) {
        long since = acknowledgedAt;
        if (since != NEVER) {
            exchange.listener()
                    .told(new CallEvent.FirstAudio(answered, Duration.ofNanos(atNanos - since)));
        }
    }

    private Playback play(List<AudioClip> clips, boolean repeat) {
        Playback playback = leg.play(clips, repeat);
        playback.ended().thenAccept(how -> inbox.put(new Happening.Played(playback, how)));
        return playback;
    }

    private int listenFor(String language, Set<SpokenMeaning> words) {
        return hearing.start(
                language,
                words,
                (listening, heard) -> inbox.put(new Happening.Listened(listening, heard)));
    }

    private long untilTick(AnswerWindow window) {
        long due = window.nextTick();
        if (due == AnswerWindow.NEVER) {
            return PATIENCE_NANOS;
        }
        return Math.clamp(due - exchange.nanos().getAsLong(), 0, PATIENCE_NANOS);
    }

    private static Said said(Playback.Played how, Said.End ifStopped) {
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
                how.receivedPackets() > 0,
                end);
    }

    private Instant instantOf(long nanos) {
        long ago = exchange.nanos().getAsLong() - nanos;
        return exchange.clock().instant().minusNanos(ago);
    }

    private static CallEnded.How how(IncomingCall.How how) {
        return switch (how) {
            case CANCELLED -> CallEnded.How.CANCELLED;
            case BYE -> CallEnded.How.CALLER_HUNG_UP;
            case NO_ACK, TIMER_EXPIRED, TRANSPORT_FAILED -> CallEnded.How.TRANSPORT_FAILED;
            case BY_US -> CallEnded.How.BY_US;
        };
    }

    /** On a SIP thread. */
    private final class Dialog implements IncomingCall.Events {
        @Override
        public void media(MediaFormat format, MediaPeer peer) {
            inbox.put(new Happening.Agreed(format, peer));
        }

        @Override
        public void acknowledged() {
            if (acknowledgedAt == NEVER) {
                acknowledgedAt = exchange.nanos().getAsLong();
            }
            inbox.put(new Happening.Acknowledged());
        }

        @Override
        public void infoDigit(char digit, int durationMillis) {
            pressed(digit, SamePress.Way.INFO, exchange.nanos().getAsLong());
        }

        @Override
        public void ended(IncomingCall.How how) {
            inbox.put(new Happening.Ended(how));
        }
    }

    /** On the leg's event loop. */
    private final class Ears implements MediaListener {
        @Override
        public void frame(PcmFrame frame) {
            hearing.frame(frame);
        }

        @Override
        public void keyDown(char digit, long atNanos) {
            pressed(digit, SamePress.Way.MEDIA, atNanos);
        }

        @Override
        public void mediaLost(long atNanos) {
            inbox.put(new Happening.MediaLost());
        }
    }

    private void pressed(char digit, SamePress.Way way, long atNanos) {
        if (!presses.isNew(digit, way, atNanos)) {
            return;
        }
        keys.pressed(digit, atNanos);
        inbox.put(new Happening.KeyDown(digit, atNanos));
    }
}
