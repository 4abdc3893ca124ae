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
import java.util.Objects;
import java.util.UUID;
import org.consentgateway.consent.journal.TimeOrderedIds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConsentRulesTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Level BASIS = level("basis", "P12M", Purpose.ASSISTANT);
    private static final Level KOMFORT =
            level("komfort", "P12M", Purpose.ASSISTANT, Purpose.TRANSCRIPT);
    private static final Subject CALLER = new Subject("ab");

    private final ConsentRules rules = rules(BASIS, KOMFORT);
    private final List<ConsentRecord> history = new ArrayList<>();

    private static ConsentRules rules(Level... levels) {
        return new ConsentRules(List.of(levels), new Versions(), Period.ofDays(30), BERLIN);
    }

    private static Level level(String id, String validity, Purpose... purposes) {
        return Level.of(id, List.of(purposes), Validity.parse(validity), Period.ofYears(3), false);
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
        return rules.statusAt(Instant.parse(now), history, notice("1"));
    }

    private void withdraw(UUID grant, Instant at) {
        history.add(
                new ConsentRecord.Withdrawn(
                        UUID.randomUUID(),
                        at,
                        null,
                        CALLER,
                        "demo",
                        grant,
                        ConsentRecord.Withdrawn.Reason.CALLER,
                        Method.KEY,
                        at,
                        null));
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
    void twelveMonthsFromALeapDayEndOnTheTwentyEighth() {
        Grant grant = rules.grant(BASIS, Instant.parse("2028-02-29T10:00:00Z"), true, List.of());

        assertThat(grant.until()).isEqualTo("2029-02-28T10:00:00Z");
    }

    @Test
    void aDayIsADayWhereTheClocksChange() {
        Level day = level("basis", "P1D", Purpose.ASSISTANT);
        Level hours = level("basis", "PT24H", Purpose.ASSISTANT);
        Instant saturdayNoon = Instant.parse("2026-10-24T10:00:00Z");

        assertThat(rules(day).grant(day, saturdayNoon, true, List.of()).until())
                .as("noon to noon, 25 hours")
                .isEqualTo("2026-10-25T11:00:00Z");
        assertThat(rules(hours).grant(hours, saturdayNoon, true, List.of()).until())
                .isEqualTo("2026-10-25T10:00:00Z");
    }

    @Test
    void anEndInTheHourThatDoesNotExistMovesForward() {
        Level day = level("basis", "P1D", Purpose.ASSISTANT);
        // 02:30 on 28 March 2027 does not exist in Berlin
        Grant grant = rules(day).grant(day, Instant.parse("2027-03-27T01:30:00Z"), true, List.of());

        assertThat(grant.until()).isEqualTo("2027-03-28T01:30:00Z");
    }

    @Test
    void aShortConsentIsNotDueForRenewalBeforeItBegan() {
        Level day = level("basis", "P1D", Purpose.ASSISTANT);
        Grant grant = rules(day).grant(day, Instant.parse("2026-11-24T12:00:00Z"), true, List.of());

        assertThat(grant.renewalDue()).isEqualTo(grant.until());
    }

    @Test
    void whoIsNotKnownGrantsForThisCallOnly() {
        Grant grant = rules.grant(BASIS, Instant.EPOCH, false, List.of());

        assertThat(grant.until()).isNull();
        assertThat(grant.renewalDue()).isNull();
    }

    @Test
    void aLevelForThisCallHasNoEndThatCouldComeNear() {
        Level brief = level("basis", Validity.THIS_CALL, Purpose.ASSISTANT);
        Grant grant = rules(brief).grant(brief, Instant.EPOCH, true, List.of());

        assertThat(grant.until()).isNull();
        assertThat(grant.renewalDue()).isNull();
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

    @Test
    void aWithdrawalOfAnOlderConsentLeavesTheNewerOne() {
        UUID old = give(BASIS, "2026-11-24T12:00:00Z");
        UUID newer = give(KOMFORT, "2026-11-24T13:00:00Z");
        withdraw(old, Instant.parse("2026-11-24T14:00:00Z"));

        assertThat(at("2026-11-24T15:00:00Z"))
                .isEqualTo(
                        new ConsentStatus.Valid(
                                newer, KOMFORT, Instant.parse("2027-11-24T13:00:00Z")));
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
        ConsentRules both = rules(BASIS, voll);
        assertThat(both.rememberable(voll)).contains(BASIS);
        give(voll, "2026-11-24T12:00:00Z");

        assertThat(both.statusAt(Instant.parse("2026-11-25T12:00:00Z"), history, notice("1")))
                .isInstanceOfSatisfying(
                        ConsentStatus.Valid.class, v -> assertThat(v.level()).isEqualTo(BASIS));
    }

    @Test
    void nothingIsRememberedWhereTheLevelIsForThisCall() {
        Level brief = level("basis", Validity.THIS_CALL, Purpose.ASSISTANT);

        assertThat(rules(brief).rememberable(brief)).isEmpty();
        assertThat(rules(brief).grant(brief, Instant.EPOCH, true, List.of()).until()).isNull();
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

    private static ConsentRecord refusal(@Nullable UUID supersedes, boolean asserted) {
        return new ConsentRecord.Refused(
                UUID.randomUUID(),
                Instant.parse("2026-11-24T14:00:00Z"),
                call(asserted),
                NoticeRef.of(notice("1")),
                List.of(),
                supersedes);
    }

    @Test
    void onlyAMaterialChangeOfTheTextEndsAConsent() {
        UUID id = give(BASIS, "2026-11-24T12:00:00Z");
        Instant now = Instant.parse("2026-11-25T12:00:00Z");

        assertThat(rules.statusAt(now, history, notice("2")))
                .isInstanceOf(ConsentStatus.Valid.class);
        assertThat(rules.statusAt(now, history, notice("3")))
                .isEqualTo(new ConsentStatus.TextChanged(id, BASIS));
    }

    @Test
    void aPurposeThatIsNewIsNamed() {
        UUID id = give(BASIS, "2026-11-24T12:00:00Z");
        Level wider = level("basis", "P12M", Purpose.ASSISTANT, Purpose.TRANSCRIPT);

        assertThat(
                        rules(wider)
                                .statusAt(
                                        Instant.parse("2026-11-25T12:00:00Z"),
                                        history,
                                        notice("1")))
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
        ConsentStatus status =
                rules(narrower)
                        .statusAt(Instant.parse("2026-11-25T12:00:00Z"), history, notice("1"));

        assertThat(status)
                .isInstanceOfSatisfying(
                        ConsentStatus.Valid.class,
                        v -> assertThat(v.level().purposes()).containsExactly(Purpose.ASSISTANT));
    }

    @Test
    void whatALineNoLongerAsksForFallsAway() {
        give(KOMFORT, "2026-11-24T12:00:00Z");
        Instant now = Instant.parse("2026-11-25T12:00:00Z");

        assertThat(rules(BASIS).statusAt(now, history, notice("1")))
                .isInstanceOfSatisfying(
                        ConsentStatus.Valid.class, v -> assertThat(v.level()).isEqualTo(BASIS));
        assertThat(
                        rules(level("other", "P12M", new Purpose("other")))
                                .statusAt(now, history, notice("1")))
                .isEqualTo(new ConsentStatus.None());
    }

    @Test
    void theDecisionKeepsWhatWasAgreedBeforeTheFirstNo() {
        var agreed = new Answer.Agreed(Purpose.ASSISTANT);

        assertThat(rules.decide(List.of(agreed, new Answer.Declined())))
                .isEqualTo(new Decision.Given(BASIS));
        assertThat(rules.decide(List.of(new Answer.Declined()))).isEqualTo(new Decision.Refused());
        assertThat(rules.decide(List.of(agreed, new Answer.Missing(Unclear.NO_INPUT))))
                .isEqualTo(new Decision.Given(BASIS));
        assertThat(
                        rules.decide(
                                List.of(
                                        agreed,
                                        new Answer.Missing(Unclear.HANGUP_DURING_QUESTION))))
                .isEqualTo(new Decision.Unanswered(Unclear.HANGUP_DURING_QUESTION));
        assertThat(rules.decide(List.of())).isEqualTo(new Decision.Unanswered(Unclear.ERROR));
    }

    @Test
    void whatIsGrantedIsExactlyWhatWasAgreedToAndCalledByTheLargestPresetInIt() {
        var more = level("voll", "P1M", Purpose.ASSISTANT, Purpose.RECORDING, Purpose.LEARNING);
        List<Level> levels = List.of(BASIS, more, KOMFORT);
        List<Purpose> agreed = List.of(Purpose.RECORDING, Purpose.TRANSCRIPT, Purpose.ASSISTANT);

        Level granted = Level.granted(levels, agreed);
        assertThat(granted.id()).isEqualTo("komfort");
        assertThat(granted.purposes())
                .containsExactly(Purpose.ASSISTANT, Purpose.RECORDING, Purpose.TRANSCRIPT);
        assertThat(granted.validity()).isEqualTo(KOMFORT.validity());
        assertThat(Level.granted(List.of(KOMFORT), List.of(Purpose.ASSISTANT)).purposes())
                .as("never more than was agreed to")
                .containsExactly(Purpose.ASSISTANT);
    }

    @Test
    void aChoiceFromTheMenuGrantsThePresetWhole() {
        assertThat(rules.decide(List.of(new Answer.Chosen(KOMFORT))))
                .isEqualTo(new Decision.Given(KOMFORT));
    }

    @Test
    void validitiesAreReadAndWrittenAsIso8601() {
        for (String text : List.of("P12M", "P30D", "PT12H", "P1DT12H", "call")) {
            assertThat(Validity.parse(text)).hasToString(text);
        }
        for (String wrong : List.of("", "12 months", "P0D", "PT0S", "-P1D", "P", "PT")) {
            org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> Validity.parse(wrong));
        }
    }

    @Test
    void idsAreVersionSevenAndCarryTheTime() {
        var ids =
                new TimeOrderedIds(
                        java.time.InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z")),
                        new java.util.Random(1));
        UUID id = Objects.requireNonNull(ids.get());

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16))
                .isEqualTo("2026-11-24T12:00:00Z");
        assertThat(ids.get()).isNotEqualTo(id);
    }
}
