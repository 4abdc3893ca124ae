package org.consentgateway.token;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.LateJournal;
import org.consentgateway.consent.journal.LogPosition;
import org.consentgateway.proof.KnowsNobody;

/** Grants as the journal makes them. Immutable. */
public final class Grants {
    public static final String TEXT_HASH = "ab".repeat(32);

    private static final Instant AT = Instant.parse("2026-11-27T10:00:00Z");

    private Grants() {}

    public static CallFacts facts(UUID call) {
        return new CallFacts(call, "", "carrier", "demo", AT, null, true, false, true);
    }

    /** Of the level komfort, in this call. */
    public static DurableGrant of(UUID call, Purpose... purposes) {
        Level level =
                Level.of(
                        "komfort",
                        List.of(purposes),
                        ValidityPeriod.parse("call"),
                        Period.ofYears(3),
                        true);
        var journal =
                new ConsentJournal(
                        new Anything(), new Anything(), Duration.ofSeconds(1), UUID::randomUUID);
        try {
            return journal.give(
                    new ConsentRecord.Given(
                            UUID.randomUUID(),
                            AT,
                            facts(call),
                            new NoticeRef(
                                    "demo",
                                    "2026-11",
                                    "de",
                                    "a",
                                    TEXT_HASH,
                                    TEXT_HASH,
                                    new Notice.Controller("", "", "")),
                            new Grant(level, AT, null, null, List.of()),
                            null));
        } catch (JournalUnavailable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes everything and keeps nothing. */
    private static final class Anything implements KnowsNobody, LateJournal {
        @Override
        public LogPosition append(List<ConsentRecord> records, Duration deadline) {
            return new LogPosition("consent-gateway/log", 4711);
        }

        @Override
        public boolean keep(List<ConsentRecord> together) {
            return true;
        }

        @Override
        public List<ConsentRecord> kept() {
            return List.of();
        }

        @Override
        public void forget(Collection<ConsentRecord> written) {}
    }
}
