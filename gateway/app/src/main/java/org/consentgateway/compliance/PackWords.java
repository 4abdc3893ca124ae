package org.consentgateway.compliance;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.StringJoiner;
import org.consentgateway.consent.ValidityPeriod;

/** Immutable. How values of the configuration are said in one language. */
final class PackWords {
    private final Locale locale;
    private final Properties texts = new Properties();

    private PackWords(Locale locale) {
        this.locale = locale;
        String name = "words_" + locale.getLanguage() + ".properties";
        try (InputStream in = PackWords.class.getResourceAsStream(name)) {
            texts.load(
                    new InputStreamReader(
                            Objects.requireNonNull(in, name + " is not in the jar"),
                            StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read from the jar", e);
        }
    }

    static PackWords in(String language) {
        return new PackWords(language.equals("de") ? Locale.GERMANY : Locale.UK);
    }

    String language() {
        return locale.getLanguage();
    }

    String of(String key) {
        return Objects.requireNonNull(texts.getProperty(key), key);
    }

    /** The configuration's own word where people have no other. */
    String named(String kind, String id) {
        return texts.getProperty(kind + "." + id, id);
    }

    String missing(String key) {
        return of("missing") + " " + key;
    }

    String orMissing(Optional<String> value, String key) {
        return value.filter(text -> !text.isBlank()).orElseGet(() -> missing(key));
    }

    String country(String code) {
        return Locale.of("", code).getDisplayCountry(locale) + " (" + code + ")";
    }

    String date(LocalDate day) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).withLocale(locale).format(day);
    }

    /** Such as "1 Jahr, 6 Monate". */
    String time(Period period) {
        var all = new StringJoiner(", ");
        unit(all, period.toTotalMonths() / 12, "year");
        unit(all, period.toTotalMonths() % 12, "month");
        unit(all, period.get(ChronoUnit.DAYS), "day");
        return all.length() == 0 ? of("not-at-all") : all.toString();
    }

    String time(Duration time) {
        var all = new StringJoiner(", ");
        unit(all, time.toDays(), "day");
        unit(all, time.toHoursPart(), "hour");
        unit(all, time.toMinutesPart(), "minute");
        unit(all, time.toSecondsPart(), "second");
        return all.toString();
    }

    String time(ValidityPeriod validity) {
        return switch (validity) {
            case ValidityPeriod.ThisCall _ -> of("this-call");
            case ValidityPeriod.Lasting(Period period, Duration time) ->
                    period.isZero()
                            ? time(time)
                            : time(period) + (time.isZero() ? "" : ", " + time(time));
        };
    }

    private void unit(StringJoiner all, long number, String unit) {
        if (number > 0) {
            all.add(number + " " + of(number == 1 ? unit : unit + "s"));
        }
    }
}
