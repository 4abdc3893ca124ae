package org.consentgateway.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.consentgateway.consent.request.SubjectRequest.Approved;
import org.consentgateway.consent.request.SubjectRequest.Kept;
import org.consentgateway.ledger.entry.EntryIds;

/**
 * Confined to one reading. Approvals of one request as the log has them: of one law there may be
 * more records than an entry lists, so an approval may have several, its parts. Each says whose
 * part it is, which, and of how many, so that nothing is erased by some of them.
 */
final class StoredApprovals {
    /** Records that are listed in one entry: it holds 64 KiB. */
    static final int MOST_KEPT = 1_000;

    private final Map<UUID, Whole> byId = new TreeMap<>();
    private boolean unreadable;

    /** One of them, as far as it is there. */
    private static final class Whole {
        private final Approved first;
        private final int parts;
        private final Map<String, Long> until;
        private final Set<Integer> there = new HashSet<>();
        private final Map<String, List<UUID>> kept = new LinkedHashMap<>();

        Whole(Approved first, int parts, Map<String, Long> until) {
            this.first = first;
            this.parts = parts;
            this.until = until;
        }

        void add(Approved part, int number) {
            if (there.add(number)) {
                for (Kept law : part.kept()) {
                    kept.computeIfAbsent(law.law(), _ -> new ArrayList<>()).addAll(law.records());
                }
            }
        }
    }

    // ------------------------------------------------------------------ written

    /** As many approvals as there are entries to write, each of which keeps a part. */
    static List<Approved> parts(Approved approved) {
        List<Kept> parts = new ArrayList<>();
        for (Kept law : approved.kept()) {
            List<UUID> records = law.records();
            for (int from = 0; from < records.size(); from += MOST_KEPT) {
                int to = Math.min(records.size(), from + MOST_KEPT);
                parts.add(new Kept(law.law(), records.subList(from, to)));
            }
        }
        if (parts.size() <= 1) {
            return List.of(approved);
        }
        List<Approved> all = new ArrayList<>();
        for (Kept part : parts) {
            all.add(
                    new Approved(
                            all.isEmpty() ? approved.id() : EntryIds.next(approved.at()),
                            approved.at(),
                            approved.asked(),
                            approved.answer(),
                            List.of(part),
                            nothing(approved.until())));
        }
        return all;
    }

    /** An earlier version takes each part for all: by none of them does it erase anything. */
    private static Map<String, Long> nothing(Map<String, Long> until) {
        Map<String, Long> nothing = new HashMap<>();
        until.keySet().forEach(log -> nothing.put(log, 0L));
        return nothing;
    }

    /**
     * @param payload of the entry
     * @param number from 1
     */
    static void number(ObjectNode payload, Approved whole, int number, int parts) {
        ObjectNode approval = payload.putObject("approval");
        approval.put("id", whole.id().toString()).put("part", number).put("parts", parts);
        ObjectNode until = approval.putObject("until");
        new TreeMap<>(whole.until()).forEach(until::put);
    }

    // ------------------------------------------------------------------ read

    /** An entry whose content is not there: it may be a part. */
    void addUnreadable() {
        unreadable = true;
    }

    /**
     * @param payload of one of them
     */
    void add(ObjectNode payload) {
        Approved part = (Approved) RequestJson.read(payload);
        JsonNode approval = payload.path("approval");
        if (approval.isMissingNode()) {
            byId.computeIfAbsent(part.id(), _ -> new Whole(part, 1, part.until())).add(part, 1);
            return;
        }
        byId.computeIfAbsent(
                        UUID.fromString(approval.path("id").asText()),
                        _ ->
                                new Whole(
                                        part,
                                        approval.path("parts").asInt(),
                                        RequestJson.until(approval)))
                .add(part, approval.path("part").asInt());
    }

    /** Whether every part of each is there. */
    boolean complete() {
        return !unreadable
                && !byId.isEmpty()
                && byId.values().stream().allMatch(one -> one.there.size() == one.parts);
    }

    /**
     * The first of them, whoever reads it; it keeps what any of them keeps.
     *
     * @throws java.util.NoSuchElementException where there is none
     */
    Approved whole() {
        Map<String, Set<UUID>> kept = new LinkedHashMap<>();
        for (Whole one : byId.values()) {
            one.kept.forEach((law, records) ->
                    kept.computeIfAbsent(law, _ -> new LinkedHashSet<>()).addAll(records));
        }
        UUID id = byId.keySet().iterator().next();
        Whole first = byId.values().iterator().next();
        List<Kept> laws = new ArrayList<>();
        kept.forEach((law, records) -> laws.add(new Kept(law, List.copyOf(records))));
        return new Approved(
                id, first.first.at(), first.first.asked(), first.first.answer(), laws, first.until);
    }
}
