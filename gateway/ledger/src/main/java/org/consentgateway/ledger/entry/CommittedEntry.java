package org.consentgateway.ledger.entry;

import java.time.Instant;
import java.util.UUID;

/**
 * Immutable. An entry that is on disk: only the writer makes these, after commit and fsync.
 *
 * @param entryId UUIDv7 (RFC 9562 §5.7)
 * @param log origin of the log it is in
 * @param index from 0, without gaps
 * @param leafHash lower-case hex
 * @param time the entry's own time, never before that of the entry before it
 * @param committedAt when the commit came back
 */
public record CommittedEntry(
        UUID entryId, String log, long index, String leafHash, Instant time, Instant committedAt) {}
