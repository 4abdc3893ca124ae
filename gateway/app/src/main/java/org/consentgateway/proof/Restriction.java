package org.consentgateway.proof;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.consentgateway.consent.request.SubjectRequest.Kept;
import org.consentgateway.ledger.entry.EntryType;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a caller an erasure leaves, because a law demands the proof (Art. 17(3) DSGVO):
 * grants, also those that were given elsewhere, what refers to them, and what was played before in
 * the same call. Immutable.
 */
final class Restriction {
    /** Consent to advertising by telephone has to be shown for five years after its last use. */
    static final String ADVERTISING_LAW = "§ 7a UWG";

    private static final Set<EntryType> ENDS =
            EnumSet.of(EntryType.GIVEN, EntryType.RENEWED, EntryType.WITHDRAWN, EntryType.EXPIRED);

    private Restriction() {}

    /**
     * @param entries all of the caller, however many there are
     * @param proofLaw why the proof of the other consents is kept as well; null where it is not
     */
    static List<Kept> of(List<SeenEntry> entries, @Nullable String proofLaw) {
        var kept = new ArrayList<Kept>();
        Set<UUID> advertising = proofs(entries, SeenEntry::advertising);
        add(kept, ADVERTISING_LAW, advertising);
        if (proofLaw != null) {
            Set<UUID> others = proofs(entries, _ -> true);
            others.removeAll(advertising);
            add(kept, proofLaw, others);
        }
        return kept;
    }

    private static void add(List<Kept> kept, String law, Set<UUID> records) {
        if (!records.isEmpty()) {
            kept.add(new Kept(law, records.stream().sorted().toList()));
        }
    }

    private static Set<UUID> proofs(List<SeenEntry> entries, Predicate<SeenEntry> chosen) {
        var proofs = new HashSet<UUID>();
        var calls = new HashSet<String>();
        for (SeenEntry entry : entries) {
            if (entry.type().isConsent() && chosen.test(entry)) {
                proofs.add(entry.id());
                if (entry.type() != EntryType.IMPORTED) { // which is of no call
                    calls.add(entry.call());
                }
            }
        }
        Set<UUID> grants = Set.copyOf(proofs);
        for (SeenEntry entry : entries) {
            if (belongs(entry, grants, calls)) {
                proofs.add(entry.id());
            }
        }
        addEndings(entries, proofs);
        return proofs;
    }

    private static boolean belongs(SeenEntry entry, Set<UUID> grants, Set<String> calls) {
        if (entry.type() == EntryType.REFUSED) {
            return false; // a no proves no consent
        }
        boolean played = entry.type() == EntryType.SERVED && calls.contains(entry.call());
        return played || entry.refersTo(grants);
    }

    /**
     * What ends or replaces a consent that is kept, and what ends that again: without its end it
     * would hold once more.
     */
    private static void addEndings(Collection<SeenEntry> entries, Set<UUID> kept) {
        Map<UUID, List<UUID>> ends = new HashMap<>();
        for (SeenEntry entry : entries) {
            UUID ended = entry.refersTo();
            if (ended != null && ENDS.contains(entry.type())) {
                ends.computeIfAbsent(ended, _ -> new ArrayList<>()).add(entry.id());
            }
        }
        Deque<UUID> looked = new ArrayDeque<>(kept);
        for (UUID next = looked.poll(); next != null; next = looked.poll()) {
            for (UUID end : ends.getOrDefault(next, List.of())) {
                if (kept.add(end)) {
                    looked.add(end);
                }
            }
        }
    }
}
