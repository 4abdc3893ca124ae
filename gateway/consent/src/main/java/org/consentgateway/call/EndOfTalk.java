package org.consentgateway.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
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
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. Ends the talk with an assistant: first it is gone, then
 * that is recorded, and last, where its consent has ended, what it made of being told so.
 */
final class EndOfTalk {
    private final CallInProgress call;
    private final Supplier<List<DurableGrant>> grants;
    private final String assistant;
    private final AssistantEnd connection;

    /** It has handed over, and is to be told how that went. */
    private boolean waits;

    /** That the consent has ended, which it hears once. */
    private boolean toldOfEnd;

    /**
     * @param grants under which it goes on, the newest last: more than one where the caller agreed
     *     to something besides what is remembered
     * @param assistant its name in the configuration
     */
    EndOfTalk(
            CallInProgress call,
            Supplier<List<DurableGrant>> grants,
            String assistant,
            AssistantEnd connection) {
        this.call = call;
        this.grants = grants;
        this.assistant = assistant;
        this.connection = connection;
    }

    /** The assistant is still there, and the caller has hung up, since when it heard nothing. */
    void callerHungUp(Instant at) {
        List<EndOfConsent> expired = new ArrayList<>();
        for (DurableGrant grant : grants.get()) {
            Instant until = grant.until();
            if (until != null && !at.isBefore(until)) {
                // It held to the end of the call that it began in.
                expired.add(new EndOfConsent(grant.record(), EndOfConsent.How.EXPIRED, until));
            }
        }
        if (expired.isEmpty() || call.endOfConsent() != null) {
            hangUp(Ending.NORMAL, Cut.CALLER_HUNG_UP, at);
        } else {
            tell(call.facts(), expired, cut(call.facts(), Cut.CALLER_HUNG_UP, at));
        }
    }

    /** The assistant is still there, and we shut down. */
    void drained() {
        hangUp(Ending.DRAINED, Cut.DRAINED, call.now());
    }

    /**
     * Where the consent has ended outside the call while something was asked or said, nobody has
     * seen that yet, and that is what ends the talk.
     */
    private void hangUp(Ending why, Cut cut, Instant at) {
        EndOfConsent.@Nullable How how = call.endOfConsent();
        if (how != null) {
            consentEnded(how, call.now(), List.of());
            return;
        }
        connection.hangUp(why);
        note(cut(call.facts(), cut, at));
    }

    /** The assistant is still there, and the caller wants a person. */
    void humanWanted() {
        hangUp(Ending.NORMAL, Cut.HUMAN_WANTED, call.now());
    }

    /** More was agreed to, and that cannot be recorded: nobody goes on as if nothing had been. */
    void failed() {
        hangUp(Ending.FAILURE, Cut.STORE_DOWN, call.now());
    }

    /** The assistant is gone already. */
    void gone(Cut cut) {
        connection.hangUp(Ending.NORMAL);
        note(cut(call.facts(), cut));
    }

    /**
     * The consent has ended, and the audio is cut: nobody goes on under any part of it.
     *
     * @param how withdrawn or erased
     * @param first recorded before the cut
     */
    void consentEnded(EndOfConsent.How how, Instant at, List<ConsentRecord> first) {
        CallFacts facts = facts(call, how);
        List<ConsentRecord> records = new ArrayList<>(first);
        records.addAll(cut(facts, cutBy(how)));
        tell(facts, ends(how, at), records);
    }

    /** What was erased does not come back by an entry of its own end. */
    private static CallFacts facts(CallInProgress call, EndOfConsent.How how) {
        return how == EndOfConsent.How.ERASED ? call.facts().withoutSubject() : call.facts();
    }

    /**
     * Of what is dialled under a consent that has ended while it was confirmed. The INVITE has told
     * the assistant of that consent, so one that has answered, or does so while it is cancelled, is
     * told of the end as in a talk; it never heard the caller, so nothing is cut.
     *
     * @param records of that end; none where it is recorded elsewhere
     */
    static void beforeItBegan(
            CallInProgress call,
            String assistant,
            Dialling<AssistantEnd> dialling,
            EndOfConsent end,
            List<ConsentRecord> records) {
        dialling.cancel(Ending.of(end.how()));
        CompletionStage<Optional<Notified>> told =
                dialling.result().thenCompose(reached -> told(reached, end));
        if (!records.isEmpty()) {
            call.note(records.toArray(ConsentRecord[]::new));
        }
        var holder = new Holder(call.services(), facts(call, end.how()), assistant);
        var _ =
                told.thenAccept(
                        notified -> notified.ifPresent(how -> holder.record(List.of(end), how)));
    }

    private static CompletionStage<Optional<Notified>> told(
            Dialled<AssistantEnd> reached, EndOfConsent end) {
        return reached instanceof Dialled.Connected<AssistantEnd>(AssistantEnd there)
                ? there.consentEnded(end).thenApply(Optional::of)
                : CompletableFuture.completedStage(Optional.empty());
    }

    /**
     * The caller withdraws after the assistant has handed over: nothing flows to it any more. It is
     * told where it still waits to be told how that went; where it is gone, it is recorded that it
     * was not, unless it had been told of an end outside the call before.
     */
    void withdrawnSince(Instant at, List<ConsentRecord> records) {
        waits = false;
        if (toldOfEnd) {
            note(records);
        } else {
            tell(call.facts(), ends(EndOfConsent.How.WITHDRAWN, at), records);
        }
    }

    /** It is told how the hand-over went, unless the consent has ended meanwhile. */
    void referred(boolean reached) {
        if (!toldOfAnEndSince()) {
            connection.referred(reached);
        }
        waits = false;
    }

    /** Where the caller has left before it was told how the hand-over went. */
    void waitsNoMore() {
        if (!waits || !toldOfAnEndSince()) {
            connection.hangUp(Ending.NORMAL);
        }
        waits = false;
    }

    /** As {@link #withdrawnSince}, where the consent has ended outside the call. */
    private boolean toldOfAnEndSince() {
        EndOfConsent.@Nullable How how = call.endOfConsent();
        if (how == null) {
            return false;
        }
        tell(facts(call, how), ends(how, call.now()), List.of());
        return true;
    }

    private List<EndOfConsent> ends(EndOfConsent.How how, Instant at) {
        return grants.get().stream()
                .map(grant -> new EndOfConsent(grant.record(), how, at))
                .toList();
    }

    /**
     * It is told once, of the consent that it knows by its last token, and that counts for all.
     *
     * @param ends the newest last
     */
    private void tell(CallFacts facts, List<EndOfConsent> ends, List<ConsentRecord> records) {
        toldOfEnd = true;
        CompletionStage<Notified> told = connection.consentEnded(ends.getLast());
        note(records);
        var holder = new Holder(call.services(), facts, assistant);
        // As soon as it is known, which may be after the call: nobody waits for it.
        var _ = told.thenAccept(notified -> holder.record(ends, notified));
    }

    private void note(List<ConsentRecord> records) {
        if (!records.isEmpty()) {
            Durability _ = call.note(records.toArray(ConsentRecord[]::new));
        }
    }

    /** Who was given data, and what it made of being told that consents have ended (Art. 19). */
    private record Holder(CallServices services, CallFacts facts, String assistant) {

        /** On any thread that may wait. */
        void record(List<EndOfConsent> ends, Notified notified) {
            ConsentJournal journal = services.journal();
            Durability _ =
                    journal.writeNowOrLater(
                            ends.stream()
                                    .map(end ->
                                            new ConsentRecord.HolderNotified(
                                                    journal.newId(),
                                                    services.time().instant(),
                                                    facts,
                                                    assistant,
                                                    end,
                                                    notified.delivered(),
                                                    notified.acknowledgedBy()))
                                    .toArray(ConsentRecord[]::new));
            EndOfConsent.How how = ends.getLast().how();
            services.listener()
                    .told(new CallEvent.HolderNotified(facts, how, notified.acknowledgedBy()));
        }
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
        waits = true;
        note(cut(call.facts(), Cut.HANDED_OVER));
    }

    /** Of each consent under which it went on. */
    private List<ConsentRecord> cut(CallFacts facts, Cut why) {
        return cut(facts, why, call.now());
    }

    private List<ConsentRecord> cut(CallFacts facts, Cut why, Instant at) {
        return grants.get().stream()
                .<ConsentRecord>map(grant -> cut(facts, grant.record(), why, at))
                .toList();
    }

    private static ConsentRecord cut(CallFacts facts, UUID held, Cut why, Instant at) {
        UUID id = TimeOrderedIds.ofPair(facts.callId(), held);
        return new ConsentRecord.AssistantCut(id, at, facts, held, why);
    }
}
