package org.consentgateway.web.connection;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Thread-safe. The places of a listener, and who gives up one where all are taken: first whoever
 * has asked nothing, since opening a connection costs nothing, then whoever is between two
 * requests, and last whoever has more than the one that comes. Of each kind the source that has
 * most gives up its oldest.
 *
 * @param <C> a connection
 */
final class SharedPlaces<C> {
    /** What a connection is used for just now. */
    enum Use {
        /** No request of it has come. */
        SILENT,
        /** Each request of it has its answer. */
        BETWEEN,
        /** A request of it comes, or is worked on. */
        BUSY
    }

    private final int most;
    private final Function<C, Use> use;

    /** By whose it is; the oldest first. */
    private final Map<C, String> places = new LinkedHashMap<>();

    /**
     * @param most how many there may be, at least 1
     */
    SharedPlaces(int most, Function<C, Use> use) {
        this.most = most;
        this.use = use;
    }

    /**
     * @return the one to be closed for it, which has no place any more; may be itself
     */
    synchronized Optional<C> add(C connection, String source) {
        places.put(connection, source);
        if (places.size() <= most) {
            return Optional.empty();
        }
        C given = givenFor(connection);
        places.remove(given);
        return Optional.of(given);
    }

    synchronized void remove(C connection) {
        places.remove(connection);
    }

    private C givenFor(C latest) {
        Predicate<C> others = each -> !each.equals(latest);
        Map<String, Integer> silent = countOf(each -> use.apply(each) == Use.SILENT);
        Map<String, Integer> all = countOf(_ -> true);
        int own = count(all, latest);
        return oldestOfMost(others.and(each -> use.apply(each) == Use.SILENT), silent)
                .or(() -> oldestOfMost(others.and(each -> use.apply(each) == Use.BETWEEN), all))
                .or(() -> oldestOfMost(others.and(each -> count(all, each) > own), all))
                .orElse(latest);
    }

    private Map<String, Integer> countOf(Predicate<C> which) {
        Map<String, Integer> counts = new HashMap<>();
        places.forEach((each, source) -> {
            if (which.test(each)) {
                counts.merge(source, 1, Integer::sum);
            }
        });
        return counts;
    }

    private int count(Map<String, Integer> counts, C connection) {
        return counts.getOrDefault(Objects.requireNonNull(places.get(connection)), 0);
    }

    /** Of sources with as many, that of the oldest. */
    private Optional<C> oldestOfMost(Predicate<C> which, Map<String, Integer> counts) {
        Comparator<C> fewest = Comparator.comparingInt(each -> count(counts, each));
        return places.keySet().stream()
                .filter(which)
                .reduce((one, later) -> fewest.compare(later, one) > 0 ? later : one);
    }
}
