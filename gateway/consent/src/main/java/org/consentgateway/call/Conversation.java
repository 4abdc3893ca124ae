package org.consentgateway.call;

import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.Cut;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.journal.DurableGrant;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * Confined to the call's virtual thread. What a durable grant allows: the assistant is dialled and
 * hears the caller, until one of them ends it or the caller withdraws.
 */
final class Conversation {
    private static final Map<Character, Meaning> ONE_TO_FIVE =
            Map.of(
                    '1', Meaning.ONE,
                    '2', Meaning.TWO,
                    '3', Meaning.THREE,
                    '4', Meaning.FOUR,
                    '5', Meaning.FIVE);

    private final Talk talk;
    private final DurableGrant grant;
    private final CallOutcome.Basis basis;

    Conversation(Talk talk, DurableGrant grant, CallOutcome.Basis basis) {
        this.talk = talk;
        this.grant = grant;
        this.basis = basis;
    }

    /**
     * @param first parts spoken before the assistant is dialled, so that nothing of its greeting is
     *     talked over; none where there is nothing to confirm
     */
    CallOutcome hold(String... first) {
        try (var _ =
                talk.journal()
                        .inUse()
                        .begin(grant, talk.facts().subject(), talk.caller()::consentEnded)) {
            return confirmAndDial(first);
        }
    }

    private CallOutcome confirmAndDial(String... first) {
        talk.ifGone(() -> new CallOutcome.LeftBeforeAssistant(talk.trail(), level()));
        if (first.length > 0 && talk.line().confirmation()) {
            talk.say(first);
        }
        Assistant assistant = talk.services().targets().assistant(talk.line().assistant());
        Dialling<AssistantEnd> dialling =
                assistant.dial(grant, talk.facts(), talk.notice().language());
        return switch (whileRinging(dialling)) {
            case Dialled.Connected(AssistantEnd end) -> converse(assistant, end);
            case Dialled.NotReached<AssistantEnd> _ ->
                    new ToHuman(talk)
                            .connect(
                                    path ->
                                            new CallOutcome.AssistantUnreachable(
                                                    talk.trail(), level(), path),
                                    Parts.ASSISTANT_UNREACHABLE);
            case Dialled.WithdrawnMeanwhile(Method method) ->
                    withdrawn(withdrawal(method, talk.now(), null));
            case Dialled.EndedElsewhere() -> withdrew();
        };
    }

    private Dialled<AssistantEnd> whileRinging(Dialling<AssistantEnd> dialling) {
        try {
            return talk.caller().await(dialling, watching());
        } catch (RuntimeException e) {
            dialling.cancel();
            throw e;
        }
    }

    private Withdrawals watching() {
        return new Withdrawals(
                talk.line().withdrawalKeys(),
                grant.level().spotsPhrase() && talk.hears(),
                talk.notice().language());
    }

    private CallOutcome converse(Assistant assistant, AssistantEnd connection) {
        long from = talk.nanos();
        talk.ifGone(() -> assisted(talk.since(from)));
        BridgeEnd end;
        try {
            talk.note(
                    new ConsentRecord.AssistantOpened(
                            talk.newId(),
                            talk.now(),
                            talk.facts(),
                            grant.record(),
                            assistant.name()));
            end = talk.caller().converse(connection, grant, watching());
        } catch (RuntimeException e) {
            connection.hangUp(Ending.NORMAL);
            talk.note(cut(e instanceof Draining ? Cut.DRAINED : Cut.CALLER_HUNG_UP));
            throw e;
        }
        if (!(end instanceof BridgeEnd.Referred)) {
            connection.hangUp(Ending.NORMAL);
        }
        Duration talked = talk.since(from);
        talk.ifGone(() -> assisted(talked));
        return switch (end) {
            case BridgeEnd.FarEndHungUp() -> {
                talk.note(cut(Cut.ASSISTANT_HUNG_UP));
                yield askForSatisfaction(talked);
            }
            case BridgeEnd.Lost() -> {
                talk.note(cut(Cut.ASSISTANT_LOST));
                yield new ToHuman(talk).connect(_ -> assisted(talked), Parts.ASSISTANT_UNREACHABLE);
            }
            case BridgeEnd.Referred(HumanTarget human) -> handedOver(connection, human, talked);
            case BridgeEnd.Withdrawn(Method method, Instant at, Instant cutAt) ->
                    withdrawn(withdrawal(method, at, cutAt), cut(Cut.WITHDRAWN));
            case BridgeEnd.EndedElsewhere() -> {
                talk.note(cut(Cut.WITHDRAWN));
                yield withdrew();
            }
        };
    }

    /** The assistant hears nothing any more, and is told how it went. */
    private CallOutcome handedOver(AssistantEnd assistant, HumanTarget human, Duration talked) {
        try {
            talk.note(cut(Cut.HANDED_OVER));
            return new ToHuman(talk).connect(human, assistant::referred, _ -> assisted(talked));
        } finally {
            assistant.hangUp(Ending.NORMAL); // where the caller has left meanwhile
        }
    }

    /** The audio is cut and the assistant is gone already: first stopped, now recorded. */
    private CallOutcome withdrawn(ConsentRecord.Withdrawn withdrawal, ConsentRecord... more) {
        var records = new ConsentRecord[1 + more.length];
        records[0] = withdrawal;
        System.arraycopy(more, 0, records, 1, more.length);
        talk.note(records);
        talk.tell(new CallEvent.Withdrawn(talk.facts(), level(), withdrawal.method()));
        return withdrew();
    }

    /** Where it was withdrawn in another call, it is recorded and counted there. */
    private CallOutcome withdrew() {
        return new ToHuman(talk)
                .connect(
                        path -> new CallOutcome.Withdrew(talk.trail(), level(), path),
                        Parts.WITHDRAWN);
    }

    private ConsentRecord.Withdrawn withdrawal(Method method, Instant at, @Nullable Instant cutAt) {
        return new ConsentRecord.Withdrawn(
                talk.newId(),
                talk.now(),
                talk.facts(),
                talk.facts().subject(),
                talk.notice().id(),
                grant.record(),
                ConsentRecord.Withdrawn.Reason.CALLER,
                method,
                at,
                cutAt);
    }

    private ConsentRecord cut(Cut why) {
        return new ConsentRecord.AssistantCut(
                talk.newId(), talk.now(), talk.facts(), grant.record(), why);
    }

    /**
     * Once, by one key, never linked to the caller; who hangs up has skipped it. The consent goes
     * on after the conversation: it can still be withdrawn.
     */
    private CallOutcome askForSatisfaction(Duration talked) {
        if (!talk.line().satisfaction()) {
            return assisted(talked);
        }
        Reply reply =
                talk.caller()
                        .ask(
                                Utterance.of(talk.notice(), Parts.SATISFACTION),
                                new Expecting(ONE_TO_FIVE, Set.of(), talk.line().withdrawalKeys()),
                                talk.line().timing());
        switch (reply) {
            case Reply.Key key ->
                    talk.tell(
                            new CallEvent.Satisfaction(
                                    talk.line().id(),
                                    talk.notice().language(),
                                    talk.notice().variant(),
                                    key.meaning().digit()));
            case Reply.Withdrew(Instant at, _) -> {
                return withdrawn(withdrawal(Method.KEY, at, null));
            }
            case Reply.Spoken _,
                    Reply.Conflict _,
                    Reply.NoInput _,
                    Reply.NoMatch _,
                    Reply.PromptIncomplete _ -> {}
        }
        talk.say(Parts.THANKS);
        return assisted(talked);
    }

    private CallOutcome assisted(Duration talked) {
        return new CallOutcome.Assisted(talk.trail(), level(), basis, talked);
    }

    private String level() {
        return grant.level().id();
    }
}
