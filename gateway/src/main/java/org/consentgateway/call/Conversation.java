package org.consentgateway.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.Cut;
import org.consentgateway.consent.DurableGrant;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Parts;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. What a durable grant allows: the assistant is dialled and
 * hears the caller, until one of them ends it or the caller withdraws.
 */
final class Conversation {
    private static final Expecting ONE_TO_FIVE =
            new Expecting(
                    Map.of(
                            '1', Meaning.ONE,
                            '2', Meaning.TWO,
                            '3', Meaning.THREE,
                            '4', Meaning.FOUR,
                            '5', Meaning.FIVE),
                    java.util.Set.of());

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
        talk.ifGone(() -> new CallOutcome.LeftBeforeAssistant(talk.trail(), level()));
        if (first.length > 0 && talk.line().confirmation()) {
            talk.say(first);
        }
        Assistant assistant = talk.world().targets().assistant(talk.line().assistant());
        Dialling dialling = assistant.dial(grant, talk.facts(), talk.notice().language());
        return switch (whileRinging(dialling)) {
            case Dialled.Connected(Connection connection) -> converse(assistant, connection);
            case Dialled.NotReached _ ->
                    new ToHuman(talk)
                            .connect(
                                    path ->
                                            new CallOutcome.AssistantUnreachable(
                                                    talk.trail(), level(), path),
                                    Parts.ASSISTANT_UNREACHABLE);
            case Dialled.WithdrawnMeanwhile(Method method) ->
                    withdrawn(withdrawal(method, talk.now(), null));
        };
    }

    private Dialled whileRinging(Dialling dialling) {
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

    private CallOutcome converse(Assistant assistant, Connection connection) {
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
            talk.events().bridged(talk.facts(), assistant.name());
            end = talk.caller().converse(connection, grant, watching());
        } catch (RuntimeException e) {
            connection.hangUp(Ending.NORMAL);
            talk.note(cut(e instanceof Draining ? Cut.DRAINED : Cut.CALLER_HUNG_UP));
            throw e;
        }
        connection.hangUp(Ending.NORMAL);
        Duration talked = talk.since(from);
        talk.ifGone(() -> assisted(talked));
        return switch (end) {
            case BridgeEnd.FarEndHungUp() -> {
                talk.note(cut(Cut.ASSISTANT_HUNG_UP));
                askForSatisfaction();
                yield assisted(talked);
            }
            case BridgeEnd.Lost() -> {
                talk.note(cut(Cut.ASSISTANT_LOST));
                yield new ToHuman(talk).connect(_ -> assisted(talked), Parts.ASSISTANT_UNREACHABLE);
            }
            case BridgeEnd.Withdrawn(Method method, Instant at, Instant cutAt) ->
                    withdrawn(withdrawal(method, at, cutAt), cut(Cut.WITHDRAWN));
        };
    }

    /** The audio is cut and the assistant is gone already: first stopped, now recorded. */
    private CallOutcome withdrawn(ConsentRecord.Withdrawn withdrawal, ConsentRecord... more) {
        var records = new ConsentRecord[1 + more.length];
        records[0] = withdrawal;
        System.arraycopy(more, 0, records, 1, more.length);
        talk.note(records);
        talk.events().withdrawn(talk.facts(), level(), withdrawal.method());
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

    /** Once, by one key, never linked to the caller; who hangs up has skipped it. */
    private void askForSatisfaction() {
        if (!talk.line().satisfaction()) {
            return;
        }
        Reply reply =
                talk.caller()
                        .ask(
                                Utterance.of(talk.notice(), Parts.SATISFACTION),
                                ONE_TO_FIVE,
                                talk.line().timing());
        if (reply instanceof Reply.Key key) {
            talk.events()
                    .satisfaction(
                            talk.line().id(),
                            talk.notice().language(),
                            talk.notice().variant(),
                            key.meaning().digit());
        }
        talk.say(Parts.THANKS);
    }

    private CallOutcome assisted(Duration talked) {
        return new CallOutcome.Assisted(talk.trail(), level(), basis, talked);
    }

    private String level() {
        return grant.level().id();
    }
}
