package org.consentgateway.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.Notified;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.Cut;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.Durability;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.consent.journal.TimeOrderedIds;

/**
 * Confined to the call's virtual thread. Ends the talk with an assistant: first it is gone, then
 * that is recorded, and last, where its consent has ended, what it made of being told so.
 */
final class EndOfTalk {
    private final CallInProgress call;
    private final Supplier<DurableGrant> grant;
    private final String assistant;
    private final AssistantEnd connection;

    /**
     * @param grant that holds now
     * @param assistant its name in the configuration
     */
    EndOfTalk(
            CallInProgress call,
            Supplier<DurableGrant> grant,
            String assistant,
            AssistantEnd connection) {
        this.call = call;
        this.grant = grant;
        this.assistant = assistant;
        this.connection = connection;
    }

    /** The assistant is still there, and the caller has hung up. */
    void callerHungUp() {
        Instant until = grant.get().until();
        if (until != null && !call.now().isBefore(until)) {
            // It held to the end of the call that it began in.
            consentEnded(EndOfConsent.How.EXPIRED, until, List.of());
        } else {
            hangUp(Ending.NORMAL, Cut.CALLER_HUNG_UP);
        }
    }

    /** The assistant is still there, and we shut down. */
    void drained() {
        hangUp(Ending.DRAINED, Cut.DRAINED);
    }

    private void hangUp(Ending why, Cut cut) {
        connection.hangUp(why);
        call.note(cut(call.facts(), cut));
    }

    /** The assistant is still there, and the caller wants a person. */
    void humanWanted() {
        hangUp(Ending.NORMAL, Cut.HUMAN_WANTED);
    }

    /** More was agreed to, and that cannot be recorded: nobody goes on as if nothing had been. */
    void failed() {
        hangUp(Ending.FAILURE, Cut.STORE_DOWN);
    }

    /** The assistant is gone already. */
    void gone(Cut cut) {
        hangUp(Ending.NORMAL, cut);
    }

    /**
     * The consent has ended, and the audio is cut.
     *
     * @param first recorded before the cut
     */
    void consentEnded(EndOfConsent.How how, Instant at, List<ConsentRecord> first) {
        // What was erased does not come back by an entry of its own end.
        CallFacts facts =
                how == EndOfConsent.How.ERASED ? call.facts().withoutSubject() : call.facts();
        List<ConsentRecord> records = new ArrayList<>(first);
        records.add(cut(facts, cutBy(how)));
        tell(facts, new EndOfConsent(grant.get().record(), how, at), records);
    }

    /**
     * The caller withdraws after the assistant has handed over, and while it still waits to be told
     * how that went: nothing flows to it any more.
     */
    void withdrawnSince(Instant at, List<ConsentRecord> records) {
        var end = new EndOfConsent(grant.get().record(), EndOfConsent.How.WITHDRAWN, at);
        tell(call.facts(), end, records);
    }

    private void tell(CallFacts facts, EndOfConsent end, List<ConsentRecord> records) {
        CompletionStage<Notified> told = connection.consentEnded(end);
        call.note(records.toArray(ConsentRecord[]::new));
        CallServices services = call.services();
        // As soon as it is known, which may be after the call: nobody waits for it.
        var _ = told.thenAccept(notified -> record(services, facts, end, notified));
    }

    /** On any thread that may wait. */
    private void record(
            CallServices services, CallFacts facts, EndOfConsent end, Notified notified) {
        ConsentJournal journal = services.journal();
        Durability _ =
                journal.writeNowOrLater(
                        new ConsentRecord.HolderNotified(
                                journal.newId(),
                                services.time().instant(),
                                facts,
                                assistant,
                                end,
                                notified.delivered(),
                                notified.acknowledgedBy()));
        services.listener()
                .told(new CallEvent.HolderNotified(facts, end.how(), notified.acknowledgedBy()));
    }

    private static Cut cutBy(EndOfConsent.How how) {
        return switch (how) {
            case WITHDRAWN -> Cut.WITHDRAWN;
            case EXPIRED -> Cut.CALLER_HUNG_UP;
            case ERASED -> Cut.ERASED;
        };
    }

    /** The audio is cut, whoever hangs up later. */
    void handedOver() {
        call.note(cut(call.facts(), Cut.HANDED_OVER));
    }

    private ConsentRecord cut(CallFacts facts, Cut why) {
        UUID held = grant.get().record();
        UUID id = TimeOrderedIds.ofPair(facts.callId(), held);
        return new ConsentRecord.AssistantCut(id, call.now(), facts, held, why);
    }
}
