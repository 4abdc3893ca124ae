package org.consentgateway.proof.nodes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.TimeOrderedIds;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.nodes.LostCall;
import org.consentgateway.ledger.nodes.NodeCall;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.proof.LedgerStore;

/**
 * Thread-safe. Writes the end of a call whose node cannot: that an assistant heard it no more, and
 * that it was lost. Each has an id that is made of the call, so that it stands once in all logs of
 * the store, whoever writes it and however often.
 */
public final class LostCalls {
    static final String REASON = "NODE_LOST";

    private final Ledger ledger;
    private final LedgerStore store;
    private final ConsentJournal journal;
    private final InstantSource clock;
    private final Terms terms;

    /**
     * Immutable.
     *
     * @param kept how long it is kept that a call was lost
     * @param commit how long it is waited for
     */
    public record Terms(Period kept, Duration commit) {}

    public LostCalls(
            Ledger ledger,
            LedgerStore store,
            ConsentJournal journal,
            InstantSource clock,
            Terms terms) {
        this.ledger = ledger;
        this.store = store;
        this.journal = journal;
        this.clock = clock;
        this.terms = terms;
    }

    /** Done when this returns; to be tried again where it fails. */
    void end(LostCall lost) throws LedgerUnavailable, JournalUnavailable {
        ConsentRecord[] cuts = cuts(lost.call().id());
        if (cuts.length > 0) {
            var _ = journal.write(cuts);
        }
        var _ = ledger.append(entry(lost), terms.commit());
    }

    /** Of each consent that still held, as the call itself would have said it. */
    private ConsentRecord[] cuts(UUID call) throws JournalUnavailable {
        List<ConsentRecord> records = store.ofCall(call);
        if (records.stream().anyMatch(ConsentRecord.AssistantCut.class::isInstance)) {
            return new ConsentRecord[0];
        }
        Map<UUID, ConsentRecord> cuts = new LinkedHashMap<>();
        for (ConsentRecord record : records) {
            switch (record) {
                case ConsentRecord.AssistantOpened talk -> cuts.put(talk.grant(), cut(talk));
                case ConsentRecord.Given more when more.supersedes() != null ->
                        cuts.remove(more.supersedes());
                default -> {
                    // says nothing about who heard the caller
                }
            }
        }
        return cuts.values().toArray(ConsentRecord[]::new);
    }

    private ConsentRecord.AssistantCut cut(ConsentRecord.AssistantOpened talk) {
        return new ConsentRecord.AssistantCut(
                TimeOrderedIds.ofPair(talk.call().callId(), talk.grant()),
                clock.instant(),
                talk.call(),
                talk.grant(),
                ConsentRecord.Cut.NODE_LOST);
    }

    private NewEntry entry(LostCall lost) {
        NodeCall call = lost.call();
        UUID id = TimeOrderedIds.ofPair(call.id(), call.id());
        Instant now = clock.instant();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("schema", LedgerStore.SCHEMA);
        json.put("record_id", id.toString());
        json.put("event_time", now.toString());
        json.put("event_state", EntryType.CALL_LOST.text());
        json.putObject("call")
                .put("trunk", call.trunk())
                .put("line", call.line())
                .put("answered_at", call.answered().toString());
        json.put("reason", REASON);
        json.putObject("lost").put("node", lost.node()).put("last_seen", lost.seen().toString());
        json.putObject("retention")
                .put("basis", "short")
                .put("duration", terms.kept().toString())
                .put(
                        "delete_at",
                        now.atZone(ZoneOffset.UTC).plus(terms.kept()).toInstant().toString());
        json.putObject("time").put("source", "system clock");
        return new NewEntry(id, EntryType.CALL_LOST, call.id().toString(), null, json);
    }
}
