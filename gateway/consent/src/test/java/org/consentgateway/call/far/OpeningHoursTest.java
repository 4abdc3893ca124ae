package org.consentgateway.call.far;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpeningHoursTest {
    private static boolean open(OpeningHours hours, String at) {
        return hours.open(LocalDateTime.parse(at).atZone(ZoneId.of("Europe/Berlin")));
    }

    @ParameterizedTest
    @CsvSource({
        // 2026-11-27 is a Friday
        "mon-fri 08:00-18:00, 2026-11-27T08:00, true",
        "mon-fri 08:00-18:00, 2026-11-27T17:59:59, true",
        "mon-fri 08:00-18:00, 2026-11-27T18:00, false",
        "mon-fri 08:00-18:00, 2026-11-27T07:59:59, false",
        "mon-fri 08:00-18:00, 2026-11-28T12:00, false",
        "sat 09:00-12:00, 2026-11-28T11:00, true",
        "sat-mon 09:00-12:00, 2026-11-30T11:00, true",
        "sat-mon 09:00-12:00, 2026-11-27T11:00, false",
        "fri 22:00-06:00, 2026-11-27T23:00, true",
        "fri 22:00-06:00, 2026-11-28T05:59, true",
        "fri 22:00-06:00, 2026-11-27T05:59, false",
        "fri 18:00-24:00, 2026-11-27T23:59:59, true",
        "fri 18:00-24:00, 2026-11-28T00:00, false",
        "mon-sun 00:00-24:00, 2026-11-28T03:00, true",
    })
    void aSpanHoldsFromItsBeginningUntilItsEnd(String span, String at, boolean open) {
        assertThat(open(OpeningHours.of(List.of(span), List.of()), at)).isEqualTo(open);
    }

    @Test
    void onAHolidayNobodyIsThere() {
        var hours = OpeningHours.of(List.of("mon-fri 08:00-18:00"), List.of("12-25", "2026-12-24"));

        assertThat(open(hours, "2026-12-23T12:00")).isTrue();
        assertThat(open(hours, "2026-12-24T12:00")).isFalse();
        assertThat(open(hours, "2026-12-25T12:00")).isFalse();
        assertThat(open(hours, "2027-12-24T12:00")).as("a Friday").isTrue();
        assertThat(open(OpeningHours.of(List.of(), List.of("12-25")), "2029-12-25T12:00"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-12-23T23:00, true", // a Wednesday
        "2026-12-24T05:59, true", // still the shift of Wednesday
        "2026-12-24T06:00, false",
        "2026-12-24T23:00, false",
        "2026-12-25T02:00, false",
        "2026-12-25T23:00, false", // a Friday
        "2026-12-26T02:00, false", // would be its shift
        "2026-12-28T23:00, true",
    })
    void aShiftIsOfTheDayOnWhichItBegins(String at, boolean open) {
        List<String> holidays = List.of("12-24", "2026-12-25");
        var hours = OpeningHours.of(List.of("mon-fri 22:00-06:00"), holidays);

        assertThat(open(hours, at)).isEqualTo(open);
    }

    @Test
    void withoutHoursSomebodyIsAlwaysThere() {
        assertThat(open(OpeningHours.ALWAYS, "2026-11-29T03:00")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "mon-sun 00:00-24:00, 0",
        "mon-sun 08:00-20:00, 12",
        "mon-fri 09:00-17:00, 64",
        "mon-fri 22:00-06:00, 64",
        "sun 10:00-11:00, 167",
        "wed-wed 00:00-00:00, 144",
    })
    void theLongestTimeInWhichNobodyIsThere(String span, int hours) {
        List<String> spans = span.isEmpty() ? List.of() : List.of(span);
        assertThat(OpeningHours.of(spans, List.of()).longestClosed().toHours()).isEqualTo(hours);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mon", "mon 08:00", "mon 25:00-26:00", "day 08:00-09:00", ""})
    void whatIsNoSpanIsSaid(String span) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpeningHours.of(List.of(span), List.of()));
    }
}
