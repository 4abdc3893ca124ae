package org.consentgateway.config;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Immutable. Which types a single value may have, and how its text is read. */
final class Texts {
    sealed interface Reading {}

    record Right(Object value) implements Reading {}

    /**
     * @param why completes "limits.calls …"
     */
    record Wrong(String why) implements Reading {}

    private record Kind(String inWords, Function<String, Object> read) {}

    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private final Map<Class<?>, Kind> kinds = new HashMap<>();

    /**
     * @param home where relative paths start
     * @param others what the schema brings along
     */
    Texts(Path home, List<ValueType<?>> others) {
        kind(String.class, "text", text -> text);
        kind(int.class, "a whole number", Texts::whole);
        kind(Integer.class, "a whole number", Texts::whole);
        kind(boolean.class, "true or false", Texts::truth);
        kind(Duration.class, "a time such as 6s, 500ms, 2m or PT6S", Texts::duration);
        kind(Period.class, "a period such as P30D, P12M or P3Y", Texts::period);
        kind(LocalDate.class, "a day such as 2026-12-01", LocalDate::parse);
        kind(ZoneId.class, "a time zone such as Europe/Berlin", ZoneId::of);
        kind(Path.class, "a file or directory", text -> home.resolve(text).normalize());
        kind(URI.class, "a web address such as https://witness.example/", Texts::http);
        kind(InetAddress.class, "an IP address", Texts::address);
        kind(JdbcUrl.class, JdbcUrl.IN_WORDS, text -> JdbcUrl.parse(text, home));
        kind(ListenAddress.class, ListenAddress.IN_WORDS, ListenAddress::parse);
        kind(HostPort.class, HostPort.IN_WORDS, HostPort::parse);
        kind(SipUri.class, SipUri.IN_WORDS, SipUri::parse);
        kind(SocketUrl.class, SocketUrl.IN_WORDS, SocketUrl::parse);
        kind(HostName.class, HostName.IN_WORDS, HostName::parse);
        kind(Secret.class, Secret.IN_WORDS, Secret::parse);
        others.forEach(this::kind);
    }

    private void kind(Class<?> type, String inWords, Function<String, Object> read) {
        kinds.put(type, new Kind(inWords, read));
    }

    private <T> void kind(ValueType<T> other) {
        kind(other.type(), other.inWords(), text -> other.read().apply(text));
    }

    boolean reads(Class<?> type) {
        return kinds.containsKey(type) || type.isEnum();
    }

    String inWords(Class<?> type) {
        return kindOf(type).inWords();
    }

    Reading read(Class<?> type, String text) {
        Kind kind = kindOf(type);
        try {
            return new Right(kind.read().apply(text));
        } catch (UnusableText e) {
            return new Wrong(e.why());
        } catch (RuntimeException e) { // what parse methods of the JDK throw has no common type
            return new Wrong(
                    "must be " + kind.inWords() + ", not \"" + SettingsInForce.shown(text) + "\"");
        }
    }

    /** Compares with a limit written as text. */
    @SuppressWarnings("unchecked") // both come from the same reader of a comparable type
    int compare(Class<?> type, Object value, String limit) {
        return ((Comparable<Object>) value).compareTo(kindOf(type).read().apply(limit));
    }

    private Kind kindOf(Class<?> type) {
        Kind kind = kinds.get(type);
        if (kind != null) {
            return kind;
        }
        if (type.isEnum()) {
            return choice(type);
        }
        throw new IllegalStateException("No text is read as " + type);
    }

    /** {@code ESPEAK_NG} is written {@code espeak-ng}. */
    private static Kind choice(Class<?> type) {
        Map<String, Object> words =
                Arrays.stream(type.getEnumConstants())
                        .collect(Collectors.toMap(Texts::word, value -> value));
        List<String> inOrder = Arrays.stream(type.getEnumConstants()).map(Texts::word).toList();
        return new Kind(
                "one of " + String.join(", ", inOrder),
                text -> {
                    Object value = words.get(text);
                    if (value == null) {
                        throw new IllegalArgumentException(text);
                    }
                    return value;
                });
    }

    private static String word(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Object whole(String text) {
        return Integer.valueOf(text.replace("_", ""));
    }

    private static Object truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Object duration(String text) {
        Matcher brief = SHORT_DURATION.matcher(text);
        if (!brief.matches()) {
            return Duration.parse(text);
        }
        long amount = Long.parseLong(brief.group(1));
        return switch (brief.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static Object period(String text) {
        Period period = Period.parse(text);
        if (period.isNegative()) {
            throw new IllegalArgumentException(text);
        }
        return period;
    }

    private static Object http(String text) {
        URI uri = URI.create(text);
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null) {
            throw new IllegalArgumentException(text);
        }
        return uri;
    }

    /** Literal addresses only: a start must not wait for a name server. */
    static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }
}
