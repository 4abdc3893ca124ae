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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.consent.request.Reference;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.proof.SeenEntry.Recipient;

/**
 * What is left to do for a person so that everybody who holds data learns that a consent has ended
 * or that data was erased (Art. 19 DSGVO). Assistants with which a call is under way are told by
 * the gateway; all others, and those who did not confirm it, are a task here until somebody says
 * that it is done.
 */
final class HolderTasks {
    private static final String SCHEMA = "holder-task/1";

    /** Consents in one task: as many as an entry holds with ease. */
    private static final int MOST_IN_TASK = 1_000;

    /**
     * The same where the task goes out as a message. A platform may keep an object per consent and
     * purpose: then it is a request for each, one after the other, within a minute.
     */
    static final int MOST_IN_MESSAGE = 25;

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
            List<SeenEntry> entries,
            Set<UUID> kept,
            UUID approval,
            Instant now,
            List<String> told) {
        Map<UUID, Set<Recipient>> consents = new LinkedHashMap<>();
        Map<UUID, Set<String>> opened = new LinkedHashMap<>();
        for (SeenEntry entry : entries) {
            UUID refersTo = entry.refersTo();
            if (kept.contains(entry.id())) {
                continue;
            }
            switch (entry.type()) {
                case GIVEN, RENEWED, IMPORTED ->
                        consents.computeIfAbsent(entry.id(), _ -> new LinkedHashSet<>())
                                .addAll(entry.recipients());
                case REAFFIRMED -> { // with what was agreed to besides, in that call
                    if (refersTo != null) {
                        consents.computeIfAbsent(refersTo, _ -> new LinkedHashSet<>())
                                .addAll(entry.recipients());
                    }
                }
                case ASSISTANT_OPENED -> {
                    if (refersTo != null) {
                        opened.computeIfAbsent(refersTo, _ -> new LinkedHashSet<>())
                                .add(entry.assistant());
                    }
                }
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
            for (Recipient recipient : consents.getOrDefault(consent, Set.of())) {
                held.computeIfAbsent(recipient.name(), _ -> new LinkedHashSet<>()).add(consent);
                ways.putIfAbsent(recipient.name(), recipient.way());
            }
        });
        if (!consents.isEmpty()) {
            for (String holder : told) {
                held.computeIfAbsent(holder, _ -> new LinkedHashSet<>()).addAll(consents.keySet());
                ways.putIfAbsent(holder, "by its webhook; by hand where that fails");
            }
        }
        List<NewEntry> tasks = new ArrayList<>();
        held.forEach((holder, which) -> {
            int most = told.contains(holder) ? MOST_IN_MESSAGE : MOST_IN_TASK;
            List<UUID> all = which.stream().sorted().toList();
            for (int from = 0; from < all.size(); from += most) {
                List<UUID> some = all.subList(from, Math.min(all.size(), from + most));
                tasks.add(toTell(holder, ways.getOrDefault(holder, ""), some, approval, now));
            }
        });
        return tasks;
    }

    private static UUID refersTo(ObjectNode payload) {
        return UUID.fromString(payload.path("refers_to").asText());
    }

    private static NewEntry toTell(
            String holder, String way, List<UUID> consents, UUID approval, Instant now) {
        UUID id = EntryIds.next(now);
        ObjectNode payload = common(id, "HolderToTell", approval, now);
        payload.putObject("holder").put("name", holder).put("way", way).put("event", "ERASED");
        ArrayNode which = payload.putArray("consents");
        consents.forEach(consent -> which.add(consent.toString()));
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

    /** Oldest first: all of them, whatever else was told meanwhile. */
    static List<HolderTask> open(LogReader reader) throws LedgerUnavailable {
        Set<String> told = new HashSet<>();
        AboutEntries.each(reader, EntryType.HOLDER_TOLD, entry -> told.add(key(entry)));
        Set<String> erased = new HashSet<>();
        Map<String, HolderTask> unconfirmed = new LinkedHashMap<>();
        AboutEntries.each(
                reader,
                EntryType.HOLDER_NOTIFIED,
                entry -> notified(entry, told, erased, unconfirmed));
        List<HolderTask> open = new ArrayList<>();
        AboutEntries.each(
                reader,
                EntryType.HOLDER_TO_TELL,
                entry -> {
                    ObjectNode payload = entry.payload();
                    if (payload != null && !told.contains(entry.id() + " " + holder(payload))) {
                        toTell(entry, payload, erased).ifPresent(open::add);
                    }
                });
        unconfirmed.keySet().removeAll(told);
        open.addAll(unconfirmed.values());
        return open;
    }

    /**
     * @param erased to which what was confirmed of erasures is added, as others are to {@code told}
     * @param unconfirmed to which the ends of consents are added that are still stored
     */
    private static void notified(
            Entry entry,
            Set<String> told,
            Set<String> erased,
            Map<String, HolderTask> unconfirmed) {
        ObjectNode payload = entry.payload();
        if (payload == null) {
            return;
        }
        boolean ofErasure = event(payload).equals("ERASED"); // which has a task of its own
        String key = key(entry);
        if (isConfirmed(payload)) {
            (ofErasure ? erased : told).add(key);
        } else if (!ofErasure) {
            unconfirmed.putIfAbsent(
                    key,
                    new HolderTask(
                            entry.id(),
                            Instant.parse(payload.at("/holder/ended_at").asText()),
                            holder(payload),
                            "by hand: it did not confirm, refused, or no call was under way",
                            event(payload),
                            List.of(refersTo(payload))));
        }
    }

    /** But for the consents of which the assistant has confirmed it in its call. */
    private static Optional<HolderTask> toTell(
            Entry entry, ObjectNode payload, Set<String> erased) {
        List<UUID> left = new ArrayList<>();
        for (JsonNode consent : payload.path("consents")) {
            if (!erased.contains(key(consent.asText(), payload))) {
                left.add(UUID.fromString(consent.asText()));
            }
        }
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new HolderTask(
                                entry.id(),
                                entry.time(),
                                holder(payload),
                                payload.at("/holder/way").asText(),
                                event(payload),
                                left));
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
        return payload == null ? "" : key(payload.path("refers_to").asText(), payload);
    }

    private static String key(String about, ObjectNode payload) {
        return about + " " + holder(payload);
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

    /**
     * That a holder has refused for good the message that was to tell it of a withdrawal.
     *
     * @param id always the same for one message to one holder
     * @param consent that was withdrawn
     * @param ended when that was
     */
    static NewEntry unconfirmed(UUID id, UUID consent, String holder, Instant ended, Instant now) {
        ObjectNode payload = common(id, "HolderNotified", consent, now);
        payload.putObject("holder")
                .put("name", holder)
                .put("event", "WITHDRAWN")
                .put("ended_at", ended.toString())
                .put("delivered", false)
                .put("acknowledged_by", "");
        return new NewEntry(id, EntryType.HOLDER_NOTIFIED, null, null, payload);
    }

    /** Whether the task itself names consents that are erased, and goes when it is done. */
    static boolean goes(HolderTask task) {
        return task.event.equals("ERASED");
    }
}
