package org.consentgateway.call;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.consentgateway.call.answer.Announced;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.journal.DurableGrant;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. A stage of the story, in which the caller's leaving means
 * one thing. The verbs that wait for the caller are to be had here and nowhere else, so that none
 * can be used without saying what a hang-up at it means.
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
    Announced announce(@Nullable Utterance before, List<String> parts, Expecting expecting) {
        Expecting heard = call.hears() ? expecting : expecting.keysOnly();
        return verb(
                () -> caller.announce(before, call.utterance(parts), heard, call.line().timing()));
    }

    /** As {@link Caller#ask}. */
    Reply ask(Utterance question, Expecting expecting) {
        return verb(() -> caller.ask(question, expecting, call.line().timing()));
    }

    /** As {@link Caller#await(Dialling, Utterance, Withdrawals)}. */
    Dialled<AssistantEnd> await(
            Dialling<AssistantEnd> dialling, List<String> meanwhile, Withdrawals watching) {
        return orCancel(
                dialling, () -> caller.await(dialling, call.utterance(meanwhile), watching));
    }

    /** As {@link Caller#await(Dialling, Utterance)}. */
    Dialled<HumanEnd> await(Dialling<HumanEnd> dialling, List<String> meanwhile) {
        return orCancel(dialling, () -> caller.await(dialling, call.utterance(meanwhile)));
    }

    /** Whoever is gone before the verb begins leaves nobody ringing. */
    private <E extends FarEnd> Dialled<E> orCancel(
            Dialling<E> dialling, Supplier<Dialled<E>> verb) {
        try {
            return verb(verb);
        } catch (RuntimeException e) {
            dialling.cancel(e instanceof Draining ? Ending.DRAINED : Ending.NORMAL);
            throw e;
        }
    }

    /** As {@link Caller#converse}. */
    BridgeEnd converse(AssistantEnd assistant, DurableGrant grant, Withdrawals watching) {
        return verb(() -> caller.converse(assistant, grant, watching));
    }

    /** As {@link Caller#talk}. */
    BridgeEnd talk(HumanEnd human) {
        return verb(() -> caller.talk(human));
    }

    private <T> T verb(Supplier<T> verb) {
        try {
            return verb.get();
        } catch (CallEnded ended) {
            throw new CallerGone(ended, ifGone);
        }
    }
}
