package org.consentgateway.api.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.api.ApiArchive;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/**
 * Thread-safe. What was played and asked in a call, in the words of its notice, and what came of
 * each question, as its records have it. No word of a caller is told, and not which key was
 * pressed.
 */
public final class HeardTexts {
    private static final List<String> NAME = List.of("id", "language", "version", "variant");

    private final LogReader reader;
    private final ApiArchive archive;

    public HeardTexts(LogReader reader, ApiArchive archive) {
        this.reader = reader;
        this.archive = archive;
    }

    /** The first one first; none where nothing is kept of this call. */
    ArrayNode of(UUID call) throws LedgerUnavailable {
        ArrayNode heard = JsonNodeFactory.instance.arrayNode();
        List<Entry> entries = reader.ofCall(call.toString()).reversed();
        if (entries.isEmpty()) {
            return heard;
        }
        LedgerArchive opened = ApiArchive.ask(archive::open);
        Map<String, Map<String, String>> texts = new HashMap<>();
        for (Entry each : entries) {
            JsonNode payload = each.payload();
            if (payload != null && payload.has("notice")) {
                String hash = payload.at("/notice/text_sha256").asText();
                if (!texts.containsKey(hash)) {
                    texts.put(hash, ApiArchive.ask(() -> parts(opened, hash)));
                }
                add(heard, each, payload, texts.getOrDefault(hash, Map.of()));
            }
        }
        return heard;
    }

    private static Map<String, String> parts(LedgerArchive opened, String hash) throws IOException {
        Optional<NoticeWords> words = opened.words(hash);
        return words.isPresent() ? words.get().parts() : Map.of();
    }

    private static void add(
            ArrayNode heard, Entry entry, JsonNode payload, Map<String, String> texts) {
        if (entry.type() == EntryType.SERVED) {
            JsonNode served = payload.path("served");
            ObjectNode one = heard.addObject();
            one.put("at", served.path("started_at").asText());
            text(one, payload, served.path("part").asText(), texts);
            one.put("completed", served.path("completed").asBoolean());
            return;
        }
        for (JsonNode each : payload.at("/decision/evidence")) {
            ObjectNode one = heard.addObject();
            one.put("at", Header.time(entry.time()));
            text(one, payload, each.path("part").asText(), texts);
            one.put("result", each.path("result").asText());
            one.put("method", each.path("method").asText());
            one.put("after_ms", each.path("latency_ms").asLong());
        }
    }

    private static void text(
            ObjectNode json, JsonNode payload, String part, Map<String, String> texts) {
        ObjectNode notice = json.putObject("notice");
        NAME.forEach(each -> notice.put(each, payload.at("/notice/" + each).asText()));
        json.put("part", part).put("text", texts.getOrDefault(part, ""));
    }
}
