package org.consentgateway.socket.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.socket.AssistantTalk;
import org.consentgateway.socket.JsonText;
import org.consentgateway.socket.Wire;
import org.consentgateway.target.PurposeReport;

/**
 * One call. Confined to the socket's event loop.
 *
 * <pre>
 *   we                                     model
 *    │ ◄────────────────────── session.created
 *    │ session.update ─────────────────────► │
 *    │ ◄────────────────────── session.updated
 *    │ response.create: it greets ─────────► │
 *    │ input_audio_buffer.append, 20 ms ───► │
 *    │ ◄──────────── response.output_audio.delta
 *    │ ◄────── input_audio_buffer.speech_started
 *    │ ◄──── response.output_item.done: request_consent
 *    │ function_call_output, with the answer ► │
 *    │ response.cancel ────────────────────► │
 *    │ conversation.item.truncate ─────────► │  at what was really heard
 * </pre>
 */
final class RealtimeTalk implements AssistantTalk {
    private static final String SOUND = "response.output_audio.delta";
    private static final int FRAME_MILLIS = 20;
    private static final byte[] NOTHING = {};

    /** Characters of an id. */
    private static final int MOST_ID = 1000;

    /** What is said in one go, in five minutes: more than a model says in a second. */
    private static final int MOST_ITEMS = 1000;

    private final ModelSettings settings;
    private final Wire wire;
    private final ModelMessages model;
    private final StepUpCalls stepUps;
    private final int octetsPerMilli;
    private final Deque<Item> items = new ArrayDeque<>();
    private boolean ready;

    /** The answer under way; empty where there is none. */
    private String response = "";

    private String cancelled = "";

    /** The last answer has failed, and nothing was said since. */
    private boolean answerFailed;

    /** Confined to its call. What the model has said in one go, by its place in our queue. */
    private static final class Item {
        private final String id;
        private final int content;
        private final long from;
        private long until;

        Item(ModelEvent event, long from) {
            this.id = event.item;
            this.content = event.content;
            this.from = from;
            this.until = from;
        }
    }

    RealtimeTalk(ModelSettings settings, Wire wire) {
        this.settings = settings;
        this.wire = wire;
        this.model = new ModelMessages(settings, wire, "input_audio_buffer.append");
        this.stepUps = new StepUpCalls(settings.stepUp(), wire, this::answer);
        this.octetsPerMilli = wire.sound().frameOctets() / FRAME_MILLIS;
    }

    // ---- to the model ----

    /** It speaks first. */
    @Override
    public void opened() {}

    private void configure() {
        model.send(
                "session.update",
                to -> {
                    to.writeObjectFieldStart("session");
                    to.writeStringField("type", "realtime");
                    to.writeStringField("instructions", settings.instructions());
                    to.writeArrayFieldStart("output_modalities");
                    to.writeString("audio");
                    to.writeEndArray();
                    to.writeObjectFieldStart("audio");
                    audio(to);
                    to.writeEndObject();
                    if (!settings.stepUp().isEmpty()) {
                        StepUpFunction.write(to, settings.stepUp());
                    }
                    to.writeEndObject();
                });
    }

    private void audio(JsonGenerator to) throws IOException {
        to.writeObjectFieldStart("input");
        format(to);
        to.writeObjectFieldStart("turn_detection");
        to.writeStringField("type", "server_vad");
        to.writeEndObject();
        to.writeEndObject();
        to.writeObjectFieldStart("output");
        format(to);
        if (!settings.voice().isEmpty()) {
            to.writeStringField("voice", settings.voice());
        }
        to.writeEndObject();
    }

    private void format(JsonGenerator to) throws IOException {
        to.writeObjectFieldStart("format");
        if (settings.isLinear()) {
            to.writeStringField("type", "audio/pcm");
            to.writeNumberField("rate", settings.rate());
        } else {
            to.writeStringField("type", "audio/pcma");
        }
        to.writeEndObject();
    }

    @Override
    public void frame(short[] samples) {
        model.frame(samples);
    }

    @Override
    public void frameLost() {}

    @Override
    public void key(char digit, int durationMillis) {
        tell(ModelMessages.pressed(digit));
    }

    private void tell(String words) {
        model.send(
                "conversation.item.create",
                to -> {
                    to.writeObjectFieldStart("item");
                    to.writeStringField("type", "message");
                    to.writeStringField("role", "system");
                    to.writeArrayFieldStart("content");
                    to.writeStartObject();
                    to.writeStringField("type", "input_text");
                    to.writeStringField("text", words);
                    to.writeEndObject();
                    to.writeEndArray();
                    to.writeEndObject();
                });
    }

    @Override
    public void reached(String mark) {}

    /** A function is answered once, and then the model goes on by itself. */
    @Override
    public void purpose(PurposeReport report) {
        if (!stepUps.answers(report)) {
            tell(ModelMessages.inWords(report));
        }
    }

    private void answer(String call, String words) {
        model.functionOutput("conversation.item.create", call, words);
        model.send("response.create");
    }

    /** What it has heard and not yet understood is dropped there as well. */
    @Override
    public void consentEnded(EndOfConsent end) {
        model.send("input_audio_buffer.clear");
    }

    @Override
    public void bye() {
        if (!response.isEmpty()) {
            model.send("response.cancel");
        }
    }

    // ---- from the model ----

    @Override
    public void binary(ByteBuf message) {
        wire.ignored();
    }

    @Override
    public void text(ByteBuf message) throws IOException {
        var event = new ModelEvent(SOUND);
        JsonText.read(message, event);
        switch (event.type) {
            case "session.created" -> configure();
            case "session.updated" -> begin();
            case "response.created" -> response = event.response;
            case "response.done" -> done(event);
            case SOUND -> said(event);
            case "response.output_audio.done" -> restOf(event);
            case "input_audio_buffer.speech_started" -> interrupted();
            case "response.output_item.done" -> stepUps.completed(event);
            case "error" -> failed(event);
            default -> {
                // transcripts and the like
            }
        }
    }

    private void begin() {
        if (!ready) {
            ready = true;
            wire.answered();
            model.send("response.create");
        }
    }

    /** An error in the talk is the model's to get over; without a session there is no talk. */
    private void failed(ModelEvent event) throws IOException {
        wire.ignored();
        if (!ready) {
            throw new IOException("the model refused: " + event.code);
        }
    }

    /**
     * A quota, a rate limit or a fault of its server is told here, and by no error. The caller, who
     * hears nothing, speaks once more; where that is answered by nothing either, a person has to.
     */
    private void done(ModelEvent event) throws IOException {
        response = "";
        if (!event.status.equals("failed")) {
            return;
        }
        wire.ignored();
        if (answerFailed) {
            throw new IOException("the model's answers fail");
        }
        answerFailed = true;
    }

    private void said(ModelEvent event) throws IOException {
        byte[] sound = event.sound();
        if (sound.length == 0 || event.response.equals(cancelled)) {
            return;
        }
        play(event, model.said(sound));
    }

    private void restOf(ModelEvent event) throws IOException {
        byte[] rest = event.response.equals(cancelled) ? NOTHING : model.rest();
        if (rest.length > 0) {
            play(event, rest);
        }
    }

    private void play(ModelEvent event, byte[] sound) throws IOException {
        if (event.item.length() > MOST_ID || items.size() == MOST_ITEMS) {
            throw new IOException("an item_id too long, or too many that wait to be heard");
        }
        Item last = items.peekLast();
        if (last == null || !last.id.equals(event.item)) {
            last = new Item(event, wire.queued());
            items.add(last);
        }
        wire.play(sound);
        answerFailed = false;
        last.until = wire.queued();
        while (items.size() > 1 && items.getFirst().until <= wire.position()) {
            items.removeFirst();
        }
    }

    /** The caller speaks: what was not heard yet is not said. */
    private void interrupted() {
        long heard = wire.clear().played();
        model.clear();
        if (!response.isEmpty()) {
            model.send("response.cancel");
            cancelled = response;
        }
        for (Item item : items) {
            if (item.until > heard) {
                truncate(item, Math.max(0, heard - item.from) / octetsPerMilli);
            }
        }
        items.clear();
    }

    private void truncate(Item item, long millis) {
        model.send(
                "conversation.item.truncate",
                to -> {
                    to.writeStringField("item_id", item.id);
                    to.writeNumberField("content_index", item.content);
                    to.writeNumberField("audio_end_ms", millis);
                });
    }
}
