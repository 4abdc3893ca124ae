package org.consentgateway.line;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.Caller;
import org.consentgateway.call.answer.Announced;
import org.consentgateway.call.answer.AnswerTiming;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.answer.Typed;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.signal.CallDrained;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.call.spoken.Next;
import org.consentgateway.call.spoken.Reminder;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.line.text.DialogObserver;
import org.consentgateway.line.text.TypedWords;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.Playback;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.speech.Heard;
import org.consentgateway.target.CallerSide;
import org.consentgateway.target.FarLeg;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread, but for {@link #drain}, {@link #ask}, {@link
 * #consentEnded} and what the network's threads leave in the {@link Inbox}. A caller on a real
 * telephone: joins the SIP dialog, the media leg, the recogniser and the prompts into the verbs of
 * the story.
 */
public final class TelephoneCaller implements Caller {
    private final IncomingCall sip;
    private final MediaLeg leg;
    private final SharedParts shared;
    private final CallTime time;
    private final CallerState state;
    private final Inbox inbox = new Inbox();
    private final KeyTrail keys = new KeyTrail();
    private final SamePress presses = new SamePress();
    private final Hearing hearing;
    private final CallerText text;
    private final TypedWords typed;
    private final Prompts prompts;
    private final WithdrawalListener withdrawals;
    private final CutMeasurement cuts;
    private final Questions questions;
    private final RingBack ringBack;
    private final Gate gate;
    private final Bridging bridging;
    private final Typing typing;
    private final List<String> languages;
    private @Nullable Codec codec;
    private @Nullable AgreedMedia beforeAck;
    private boolean over;

    /**
     * @param leg ours until {@link #hangUp}
     * @param languages that the caller's side asks for, the best first
     */
    public TelephoneCaller(
            IncomingCall sip,
            CallFacts facts,
            MediaLeg leg,
            SharedParts shared,
            List<String> languages) {
        this.languages = List.copyOf(languages);
        this.sip = sip;
        this.leg = leg;
        this.shared = shared;
        this.time = shared.time();
        this.state = new CallerState(facts);
        this.hearing = new Hearing(shared.recogniser(), leg, time, this::heard);
        this.text = new CallerText(leg, shared.media().advertised(), inbox, keys);
        this.typed = new TypedWords(shared.lexicons());
        this.prompts = new Prompts(leg, text, shared.sounds(), inbox, time, new PromptEvents());
        this.withdrawals = new WithdrawalListener(hearing, keys, typed, inbox);
        this.questions =
                new Questions(
                        prompts,
                        new Questions.Reading(text, typed),
                        hearing,
                        withdrawals,
                        inbox,
                        new Questions.Moment(time, state));
        KeptBack keptBack = new KeptBack(clip -> prompts.play(List.of(clip)));
        this.ringBack = new RingBack(prompts, keptBack, hearing, withdrawals, inbox, typed);
        this.gate =
                new Gate(
                        shared.media().engine(),
                        keptBack,
                        () -> tell(new CallEvent.GateRefused(facts())));
        this.cuts = new CutMeasurement(time, after -> tell(new CallEvent.Cut(facts(), after)));
        this.bridging = new Bridging(inbox, withdrawals, cuts, state);
        this.typing =
                new Typing(
                        prompts,
                        withdrawals,
                        time,
                        new Typing.Reading(
                                digits -> shared.numbers().complete(sip.trunk(), digits), typed));
        leg.listen(new LegEvents());
        leg.failure().thenAccept(_ -> inbox.put(new Happening.MediaFailed()));
    }

    @Override
    public CallFacts facts() {
        return state.facts();
    }

    @Override
    public List<String> languages() {
        return languages;
    }

    @Override
    public void ring() {
        sip.ring();
    }

    @Override
    public void answer() {
        sip.answer(new LocalMedia(shared.media().addressOf(leg), text), new DialogEvents());
        while (!state.isAnswered()) {
            // RFC 3261 §13.3.1.4: without an ACK there is no call to speak on
            Happening _ = next(Happenings.PATIENCE_NANOS);
        }
        // Where it was passed on meanwhile, the next verb says so: it is answered all the same.
    }

    @Override
    public boolean hears(String language) {
        return hearing.hears(language) || reads(language);
    }

    @Override
    public boolean hearsWithdrawal(String language) {
        boolean types = text.answers() && typed.knows(language);
        return hearing.hearsInTalk(language) || types;
    }

    private boolean reads(String language) {
        return text.active() && typed.knows(language);
    }

    @Override
    public String model(String language) {
        return hearing.model(language);
    }

    @Override
    public void watch(Withdrawals watching) {
        withdrawals.watch(watching);
    }

    @Override
    public Said say(Utterance utterance) {
        return withdrawals.during(() -> prompts.say(utterance, this::next));
    }

    @Override
    public Announced announce(
            List<Utterance> before,
            Utterance announcement,
            Expecting expecting,
            AnswerTiming timing) {
        return questions.announce(before, announcement, expecting, of(timing), this::next);
    }

    @Override
    public Reply ask(Utterance question, Expecting expecting, AnswerTiming timing) {
        ringBack.asked(expecting);
        return answered(questions.ask(question, expecting, of(timing), this::next));
    }

    @Override
    public Reply rest(Reply.Meant yes, Next next, Expecting expecting, AnswerTiming timing) {
        return answered(
                questions.rest(yes, next, expecting, of(timing), ringBack::listen, this::next));
    }

    /** Who answers in text is joined to an assistant that reads. */
    private Reply answered(Reply reply) {
        if (reply instanceof Reply.Meant && text.active()) {
            text.answered(reply instanceof Reply.Written);
            enter();
        }
        return reply;
    }

    private AnswerTiming of(AnswerTiming timing) {
        return text.active() ? timing.typing() : timing;
    }

    @Override
    public void heed() {
        while (inbox.holdsAnEnd()) {
            next(0);
        }
    }

    @Override
    public void hearOut() {
        if (withdrawals.watched()) {
            withdrawals.hearOut(time, this::next);
        } else {
            heed();
        }
    }

    @Override
    public Dialled<AssistantEnd> awaitAssistant(
            Dialling<AssistantEnd> dialling, Utterance meanwhile) {
        return ringBack.untilAssistantAnswers(dialling, meanwhile, this::next);
    }

    @Override
    public Dialled<HumanEnd> awaitHuman(Dialling<HumanEnd> dialling, Utterance meanwhile) {
        return ringBack.untilHumanAnswers(dialling, meanwhile, this::nextWithPerson);
    }

    @Override
    public @Nullable PhoneNumber number() {
        String number = sip.caller().number();
        return sip.caller().withheld() || !PhoneNumber.is(number) ? null : new PhoneNumber(number);
    }

    @Override
    public Typed type(Utterance prompt, String begun) {
        return withdrawals.during(() -> typing.type(prompt, begun, this::next));
    }

    @Override
    public BridgeEnd converse(
            AssistantEnd assistant, DurableGrant grant, @Nullable Reminder reminder) {
        FarLeg far = watched(FarLeg.of(assistant));
        return bridging.converse(
                () -> gate.open(leg, assistant, grant, facts()),
                far,
                grant.purposes(),
                reminder == null ? null : new Reminding(reminder, prompts, hearing, far, time),
                this::next);
    }

    @Override
    public BridgeEnd talk(HumanEnd human, Consumer<ConsentWithdrawn> withdrawn) {
        try (CuttableBridge open = gate.openToHuman(leg, human)) {
            return bridging.talk(open, watched(FarLeg.of(human)), withdrawn, this::nextWithPerson);
        }
    }

    /** Whose media a fault of ours has ended is lost, whatever its signalling says. */
    private FarLeg watched(FarLeg far) {
        far.leg()
                .failure()
                .thenAccept(_ -> inbox.put(new Happening.FarEnded(far, new FarLeg.End.Lost())));
        return far;
    }

    @Override
    public void hangUp(Ending why) {
        if (over) {
            return;
        }
        prompts.letTheLastWordArrive();
        dismiss();
        sip.hangUp(
                why == Ending.FAILURE ? IncomingCall.Ending.FAILURE : IncomingCall.Ending.NORMAL);
    }

    /** Gives back all that a call holds but the dialog: for a call that was not taken. */
    public void dismiss() {
        over = true;
        hearing.close();
        shared.sides().leave(facts().callId());
        leg.close();
        shared.watchers().left().accept(facts());
    }

    @Override
    public MediaQuality quality() {
        return Quality.of(leg.stats());
    }

    private void tell(CallEvent event) {
        shared.watchers().listener().told(event);
    }

    @Override
    public void drain() {
        inbox.put(new Happening.Drain());
    }

    @Override
    public boolean ask(Purpose purpose) {
        boolean talks = state.withAssistant();
        if (talks) {
            inbox.put(new Happening.AskedElsewhere(purpose));
        }
        return talks;
    }

    @Override
    public void consentEnded(EndOfConsent.How how) {
        keys.elsewhere(how, time.nanos());
    }

    /** Takes the next happening, and does at once what it means at any time. */
    private @Nullable Happening next(long waitNanos) {
        tellPassedOn();
        Happening happening = inbox.take(waitNanos);
        switch (happening) {
            case Happening.Ended(IncomingCall.How how) -> throw new CallEnded(how(how));
            case Happening.MediaLost() -> mediaLost();
            case Happening.MediaNeverCame(), Happening.MediaFailed() ->
                    throw new CallEnded(CallEnded.How.MEDIA_LOST);
            case Happening.Drain() -> throw new CallDrained();
            case Happening.PassedOn() -> passedOn();
            case Happening.Withdrew withdrew -> throw cuts.withdrawn(withdrew);
            case Happening.Agreed(AgreedMedia media) -> agreed(media);
            case Happening.Acknowledged() -> acknowledged();
            case null, default -> {
                // for the verb under way
            }
        }
        return happening;
    }

    /** Whoever is dialled from now on is not told the number of who called. */
    private void passedOn() {
        state.passedOn();
        enter();
        tellPassedOn();
    }

    private void tellPassedOn() {
        if (state.tellPassedOn()) {
            throw new CallEnded(CallEnded.How.PASSED_ON);
        }
    }

    /** Whoever talks to a person, or is on the way to one, may be anybody. */
    private @Nullable Happening nextWithPerson(long waitNanos) {
        try {
            return next(waitNanos);
        } catch (CallEnded e) {
            if (e.how() == CallEnded.How.PASSED_ON) {
                return null;
            }
            throw e;
        }
    }

    private void mediaLost() {
        // Who reads and types may have no microphone: then no sound was ever heard of it.
        boolean readsOnly = text.reaches() && leg.stats().receivedPackets() == 0;
        if (state.mediaLost() && !readsOnly) {
            throw new CallEnded(CallEnded.How.MEDIA_LOST);
        }
    }

    /**
     * Not a packet goes out before the ACK: whoever forges the source of an INVITE cannot send one,
     * since it bears a tag of ours, and would have us speak to whom it likes.
     */
    private void agreed(AgreedMedia media) {
        state.agreed(time.instant());
        if (state.isAcknowledged()) {
            connect(media);
        } else {
            beforeAck = media;
        }
    }

    private void acknowledged() {
        state.acknowledged();
        AgreedMedia media = beforeAck;
        if (media != null) {
            beforeAck = null;
            connect(media);
        }
    }

    private void connect(AgreedMedia media) {
        AgreedMedia.AudioStream audio = media.audio();
        AgreedMedia.TextStream read = media.text();
        if (audio == null) {
            leg.withoutAudio();
        } else {
            leg.connect(audio.format(), audio.peer());
        }
        boolean reading = text.active();
        text.agreed(read, audio == null);
        if (!reading && !state.inTalk()) {
            text.showSaid();
        }
        MediaPeer peer = audio != null ? audio.peer() : read == null ? null : read.peer();
        state.onHold(
                peer != null && !peer.direction().weSend(),
                audio != null && !audio.format().hasEvents());
        codec = audio == null ? null : audio.format().codec();
        enter();
    }

    /** Whom we dial is told what the caller has now. */
    private void enter() {
        shared.sides()
                .enter(
                        facts().callId(),
                        new CallerSide(
                                leg,
                                new CallerSide.Has(codec, text.active(), text.answers()),
                                sip.caller(),
                                sip.calledNumber(),
                                sip.passedHeaders(),
                                sip));
    }

    /** On a recogniser thread. */
    private void heard(Heard heard) {
        shared.watchers().observer().heard(facts(), heard);
    }

    private final class PromptEvents implements Prompts.Watcher {
        private int begun;

        @Override
        public void firstAudio(long atNanos) {
            state.sinceAck(atNanos)
                    .ifPresent(after -> tell(new CallEvent.FirstAudio(facts(), after)));
        }

        @Override
        public void begins(List<Utterance> utterances, List<AudioClip> clips, Playback playback) {
            DialogObserver observer = shared.watchers().observer();
            if (observer.equals(DialogObserver.NONE)) {
                return;
            }
            List<DialogObserver.SpokenPart> parts = new ArrayList<>();
            for (Utterance each : utterances) {
                for (String part : each.parts()) {
                    String text = each.notice().texts().getOrDefault(part, "");
                    long millis =
                            parts.size() < clips.size() ? clips.get(parts.size()).millis() : 0;
                    parts.add(
                            new DialogObserver.SpokenPart(
                                    each.notice().language(), part, text, millis));
                }
            }
            int number = ++begun;
            observer.speaks(facts(), number, parts);
            playback.ended()
                    .thenAccept(how ->
                            observer.silent(facts(), number, how.end() == Playback.End.COMPLETED));
        }
    }

    private static CallEnded.How how(IncomingCall.How how) {
        return switch (how) {
            case CANCELLED -> CallEnded.How.CANCELLED;
            case BYE -> CallEnded.How.CALLER_HUNG_UP;
            case NO_ACK, TIMER_EXPIRED, TRANSPORT_FAILED -> CallEnded.How.TRANSPORT_FAILED;
            case BY_US -> CallEnded.How.BY_US;
        };
    }

    /**
     * @param music whether it may be nothing but music: that withdraws, and answers no question
     */
    private void pressed(char digit, long atNanos, boolean music) {
        shared.watchers().observer().pressed(facts(), digit);
        keys.pressed(digit, atNanos);
        if (!music) {
            inbox.put(new Happening.KeyDown(digit, atNanos));
        }
    }

    /** On a SIP thread. */
    private final class DialogEvents implements IncomingCall.Events {
        @Override
        public void media(MediaFormat format, MediaPeer peer) {
            agreed(new AgreedMedia(new AgreedMedia.AudioStream(format, peer), null));
        }

        @Override
        public void agreed(AgreedMedia media) {
            inbox.put(new Happening.Agreed(media));
        }

        @Override
        public void acknowledged() {
            state.acknowledged(time.nanos());
            inbox.put(new Happening.Acknowledged());
        }

        @Override
        public void infoDigit(char digit, int durationMillis) {
            long now = time.nanos();
            if (presses.isInformed(digit, durationMillis, now)) {
                pressed(digit, SamePress.begun(durationMillis, now), false);
            }
        }

        @Override
        public void passedOn() {
            bridging.passedOn();
        }

        @Override
        public void ended(IncomingCall.How how) {
            inbox.put(new Happening.Ended(how));
        }
    }

    /** On the leg's event loop. */
    private final class LegEvents implements MediaListener {
        @Override
        public void frame(PcmFrame frame) {
            hearing.frame(frame);
        }

        @Override
        public void keyDown(char digit, long atNanos) {
            if (presses.isDown(digit, atNanos)) {
                pressed(digit, atNanos, state.tonesInMusic());
            }
        }

        @Override
        public void keyUp(char digit, int durationMillis, long atNanos) {
            presses.isUp(digit, atNanos);
        }

        @Override
        public void mediaLost(long atNanos) {
            inbox.put(new Happening.MediaLost());
        }

        @Override
        public void mediaNeverCame(long atNanos) {
            inbox.put(new Happening.MediaNeverCame());
        }
    }
}
