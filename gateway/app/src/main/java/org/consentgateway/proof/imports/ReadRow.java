package org.consentgateway.proof.imports;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.stream.Collectors;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one import. A row as it was read.
 *
 * @param record what it would become now; of no meaning where the reader found something wrong
 * @param until as the row has it; null where it does not say
 */
record ReadRow(RowReader reader, ConsentRecord.Imported record, @Nullable Instant until) {
    /** More than any two time zones differ in where a span of the calendar ends. */
    private static final Duration ZONES = Duration.ofDays(2);

    WrongRow wrong(String field, String right) {
        return new WrongRow(reader.number(), field, right);
    }

    /**
     * Whether this is what was taken over under its reference. It is held against the record alone:
     * the notice may have other words, and the line other purposes, by now.
     */
    boolean isSame(@Nullable ConsentRecord before) {
        return before instanceof ConsentRecord.Imported one
                && isCalled(one.subject())
                && reader.isAbout(one.notice().id())
                && one.notice().textSha256().equals(record.notice().textSha256())
                && (one.origin().sameWords() || !reader.namesVersion())
                && one.grant().from().equals(record.grant().from())
                && endsWith(one)
                && reader.namedPurposes().equals(purposes(one.grant()))
                && one.origin().identified() == record.origin().identified();
    }

    private static Set<String> purposes(Grant grant) {
        return grant.level().purposes().stream().map(Purpose::id).collect(Collectors.toSet());
    }

    private boolean isCalled(Subject before) {
        return before.equals(record.subject())
                || record.subject().earlier().contains(before.pseudonym());
    }

    private boolean endsWith(ConsentRecord.Imported before) {
        return until == null
                ? before.origin().sameWords() && isAsLongAsItsWordsSaid(before.grant())
                : until.equals(before.grant().until());
    }

    private static boolean isAsLongAsItsWordsSaid(Grant grant) {
        Instant end = grant.until();
        return end != null
                && grant.level()
                        .validity()
                        .until(grant.from(), ZoneOffset.UTC)
                        .filter(said -> Duration.between(said, end).abs().compareTo(ZONES) < 0)
                        .isPresent();
    }

    /** Whether this is the very record that was made of it, and not one of somebody else's. */
    boolean is(@Nullable ConsentRecord stored) {
        return isSame(stored)
                && stored instanceof ConsentRecord.Imported one
                && one.at().toEpochMilli() == record.at().toEpochMilli()
                && one.origin().by().equals(record.origin().by());
    }

    /** The same consent as it was taken over, of the number as it is called now. */
    ConsentRecord.Imported asStored(@Nullable ConsentRecord before) {
        return before instanceof ConsentRecord.Imported one
                ? new ConsentRecord.Imported(
                        one.id(),
                        record.at(),
                        record.subject(),
                        one.notice(),
                        one.grant(),
                        one.origin())
                : record;
    }
}
