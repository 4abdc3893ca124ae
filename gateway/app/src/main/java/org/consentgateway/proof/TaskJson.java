package org.consentgateway.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.UUID;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.request.Task;
import org.jspecify.annotations.Nullable;

/** Tasks as the JSON that the ledger keeps, and back. */
final class TaskJson {
    private static final String SCHEMA = "task/1";

    private TaskJson() {}

    /**
     * @param kept how long from now
     */
    static ObjectNode write(Task task, Period kept) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("schema", SCHEMA);
        json.put("record_id", task.id().toString());
        json.put("event_time", task.at().toString());
        json.putObject("retention")
                .put("basis", "short")
                .put("duration", kept.toString())
                .put(
                        "delete_at",
                        task.at().atZone(ZoneOffset.UTC).plus(kept).toInstant().toString());
        switch (task) {
            case Task.Opened opened -> opened(json, opened);
            case Task.Closed closed -> {
                json.put("event_state", "TaskClosed");
                json.put("refers_to", closed.task().toString());
                json.putObject("task")
                        .put("kind", closed.kind().name())
                        .put("by", closed.by())
                        .put("result", closed.result());
            }
        }
        return json;
    }

    private static void opened(ObjectNode json, Task.Opened opened) {
        EntryJson.call(json, "TaskOpened", opened.call());
        EntryJson.notice(json, opened.notice());
        Subject subject = opened.subject();
        if (subject != null) {
            json.withObject("subject").put("pseudonym", subject.pseudonym());
        }
        ObjectNode task = json.putObject("task").put("kind", opened.kind().name());
        PhoneNumber number = opened.number();
        if (number != null) {
            task.put("number", number.text());
        }
    }

    /**
     * @throws IllegalArgumentException where this is no task of ours
     */
    static Task read(JsonNode json) {
        UUID id = UUID.fromString(EntryJson.text(json, "/record_id"));
        Instant at = Instant.parse(EntryJson.text(json, "/event_time"));
        Task.Kind kind = Task.Kind.valueOf(EntryJson.text(json, "/task/kind"));
        return switch (EntryJson.text(json, "/event_state")) {
            case "TaskOpened" ->
                    new Task.Opened(
                            id,
                            at,
                            kind,
                            EntryJson.readCall(json).withoutSubject(),
                            EntryJson.readNotice(json),
                            number(json),
                            subject(json));
            case "TaskClosed" ->
                    new Task.Closed(
                            id,
                            at,
                            kind,
                            UUID.fromString(EntryJson.text(json, "/refers_to")),
                            EntryJson.text(json, "/task/by"),
                            json.at("/task/result").asText());
            default -> throw new IllegalArgumentException("no task");
        };
    }

    private static @Nullable PhoneNumber number(JsonNode json) {
        String number = json.at("/task/number").textValue();
        return number == null ? null : new PhoneNumber(number);
    }

    private static @Nullable Subject subject(JsonNode json) {
        String pseudonym = json.at("/subject/pseudonym").textValue();
        return pseudonym == null ? null : new Subject(pseudonym);
    }
}
