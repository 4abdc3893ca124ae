package org.consentgateway.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.consentgateway.ledger.entry.LocalTimes;

/** Immutable. What the pages say, in one language: words, dates and figures. */
public final class PageWords {
    /** The first is spoken where nobody says which. */
    public static final List<String> LANGUAGES = List.of("de", "en");

    private static final List<PageWords> ALL = LANGUAGES.stream().map(PageWords::new).toList();

    private final String language;
    private final Locale locale;
    private final Properties texts = new Properties();

    private PageWords(String language) {
        this.language = language;
        this.locale = language.equals("de") ? Locale.GERMANY : Locale.UK;
        String name = "words_" + language + ".properties";
        try (InputStream in = PageWords.class.getResourceAsStream(name)) {
            texts.load(
                    new InputStreamReader(
                            Objects.requireNonNull(in, name + " is not in the jar"),
                            StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read from the jar", e);
        }
    }

    /** The first language where there are no words in this one. */
    public static PageWords in(String language) {
        return ALL.stream()
                .filter(each -> each.language.equals(language))
                .findFirst()
                .orElse(ALL.getFirst());
    }

    public String language() {
        return language;
    }

    public Set<String> keys() {
        return texts.stringPropertyNames();
    }

    /** The words of a key; the key itself where there are none. */
    public String of(String key) {
        return texts.getProperty(key, key);
    }

    /** With what stands in the place of {0}. */
    public String of(String key, Object value) {
        return of(key).replace("{0}", String.valueOf(value));
    }

    public String of(String key, Object first, Object second) {
        return of(key, first).replace("{1}", String.valueOf(second));
    }

    /**
     * What the gateway calls something, as people do; its own word where we have none, such as the
     * name of a line.
     */
    public String named(String kind, String id) {
        return texts.getProperty(kind + "." + id, id);
    }

    public String number(long number) {
        return String.format(locale, "%,d", number);
    }

    /** Without digits behind the point; empty where there is nothing to divide. */
    public String percent(long part, long whole) {
        return whole == 0 ? "" : String.format(locale, "%.0f %%", 100.0 * part / whole);
    }

    /** Of a share from 0 to 1, with a digit behind the point. */
    public String percent(double share) {
        return String.format(locale, "%.1f %%", 100 * share);
    }

    /** With its sign and a digit behind the point. */
    public String signed(double number) {
        return String.format(locale, "%+.1f", number);
    }

    /**
     * @param digits behind the point
     */
    public String decimal(double number, int digits) {
        NumberFormat form = NumberFormat.getNumberInstance(locale);
        form.setMinimumFractionDigits(digits);
        form.setMaximumFractionDigits(digits);
        return form.format(number);
    }

    /** As receipts and answers to access requests tell it, wherever this machine stands. */
    public String time(Instant at) {
        return DateTimeFormatter.ofPattern("HH:mm", locale).withZone(LocalTimes.ZONE).format(at);
    }

    public String timeWithSeconds(Instant at) {
        return DateTimeFormatter.ofPattern("HH:mm:ss", locale).withZone(LocalTimes.ZONE).format(at);
    }

    /** Day and time, with the zone; in the hour that clocks show twice, which of the two it is. */
    public String moment(Instant at) {
        String which = LocalTimes.whichOfTwo(at);
        String place = which.isEmpty() ? "Berlin" : "Berlin, " + which;
        return day(at) + ", " + timeWithSeconds(at) + " (" + place + ")";
    }

    public String day(Instant at) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(locale)
                .withZone(LocalTimes.ZONE)
                .format(at);
    }

    /** Such as "1:07". */
    public String minutes(long seconds) {
        return String.format(locale, "%d:%02d", seconds / 60, seconds % 60);
    }
}
