package org.consentgateway.call;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
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
import org.consentgateway.call.signal.CallDrained;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.spoken.Next;
import org.consentgateway.call.spoken.Reminder;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.journal.DurableGrant;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. A stage of the story, in which the caller's leaving means
 * one thing. The verbs that wait for the caller are to be had here and nowhere else, so that none
 * can be used without saying what a hang-up at it means, and none without watching for a withdrawal
 * of what is in force.
 */
final class CallStage {
    private final CallInProgress call;
    private final Caller caller;
    private final Supplier<CallOutcome> ifGone;

    /**
     * @param ifGone how the call went if the caller leaves in this stage
     */
    CallStage(CallInProgress call, Caller caller, Supplier<CallOutcome> ifGone) {
        this.call = call;
        this.caller = caller;
        this.ifGone = ifGone;
    }

    CallInProgress call() {
        return call;
    }

    /** As {@link Caller#ring}. */
    void ring() {
        verb(() -> {
            caller.ring();
            return call;
        });
    }

    /** As {@link Caller#answer}. */
    void answer() {
        verb(() -> {
            caller.answer();
            return call;
        });
    }

    /** As {@link Caller#say}. */
    Said say(String... parts) {
        return say(Arrays.asList(parts));
    }

    /** As {@link Caller#say}. */
    Said say(List<String> parts) {
        return verb(() -> caller.say(call.utterance(parts)));
    }

    /** As {@link Caller#announce}. */
    Announced announce(List<Utterance> before, List<String> parts, Expecting expecting) {
        Expecting heard = call.hears() ? expecting : expecting.keysOnly();
        return verb(() ->
                caller.announce(
                        before, call.utterance(parts), watched(heard), call.line().timing()));
    }

    /** As {@link Caller#ask}. */
    Reply ask(Utterance question, Expecting expecting) {
        return ask(question, expecting, call.line().timing());
    }

    /** As {@link Caller#ask}. */
    Reply ask(Utterance question, Expecting expecting, AnswerTiming timing) {
        return verb(() -> caller.ask(question, watched(expecting), timing));
    }

    /** As {@link Caller#rest}. */
    Reply rest(Reply.Meant yes, Next next, Expecting expecting) {
        return verb(() -> caller.rest(yes, next, watched(expecting), call.line().timing()));
    }

    /** As {@link Caller#heed}. */
    void heed() {
        verb(() -> {
            caller.heed();
            return call;
        });
    }

    /** As {@link Caller#hearOut}. */
    void hearOut() {
        verb(() -> {
            caller.hearOut();
            return call;
        });
    }

    /**
     * As {@link Caller#awaitAssistant}; where the caller withdraws, the dialling is for whoever has
     * begun it to end.
     */
    Dialled<AssistantEnd> awaitAssistant(Dialling<AssistantEnd> dialling, List<String> meanwhile) {
        try {
            return verb(() -> caller.awaitAssistant(dialling, call.utterance(meanwhile)));
        } catch (ConsentWithdrawn e) {
            throw e;
        } catch (RuntimeException e) {
            dialling.abandon(endingBy(e));
            throw e;
        }
    }

    /**
     * As {@link Caller#awaitHuman}. Whoever is gone before it begins leaves nobody ringing. A
     * person never learns why: that a consent has ended is no business of their telephone.
     */
    Dialled<HumanEnd> awaitHuman(Dialling<HumanEnd> dialling, List<String> meanwhile) {
        try {
            return withPerson(() -> caller.awaitHuman(dialling, call.utterance(meanwhile)));
        } catch (RuntimeException e) {
            dialling.abandon(endingBy(e));
            throw e;
        }
    }

    private static Ending endingBy(RuntimeException e) {
        return e instanceof CallDrained ? Ending.DRAINED : Ending.NORMAL;
    }

    /** As {@link Caller#converse}. */
    BridgeEnd converse(AssistantEnd assistant, DurableGrant grant, @Nullable Reminder reminder) {
        return verb(() -> caller.converse(assistant, grant, reminder));
    }

    /** As {@link Caller#number}. */
    @Nullable PhoneNumber number() {
        return caller.number();
    }

    /** As {@link Caller#type}. */
    Typed type(List<String> parts, String begun) {
        return verb(() -> caller.type(call.utterance(parts), begun));
    }

    /** As {@link Caller#talk}. */
    BridgeEnd talk(HumanEnd human) {
        return withPerson(() ->
                caller.talk(
                        human,
                        how -> {
                            heedPassedOn();
                            boolean _ = call.withdraw(how);
                        }));
    }

    /** Whoever the call is passed on to meanwhile is on the right way, but is not who called. */
    private <T> T withPerson(Supplier<T> verb) {
        try {
            return verb(verb);
        } finally {
            heedPassedOn();
        }
    }

    private void heedPassedOn() {
        if (call.facts().subject() != null && caller.facts().subject() == null) {
            call.passedOn();
        }
    }

    private Expecting watched(Expecting expecting) {
        return expecting.withdrawing(call.watching().keys());
    }

    private <T> T verb(Supplier<T> verb) {
        caller.watch(call.watching());
        try {
            return verb.get();
        } catch (CallEnded ended) {
            throw new CallerGone(ended, ifGone);
        }
    }

    /** The caller left during a verb of a stage, which says what that means for the call. */
    static final class CallerGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient CallEnded ended;
        private final transient Supplier<CallOutcome> meaning;

        CallerGone(CallEnded ended, Supplier<CallOutcome> meaning) {
            super(ended.how().name(), null, false, false);
            this.ended = ended;
            this.meaning = meaning;
        }

        CallEnded.How how() {
            return ended.how();
        }

        /** As {@link CallEnded#atOr}. */
        Instant atOr(Instant now) {
            return ended.atOr(now);
        }

        /** As {@link CallEnded#said}. */
        @Nullable Said said() {
            return ended.said();
        }

        /** How the call went, then. */
        CallOutcome outcome() {
            return meaning.get();
        }
    }
}
