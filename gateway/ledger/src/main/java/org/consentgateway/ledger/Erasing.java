package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which payloads an erasure destroys, and that their octets leave the files as well. Thread-safe.
 */
final class Erasing {
    private static final Logger LOG = LoggerFactory.getLogger(Erasing.class);

    /** So that an Erased entry that lists them stays below the limit of a payload. */
    static final int MAX_AT_ONCE = 4_000;

    /** Which entries. */
    interface Choice {
        List<LogWriter.Place> places(Connection connection) throws SQLException;
    }

    /** Destroys the payloads of these entries in one commit with the entry that lists them. */
    interface Writing {
        Ledger.Erasure erase(NewEntry entry, Choice choice) throws LedgerUnavailable;
    }

    private final LedgerSettings settings;
    private final DataSource source;
    private final InstantSource clock;
    private final LogReader reader;
    private final Writing writing;

    Erasing(
            LedgerSettings settings,
            DataSource source,
            InstantSource clock,
            LogReader reader,
            Writing writing) {
        this.settings = settings;
        this.source = source;
        this.clock = clock;
        this.reader = reader;
        this.writing = writing;
    }

    /** {@link Ledger#erase}. */
    Ledger.Erasure of(NewEntry entry, PseudonymousSubject subject, Set<UUID> kept)
            throws LedgerUnavailable {
        List<Object> arguments = new ArrayList<>(subject.pseudonyms());
        String where = "f.subject IN (" + Rows.places(subject.pseudonyms().size()) + ")";
        if (!kept.isEmpty()) {
            where += " AND e.entry_id NOT IN (" + Rows.places(kept.size()) + ")";
            kept.forEach(id -> arguments.add(id.toString()));
        }
        where += " LIMIT ?";
        arguments.add(MAX_AT_ONCE);
        String chosen = where;
        return all(entry, connection -> places(connection, chosen, arguments.toArray()));
    }

    /** {@link Ledger#eraseOutdated}. */
    Optional<Ledger.Erasure> outdated() throws LedgerUnavailable {
        Instant now = clock.instant();
        String where =
                "f.delete_ms <= ? AND NOT EXISTS (SELECT 1 FROM ledger_lookup u WHERE u.refers ="
                        + " e.entry_id AND u.type = 'Used' AND u.delete_ms > ?) LIMIT ?";
        Choice choice =
                connection ->
                        places(
                                connection,
                                where,
                                now.toEpochMilli(),
                                now.toEpochMilli(),
                                MAX_AT_ONCE);
        if (reader.ask(choice::places).isEmpty()) {
            return Optional.empty();
        }
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("reason", "retention");
        return Optional.of(all(NewEntry.of(EntryType.ERASED, null, null, payload, now), choice));
    }

    private Ledger.Erasure all(NewEntry entry, Choice choice) throws LedgerUnavailable {
        if (entry.type() != EntryType.ERASED || entry.subject() != null) {
            throw new IllegalArgumentException("not an Erased entry without subject: " + entry);
        }
        Ledger.Erasure all = writing.erase(entry, choice);
        for (Ledger.Erasure more = all; more.entries() == MAX_AT_ONCE; ) {
            NewEntry next =
                    NewEntry.of(
                            entry.type(), entry.callId(), null, entry.payload(), clock.instant());
            more = writing.erase(next, choice);
            all = new Ledger.Erasure(all.erased(), all.entries() + more.entries());
        }
        try {
            scrub(false);
        } catch (LedgerUnavailable e) {
            // It is erased for every reader; its bytes go with the next one.
            LOG.warn("erased, but its bytes may still lie in the files: {}", e.getMessage());
        }
        return all;
    }

    private static List<LogWriter.Place> places(
            Connection connection, String where, Object... arguments) throws SQLException {
        return Rows.list(
                connection,
                "SELECT f.log, l.origin, f.idx FROM ledger_lookup f"
                        + " JOIN ledger_log l ON l.id = f.log"
                        + " JOIN ledger_entry e ON e.log = f.log AND e.idx = f.idx"
                        + " WHERE e.type <> 'Erased' AND "
                        + where,
                row -> new LogWriter.Place(row.getInt(1), row.getString(2), row.getLong(3)),
                arguments);
    }

    /** {@link Ledger#scrub}. */
    void scrub(boolean whole) throws LedgerUnavailable {
        // Not on the writer's connection: vacuuming PostgreSQL takes long and keeps nobody out.
        try (Connection connection = source.getConnection()) {
            Vendor.of(settings).scrub(connection, whole);
        } catch (SQLException e) {
            throw new LedgerUnavailable(
                    LedgerUnavailable.Reason.STORE_DOWN,
                    "what was erased is not yet cut out of the files: " + e.getMessage(),
                    e);
        }
    }
}
