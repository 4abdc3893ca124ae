package org.consentgateway.line;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
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
import org.consentgateway.line.text.TypedWords;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.words.Lexicons;
import org.jspecify.annotations.Nullable;

/**
 * Confined to a test. A caller without a network, in virtual time, made of the same parts as {@link
 * TelephoneCaller}: what is said and pressed goes through jitter buffer, recogniser and answer
 * window as on a real call.
 */
final class VirtualCaller implements Caller {
    static final long NEVER = -1;
    private static final long MOST_MILLIS = 240_000;

    private final VirtualTime time = new VirtualTime();
    private final VirtualLeg leg = new VirtualLeg(this::begun);
    private final Inbox inbox = new Inbox();
    private final KeyTrail keys = new KeyTrail();
    private final CallerState state;
    private final CallersLine line;
    private final Hearing hearing;
    private final Prompts prompts;
    private final WithdrawalListener withdrawals;
    private final CutMeasurement cuts;
    private final Questions questions;
    private final RingBack ringBack;
    private final IdentityHashMap<AudioClip, String> parts = new IdentityHashMap<>();
    private final Map<String, Integer> times = new HashMap<>();
    private final List<Cue> cues;
    private final List<Due> due = new ArrayList<>();
    private final List<Later> later = new ArrayList<>();
    private final List<Begun> heard = new ArrayList<>();
    private long connectedMillis = NEVER;

    /**
     * Something the caller does.
     *
     * @param part so long after this was begun to be spoken
     * @param time which of its beginnings
     * @param sound is said; or the key is pressed
     */
    record Cue(String part, int time, int afterMillis, short[] sound, char key) {
        static Cue says(String part, int afterMillis, short[] sound) {
            return new Cue(part, 1, afterMillis, sound, ' ');
        }

        static Cue presses(String part, int afterMillis, char key) {
            return new Cue(part, 1, afterMillis, new short[0], key);
        }

        Cue at(int beginning) {
            return new Cue(part, beginning, afterMillis, sound, key);
        }
    }

    /** A part of the notice that was begun to be spoken. */
    record Begun(String part, long millis) {}

    private record Due(long millis, Cue cue) {}

    private record Later(long millis, Runnable what) {}

    VirtualCaller(
            CallFacts facts,
            Recogniser recogniser,
            Sounds.Clips clips,
            CallersLine.Trouble trouble,
            List<Cue> cues) {
        this.state = new CallerState(facts);
        this.line = new CallersLine(trouble, 16);
        this.cues = cues;
        var callTime = time.ofCalls();
        var sounds = new Sounds(utterance -> known(utterance, clips), Tone.ringBack());
        this.hearing = new Hearing(recogniser, leg, callTime, _ -> {});
        var text = new CallerText(leg, UnaryOperator.identity(), inbox, keys);
        var typed = new TypedWords(Lexicons.none());
        this.prompts = new Prompts(leg, text, sounds, inbox, callTime, _ -> {});
        this.withdrawals = new WithdrawalListener(hearing, keys, typed, inbox);
        this.questions =
                new Questions(
                        prompts,
                        new Questions.Reading(text, typed),
                        hearing,
                        withdrawals,
                        inbox,
                        new Questions.Moment(callTime, state));
        this.ringBack =
                new RingBack(
                        prompts,
                        new KeptBack(clip -> prompts.play(List.of(clip))),
                        hearing,
                        withdrawals,
                        inbox,
                        typed);
        this.cuts = new CutMeasurement(callTime, _ -> {});
    }

    private List<AudioClip> known(Utterance utterance, Sounds.Clips clips) {
        List<AudioClip> all = clips.of(utterance);
        for (int i = 0; i < all.size(); i++) {
            parts.put(all.get(i), utterance.parts().get(i));
        }
        return all;
    }

    private void begun(AudioClip clip) {
        String part = parts.getOrDefault(clip, "ringing");
        int which = times.merge(part, 1, Integer::sum);
        heard.add(new Begun(part, time.sinceStart()));
        for (Cue cue : cues) {
            if (cue.part().equals(part) && cue.time() == which) {
                due.add(new Due(time.sinceStart() + cue.afterMillis(), cue));
            }
        }
    }

    /** What was begun to be spoken, in order. */
    List<Begun> heard() {
        return heard;
    }

    /** When an assistant began to hear this caller; {@link #NEVER} where none did. */
    long connectedMillis() {
        return connectedMillis;
    }

    /** Does this once so long has passed, while a verb waits. */
    void later(long afterMillis, Runnable what) {
        later.add(new Later(time.sinceStart() + afterMillis, what));
    }

    VirtualTime time() {
        return time;
    }

    private @Nullable Happening next(long atMostNanos) {
        long until = time.getAsLong() + atMostNanos;
        Happening happening = inbox.take(0);
        while (happening == null && time.getAsLong() < until) {
            step();
            happening = inbox.take(0);
        }
        if (happening instanceof Happening.Withdrew withdrew) {
            throw cuts.withdrawn(withdrew);
        }
        return happening;
    }

    /** So long nobody looks what has happened. */
    void passes(long millis) {
        long until = time.sinceStart() + millis;
        while (time.sinceStart() < until) {
            step();
        }
    }

    private void step() {
        if (time.sinceStart() > MOST_MILLIS) {
            throw new CallEnded(CallEnded.How.CALLER_HUNG_UP);
        }
        time.step();
        short[] sent = leg.sent();
        for (Due each : List.copyOf(due)) {
            if (each.millis() <= time.sinceStart()) {
                due.remove(each);
                does(each.cue());
            }
        }
        for (Later each : List.copyOf(later)) {
            if (each.millis() <= time.sinceStart()) {
                later.remove(each);
                each.what().run();
            }
        }
        PcmFrame frame = line.pass(sent);
        if (frame != null && leg.listensTo()) {
            hearing.frame(frame);
        }
    }

    private void does(Cue cue) {
        if (cue.key() != ' ') {
            keys.pressed(cue.key(), time.getAsLong());
            inbox.put(new Happening.KeyDown(cue.key(), time.getAsLong()));
        }
        line.says(cue.sound());
    }

    @Override
    public CallFacts facts() {
        return state.facts();
    }

    @Override
    public List<String> languages() {
        return List.of();
    }

    @Override
    public @Nullable PhoneNumber number() {
        return null;
    }

    @Override
    public void ring() {}

    @Override
    public void answer() {
        state.agreed(time.instant());
        state.acknowledged();
    }

    @Override
    public boolean hears(String language) {
        return hearing.hears(language);
    }

    @Override
    public boolean hearsWithdrawal(String language) {
        return hearing.hearsInTalk(language);
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
        return questions.announce(before, announcement, expecting, timing, this::next);
    }

    @Override
    public Reply ask(Utterance question, Expecting expecting, AnswerTiming timing) {
        ringBack.asked(expecting);
        return questions.ask(question, expecting, timing, this::next);
    }

    @Override
    public Reply rest(Reply.Meant yes, Next next, Expecting expecting, AnswerTiming timing) {
        return questions.rest(yes, next, expecting, timing, ringBack::listen, this::next);
    }

    @Override
    public Typed type(Utterance prompt, String begun) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void heed() {
        while (inbox.holdsAnEnd()) {
            next(0);
        }
    }

    @Override
    public void hearOut() {
        withdrawals.hearOut(time.ofCalls(), this::next);
    }

    @Override
    public Dialled<AssistantEnd> awaitAssistant(
            Dialling<AssistantEnd> dialling, Utterance meanwhile) {
        return ringBack.untilAssistantAnswers(dialling, meanwhile, this::next);
    }

    @Override
    public Dialled<HumanEnd> awaitHuman(Dialling<HumanEnd> dialling, Utterance meanwhile) {
        return ringBack.untilHumanAnswers(dialling, meanwhile, this::next);
    }

    @Override
    public BridgeEnd converse(
            AssistantEnd assistant, DurableGrant grant, @Nullable Reminder reminder) {
        connectedMillis = time.sinceStart();
        throw new CallEnded(CallEnded.How.CALLER_HUNG_UP);
    }

    @Override
    public BridgeEnd talk(HumanEnd human, Consumer<ConsentWithdrawn> withdrawn) {
        throw new CallEnded(CallEnded.How.CALLER_HUNG_UP);
    }

    @Override
    public void hangUp(Ending why) {
        hearing.close();
    }

    @Override
    public MediaQuality quality() {
        return MediaQuality.NONE;
    }

    @Override
    public boolean ask(Purpose purpose) {
        return false;
    }

    @Override
    public void drain() {}

    @Override
    public void consentEnded(EndOfConsent.How how) {}
}
