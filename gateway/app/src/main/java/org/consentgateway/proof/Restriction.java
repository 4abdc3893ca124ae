package org.consentgateway.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.consentgateway.consent.request.SubjectRequest.Kept;
import org.consentgateway.ledger.entry.Entry;
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

    private static final String ADVERTISING = "marketing";

    private static final Set<EntryType> ENDS =
            EnumSet.of(EntryType.GIVEN, EntryType.RENEWED, EntryType.WITHDRAWN, EntryType.EXPIRED);

    private Restriction() {}

    /**
     * @param entries all of the caller
     * @param proofLaw why the proof of the other consents is kept as well; null where it is not
     */
    static List<Kept> of(List<Entry> entries, @Nullable String proofLaw) {
        var kept = new ArrayList<Kept>();
        Set<UUID> advertising = proofs(entries, Restriction::isForAdvertising);
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

    private static boolean isForAdvertising(ObjectNode grant) {
        for (JsonNode purpose : grant.at("/decision/purposes")) {
            if (purpose.asText().equals(ADVERTISING)) {
                return true;
            }
        }
        return false;
    }

    private static Set<UUID> proofs(List<Entry> entries, Predicate<ObjectNode> chosen) {
        var proofs = new HashSet<UUID>();
        var calls = new HashSet<String>();
        for (Entry entry : entries) {
            ObjectNode payload = entry.payload();
            if (payload != null && entry.type().isConsent() && chosen.test(payload)) {
                proofs.add(entry.id());
                if (entry.type() != EntryType.IMPORTED) { // which is of no call
                    calls.add(payload.at("/call/gateway_call_id").asText());
                }
            }
        }
        Set<UUID> grants = Set.copyOf(proofs);
        for (Entry entry : entries) {
            if (belongs(entry, grants, calls)) {
                proofs.add(entry.id());
            }
        }
        endings(entries, proofs);
        return proofs;
    }

    private static boolean belongs(Entry entry, Set<UUID> grants, Set<String> calls) {
        ObjectNode payload = entry.payload();
        if (payload == null || entry.type() == EntryType.REFUSED) {
            return false; // a no proves no consent
        }
        boolean played =
                entry.type() == EntryType.SERVED
                        && calls.contains(payload.at("/call/gateway_call_id").asText());
        return played || refersTo(payload, grants);
    }

    /**
     * What ends or replaces a consent that is kept, and what ends that again: without its end it
     * would hold once more.
     */
    private static void endings(List<Entry> entries, Set<UUID> kept) {
        boolean more = true;
        while (more) {
            more = false;
            for (Entry entry : entries) {
                ObjectNode payload = entry.payload();
                more |=
                        payload != null
                                && ENDS.contains(entry.type())
                                && refersTo(payload, kept)
                                && kept.add(entry.id());
            }
        }
    }

    private static boolean refersTo(ObjectNode payload, Set<UUID> records) {
        String refers = payload.at("/refers_to").textValue();
        return refers != null && records.contains(UUID.fromString(refers));
    }
}
