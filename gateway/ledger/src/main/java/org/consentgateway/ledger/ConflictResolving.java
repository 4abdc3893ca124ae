package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.witness.WitnessConflict;
import org.consentgateway.ledger.witness.WitnessConflicts;

/**
 * A person ends what a witness's objection has stopped. That is written into the log first: who,
 * why, and what the witness had said.
 */
public final class ConflictResolving {
    private static final Duration WRITING = Duration.ofSeconds(30);

    private ConflictResolving() {}

    /** What stands against the logs of this node. */
    private static List<WitnessConflict> standing(LedgerSettings configured) throws IOException {
        List<WitnessConflict> standing = new ArrayList<>();
        for (WitnessConflicts one : all(configured)) {
            standing.addAll(one.unresolved());
        }
        return standing;
    }

    /**
     * May be called beside a running gateway, which goes on as soon as it has looked.
     *
     * @return what is resolved by it; empty where nothing stood
     * @throws IOException where it cannot be written: then nothing is resolved
     */
    public static List<WitnessConflict> resolve(
            LedgerSettings configured, String by, String reason, InstantSource clock)
            throws IOException, LedgerUnavailable {
        List<WitnessConflict> standing = standing(configured);
        if (standing.isEmpty()) {
            return standing;
        }
        Instant now = clock.instant();
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("by", by).put("reason", reason);
        ArrayNode told = payload.putArray("conflicts");
        standing.forEach(one ->
                told.addObject()
                        .put("at", one.at().toString())
                        .put("log", one.log())
                        .put("witness", one.witness())
                        .put("theirs", one.theirs())
                        .put("ours", one.ours()));
        try (Ledger ledger = Ledger.openBeside(configured, clock)) {
            ledger.append(
                    NewEntry.of(EntryType.WITNESS_CONFLICT_RESOLVED, null, null, payload, now),
                    WRITING);
        }
        List<WitnessConflict> resolved = new ArrayList<>();
        for (WitnessConflicts one : all(configured)) {
            if (!one.unresolved().isEmpty()) {
                resolved.addAll(one.resolve(new WitnessConflict.Resolution(now, by, reason)));
            }
        }
        return resolved;
    }

    private static List<WitnessConflicts> all(LedgerSettings configured) throws IOException {
        LedgerSettings beside =
                configured.withNode(LogNames.ofCommands(configured.node())).newestLog();
        return List.of(
                WitnessConflicts.of(configured.keys(), configured.newestLog().node()),
                WitnessConflicts.of(configured.keys(), beside.node()));
    }
}
