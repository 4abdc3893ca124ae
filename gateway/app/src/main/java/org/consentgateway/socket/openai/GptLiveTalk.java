package org.consentgateway.socket.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.socket.AssistantTalk;
import org.consentgateway.socket.JsonText;
import org.consentgateway.socket.Wire;
import org.consentgateway.target.PurposeReport;

/**
 * One call. Confined to the socket's event loop. Full duplex: the model listens while it speaks and
 * stops by itself, so nothing is ever taken back. It has no functions: those are its backend's, a
 * Responses model to which it delegates what it cannot do itself.
 *
 * <pre>
 *   we                                     model
 *    │ session.start ──────────────────────► │
 *    │ ◄────────────────────── session.started
 *    │ session.input_audio.append, 20 ms ──► │
 *    │ ◄───────────── session.output_audio.delta
 *    │ ◄──── response.event: request_consent
 *    │ response.item.create, response.create ► │  with the answer
 *    │ session.input_audio.mute ───────────► │  where the consent has ended
 *    │ session.close ──────────────────────► │
 * </pre>
 */
final class GptLiveTalk implements AssistantTalk {
    private static final String SOUND = "session.output_audio.delta";
    private static final String ENDED = "the model's session has ended";

    private final ModelSettings settings;
    private final Wire wire;
    private final ModelMessages model;
    private final StepUpCalls stepUps;
    private boolean ready;

    GptLiveTalk(ModelSettings settings, Wire wire) {
        this.settings = settings;
        this.wire = wire;
        this.model = new ModelMessages(settings, wire, "session.input_audio.append");
        this.stepUps = new StepUpCalls(settings.stepUp(), wire, this::answer);
    }

    // ---- to the model ----

    @Override
    public void opened() {
        model.send(
                "session.start",
                to -> {
                    to.writeObjectFieldStart("session");
                    to.writeStringField("model", settings.model());
                    to.writeStringField("instructions", instructions());
                    to.writeObjectFieldStart("audio");
                    to.writeObjectFieldStart("format");
                    to.writeStringField("type", settings.isLinear() ? "audio/pcm" : "audio/pcma");
                    to.writeNumberField("rate", settings.rate());
                    to.writeEndObject();
                    if (!settings.voice().isEmpty()) {
                        to.writeObjectFieldStart("output");
                        to.writeStringField("voice", settings.voice());
                        to.writeEndObject();
                    }
                    to.writeEndObject();
                    if (!settings.stepUp().isEmpty()) {
                        backend(to);
                    }
                    to.writeEndObject();
                });
    }

    private String instructions() {
        return settings.stepUp().isEmpty()
                ? settings.instructions()
                : settings.instructions() + "\n" + StepUpFunction.toDelegate(settings.stepUp());
    }

    /** Who has the function. */
    private void backend(JsonGenerator to) throws IOException {
        to.writeObjectFieldStart("delegation");
        to.writeStringField("type", "responses");
        to.writeObjectFieldStart("responses");
        to.writeStringField("model", settings.backend());
        to.writeStringField("instructions", StepUpFunction.OF_BACKEND);
        StepUpFunction.write(to, settings.stepUp());
        to.writeEndObject();
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
                "session.instructions.append",
                to -> {
                    to.writeStringField("content", words);
                    to.writeNullField("delegation_id");
                });
    }

    @Override
    public void reached(String mark) {}

    @Override
    public void purpose(PurposeReport report) {
        if (!stepUps.answers(report)) {
            tell(ModelMessages.inWords(report));
        }
    }

    private void answer(String call, String words) {
        model.functionOutput("response.item.create", call, words);
        model.send("response.create");
    }

    @Override
    public void consentEnded(EndOfConsent end) {
        model.send("session.input_audio.mute");
    }

    @Override
    public void bye() {
        model.send("session.close");
    }

    // ---- from the model ----

    @Override
    public void binary(ByteBuf message) {
        wire.ignored();
    }

    @Override
    public void text(ByteBuf message) throws IOException {
        var event = new ModelEvent(SOUND);
        int start = message.readerIndex();
        JsonText.read(message, event);
        switch (event.type) {
            case "session.started" -> begin();
            case SOUND -> wire.play(model.said(event.sound()));
            case "response.event" -> ofBackend(message.readerIndex(start));
            case "session.closed" -> closed(event);
            case "error" -> failed(event);
            default -> {
                // transcripts and the like
            }
        }
    }

    /** An event of the backend's own, as a Responses model streams it. */
    private void ofBackend(ByteBuf message) throws IOException {
        var event = new ModelEvent(SOUND);
        JsonText.readIn("event", message, event);
        if (event.type.equals("response.output_item.done")) {
            stepUps.completed(event);
        }
    }

    private void begin() {
        if (!ready) {
            ready = true;
            wire.answered();
        }
    }

    /** What nobody has ended is no hang-up: the caller has not been helped. */
    private void closed(ModelEvent event) throws IOException {
        switch (event.reason) {
            case "close_requested", "remote_hangup" -> wire.hangUp();
            case "expired", "content", "connection_lost" ->
                    throw new IOException(ENDED + ": " + event.reason);
            default -> throw new IOException(ENDED);
        }
    }

    private void failed(ModelEvent event) throws IOException {
        wire.ignored();
        if (!ready) {
            throw new IOException("the model refused: " + event.code);
        }
    }
}
