package org.consentgateway.consent.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.consentgateway.consent.ConsentRecord;

/**
 * Thread-safe. What neither the store nor the disk takes, in memory: each kind has {@link
 * ConsentJournal#MAX_IN_MEMORY} places.
 */
final class HeldRecords {
    private final Map<LateKind, OfOneKind> held = new EnumMap<>(LateKind.class);

    /** Of one kind. */
    private static final class OfOneKind {
        /** Each kept as one, oldest first. */
        private final Deque<List<ConsentRecord>> groups = new ArrayDeque<>();

        /** Of all in them. */
        private final Set<UUID> ids = new HashSet<>();

        /** Of what is kept as one, a part may be gone before the rest. */
        void remove(Collection<ConsentRecord> gone) {
            if (groups.isEmpty()) {
                return;
            }
            Set<UUID> goneIds = gone.stream().map(ConsentRecord::id).collect(Collectors.toSet());
            List<List<ConsentRecord>> left =
                    groups.stream()
                            .map(group ->
                                    group.stream()
                                            .filter(record -> !goneIds.contains(record.id()))
                                            .toList())
                            .filter(group -> !group.isEmpty())
                            .toList();
            groups.clear();
            groups.addAll(left);
            ids.removeAll(goneIds);
        }
    }

    HeldRecords() {
        for (LateKind kind : LateKind.values()) {
            held.put(kind, new OfOneKind());
        }
    }

    /**
     * What is held already takes no second place.
     *
     * @param together of one kind
     * @return false where there are not places for all of them: none is held then
     */
    synchronized boolean hold(List<ConsentRecord> together) {
        OfOneKind places = held.get(LateKind.of(together.getFirst()));
        if (places == null) {
            return false;
        }
        List<ConsentRecord> fresh =
                together.stream().filter(record -> !places.ids.contains(record.id())).toList();
        if (places.ids.size() + fresh.size() > ConsentJournal.MAX_IN_MEMORY) {
            return false;
        }
        if (!fresh.isEmpty()) {
            places.groups.addLast(fresh);
            fresh.forEach(record -> places.ids.add(record.id()));
        }
        return true;
    }

    /** The most urgent kind first, each oldest first. */
    synchronized List<ConsentRecord> all() {
        return held.values().stream()
                .flatMap(places -> places.groups.stream())
                .flatMap(List::stream)
                .toList();
    }

    synchronized void forget(Collection<ConsentRecord> written) {
        held.values().forEach(places -> places.remove(written));
    }

    /**
     * Hands on what there is, as long as it is taken: many at a time, for each is synchronised to
     * the disk. Meanwhile others hold and see what is here: the disk may hang.
     *
     * @param disk takes all of what it is given, or says no
     */
    void handOn(Predicate<List<ConsentRecord>> disk) {
        for (OfOneKind places : held.values()) {
            int most = ConsentJournal.LATE_BATCH;
            List<ConsentRecord> some = first(places, most);
            while (!some.isEmpty() && most > 0) {
                if (disk.test(some)) {
                    remove(places, some);
                } else {
                    most = most > 1 ? 1 : 0; // there may be a place for one
                }
                some = first(places, most);
            }
        }
    }

    private synchronized void remove(OfOneKind places, List<ConsentRecord> gone) {
        places.remove(gone);
    }

    /** At least one group, where there is one. */
    private synchronized List<ConsentRecord> first(OfOneKind places, int most) {
        List<ConsentRecord> some = new ArrayList<>();
        for (List<ConsentRecord> group : places.groups) {
            if (!some.isEmpty() && some.size() + group.size() > most) {
                break;
            }
            some.addAll(group);
        }
        return some;
    }
}
