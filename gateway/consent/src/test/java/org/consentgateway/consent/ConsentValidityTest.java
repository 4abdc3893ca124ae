package org.consentgateway.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord.Withdrawn.Reason;
import org.consentgateway.consent.journal.ConsentInForce;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConsentValidityTest {
    private static final Level BASIS = level("basis", "P12M", Purpose.ASSISTANT);
    private static final Level KOMFORT =
            level("komfort", "P12M", Purpose.ASSISTANT, Purpose.TRANSCRIPT);
    private static final Subject CALLER = new Subject("ab");

    private final ConsentRules rules = rules(BASIS, KOMFORT);
    private final List<ConsentRecord> history = new ArrayList<>();

    private static ConsentRules rules(Level... levels) {
        return new ConsentRules(List.of(levels), Period.ofDays(30), ZoneId.of("Europe/Berlin"));
    }

    private static ConsentValidity validity(Level... levels) {
        return new ConsentValidity(List.of(levels), new Versions());
    }

    private static Level level(String id, String validity, Purpose... purposes) {
        return Level.of(
                id, List.of(purposes), ValidityPeriod.parse(validity), Period.ofYears(3), false);
    }

    /** Version "3" changed materially, "2" did not. */
    private static final class Versions implements Notices {
        @Override
        public List<Notice> inForce(String lineage, String language, LocalDate day) {
            return List.of();
        }

        @Override
        public boolean materiallyChanged(String lineage, String since, String until) {
            return since.compareTo("3") < 0 && until.compareTo("3") >= 0;
        }
    }

    private static Notice notice(String version) {
        return new Notice(
                "demo",
                version,
                "de",
                "a",
                1,
                LocalDate.EPOCH,
                false,
                new Notice.Controller("", "", ""),
                Period.ofMonths(1),
                Map.of(),
                Map.of(),
                "",
                "");
    }

    private static CallFacts call(boolean asserted) {
        return new CallFacts(
                UUID.randomUUID(), "", "trunk", "line", null, CALLER, true, false, asserted);
    }

    private UUID give(Level level, Instant at, boolean asserted) {
        UUID id = UUID.randomUUID();
        history.add(
                new ConsentRecord.Given(
                        id,
                        at,
                        call(asserted),
                        NoticeRef.of(notice("1")),
                        rules.grant(level, at, true, List.of()),
                        null));
        return id;
    }

    private UUID give(Level level, String at) {
        return give(level, Instant.parse(at), true);
    }

    private ConsentStatus at(String now) {
        return at(now, validity(BASIS, KOMFORT));
    }

    private ConsentStatus at(String now, ConsentValidity validity) {
        Instant time = Instant.parse(now);
        return validity.statusAt(time, time, history, notice("1"));
    }

    private void withdraw(UUID grant, Instant at) {
        history.add(withdrawn(grant, at, null, Reason.CALLER));
    }

    private static ConsentRecord.Withdrawn withdrawn(
            UUID grant, Instant at, @Nullable CallFacts call, Reason reason) {
        return new ConsentRecord.Withdrawn(
                UUID.randomUUID(), at, call, CALLER, "demo", grant, reason, Method.KEY, at, null);
    }

    @Test
    void whatWasReplacedIsNeverInForceAgainThoughTheClocksOfTwoNodesDiffer() {
        Instant first = Instant.parse("2026-11-24T12:00:05Z");
        Instant second = Instant.parse("2026-11-24T12:00:03Z"); // on a node that is behind
        UUID before = UUID.randomUUID();
        UUID after = UUID.randomUUID();
        UUID renewed = UUID.randomUUID();
        history.add(consent(renewed, second, after, true));
        history.add(consent(after, second, before, false));
        history.add(consent(before, first, null, false));

        assertThat(at("2026-11-25T12:00:00Z"))
                .isInstanceOfSatisfying(
                        ConsentStatus.Valid.class,
                        valid -> assertThat(valid.grant()).isEqualTo(renewed));
        withdraw(renewed, first);
        assertThat(at("2026-11-25T12:00:00Z"))
                .isEqualTo(new ConsentStatus.Withdrawn(renewed, first));
    }

    private ConsentRecord consent(UUID id, Instant at, @Nullable UUID replaces, boolean again) {
        Grant grant = rules.grant(BASIS, at, true, List.of());
        NoticeRef notice = NoticeRef.of(notice("1"));
        return again && replaces != null
                ? new ConsentRecord.Renewed(id, at, call(true), notice, grant, replaces)
                : new ConsentRecord.Given(id, at, call(true), notice, grant, replaces);
    }

    private static ConsentRecord refusal(@Nullable UUID inForce, boolean asserted) {
        return refusal(inForce, asserted, "2026-11-24T14:00:00Z");
    }

    private static ConsentRecord refusal(@Nullable UUID inForce, boolean asserted, String at) {
        return new ConsentRecord.Refused(
                UUID.randomUUID(),
                Instant.parse(at),
                call(asserted),
                NoticeRef.of(notice("1")),
                List.of(),
                inForce);
    }

    @Test
    void withoutAHistoryThereIsNone() {
        assertThat(at("2026-11-24T12:00:00Z")).isEqualTo(new ConsentStatus.None());
    }

    @Test
    void aConsentEndsOnTheSecond() {
        UUID id = give(BASIS, "2026-11-24T12:00:00Z");
        Instant until = Instant.parse("2027-11-24T12:00:00Z");

        assertThat(at("2026-11-24T12:00:00Z")).isEqualTo(new ConsentStatus.Valid(id, BASIS, until));
        assertThat(at("2027-11-24T11:59:59.999Z"))
                .isEqualTo(new ConsentStatus.RenewalDue(id, BASIS, until));
        assertThat(at("2027-11-24T12:00:00Z"))
                .isEqualTo(new ConsentStatus.Expired(id, BASIS, until));
    }

    @Test
    void renewalIsDueThirtyDaysBefore() {
        give(BASIS, "2026-11-24T12:00:00Z");

        assertThat(at("2027-10-25T10:59:59Z")).isInstanceOf(ConsentStatus.Valid.class);
        // 25 October is still summer time: noon in Berlin is one hour earlier
        assertThat(at("2027-10-25T11:00:00Z")).isInstanceOf(ConsentStatus.RenewalDue.class);
    }

    @Test
    void aClockSetBackALittleChangesNothingAndSetBackALotAsksAgain() {
        give(BASIS, "2026-11-24T12:00:00Z");

        assertThat(at("2026-11-24T11:59:00Z")).isInstanceOf(ConsentStatus.Valid.class);
        assertThat(at("2026-11-24T11:54:00Z")).isEqualTo(new ConsentStatus.None());
    }

    @Test
    void anExpiryThatIsWrittenIsNotUndoneByTheClock() {
        UUID id = give(BASIS, "2026-11-24T12:00:00Z");
        history.add(
                new ConsentRecord.Expired(
                        UUID.randomUUID(),
                        Instant.parse("2027-11-24T12:00:01Z"),
                        CALLER,
                        "demo",
                        id));

        assertThat(at("2026-12-01T12:00:00Z"))
                .as("ended when it was to end, not when that was written")
                .isEqualTo(
                        new ConsentStatus.Expired(
                                id, BASIS, Instant.parse("2027-11-24T12:00:00Z")));
    }

    @Test
    void aWithdrawalCountsWhereverItStandsInTheLog() {
        UUID id = UUID.randomUUID();
        Instant now = Instant.parse("2026-11-24T12:00:00Z");
        withdraw(id, now);
        history.add(
                new ConsentRecord.Given(
                        id,
                        now,
                        call(true),
                        NoticeRef.of(notice("1")),
                        rules.grant(BASIS, now, true, List.of()),
                        null));

        assertThat(at("2026-11-24T13:00:00Z")).isEqualTo(new ConsentStatus.Withdrawn(id, now));
    }

    /** Whoever withdraws says nothing of a record: it is all that was agreed to until then. */
    @Test
    void aWithdrawalOfAnOlderConsentEndsTheNewerOneToo() {
        UUID old = give(BASIS, "2026-11-24T12:00:00Z");
        UUID newer = give(KOMFORT, "2026-11-24T13:00:00Z");
        Instant withdrawn = Instant.parse("2026-11-24T14:00:00Z");
        withdraw(old, withdrawn);

        assertThat(at("2026-11-24T15:00:00Z"))
                .isEqualTo(new ConsentStatus.Withdrawn(newer, withdrawn));
    }

    @Test
    void aRefusalEndsNothingAndMarksTheNumberAsShared() {
        UUID id = give(KOMFORT, "2026-11-24T12:00:00Z");
        history.add(refusal(id, true));
        Instant until = Instant.parse("2027-11-24T12:00:00Z");

        assertThat(at("2026-11-24T15:00:00Z"))
                .isEqualTo(new ConsentStatus.Shared(id, KOMFORT, until));
        assertThat(at("2027-11-20T12:00:00Z")).isInstanceOf(ConsentStatus.Shared.class);
        assertThat(at("2027-11-24T12:00:00Z")).isInstanceOf(ConsentStatus.Expired.class);
    }

    @Test
    void aRefusalThatNamesTheConsentMarksTheNumberThoughTheClocksOfTwoNodesDiffer() {
        UUID other = give(BASIS, "2026-11-24T10:00:00Z");
        UUID id = UUID.randomUUID();
        history.add(refusal(id, false, "2026-11-24T12:02:00Z"));
        history.add(refusal(other, true, "2026-11-24T12:02:00Z"));
        history.add(consent(id, Instant.parse("2026-11-24T12:04:00Z"), null, false));
        assertThat(at("2026-11-24T15:00:00Z"))
                .as("of who only claims the number, and of another consent")
                .isInstanceOf(ConsentStatus.Valid.class);

        history.add(0, refusal(id, true, "2026-11-24T09:00:00Z")); // on a node that is behind
        assertThat(at("2026-11-24T15:00:00Z"))
                .isInstanceOfSatisfying(
                        ConsentStatus.Shared.class,
                        shared -> assertThat(shared.grant()).isEqualTo(id));
        assertThat(ConsentValidity.isReliedOn(id, history, Instant.parse("2026-11-24T15:00:00Z")))
                .isFalse();
    }

    @Test
    void aRefusalBeforeTheConsentSaysNothingOfIt() {
        history.add(refusal(null, true));
        give(BASIS, "2026-11-24T15:00:00Z");

        assertThat(at("2026-11-24T16:00:00Z")).isInstanceOf(ConsentStatus.Valid.class);
    }

    @Test
    void whatHeldForOneCallSaysNothingOfWhatLasts() {
        UUID id = give(KOMFORT, "2026-11-24T12:00:00Z");
        history.add(
                new ConsentRecord.Given(
                        UUID.randomUUID(),
                        Instant.parse("2026-11-24T13:00:00Z"),
                        call(true),
                        NoticeRef.of(notice("1")),
                        rules.grant(BASIS, Instant.EPOCH, false, List.of()),
                        null));

        assertThat(at("2026-11-24T15:00:00Z"))
                .isInstanceOfSatisfying(
                        ConsentStatus.Valid.class, v -> assertThat(v.grant()).isEqualTo(id));
    }

    @Test
    void whatIsAskedInEveryCallIsNeverRemembered() {
        Level voll =
                level(
                        "voll",
                        "P12M",
                        Purpose.ASSISTANT,
                        Purpose.RECORDING,
                        Purpose.LEARNING,
                        Purpose.BIOMETRICS);
        assertThat(rules(BASIS, voll).rememberable(voll)).contains(BASIS);
        give(voll, "2026-11-24T12:00:00Z");

        assertThat(at("2026-11-25T12:00:00Z", validity(BASIS, voll)))
                .isInstanceOfSatisfying(
                        ConsentStatus.Valid.class, v -> assertThat(v.level()).isEqualTo(BASIS));
    }

    @Test
    void whoOnlyClaimsTheNumberNeitherGivesNorEnds() {
        give(KOMFORT, Instant.parse("2026-11-24T11:00:00Z"), false);
        assertThat(at("2026-11-24T15:00:00Z")).isEqualTo(new ConsentStatus.None());

        give(BASIS, "2026-11-24T12:00:00Z");
        give(KOMFORT, Instant.parse("2026-11-24T13:00:00Z"), false);
        history.add(refusal(null, false));
        assertThat(at("2026-11-24T15:00:00Z")).isInstanceOf(ConsentStatus.Valid.class);
    }

    @Test
    void onlyAMaterialChangeOfTheTextEndsAConsent() {
        UUID id = give(BASIS, "2026-11-24T12:00:00Z");
        Instant now = Instant.parse("2026-11-25T12:00:00Z");

        assertThat(validity(BASIS, KOMFORT).statusAt(now, now, history, notice("2")))
                .isInstanceOf(ConsentStatus.Valid.class);
        assertThat(validity(BASIS, KOMFORT).statusAt(now, now, history, notice("3")))
                .isEqualTo(new ConsentStatus.TextChanged(id, BASIS));
    }

    @Test
    void aPurposeThatIsNewIsNamed() {
        UUID id = give(BASIS, "2026-11-24T12:00:00Z");
        Level wider = level("basis", "P12M", Purpose.ASSISTANT, Purpose.TRANSCRIPT);

        assertThat(at("2026-11-25T12:00:00Z", validity(wider)))
                .isEqualTo(
                        new ConsentStatus.PurposeAdded(
                                id,
                                level("basis", "P12M", Purpose.ASSISTANT),
                                new LinkedHashSet<>(List.of(Purpose.TRANSCRIPT))));
    }

    @Test
    void aLevelThatLostAPurposeIsHonouredWithWhatIsLeft() {
        give(KOMFORT, "2026-11-24T12:00:00Z");
        Level narrower = level("komfort", "P12M", Purpose.ASSISTANT);
        ConsentStatus status = at("2026-11-25T12:00:00Z", validity(narrower));

        assertThat(status)
                .isInstanceOfSatisfying(
                        ConsentStatus.Valid.class,
                        v -> assertThat(v.level().purposes()).containsExactly(Purpose.ASSISTANT));
    }

    @Test
    void whatALineNoLongerAsksForFallsAway() {
        give(KOMFORT, "2026-11-24T12:00:00Z");
        Instant now = Instant.parse("2026-11-25T12:00:00Z");

        assertThat(validity(BASIS).statusAt(now, now, history, notice("1")))
                .isInstanceOfSatisfying(
                        ConsentStatus.Valid.class, v -> assertThat(v.level()).isEqualTo(BASIS));
        assertThat(
                        validity(level("other", "P12M", new Purpose("other")))
                                .statusAt(now, now, history, notice("1")))
                .isEqualTo(new ConsentStatus.None());
    }

    private UUID renew(UUID before, Level level, String at) {
        UUID id = UUID.randomUUID();
        Instant from = Instant.parse(at);
        history.add(
                new ConsentRecord.Renewed(
                        id,
                        from,
                        call(true),
                        NoticeRef.of(notice("1")),
                        rules.grant(level, from, true, List.of()),
                        before));
        return id;
    }

    @Test
    void aWithdrawalEndsAllThatWasAgreedToUntilThen() {
        UUID before = give(BASIS, "2026-03-01T00:00:00Z");
        UUID renewed = renew(before, BASIS, "2026-06-01T00:00:00Z");
        withdraw(before, Instant.parse("2026-06-01T00:01:00Z"));
        assertThat(at("2026-07-01T00:00:00Z"))
                .as("in a call under the old one")
                .isInstanceOfSatisfying(
                        ConsentStatus.Withdrawn.class,
                        ended -> assertThat(ended.grant()).isEqualTo(renewed));
        assertThat(ConsentInForce.of(history, Instant.parse("2026-07-01T00:00:00Z")))
                .as("whose record is still to be ended")
                .hasSize(1);

        UUID later = give(BASIS, "2026-07-01T00:00:00Z");
        assertThat(at("2026-07-02T00:00:00Z"))
                .as("given after it")
                .isInstanceOfSatisfying(
                        ConsentStatus.Valid.class,
                        valid -> assertThat(valid.grant()).isEqualTo(later));
    }

    @Test
    void aWithdrawalOfSomebodyElseOrOfSomethingElseEndsNothing() {
        Instant at = Instant.parse("2026-06-02T00:00:00Z");
        UUID claimed = give(BASIS, Instant.parse("2026-06-01T00:00:00Z"), false);
        UUID other = give(level("other", "P12M", new Purpose("other")), "2026-02-01T00:00:00Z");
        UUID given = give(BASIS, "2026-03-01T00:00:00Z");
        withdraw(claimed, at);
        withdraw(other, at);
        history.add(withdrawn(UUID.randomUUID(), at, call(false), Reason.CALLER));
        history.add(withdrawn(UUID.randomUUID(), at, call(true), Reason.GRANT_CAME_LATE));

        assertThat(at("2026-07-01T00:00:00Z"))
                .isInstanceOfSatisfying(
                        ConsentStatus.Valid.class,
                        valid -> assertThat(valid.grant()).isEqualTo(given));
        history.add(withdrawn(UUID.randomUUID(), at, call(true), Reason.CALLER));
        assertThat(at("2026-07-01T00:00:00Z"))
                .as("of what is not there it is not known")
                .isInstanceOf(ConsentStatus.Withdrawn.class);
    }

    @Test
    void aPurposeThatEndedEndsInWhatHasReplacedTheConsentToo() {
        UUID before = give(KOMFORT, "2026-03-01T00:00:00Z");
        UUID renewed = renew(before, KOMFORT, "2026-06-01T00:00:00Z");
        renew(renewed, KOMFORT, "2026-06-02T00:00:00Z");
        history.add(ended(UUID.randomUUID(), Purpose.TRANSCRIPT, "2026-06-03T00:00:00Z"));
        history.add(ended(before, Purpose.RECORDING, "2026-06-03T00:00:00Z"));
        history.add(ended(before, Purpose.TRANSCRIPT, "2026-05-31T00:00:00Z"));
        assertThat(at("2026-07-01T00:00:00Z")).isInstanceOf(ConsentStatus.Valid.class);

        history.add(ended(before, Purpose.TRANSCRIPT, "2026-06-03T00:00:00Z"));
        assertThat(at("2026-07-01T00:00:00Z")).isInstanceOf(ConsentStatus.Withdrawn.class);
    }

    private static ConsentRecord.PurposeDecided ended(UUID grant, Purpose purpose, String at) {
        return new ConsentRecord.PurposeDecided(
                UUID.randomUUID(),
                Instant.parse(at),
                call(true),
                grant,
                purpose,
                ConsentRecord.PurposeDecided.Outcome.ENDED,
                Method.KEY,
                List.of());
    }

    private UUID imported(
            String at, ConsentRecord.Provenance.Identified identified, boolean sameWords) {
        UUID id = UUID.randomUUID();
        history.add(
                new ConsentRecord.Imported(
                        id,
                        Instant.parse("2026-11-24T12:00:00Z"),
                        CALLER,
                        NoticeRef.of(notice("1")),
                        rules.grant(BASIS, Instant.parse(at), true, List.of()),
                        new ConsentRecord.Provenance(
                                ConsentRecord.Provenance.Source.WEB,
                                "form",
                                "A-1",
                                identified,
                                sameWords,
                                "Ada")));
        return id;
    }

    @Test
    void aConsentFromElsewhereCountsInTheSameWordsOfAPersonWhoIsKnownAlone() {
        UUID id = imported("2026-03-01T00:00:00Z", ConsentRecord.Provenance.Identified.CODE, true);
        assertThat(at("2026-11-25T00:00:00Z"))
                .isEqualTo(
                        new ConsentStatus.Valid(id, BASIS, Instant.parse("2027-03-01T00:00:00Z")));
        assertThat(at("2027-03-01T00:00:00Z")).isInstanceOf(ConsentStatus.Expired.class);

        history.clear();
        imported("2026-03-01T00:00:00Z", ConsentRecord.Provenance.Identified.NO, true);
        imported("2026-03-01T00:00:00Z", ConsentRecord.Provenance.Identified.CONTRACT, false);
        assertThat(at("2026-11-25T00:00:00Z")).isEqualTo(new ConsentStatus.None());
        assertThat(ConsentInForce.of(history, Instant.parse("2026-11-25T00:00:00Z")))
                .as("there is something to withdraw all the same")
                .hasSize(2);
    }

    @Test
    void anOldFormBringsNothingBack() {
        UUID spoken = give(BASIS, "2026-06-01T00:00:00Z");
        imported("2026-03-01T00:00:00Z", ConsentRecord.Provenance.Identified.CODE, true);
        assertThat(at("2026-11-25T00:00:00Z"))
                .as("what was said after it counts, whenever it came here")
                .isInstanceOfSatisfying(
                        ConsentStatus.Valid.class,
                        valid -> assertThat(valid.grant()).isEqualTo(spoken));

        withdraw(spoken, Instant.parse("2026-07-01T00:00:00Z"));
        assertThat(at("2026-11-25T00:00:00Z")).isInstanceOf(ConsentStatus.Withdrawn.class);

        UUID newer =
                imported("2026-08-01T00:00:00Z", ConsentRecord.Provenance.Identified.CODE, true);
        assertThat(at("2026-11-25T00:00:00Z"))
                .as("given after the withdrawal")
                .isInstanceOfSatisfying(
                        ConsentStatus.Valid.class,
                        valid -> assertThat(valid.grant()).isEqualTo(newer));
        withdraw(newer, Instant.parse("2026-11-24T13:00:00Z"));
        assertThat(at("2026-11-25T00:00:00Z")).isInstanceOf(ConsentStatus.Withdrawn.class);

        history.clear();
        UUID before = give(BASIS, "2026-02-01T00:00:00Z");
        imported("2026-03-01T00:00:00Z", ConsentRecord.Provenance.Identified.CODE, true);
        withdraw(before, Instant.parse("2026-07-01T00:00:00Z"));
        assertThat(at("2026-11-25T00:00:00Z"))
                .as("whoever withdrew in a call has withdrawn what stood on the form as well")
                .isInstanceOf(ConsentStatus.Withdrawn.class);

        history.clear();
        UUID more = give(KOMFORT, "2026-02-01T00:00:00Z");
        imported("2026-03-01T00:00:00Z", ConsentRecord.Provenance.Identified.CODE, true);
        history.add(ended(more, Purpose.TRANSCRIPT, "2026-07-01T00:00:00Z"));
        assertThat(at("2026-11-25T00:00:00Z"))
                .as("nor does it stand against the end of another purpose")
                .isInstanceOf(ConsentStatus.Withdrawn.class);
    }

    private UUID form(String at) {
        return imported(at, ConsentRecord.Provenance.Identified.CODE, true);
    }

    /** It was said beside what was remembered then, and is of the number. */
    @Test
    void aFormTakesNoMarkOffANumberThatSomebodySaidNoOn() {
        UUID spoken = give(BASIS, "2026-02-01T00:00:00Z");
        history.add(refusal(spoken, true, "2026-07-01T00:00:00Z"));
        UUID form = form("2026-03-01T00:00:00Z");

        assertThat(at("2026-11-25T00:00:00Z"))
                .as("said after the form was filled in")
                .isInstanceOfSatisfying(
                        ConsentStatus.Shared.class,
                        shared -> assertThat(shared.grant()).isEqualTo(form));
        assertThat(at("2027-02-15T00:00:00Z"))
                .as("also when what was remembered then has run out")
                .isInstanceOf(ConsentStatus.Shared.class);
    }

    @Test
    void aNewFormTakesNoMarkOffWhileTheConsentHoldsThatSomebodySaidNoBeside() {
        UUID spoken = give(BASIS, "2026-02-01T00:00:00Z");
        history.add(refusal(spoken, true, "2026-02-02T00:00:00Z"));
        form("2026-03-01T00:00:00Z");
        assertThat(at("2026-11-25T00:00:00Z")).isInstanceOf(ConsentStatus.Shared.class);

        history.clear();
        UUID first = form("2026-03-01T00:00:00Z");
        history.add(refusal(first, true, "2026-04-01T00:00:00Z"));
        UUID second = form("2026-05-01T00:00:00Z");

        assertThat(at("2026-11-25T00:00:00Z"))
                .isInstanceOfSatisfying(
                        ConsentStatus.Shared.class,
                        shared -> assertThat(shared.grant()).isEqualTo(second));
        assertThat(
                        ConsentValidity.isReliedOn(
                                second, history, Instant.parse("2026-11-25T00:00:00Z")))
                .isFalse();
        assertThat(at("2027-03-02T00:00:00Z"))
                .as("it has run out")
                .isInstanceOf(ConsentStatus.Valid.class);
    }

    @Test
    void aNoSaysNothingOfAFormFromAfterTheEndOfWhatItWasSaidBeside() {
        UUID spoken = give(BASIS, "2026-01-01T00:00:00Z");
        history.add(refusal(spoken, true, "2026-02-01T00:00:00Z"));
        withdraw(spoken, Instant.parse("2026-02-02T00:00:00Z"));
        form("2026-03-01T00:00:00Z");
        assertThat(at("2026-11-25T00:00:00Z")).isInstanceOf(ConsentStatus.Valid.class);
        UUID replaced = form("2026-02-02T12:00:00Z");
        history.add(refusal(replaced, true, "2026-02-03T00:00:00Z"));
        Instant later = Instant.parse("2026-02-04T00:00:00Z");
        history.add(consent(UUID.randomUUID(), later, replaced, false));
        assertThat(at("2026-11-25T00:00:00Z"))
                .as("another one came in its place")
                .isInstanceOf(ConsentStatus.Valid.class);

        history.add(refusal(spoken, false, "2026-07-01T00:00:00Z"));
        assertThat(at("2026-11-25T00:00:00Z"))
                .as("of who only claims the number")
                .isInstanceOf(ConsentStatus.Valid.class);
    }
}
