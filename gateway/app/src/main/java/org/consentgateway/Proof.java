package org.consentgateway;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.request.CallBackStore;
import org.consentgateway.consent.request.RequestDesk;
import org.consentgateway.consent.request.TaskDesk;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.proof.LedgerPseudonyms;
import org.consentgateway.proof.LedgerRequests;
import org.consentgateway.proof.LedgerStore;
import org.consentgateway.proof.LedgerTasks;
import org.consentgateway.proof.NoticeArchiving;
import org.consentgateway.proof.late.LateFile;
import org.consentgateway.proof.nodes.LeasedStore;
import org.consentgateway.proof.nodes.NodeLife;
import org.consentgateway.proof.nodes.OtherNodes;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.RecordSettings;

/** Thread-safe. Where decisions are written: the ledger and the journal of the domain over it. */
record Proof(
        Ledger ledger,
        NoticeArchiving archiving,
        LedgerStore store,
        ConsentJournal journal,
        RequestDesk requests,
        TaskDesk tasks,
        CallBackStore callBacks,
        NodeLife life,
        OtherNodes others,
        LateFile late,
        OpenParts parts)
        implements AutoCloseable {
    /**
     * @param spoken the notice of a record as callers hear it
     */
    static Proof open(Startup startup, Function<NoticeRef, Optional<ArchivedNotice>> spoken)
            throws IOException {
        GatewayConfig.Store config = startup.config().store();
        var records = new RecordSettings(startup.config());
        try (var opening = new OpenParts()) {
            Ledger ledger =
                    opening.add(Ledger.open(startup.settings().ledger(), startup.expected()));
            var archiving = new NoticeArchiving(ledger, startup.expected(), spoken);
            var store =
                    new LedgerStore(ledger, archiving, records.retention(), records.processing());
            LateFile late = LateFile.open(config.keys().resolveSibling("late-records.jsonl"));
            var life = new NodeLife(ledger.nodes(), startup.config().node().id(), startup.nanos());
            var others =
                    new OtherNodes(
                            startup.config().node().others().size(), startup.nanos(), store::has);
            var journal =
                    new ConsentJournal(
                            new LeasedStore(store, life, others, late::isDamaged),
                            late,
                            config.commitTimeout(),
                            startup.ids());
            var stored = new LedgerRequests(ledger, config.location());
            var requests = new RequestDesk(stored, config.commitTimeout(), startup.ids());
            var pseudonyms = new LedgerPseudonyms(ledger.pseudonyms());
            var tasks =
                    new TaskDesk(
                            new LedgerTasks(ledger, config.location(), records.tasks()),
                            number -> number.isE164() ? pseudonyms.subject(number.text()) : null,
                            config.commitTimeout(),
                            startup.ids());
            return new Proof(
                    ledger,
                    archiving,
                    store,
                    journal,
                    requests,
                    tasks,
                    stored.callBacks(startup.config().node().id()),
                    life,
                    others,
                    late,
                    opening.keep());
        }
    }

    @Override
    public void close() {
        parts.close();
    }
}
