package org.consentgateway.statistics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import org.consentgateway.consent.NoticeRef;

/**
 * Immutable. What figures are told apart by: the line and the text that was spoken. Each is empty
 * where a call never came so far.
 *
 * @param notice lineage
 */
record Cell(String line, String notice, String version, String language, String variant) {
    /** Of what is in no call. */
    static final Cell NONE = new Cell("", "", "", "", "");

    private static final JsonMapper JSON = new JsonMapper();

    static Cell of(String line, NoticeRef notice) {
        return new Cell(line, notice.id(), notice.version(), notice.language(), notice.variant());
    }

    /**
     * @param payload of an entry of the log
     */
    static Cell of(JsonNode payload) {
        return new Cell(
                payload.at("/call/line").asText(),
                payload.at("/notice/id").asText(),
                payload.at("/notice/version").asText(),
                payload.at("/notice/language").asText(),
                payload.at("/notice/variant").asText());
    }

    /** As the store keeps it, with what was counted of it. */
    String labels(String value) {
        ArrayNode labels = JSON.createArrayNode();
        return labels.add(line)
                .add(notice)
                .add(version)
                .add(language)
                .add(variant)
                .add(value)
                .toString();
    }

    /** The other way round; the value is the last label. */
    static Cell ofLabels(JsonNode labels) {
        return new Cell(
                labels.path(0).asText(),
                labels.path(1).asText(),
                labels.path(2).asText(),
                labels.path(3).asText(),
                labels.path(4).asText());
    }

    /**
     * @throws IllegalArgumentException for what no gateway has written
     */
    static JsonNode parse(String labels) {
        try {
            return JSON.readTree(labels);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("labels of a tally: " + labels, e);
        }
    }
}
