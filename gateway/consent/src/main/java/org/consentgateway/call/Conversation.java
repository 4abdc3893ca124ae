package org.consentgateway.call;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.consentgateway.call.far.Assistant;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.call.signal.CallDrained;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.spoken.Reminder;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.Cut;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. What a durable grant allows: the assistant is dialled and
 * hears the caller, until one of them ends it or the caller withdraws.
 */
final class Conversation {
    private final CallInProgress call;
    private DurableGrant grant;

    /** Under which the talk went on: that, and what it was added to. */
    private List<DurableGrant> grants;

    private final CallOutcome.Basis basis;

    Conversation(CallInProgress call, DurableGrant grant, CallOutcome.Basis basis) {
        this.call = call;
        this.grant = grant;
        this.grants = List.of(grant);
        this.basis = basis;
    }

    /**
     * What was granted is confirmed while the assistant is dialled; who has withdrawn or left while
     * it was recorded is dialled for no more.
     */
    CallOutcome hold() {
        try (var _ = call.journal().inUse().begin(grant, call::consentEnded)) {
            return confirmAndDial();
        }
    }

    private CallOutcome confirmAndDial() {
        CallStage before =
                call.stage(() -> new CallOutcome.LeftBeforeAssistant(call.trail(), level()));
        before.heed();
        if (call.endOfConsent() != null) {
            return withdrew();
        }
        long granted = call.nanos();
        Assistant assistant = call.services().targets().assistant(call.line().assistant());
        var dialling =
                new TimedDialling<>(
                        assistant.dial(grant, call.facts(), call.notice().language()), call::nanos);
        List<String> meanwhile = call.confirmation(grant.level());
        return switch (awaited(before, assistant, dialling, meanwhile)) {
            case Dialled.Connected(AssistantEnd end) -> {
                dialled(true, dialling, granted);
                yield converse(assistant, end);
            }
            case Dialled.NotReached<AssistantEnd> _ -> {
                dialled(false, dialling, granted);
                yield new ToHuman(call)
                        .connect(
                                path ->
                                        new CallOutcome.AssistantUnreachable(
                                                call.trail(), level(), path),
                                Parts.ASSISTANT_UNREACHABLE);
            }
            case Dialled.EndedElsewhere(_) -> withdrew();
        };
    }

    private Dialled<AssistantEnd> awaited(
            CallStage before,
            Assistant assistant,
            Dialling<AssistantEnd> dialling,
            List<String> meanwhile) {
        try {
            Dialled<AssistantEnd> reached = before.awaitAssistant(dialling, meanwhile);
            if (reached instanceof Dialled.EndedElsewhere(EndOfConsent.How how)) {
                var end = new EndOfConsent(grant.record(), how, call.now());
                EndOfTalk.beforeItBegan(call, assistant.name(), dialling, end, List.of());
            }
            return reached;
        } catch (ConsentWithdrawn e) {
            var end = new EndOfConsent(grant.record(), EndOfConsent.How.WITHDRAWN, e.at());
            List<ConsentRecord> records = call.withdrawn(e);
            EndOfTalk.beforeItBegan(call, assistant.name(), dialling, end, records);
            throw e;
        }
    }

    /** By the answer itself: what is still said of the confirmation does not count. */
    private void dialled(boolean answered, TimedDialling<?> dialling, long granted) {
        call.tell(
                new CallEvent.AssistantDialled(
                        call.facts(), answered, Duration.ofNanos(dialling.endedNanos() - granted)));
    }

    private CallOutcome converse(Assistant assistant, AssistantEnd connection) {
        long from = call.nanos();
        call.joined(CallEvent.Whom.ASSISTANT);
        CallStage talking = call.stage(() -> assisted(call.since(from)));
        var ending = new EndOfTalk(call, () -> grants, assistant.name(), connection);
        BridgeEnd end;
        try (var talk =
                new StepUp(call, talking, connection, assistant.name(), grant, reminder())) {
            call.note(
                    new ConsentRecord.AssistantOpened(
                            call.newId(),
                            call.now(),
                            call.facts(),
                            grant.record(),
                            assistant.name()));
            try {
                end = talk.untilItEnds();
            } finally {
                grant = talk.grant();
                grants = talk.grants();
                call.tell(new CallEvent.AssistantGone(call.facts()));
            }
        } catch (JournalUnavailable e) {
            // Whatever the caller wished, the assistant hears nothing more.
            Duration talked = call.since(from);
            ending.failed();
            return new ToHuman(call).connect(_ -> assisted(talked), Parts.APOLOGY);
        } catch (ConsentWithdrawn e) {
            List<ConsentRecord> withdrawals = call.withdrawn(e);
            ending.consentEnded(EndOfConsent.How.WITHDRAWN, e.at(), withdrawals);
            throw e;
        } catch (CallDrained e) {
            ending.drained();
            throw e;
        } catch (CallStage.CallerGone e) {
            ending.callerHungUp(e.atOr(call.now()));
            throw e;
        } catch (RuntimeException e) {
            ending.callerHungUp(call.now());
            throw e;
        }
        Duration talked = call.since(from);
        return switch (end) {
            case BridgeEnd.FarEndHungUp() -> {
                ending.gone(Cut.ASSISTANT_HUNG_UP);
                // The consent goes on after the talk: it can still be withdrawn.
                yield new Feedback(call, () -> assisted(talked)).ask();
            }
            case BridgeEnd.HumanWanted() -> {
                ending.humanWanted();
                yield ToHuman.afterRefusal(call).connect(_ -> assisted(talked), Parts.REFUSED);
            }
            case BridgeEnd.Pause _ -> throw new IllegalStateException("the talk goes on");
            case BridgeEnd.Lost _ -> {
                ending.gone(Cut.ASSISTANT_LOST);
                yield new ToHuman(call).connect(_ -> assisted(talked), Parts.ASSISTANT_UNREACHABLE);
            }
            case BridgeEnd.Referred(HumanTarget human) -> {
                ending.handedOver();
                yield handedOver(ending, human, talked);
            }
            case BridgeEnd.EndedElsewhere(EndOfConsent.How how) -> {
                ending.consentEnded(how, call.now(), List.of());
                yield withdrew();
            }
        };
    }

    /** The assistant hears nothing any more, and is told how it went. */
    private CallOutcome handedOver(EndOfTalk ending, HumanTarget human, Duration talked) {
        try {
            return new ToHuman(call).connect(human, ending::referred, _ -> assisted(talked));
        } catch (ConsentWithdrawn e) {
            ending.withdrawnSince(e.at(), call.withdrawn(e));
            throw e;
        } finally {
            ending.waitsNoMore();
        }
    }

    /**
     * Outside this call: it is recorded and counted there. Where that was the end of one purpose,
     * the consent itself holds on, and the caller can still withdraw it here.
     */
    private CallOutcome withdrew() {
        grants.forEach(ended -> call.inForce().remove(ended.record()));
        call.watchForStored();
        return new ToHuman(call)
                .connect(
                        path -> new CallOutcome.Withdrew(call.trail(), level(), path),
                        Parts.WITHDRAWN);
    }

    /** Told again to both of them, and recorded, where the line wants it. */
    private @Nullable Reminder reminder() {
        @Nullable Duration every = call.line().service().reminder();
        if (every == null || !call.hasWords(Parts.REMINDER)) {
            return null;
        }
        return new Reminder(
                every,
                Utterance.of(call.notice(), Parts.REMINDER),
                (started, said) ->
                        call.note(
                                new ConsentRecord.Served(
                                        call.newId(),
                                        call.now(),
                                        call.facts(),
                                        call.noticeRef(),
                                        Parts.REMINDER,
                                        Opening.playing(started, said))));
    }

    private CallOutcome assisted(Duration talked) {
        return new CallOutcome.Assisted(call.trail(), level(), basis, talked);
    }

    private String level() {
        return grant.level().id();
    }

    /**
     * Thread-safe. A dialling that notes when its result came, which is before anybody looks at it.
     */
    private static final class TimedDialling<E extends FarEnd> implements Dialling<E> {
        private final Dialling<E> dialling;
        private final LongSupplier nanos;
        private volatile long endedNanos;

        TimedDialling(Dialling<E> dialling, LongSupplier nanos) {
            this.dialling = dialling;
            this.nanos = nanos;
        }

        @Override
        public CompletionStage<Dialled<E>> result() {
            return dialling.result().whenComplete((_, _) -> endedNanos = nanos.getAsLong());
        }

        @Override
        public void cancel(Ending why) {
            dialling.cancel(why);
        }

        /** To be asked for where the result is known. */
        long endedNanos() {
            return endedNanos;
        }
    }
}
