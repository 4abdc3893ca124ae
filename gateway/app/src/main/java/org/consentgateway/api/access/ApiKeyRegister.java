package org.consentgateway.api.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.statement.Gap;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Keys stand in the log like all else that was decided: who has issued one to whom,
 * and who has revoked it, cannot be changed without being seen, and holds on every node.
 */
public final class ApiKeyRegister {
    /** That are kept in the log; more are nobody's. */
    static final int MOST = 2000;

    /** What was issued and revoked stays so long behind its end: who was let in can be asked. */
    private static final Period KEPT = Period.ofYears(3);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Ledger ledger;
    private final InstantSource clock;

    public ApiKeyRegister(Ledger ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** A key, and its text: shown once and stored nowhere. */
    public record Issued(ApiKey key, ApiKeyText text) {}

    /** Durable when this returns. */
    public Issued issue(String name, String by, Set<ApiScope> scopes, Instant expires)
            throws LedgerUnavailable {
        Instant now = clock.instant();
        ApiKeyText text = ApiKeyText.mint(new SecureRandom());
        var key =
                new ApiKey(
                        EntryIds.next(now),
                        new ApiKey.Words(text.id(), name, by),
                        text.sha256(),
                        scopes,
                        new ApiKey.Validity(now, expires),
                        null);
        ObjectNode payload = payload(EntryType.KEY_ISSUED, expires);
        key.into(payload);
        write(new NewEntry(key.record(), EntryType.KEY_ISSUED, null, null, payload));
        return new Issued(key, text);
    }

    public void revoke(ApiKey key, String by) throws LedgerUnavailable {
        Instant now = clock.instant();
        ObjectNode payload = payload(EntryType.KEY_REVOKED, now);
        payload.put("refers_to", key.record().toString()).put("by", by);
        payload.putObject("key").put("id", key.words().id()).put("name", key.words().name());
        write(NewEntry.of(EntryType.KEY_REVOKED, null, null, payload, now));
    }

    private static ObjectNode payload(EntryType type, Instant end) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("event_state", type.text());
        payload.putObject("retention")
                .put("basis", "accountability")
                .put("delete_at", Header.time(end.atZone(ZoneOffset.UTC).plus(KEPT).toInstant()));
        return payload;
    }

    private void write(NewEntry entry) throws LedgerUnavailable {
        ledger.append(entry, PATIENCE);
    }

    public List<ApiKey> all() throws LedgerUnavailable {
        return all(ledger.reader());
    }

    /**
     * The oldest first. Where a revocation does not open, or is among what a restored store has
     * lost, it may be that of any older key: none of those is good any more. One that opens says
     * itself which key it is of, and counts whatever its time: it may stand in another log, whose
     * clock was behind.
     */
    static List<ApiKey> all(LogReader reader) throws LedgerUnavailable {
        Gap gap = reader.ask(Gap::of);
        List<ApiKey> keys = new ArrayList<>();
        List<Entry> entries = reader.accessKeys(MOST);
        Map<UUID, Instant> revoked = revoked(entries);
        @Nullable Instant unreadable = null;
        for (Entry entry : entries) { // the newest first
            if (entry.type() == EntryType.KEY_REVOKED) {
                if (entry.payload() == null) {
                    unreadable = entry.time();
                }
            } else {
                @Nullable Instant lost = gap.follows(entry) ? gap.completeSince() : unreadable;
                @Nullable Instant end = revoked.getOrDefault(entry.id(), lost);
                ApiKey.read(entry)
                        .map(key -> end == null ? key : key.revokedAt(end))
                        .ifPresent(keys::add);
            }
        }
        return List.copyOf(keys.reversed());
    }

    /** By the entries that issued them, when. */
    private static Map<UUID, Instant> revoked(List<Entry> entries) {
        Map<UUID, Instant> revoked = new HashMap<>();
        for (Entry entry : entries) {
            ObjectNode payload = entry.payload();
            if (entry.type() == EntryType.KEY_REVOKED && payload != null) {
                revoked.put(UUID.fromString(payload.path("refers_to").asText()), entry.time());
            }
        }
        return revoked;
    }
}
