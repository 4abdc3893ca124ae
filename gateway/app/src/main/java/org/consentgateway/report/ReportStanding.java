package org.consentgateway.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/**
 * Immutable. What became of one caller's report of one month. An attempt is an entry whose id is
 * made of month, caller and number of the attempt under the pseudonym key: whoever tries again
 * meets it, on any node, also after a crash and after its content was erased.
 */
sealed interface ReportStanding {
    /** Of attempts of which it is known that nothing was delivered. */
    int MOST_ATTEMPTS = 5;

    /**
     * Nothing was delivered yet.
     *
     * @param attempt 0 is the first
     */
    record Open(int attempt) implements ReportStanding {}

    /** The company's system is told; the outbox sees to it that it arrives. */
    record Told(UUID report) implements ReportStanding {}

    /** The mail server has taken it. */
    record SentBefore(UUID report) implements ReportStanding {}

    /** Begun, and nobody knows whether it arrived: it is not sent again. */
    record Unknown(UUID report) implements ReportStanding {}

    /** The mail server has refused it every time. */
    record GivenUp() implements ReportStanding {}

    static ReportStanding of(
            LogReader reader, Pseudonyms pseudonyms, PseudonymousSubject subject, YearMonth month)
            throws LedgerUnavailable {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Optional<Entry> begun = first(reader, ids(pseudonyms, subject, month, attempt));
            if (begun.isEmpty()) {
                return new Open(attempt);
            }
            ReportStanding standing = of(reader, begun.get());
            if (!(standing instanceof Open)) {
                return standing;
            }
        }
        return new GivenUp();
    }

    private static Optional<Entry> first(LogReader reader, List<UUID> ids)
            throws LedgerUnavailable {
        for (UUID id : ids) {
            Optional<Entry> found = reader.entry(id);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static ReportStanding of(LogReader reader, Entry begun) throws LedgerUnavailable {
        if (text(begun, "/report/way").equals(ReportWay.EVENT.text())) {
            return new Told(begun.id());
        }
        for (Entry later : AboutEntries.of(reader, begun.id())) {
            if (later.type() == EntryType.REPORT_SENT) {
                return switch (text(later, "/report/result")) {
                    case "sent" -> new SentBefore(begun.id());
                    case "refused" -> new Open(0); // the next attempt may be made
                    default -> new Unknown(begun.id());
                };
            }
        }
        return new Unknown(begun.id());
    }

    private static String text(Entry entry, String path) {
        ObjectNode payload = entry.payload();
        return payload == null ? "" : payload.at(path).asText();
    }

    /** Under all keys there were, the current one first. */
    static List<UUID> ids(
            Pseudonyms pseudonyms, PseudonymousSubject subject, YearMonth month, int attempt) {
        List<UUID> all = new ArrayList<>();
        for (String pseudonym : subject.pseudonyms()) {
            String what = "report:" + month + ":" + attempt + ":" + pseudonym;
            pseudonyms.codes(what).forEach(code -> all.add(id(month, code)));
        }
        return all;
    }

    /** A UUIDv7 of the month's beginning. */
    private static UUID id(YearMonth month, byte[] code) {
        long millis = month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        ByteBuffer octets = ByteBuffer.wrap(code);
        long low = (octets.getLong() >>> 2) | Long.MIN_VALUE;
        return new UUID((millis << 16) | 0x7000 | (octets.getShort() & 0x0FFF), low);
    }
}
