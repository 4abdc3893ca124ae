package org.consentgateway.browser;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/** Confined to one thread. The entries of one call as they appear in the log: each is told once. */
final class RecordedEntries {
    private final LogReader log;
    private final List<String> hashes;
    private final Set<UUID> told = new HashSet<>();

    /**
     * @param hashes of the SIP Call-ID
     */
    RecordedEntries(LogReader log, List<String> hashes) {
        this.log = log;
        this.hashes = hashes;
    }

    /**
     * Those that were not there before, the oldest first; none where the log cannot be read now.
     */
    List<CallNews> fresh() {
        List<CallNews> fresh = new ArrayList<>();
        try {
            for (Entry entry : log.ofSipCall(hashes).reversed()) {
                if (told.add(entry.id())) {
                    fresh.add(news(entry));
                }
            }
        } catch (LedgerUnavailable later) {
            // asked again in a moment
        }
        return fresh;
    }

    private static CallNews news(Entry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("index", entry.index());
        fields.put("id", entry.id().toString());
        fields.put("type", entry.type().text());
        fields.put("time", entry.time().toString());
        fields.put("leaf", entry.leafHash());
        if (entry.payload() != null) {
            fields.put("record", entry.payload());
        }
        return new CallNews("entry", fields);
    }
}
