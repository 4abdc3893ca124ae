package org.consentgateway.call.far;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Immutable. When somebody can be called, in the time of the line that is called.
 *
 * @param spans none: always, but for holidays
 * @param holidays days on which nobody begins to be there: a span of the evening before goes on
 * @param yearly the same, in every year
 */
public record OpeningHours(List<Span> spans, Set<LocalDate> holidays, Set<MonthDay> yearly) {
    public static final OpeningHours ALWAYS = new OpeningHours(List.of(), Set.of(), Set.of());

    private static final int DAYS = DayOfWeek.values().length;

    public OpeningHours {
        spans = List.copyOf(spans);
        holidays = Set.copyOf(holidays);
        yearly = Set.copyOf(yearly);
    }

    /**
     * @param from the same as {@code until} or after it where it ends on the next day
     */
    public record Span(Set<DayOfWeek> days, LocalTime from, LocalTime until) {
        boolean holdsSinceToday(DayOfWeek day, LocalTime time) {
            return days.contains(day)
                    && !time.isBefore(from)
                    && (isOvernight() || time.isBefore(until));
        }

        boolean holdsSinceYesterday(DayOfWeek day, LocalTime time) {
            return isOvernight() && days.contains(day.minus(1)) && time.isBefore(until);
        }

        private boolean isOvernight() {
            return !from.isBefore(until);
        }
    }

    /**
     * @param hours such as "mon-fri 08:00-18:00" or "sat 22:00-06:00"; none: always
     * @param holidays such as "2026-12-24", or "12-25" for every year
     * @throws IllegalArgumentException saying which is none
     */
    public static OpeningHours of(List<String> hours, List<String> holidays) {
        var days = new HashSet<LocalDate>();
        var yearly = new HashSet<MonthDay>();
        for (String holiday : holidays) {
            try {
                if (holiday.length() == "12-25".length()) {
                    yearly.add(MonthDay.parse("--" + holiday));
                } else {
                    days.add(LocalDate.parse(holiday));
                }
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(holiday + " is no day", e);
            }
        }
        return new OpeningHours(hours.stream().map(OpeningHours::span).toList(), days, yearly);
    }

    private static Span span(String text) {
        try {
            String[] parts = text.split("[ -]", -1);
            int times = parts.length - 2;
            DayOfWeek first = day(parts[0]);
            var days = EnumSet.of(first);
            if (times == 2) {
                int more = Math.floorMod(day(parts[1]).getValue() - first.getValue(), DAYS);
                for (int i = 1; i <= more; i++) {
                    days.add(first.plus(i));
                }
            }
            return new Span(days, time(parts[times]), time(parts[times + 1]));
        } catch (DateTimeParseException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    text + " is no span, such as mon-fri 08:00-18:00", e);
        }
    }

    private static DayOfWeek day(String text) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.name().toLowerCase(Locale.ROOT).startsWith(text)) {
                return day;
            }
        }
        throw new IllegalArgumentException(text + " is no day of the week");
    }

    private static LocalTime time(String text) {
        return text.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text);
    }

    /**
     * For how long nobody can be called at most, in a week without holidays in which no clock is
     * changed.
     */
    public Duration longestClosed() {
        long longest = 0;
        long closed = 0;
        long twoWeeks = Duration.ofDays(2L * DAYS).toMinutes(); // also from the end of one on
        for (long minute = 0; minute < twoWeeks && !spans.isEmpty(); minute++) {
            DayOfWeek day = DayOfWeek.MONDAY.plus(minute / Duration.ofDays(1).toMinutes());
            LocalTime time = LocalTime.MIDNIGHT.plusMinutes(minute);
            boolean open =
                    spans.stream()
                            .anyMatch(span ->
                                    span.holdsSinceToday(day, time)
                                            || span.holdsSinceYesterday(day, time));
            closed = open ? 0 : closed + 1;
            longest = Math.max(longest, closed);
        }
        return Duration.ofMinutes(longest);
    }

    public boolean open(ZonedDateTime at) {
        LocalDate today = at.toLocalDate();
        boolean work = !isHoliday(today);
        boolean workedYesterday = !isHoliday(today.minusDays(1));
        DayOfWeek day = at.getDayOfWeek();
        LocalTime time = at.toLocalTime();
        return spans.isEmpty()
                ? work
                : spans.stream()
                        .anyMatch(span ->
                                (work && span.holdsSinceToday(day, time))
                                        || (workedYesterday
                                                && span.holdsSinceYesterday(day, time)));
    }

    private boolean isHoliday(LocalDate day) {
        return holidays.contains(day) || yearly.contains(MonthDay.from(day));
    }
}
