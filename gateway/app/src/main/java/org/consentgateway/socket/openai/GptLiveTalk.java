package org.consentgateway.socket.openai;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.socket.AssistantTalk;
import org.consentgateway.socket.JsonText;
import org.consentgateway.socket.Wire;
import org.consentgateway.target.PurposeReport;

/**
 * One call. Confined to the socket's event loop. Full duplex: the model listens while it speaks and
 * stops by itself, so nothing is ever taken back.
 *
 * <pre>
 *   we                                     model
 *    │ session.start ──────────────────────► │
 *    │ ◄────────────────────── session.started
 *    │ session.input_audio.append, 20 ms ──► │
 *    │ ◄───────────── session.output_audio.delta
 *    │ session.input_audio.mute ───────────► │  where the consent has ended
 *    │ session.close ──────────────────────► │
 * </pre>
 */
final class GptLiveTalk implements AssistantTalk {
    private static final String SOUND = "session.output_audio.delta";

    private final ModelSettings settings;
    private final Wire wire;
    private final ModelMessages model;
    private boolean ready;

    GptLiveTalk(ModelSettings settings, Wire wire) {
        this.settings = settings;
        this.wire = wire;
        this.model = new ModelMessages(wire, "session.input_audio.append");
    }

    // ---- to the model ----

    @Override
    public void opened() {
        model.send(
                "session.start",
                to -> {
                    to.writeObjectFieldStart("session");
                    to.writeStringField("model", settings.model());
                    to.writeStringField("instructions", settings.instructions());
                    to.writeObjectFieldStart("audio");
                    to.writeObjectFieldStart("format");
                    to.writeStringField("type", "audio/pcma");
                    to.writeNumberField("rate", PcmFrame.SAMPLE_RATE);
                    to.writeEndObject();
                    if (!settings.voice().isEmpty()) {
                        to.writeObjectFieldStart("output");
                        to.writeStringField("voice", settings.voice());
                        to.writeEndObject();
                    }
                    to.writeEndObject();
                    to.writeEndObject();
                });
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
        tell(ModelMessages.inWords(report));
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
        JsonText.read(message, event);
        switch (event.type) {
            case "session.started" -> begin();
            case SOUND -> wire.play(event.sound());
            case "session.closed" -> wire.hangUp();
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
        }
    }

    private void failed(ModelEvent event) throws IOException {
        wire.ignored();
        if (!ready) {
            throw new IOException("the model refused: " + event.code);
        }
    }
}
