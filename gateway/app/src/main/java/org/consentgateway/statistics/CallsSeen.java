package org.consentgateway.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.jspecify.annotations.Nullable;

/**
 * What entries tell of the call they are in. Those that were read lately are remembered; where a
 * call began before them, the log is asked. Confined to one thread.
 */
final class CallsSeen {
    /** More than are under way at once. */
    private static final int MOST = 20_000;

    private static final String SHORT_OPENING = "opening-known";
    private static final Set<String> OPENINGS = Set.of("opening", SHORT_OPENING);

    /**
     * Immutable. One call.
     *
     * @param known whether its caller heard the short disclosure
     * @param agreed the first entry in which the caller agreed; null: none yet
     * @param spoken in which text the caller was spoken to last
     */
    private record Seen(boolean known, @Nullable UUID agreed, Cell spoken) {
        static final Seen NOTHING = new Seen(false, null, Cell.NONE);

        Seen with(Entry entry, JsonNode payload) {
            return switch (entry.type()) {
                case SERVED ->
                        new Seen(
                                known || payload.at("/served/part").asText().equals(SHORT_OPENING),
                                agreed,
                                Cell.of(payload));
                case GIVEN, RENEWED, REAFFIRMED, USED ->
                        new Seen(known, agreed == null ? entry.id() : agreed, spoken);
                default -> this;
            };
        }
    }

    private final LogReader reader;

    private final Map<String, Seen> calls =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
                    return size() > MOST;
                }
            };

    CallsSeen(LogReader reader) {
        this.reader = reader;
    }

    /** Each entry, in the order of its log. */
    void saw(Entry entry, JsonNode payload) {
        String call = call(payload);
        // Nothing is agreed to before an opening: a call may be taken up there.
        boolean begins =
                entry.type() == EntryType.SERVED
                        && OPENINGS.contains(payload.at("/served/part").asText());
        if (!call.isEmpty() && (begins || calls.containsKey(call))) {
            calls.put(call, calls.getOrDefault(call, Seen.NOTHING).with(entry, payload));
        }
    }

    private static String call(JsonNode payload) {
        return payload.at("/call/gateway_call_id").asText();
    }

    boolean isKnown(Entry entry, JsonNode payload) throws LedgerUnavailable {
        return of(entry, payload).known();
    }

    /** Whether nothing was agreed to in this call before. */
    boolean agreesFirst(Entry entry, JsonNode payload) throws LedgerUnavailable {
        UUID first = of(entry, payload).agreed();
        return first == null || first.equals(entry.id());
    }

    /** The text of a call, for entries that name none. */
    Cell spokenIn(Entry entry, Cell otherwise) throws LedgerUnavailable {
        ObjectNode payload = entry.payload();
        Cell spoken = payload == null ? Cell.NONE : of(entry, payload).spoken();
        return spoken.equals(Cell.NONE) ? otherwise : spoken;
    }

    private Seen of(Entry entry, JsonNode payload) throws LedgerUnavailable {
        String call = call(payload);
        Seen seen = calls.get(call);
        if (seen == null) {
            seen = asked(call, entry);
            calls.put(call, seen);
        }
        return seen;
    }

    /** What was written up to this entry; times of one log never go back. */
    private Seen asked(String call, Entry upTo) throws LedgerUnavailable {
        Seen seen = Seen.NOTHING;
        List<Entry> oldestFirst = reader.ofCall(call).reversed();
        for (Entry each : oldestFirst) {
            ObjectNode payload = each.payload();
            boolean before = each.log().equals(upTo.log()) && each.index() <= upTo.index();
            if (before && payload != null) {
                seen = seen.with(each, payload);
            }
        }
        return seen;
    }
}
