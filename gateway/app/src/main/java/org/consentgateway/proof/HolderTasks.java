package org.consentgateway.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.consentgateway.consent.request.Reference;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/**
 * What is left to do for a person so that everybody who holds data learns that a consent has ended
 * or that data was erased (Art. 19 DSGVO). Assistants with which a call is under way are told by
 * the gateway; all others, and those who did not confirm it, are a task here until somebody says
 * that it is done.
 */
final class HolderTasks {
    private static final String SCHEMA = "holder-task/1";
    private static final int MAX = 10_000;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private HolderTasks() {}

    /**
     * One of them. Immutable.
     *
     * @param id of the entry that says so
     * @param since when the consent ended or the erasure was approved
     * @param way where and how the holder is told
     * @param event "ERASED", "WITHDRAWN" or "EXPIRED"
     * @param consents as the holder knows them, X-Consent-Id
     */
    record HolderTask(
            UUID id, Instant since, String holder, String way, String event, List<UUID> consents) {
        Reference reference() {
            return Reference.of(id);
        }
    }

    // ------------------------------------------------------------------ before an erasure

    /**
     * Whom an erasure has to be told: whoever was connected under one of the consents that go, and
     * whoever gets data for their purposes besides.
     *
     * @param entries all of the caller
     * @param kept ids of those that stay
     * @param approval id of the entry that approves it
     * @param told names of those who were told of every consent
     */
    static List<NewEntry> of(
            List<Entry> entries, Set<UUID> kept, UUID approval, Instant now, List<String> told) {
        Map<UUID, List<JsonNode>> consents = new LinkedHashMap<>();
        Map<UUID, Set<String>> opened = new LinkedHashMap<>();
        for (Entry entry : entries) {
            ObjectNode payload = entry.payload();
            if (payload == null || kept.contains(entry.id())) {
                continue;
            }
            switch (entry.type()) {
                case GIVEN, RENEWED, IMPORTED ->
                        consents.computeIfAbsent(entry.id(), _ -> new ArrayList<>()).add(payload);
                case REAFFIRMED -> // with what was agreed to besides, in that call
                        consents.computeIfAbsent(refersTo(payload), _ -> new ArrayList<>())
                                .add(payload);
                case ASSISTANT_OPENED ->
                        opened.computeIfAbsent(refersTo(payload), _ -> new LinkedHashSet<>())
                                .add(payload.path("assistant").asText());
                default -> {}
            }
        }
        Map<String, Set<UUID>> held = new LinkedHashMap<>();
        Map<String, String> ways = new LinkedHashMap<>();
        opened.forEach((consent, assistants) -> {
            for (String assistant : assistants) {
                held.computeIfAbsent(assistant, _ -> new LinkedHashSet<>()).add(consent);
                ways.putIfAbsent(assistant, "in its call, where one is under way; else by hand");
            }
            for (JsonNode recipient : recipients(consents.getOrDefault(consent, List.of()))) {
                String name = recipient.path("name").asText();
                held.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(consent);
                ways.putIfAbsent(
                        name,
                        recipient.path("role").asText()
                                + ", "
                                + recipient.path("address").asText());
            }
        });
        if (!consents.isEmpty()) {
            for (String holder : told) {
                held.computeIfAbsent(holder, _ -> new LinkedHashSet<>()).addAll(consents.keySet());
                ways.putIfAbsent(holder, "by its webhook; by hand where that fails");
            }
        }
        List<NewEntry> tasks = new ArrayList<>();
        held.forEach((holder, which) ->
                tasks.add(toTell(holder, ways.getOrDefault(holder, ""), which, approval, now)));
        return tasks;
    }

    private static List<JsonNode> recipients(List<JsonNode> consents) {
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode consent : consents) {
            consent.path("processing").forEach(one -> one.path("recipients").forEach(all::add));
        }
        return all;
    }

    private static UUID refersTo(ObjectNode payload) {
        return UUID.fromString(payload.path("refers_to").asText());
    }

    private static NewEntry toTell(
            String holder, String way, Set<UUID> consents, UUID approval, Instant now) {
        UUID id = EntryIds.next(now);
        ObjectNode payload = common(id, "HolderToTell", approval, now);
        payload.putObject("holder").put("name", holder).put("way", way).put("event", "ERASED");
        ArrayNode which = payload.putArray("consents");
        new TreeSet<>(consents).forEach(consent -> which.add(consent.toString()));
        return new NewEntry(id, EntryType.HOLDER_TO_TELL, null, null, payload);
    }

    private static ObjectNode common(UUID id, String state, UUID refersTo, Instant now) {
        ObjectNode payload = JSON.objectNode();
        payload.put("schema", SCHEMA);
        payload.put("record_id", id.toString());
        payload.put("event_time", now.toString());
        payload.put("event_state", state);
        payload.put("refers_to", refersTo.toString());
        RequestJson.keep(payload, now);
        return payload;
    }

    // ------------------------------------------------------------------ what is left to do

    /** Oldest first. */
    static List<HolderTask> open(LogReader reader) throws LedgerUnavailable {
        List<HolderTask> open = new ArrayList<>();
        Set<String> told = new HashSet<>();
        for (Entry entry : reader.ofType(EntryType.HOLDER_TOLD, MAX)) {
            told.add(key(entry));
        }
        for (Entry entry : reader.ofType(EntryType.HOLDER_TO_TELL, MAX).reversed()) {
            ObjectNode payload = entry.payload();
            if (payload != null && !told.contains(entry.id() + " " + holder(payload))) {
                erased(reader, entry, payload, open);
            }
        }
        unconfirmed(reader, told, open);
        return open;
    }

    /** But for the consents of which the assistant has confirmed it in its call. */
    private static void erased(
            LogReader reader, Entry entry, ObjectNode payload, List<HolderTask> open)
            throws LedgerUnavailable {
        List<UUID> left = new ArrayList<>();
        for (JsonNode consent : payload.path("consents")) {
            UUID id = UUID.fromString(consent.asText());
            boolean confirmed =
                    reader.holdersOf(id).stream()
                            .map(Entry::payload)
                            .anyMatch(told ->
                                    told != null
                                            && isConfirmed(told)
                                            && holder(told).equals(holder(payload))
                                            && event(told).equals("ERASED"));
            if (!confirmed) {
                left.add(id);
            }
        }
        if (!left.isEmpty()) {
            open.add(
                    new HolderTask(
                            entry.id(),
                            entry.time(),
                            holder(payload),
                            payload.at("/holder/way").asText(),
                            event(payload),
                            left));
        }
    }

    /** Of the ends of consents that are still stored, those that a holder has not confirmed. */
    private static void unconfirmed(LogReader reader, Set<String> told, List<HolderTask> open)
            throws LedgerUnavailable {
        Map<String, HolderTask> byKey = new LinkedHashMap<>();
        for (Entry entry : reader.ofType(EntryType.HOLDER_NOTIFIED, MAX).reversed()) {
            ObjectNode payload = entry.payload();
            if (payload == null || event(payload).equals("ERASED")) {
                continue; // an erasure has a task of its own
            }
            String key = key(entry);
            if (isConfirmed(payload)) {
                told.add(key);
            } else {
                byKey.putIfAbsent(
                        key,
                        new HolderTask(
                                entry.id(),
                                Instant.parse(payload.at("/holder/ended_at").asText()),
                                holder(payload),
                                "by hand: it did not confirm, or no call was under way",
                                event(payload),
                                List.of(refersTo(payload))));
            }
        }
        byKey.keySet().removeAll(told);
        open.addAll(byKey.values());
    }

    private static boolean isConfirmed(ObjectNode payload) {
        return !payload.at("/holder/acknowledged_by").asText().isEmpty();
    }

    private static String holder(ObjectNode payload) {
        return payload.at("/holder/name").asText();
    }

    private static String event(ObjectNode payload) {
        return payload.at("/holder/event").asText();
    }

    /** What was told to whom. */
    private static String key(Entry entry) {
        ObjectNode payload = entry.payload();
        return payload == null ? "" : payload.path("refers_to").asText() + " " + holder(payload);
    }

    // ------------------------------------------------------------------ done

    /** That a person has told the holder. */
    static NewEntry told(HolderTask task, Answer answer, Instant now) {
        boolean erased = task.event.equals("ERASED");
        UUID id = EntryIds.next(now);
        ObjectNode payload =
                common(id, "HolderTold", erased ? task.id : task.consents.getFirst(), now);
        payload.putObject("holder")
                .put("name", task.holder)
                .put("event", task.event)
                .put("delivered", true)
                .put("acknowledged_by", answer.ground());
        payload.putObject("answer").put("by", answer.by()).put("ground", answer.ground());
        return new NewEntry(id, EntryType.HOLDER_TOLD, null, null, payload);
    }

    /**
     * That a holder has confirmed a message that told it.
     *
     * @param id always the same for one message to one holder
     * @param refersTo the consent that was withdrawn, or the entry that lists those erased
     * @param by the answer that confirmed it
     */
    static NewEntry confirmed(
            UUID id, UUID refersTo, String holder, String event, String by, Instant now) {
        ObjectNode payload = common(id, "HolderTold", refersTo, now);
        payload.putObject("holder")
                .put("name", holder)
                .put("event", event)
                .put("delivered", true)
                .put("acknowledged_by", by);
        return new NewEntry(id, EntryType.HOLDER_TOLD, null, null, payload);
    }

    /** Whether the task itself names consents that are erased, and goes when it is done. */
    static boolean goes(HolderTask task) {
        return task.event.equals("ERASED");
    }
}
