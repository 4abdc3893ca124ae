package org.consentgateway.ledger.number;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Rows;

/** Whom the log still names in calls: for what is written of calls beside it. */
public final class NamedCalls {
    private NamedCalls() {}

    /**
     * @param calls ids
     * @return to the id of each call in which somebody is named their pseudonyms; what was erased
     *     names nobody
     */
    public static Map<String, Set<String>> of(LogReader reader, Collection<String> calls)
            throws LedgerUnavailable {
        List<String> all = List.copyOf(calls);
        Map<String, Set<String>> named = new HashMap<>();
        for (int from = 0; from < all.size(); from += LogReader.AT_ONCE) {
            List<String> some = all.subList(from, Math.min(all.size(), from + LogReader.AT_ONCE));
            List<Row> rows =
                    reader.ask(connection ->
                            Rows.list(
                                    connection,
                                    "SELECT call_id, subject FROM ledger_lookup WHERE call_id IN ("
                                            + Rows.places(some.size())
                                            + ") AND subject IS NOT NULL",
                                    row -> new Row(row.getString(1), row.getString(2)),
                                    new ArrayList<Object>(some).toArray()));
            rows.forEach(row ->
                    named.computeIfAbsent(row.call(), _ -> new HashSet<>()).add(row.subject()));
        }
        return named;
    }

    private record Row(String call, String subject) {}
}
