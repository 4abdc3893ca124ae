package org.consentgateway.console.page.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.console.PageWords;

/**
 * Immutable. One call: its course, what its caller was told and asked, how it sounded, and its SIP
 * messages. No number and no word of the caller is in it.
 *
 * @param steps empty where this node does not remember the call
 * @param heard empty where nothing is kept of it, or the log was not reached
 * @param quality empty where it goes on, or is not remembered
 */
public record CallView(
        Place place,
        List<CallsView.Step> steps,
        List<HeardPart> heard,
        boolean logReached,
        List<StreamSound> quality,
        SipLadder ladder) {

    /** Where it came in and what came of it; each is empty where it is not known. */
    public record Place(
            String id, String line, String trunk, String when, String outcome, String took) {}

    /**
     * A part of the notice that was played or asked.
     *
     * @param text as callers hear it
     * @param language of the text
     * @param came what came of it, in words
     */
    public record HeardPart(String at, String part, String text, String language, String came) {}

    /**
     * One direction.
     *
     * @param mos and the following are "–" where nothing was measured
     */
    public record StreamSound(
            String direction, String packets, String mos, String loss, String jitter) {}

    /**
     * @param trace its SIP messages; missing where they are not told
     */
    public static CallView of(JsonNode call, JsonNode trace, PageWords words) {
        List<HeardPart> heard = new ArrayList<>();
        call.path("heard").forEach(each -> heard.add(heard(each, words)));
        List<StreamSound> quality = new ArrayList<>();
        for (String direction : List.of("received", "sent")) {
            JsonNode json = call.path("quality").path(direction);
            if (json.isObject()) {
                quality.add(quality(words.of("trunks.sound-" + direction), json, words));
            }
        }
        return new CallView(
                place(call, words),
                CallsView.steps(call.path("steps"), words),
                List.copyOf(heard),
                call.path("log_reached").asBoolean(),
                List.copyOf(quality),
                SipLadder.of(trace.path("messages"), words));
    }

    private static Place place(JsonNode call, PageWords words) {
        String outcome = call.path("outcome").asText();
        String at = call.path(call.has("ended_at") ? "ended_at" : "answered_at").asText();
        return new Place(
                call.path("call_id").asText(),
                call.path("line").asText(),
                call.path("trunk").asText(),
                at.isEmpty() ? "" : words.moment(Instant.parse(at)),
                outcome.isEmpty() ? "" : words.named("outcome", outcome),
                call.has("took_seconds")
                        ? words.minutes(Math.round(call.path("took_seconds").asDouble()))
                        : "");
    }

    private static HeardPart heard(JsonNode json, PageWords words) {
        return new HeardPart(
                words.timeWithSeconds(Instant.parse(json.path("at").asText())),
                json.path("part").asText(),
                json.path("text").asText(),
                json.at("/notice/language").asText(),
                json.has("result")
                        ? words.of(
                                "call.answer",
                                words.named("call.result", json.path("result").asText()),
                                words.named("call.method", json.path("method").asText()))
                        : words.of(
                                json.path("completed").asBoolean()
                                        ? "call.completed"
                                        : "call.interrupted"));
    }

    private static StreamSound quality(String direction, JsonNode json, PageWords words) {
        boolean measured = json.has("mos");
        return new StreamSound(
                direction,
                words.number(json.path("packets").asLong()),
                measured ? words.decimal(json.path("mos").asDouble(), 2) : "–",
                measured ? words.decimal(json.path("loss_percent").asDouble(), 2) + " %" : "–",
                measured ? words.decimal(json.path("jitter_ms").asDouble(), 1) + " ms" : "–");
    }
}
