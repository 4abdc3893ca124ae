package org.consentgateway.ledger.number;

import static org.consentgateway.ledger.number.FoundEntries.NEWEST_FIRST;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.number.FoundEntries.At;
import org.consentgateway.ledger.number.NumberPart.Stand;
import org.consentgateway.ledger.number.SubjectRows.Place;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one question. Goes on through the rows of a number from where a reader stands, and
 * stops behind as many as are wanted.
 */
final class NumberWalk {
    /** Rows that are read at a time: of more a small part has no use. */
    private static final int AT_ONCE = 200;

    private static final Comparator<Place> OLDEST_LAST = Comparator.comparing(At::of, NEWEST_FIRST);

    private final Connection connection;
    private final Set<String> names;
    private final long latest;
    private final int most;

    /** One more than are wanted, where there are. */
    private final List<Told> told = new ArrayList<>();

    private record Told(At at, Stand stand) {}

    NumberWalk(Connection connection, PseudonymousSubject subject, long latest, int most) {
        this.connection = connection;
        this.names = new LinkedHashSet<>(subject.pseudonyms());
        this.latest = latest;
        this.most = most;
    }

    void from(Stand stand) throws SQLException {
        At last = stand.named();
        restOfCall(stand);
        for (boolean more = true; more && told.size() <= most; ) {
            List<Place> some = named(last);
            Map<String, List<Place>> calls = calls(some);
            for (Place one : some) {
                last = At.of(one);
                tell(last, new Stand(last, null));
                tellOthers(one, calls, null);
            }
            more = !some.isEmpty();
        }
    }

    List<At> told() {
        return told.stream().limit(most).map(Told::at).toList();
    }

    Optional<Stand> next() {
        return told.size() > most ? Optional.of(told.get(most - 1).stand()) : Optional.empty();
    }

    private void tell(At one, Stand stand) {
        if (one.millis() <= latest) {
            told.add(new Told(one, stand));
        }
    }

    /** What is left of the call in which the reader stands. */
    private void restOfCall(Stand stand) throws SQLException {
        Optional<Place> named =
                SubjectRows.at(connection, stand.named().log(), stand.named().index())
                        .filter(this::bearsTheName);
        if (named.isPresent()) {
            tellOthers(named.get(), calls(List.of(named.get())), stand.within());
        }
    }

    /** Behind the last row, of all names of the person. */
    private List<Place> named(At last) throws SQLException {
        int wanted = Math.min(AT_ONCE, most + 1 - told.size());
        List<Place> all = new ArrayList<>();
        for (String name : names) {
            all.addAll(SubjectRows.behind(connection, name, last, wanted));
        }
        return all.stream().sorted(OLDEST_LAST).limit(wanted).toList();
    }

    /** By the call. */
    private Map<String, List<Place>> calls(Collection<Place> named) throws SQLException {
        Set<String> calls = new HashSet<>();
        for (Place one : named) {
            if (one.call() != null) {
                calls.add(one.call());
            }
        }
        Map<String, List<Place>> all = new HashMap<>();
        SubjectRows.ofCalls(
                connection,
                calls,
                row -> {
                    if (row.call() != null) {
                        all.computeIfAbsent(row.call(), _ -> new ArrayList<>()).add(row);
                    }
                });
        return all;
    }

    /**
     * What stems from the same call and bears no name of this person, behind the oldest that does.
     *
     * @param behind the last of them that was told; null for none
     */
    private void tellOthers(Place named, Map<String, List<Place>> calls, @Nullable At behind) {
        List<Place> ofCall = calls.getOrDefault(String.valueOf(named.call()), List.of());
        At oldest = At.of(named);
        boolean isOldest =
                ofCall.stream()
                        .filter(this::bearsTheName)
                        .map(At::of)
                        .noneMatch(other -> NEWEST_FIRST.compare(other, oldest) > 0);
        if (isOldest) {
            ofCall.stream()
                    .filter(one -> !bearsTheName(one))
                    .map(At::of)
                    .sorted(NEWEST_FIRST)
                    .filter(one -> behind == null || NEWEST_FIRST.compare(one, behind) > 0)
                    .forEach(one -> tell(one, new Stand(oldest, one)));
        }
    }

    private boolean bearsTheName(Place row) {
        return row.subject() != null && names.contains(row.subject());
    }
}
