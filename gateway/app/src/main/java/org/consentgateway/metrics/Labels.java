package org.consentgateway.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * Thread-safe. Keeps label values few and impersonal: at most {@link Tag#maxValues} per tag (but in
 * gauges of peers), short, and nothing that could be a telephone number.
 */
final class Labels {
    static final String OTHER = "other";

    /** A tag must always be there; this stands for "does not apply". */
    static final String NONE = "none";

    private static final Pattern FIT = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Line numbers and names of ours have fewer digits in a row, telephone numbers more. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]{5}");

    /**
     * Those outside, whose names the configuration gives and no call. Two that were folded into one
     * would be one gauge, and the second of them never missed.
     */
    private static final Set<Tag> PEERS =
            EnumSet.of(Tag.TRUNK, Tag.TARGET, Tag.ASSISTANT, Tag.ENDPOINT, Tag.WITNESS);

    /** As the configuration has it: it begins with a letter, which no telephone number does. */
    private static final Pattern PEER = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,39}");

    /** The build says it, with the commit in it, which may well have five digits in a row. */
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9.+_-]{1,64}");

    private final Map<Tag, Set<String>> seen = new EnumMap<>(Tag.class);
    private final Runnable folded;

    /**
     * @param folded called for each value that became {@link #OTHER}
     */
    Labels(Runnable folded) {
        this.folded = folded;
        for (Tag tag : Tag.values()) {
            seen.put(tag, ConcurrentHashMap.newKeySet());
        }
    }

    /**
     * @param values one for each of the meter's tags, in their order; empty for {@link #NONE}
     */
    Tags of(Meter meter, Object... values) {
        return of(meter, this::isCounted, values);
    }

    /**
     * The same of a gauge. There is one for each of {@link #PEERS} that the configuration names,
     * however many those are or were before: of two that share one the second is never missed.
     */
    Tags ofGauge(Meter meter, Object... values) {
        return of(meter, (tag, given) -> PEERS.contains(tag) || isCounted(tag, given), values);
    }

    private Tags of(Meter meter, BiPredicate<Tag, String> admitted, Object... values) {
        if (values.length != meter.tags.size()) {
            throw new IllegalArgumentException(meter + " has the tags " + meter.tags);
        }
        Tags tags = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            Tag tag = meter.tags.get(i);
            tags = tags.and(tag.label, value(tag, values[i].toString(), admitted));
        }
        return tags;
    }

    private String value(Tag tag, String given, BiPredicate<Tag, String> admitted) {
        if (given.isEmpty()) {
            return NONE;
        }
        if (fits(tag, given) && admitted.test(tag, given)) {
            return given;
        }
        folded.run();
        return OTHER;
    }

    private static boolean fits(Tag tag, String given) {
        if (tag == Tag.VERSION) {
            return VERSION.matcher(given).matches();
        }
        return (PEERS.contains(tag) && PEER.matcher(given).matches())
                || (FIT.matcher(given).matches() && !NUMBER.matcher(given).find());
    }

    private boolean isCounted(Tag tag, String value) {
        Set<String> known = seen.getOrDefault(tag, Set.of());
        if (known.contains(value)) {
            return true;
        }
        synchronized (known) {
            return known.contains(value) || (known.size() < tag.maxValues && known.add(value));
        }
    }

    /** {@code KEY} is shown as {@code key}. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
