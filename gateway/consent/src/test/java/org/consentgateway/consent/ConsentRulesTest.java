package org.consentgateway.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsentRulesTest {
    private static final Level BASIS = level("basis", "P12M", Purpose.ASSISTANT);
    private static final Level KOMFORT =
            level("komfort", "P12M", Purpose.ASSISTANT, Purpose.TRANSCRIPT);

    private final ConsentRules rules = rules(BASIS, KOMFORT);

    private static ConsentRules rules(Level... levels) {
        return new ConsentRules(List.of(levels), Period.ofDays(30), ZoneId.of("Europe/Berlin"));
    }

    private static Level level(String id, String validity, Purpose... purposes) {
        return Level.of(
                id, List.of(purposes), ValidityPeriod.parse(validity), Period.ofYears(3), false);
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
        Level brief = level("basis", ValidityPeriod.THIS_CALL, Purpose.ASSISTANT);
        Grant grant = rules(brief).grant(brief, Instant.EPOCH, true, List.of());

        assertThat(grant.until()).isNull();
        assertThat(grant.renewalDue()).isNull();
    }

    @Test
    void nothingIsRememberedWhereTheLevelIsForThisCall() {
        Level brief = level("basis", ValidityPeriod.THIS_CALL, Purpose.ASSISTANT);

        assertThat(rules(brief).rememberable(brief)).isEmpty();
        assertThat(rules(brief).grant(brief, Instant.EPOCH, true, List.of()).until()).isNull();
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
            assertThat(ValidityPeriod.parse(text)).hasToString(text);
        }
        for (String wrong : List.of("", "12 months", "P0D", "PT0S", "-P1D", "P", "PT")) {
            assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> ValidityPeriod.parse(wrong));
        }
    }
}
