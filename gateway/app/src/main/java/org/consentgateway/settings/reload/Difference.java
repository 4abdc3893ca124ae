package org.consentgateway.settings.reload;

import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.consentgateway.config.HostPort;
import org.consentgateway.config.JdbcUrl;
import org.consentgateway.config.ListenAddress;
import org.consentgateway.config.Secret;

/**
 * How one value of the configuration differs from another, in words for operators. Immutable.
 * Values are shown only where they can hold nothing secret: of addresses with a query, of maps and
 * of lists of sections it is said that they differ, and in which key.
 */
final class Difference {
    private Difference() {}

    /** A line for each. */
    static List<String> of(String key, Object before, Object after) {
        if (isNamed(before) || isNamed(after)) {
            return ofNamed(key, (List<?>) before, (List<?>) after);
        }
        Optional<String> was = shown(before);
        Optional<String> is = shown(after);
        return List.of(
                was.isPresent() && is.isPresent() && !was.equals(is)
                        ? key + ": " + was.get() + " -> " + is.get()
                        : key);
    }

    /** Whether these are sections that have a name each, such as trunks. */
    private static boolean isNamed(Object value) {
        return value instanceof List<?> list
                && !list.isEmpty()
                && list.stream()
                        .allMatch(one -> one instanceof Record each && name(each).isPresent());
    }

    static Optional<String> name(Record section) {
        for (RecordComponent each : section.getClass().getRecordComponents()) {
            if (each.getName().equals("name") || each.getName().equals("id")) {
                return Optional.of(ChangedConfig.value(each, section).toString());
            }
        }
        return Optional.empty();
    }

    private static List<String> ofNamed(String key, List<?> before, List<?> after) {
        Map<String, Record> was = byName(before);
        Map<String, Record> is = byName(after);
        List<String> lines = new ArrayList<>();
        is.forEach((name, section) -> {
            Record old = was.get(name);
            if (old == null) {
                lines.add(key + " " + name + " (new)");
            } else if (!old.equals(section)) {
                lines.add(key + " " + name + ": " + String.join(", ", keys("", old, section)));
            }
        });
        was.keySet().stream()
                .filter(name -> !is.containsKey(name))
                .forEach(name -> lines.add(key + " " + name + " (gone)"));
        if (lines.isEmpty()) {
            lines.add(key + " (their order)");
        }
        return lines;
    }

    private static Map<String, Record> byName(List<?> sections) {
        Map<String, Record> named = new LinkedHashMap<>();
        for (Object each : sections) {
            if (each instanceof Record section) {
                named.put(name(section).orElse(""), section);
            }
        }
        return named;
    }

    /** Which keys of a section differ. */
    private static List<String> keys(String in, Record before, Record after) {
        List<String> keys = new ArrayList<>();
        for (RecordComponent each : before.getClass().getRecordComponents()) {
            String key = in + ChangedConfig.written(each);
            Object was = ChangedConfig.value(each, before);
            Object is = ChangedConfig.value(each, after);
            if (Objects.equals(was, is)) {
                continue;
            }
            if (was instanceof Record section
                    && is instanceof Record other
                    && section.getClass().equals(other.getClass())
                    && shown(was).isEmpty()) {
                keys.addAll(keys(key + ".", section, other));
            } else {
                keys.add(key);
            }
        }
        return keys;
    }

    /** Empty where it might hold what nobody should read. */
    private static Optional<String> shown(Object value) {
        return switch (value) {
            case Optional<?> maybe ->
                    maybe.isPresent() ? shown(maybe.get()) : Optional.of("(none)");
            case Secret _, URI _ -> Optional.empty();
            case Enum<?> word ->
                    Optional.of(word.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            case InetAddress address -> Optional.of(address.getHostAddress());
            case String _,
                    Number _,
                    Boolean _,
                    Path _,
                    TemporalAmount _,
                    JdbcUrl _,
                    HostPort _,
                    ListenAddress _ ->
                    Optional.of(value.toString());
            case List<?> list when list.stream().allMatch(one -> shown(one).isPresent()) ->
                    Optional.of(
                            list.stream()
                                    .map(one -> shown(one).orElseThrow())
                                    .collect(Collectors.joining(", ", "[", "]")));
            default -> Optional.empty();
        };
    }
}
