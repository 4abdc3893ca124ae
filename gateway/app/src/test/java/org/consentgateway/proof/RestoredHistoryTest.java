package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.RestoredHistory;
import org.consentgateway.ledger.entry.EntryIds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * One node goes on behind a restore, and another one's log bears a time ahead: what that takes
 * counts as older though it is not.
 */
class RestoredHistoryTest {
    private static final Instant NOW = Instant.parse("2026-12-01T09:00:00Z");
    private static final Subject CALLER = new Subject("5u8j3c7");
    private static final NoticeRef NOTICE = TestLedger.heard(TestLedger.spoken("2026-11"));

    @Test
    void whatEndsAConsentCountsWhereverItWasWritten() {
        ConsentRecord.Given given = given(null);
        var withdrawn = TestLedger.withdrawn(CALLER, given);
        var noMore =
                new ConsentRecord.PurposeDecided(
                        id(),
                        NOW,
                        given.call(),
                        given.id(),
                        Purpose.ASSISTANT,
                        ConsentRecord.PurposeDecided.Outcome.ENDED,
                        Method.KEY,
                        List.of());
        var refused =
                new ConsentRecord.Refused(id(), NOW, given.call(), NOTICE, List.of(), given.id());
        for (ConsentRecord end : List.of(withdrawn, noMore, refused)) {
            assertThat(relied(List.of(given, end), Set.of(end.id()))).containsExactly(given, end);
        }
    }

    @Test
    void whatAnOlderConsentHasReplacedIsNotReliedOnEither() {
        ConsentRecord.Given first = given(null);
        ConsentRecord.Given second = given(first.id());
        var third =
                new ConsentRecord.Renewed(
                        id(), NOW, second.call(), NOTICE, second.grant(), second.id());
        List<ConsentRecord> history = List.of(first, second, third);
        assertThat(relied(history, Set.of(third.id()))).isEmpty();
        assertThat(relied(history.reversed(), Set.of(third.id())))
                .as("by whatever clock")
                .isEmpty();
        assertThat(relied(history, Set.of(first.id()))).containsExactly(second, third);
    }

    @Test
    void aConsentFromElsewhereLeavesNoneBehindThatWasGivenBefore() {
        ConsentRecord.Given before = given(null);
        ConsentRecord.Imported elsewhere = elsewhere(NOW.plusSeconds(1));
        assertThat(relied(List.of(before, elsewhere), Set.of(elsewhere.id()))).isEmpty();
        assertThat(relied(List.of(before, elsewhere), Set.of())).hasSize(2);
    }

    /** Whether what is left out still holds, which the no goes by, cannot be told without it. */
    @Test
    void aFormIsNotReliedOnWhereANoWasSaidBesideAnOlderConsent() {
        ConsentRecord.Given older = given(null);
        var refused =
                new ConsentRecord.Refused(id(), NOW, older.call(), NOTICE, List.of(), older.id());
        ConsentRecord.Imported form = elsewhere(NOW.plusSeconds(1));
        List<ConsentRecord> history = List.of(older, refused, form);

        assertThat(relied(history, Set.of(older.id()))).containsExactly(refused);
        assertThat(relied(history, Set.of())).as("nothing is older").isEqualTo(history);
        assertThat(relied(List.of(older, form), Set.of(older.id())))
                .as("nobody said no")
                .containsExactly(form);

        ConsentRecord.Given before = given(null);
        ConsentRecord.Given since = TestLedger.given(CALLER, NOTICE, NOW.plusSeconds(2), null);
        assertThat(relied(List.of(older, refused, before, form, since), Set.of(older.id())))
                .as("what was said in a call since counts, and nothing that the form replaced")
                .containsExactly(refused, since);
    }

    private static ConsentRecord.Imported elsewhere(Instant from) {
        return new ConsentRecord.Imported(
                id(),
                from.plusSeconds(8),
                CALLER,
                NOTICE,
                TestLedger.grantedForAYear(from),
                TestLedger.FROM_A_FORM);
    }

    private static List<ConsentRecord> relied(List<ConsentRecord> history, Set<UUID> older) {
        return new RestoredHistory(history).relied(record -> older.contains(record.id()));
    }

    private static UUID id() {
        return EntryIds.next(NOW);
    }

    private static ConsentRecord.Given given(@Nullable UUID supersedes) {
        return TestLedger.given(CALLER, NOTICE, NOW, supersedes);
    }
}
