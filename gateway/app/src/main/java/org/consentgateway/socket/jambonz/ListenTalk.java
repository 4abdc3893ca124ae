package org.consentgateway.socket.jambonz;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.G711;
import org.consentgateway.socket.AssistantTalk;
import org.consentgateway.socket.ConsentMessages;
import org.consentgateway.socket.JsonText;
import org.consentgateway.socket.NewCall;
import org.consentgateway.socket.Wire;
import org.consentgateway.target.PurposeReport;

/**
 * One call. Confined to the socket's event loop.
 *
 * <pre>
 *   we                                     assistant
 *    │ metadata, as JSON ──────────────────► │
 *    │ L16, 20 ms each, binary ────────────► │
 *    │ ◄──────────── L16, binary, or playAudio
 *    │ ◄── mark, killAudio, clearMarks, consent, disconnect
 *    │ mark, playDone, dtmf ───────────────► │
 *    │ consent: of one purpose, or its end ► │
 *    │ close 1000 ─────────────────────────► │
 * </pre>
 */
final class ListenTalk implements AssistantTalk {
    private static final int TICKS_PER_MILLI = PcmFrame.SAMPLE_RATE / 1000;

    /** Before the id of a {@code playAudio}, among the marks: none of theirs may begin with it. */
    private static final String PLAYED = "\u0001";

    private static final String CONSENT = "consent";

    private final NewCall call;
    private final Wire wire;
    private final Set<String> awaited = new LinkedHashSet<>();

    /** Half a sample that a message ended with; or -1. */
    private int half = -1;

    ListenTalk(NewCall call, Wire wire) {
        this.call = call;
        this.wire = wire;
    }

    // ---- to the assistant ----

    @Override
    public void opened() {
        send(to -> {
            to.writeStringField("callSid", call.call().toString());
            to.writeStringField("direction", "inbound");
            to.writeStringField("to", call.calledNumber());
            to.writeNumberField("sampleRate", PcmFrame.SAMPLE_RATE);
            to.writeStringField("mixType", "mono");
            for (Map.Entry<String, String> each : call.parameters().entrySet()) {
                to.writeStringField(each.getKey(), each.getValue());
            }
        });
        wire.answered();
    }

    private void send(JsonText.Writing fields) {
        wire.text(JsonText.write(wire.allocator(), fields));
    }

    @Override
    public void frame(short[] samples) {
        ByteBuf message = wire.allocator().buffer(2 * PcmFrame.SAMPLES);
        for (int i = 0; i < PcmFrame.SAMPLES; i++) {
            message.writeShortLE(samples[i]);
        }
        wire.binary(message);
    }

    /** Nothing counts frames here. */
    @Override
    public void frameLost() {}

    @Override
    public void key(char digit, int durationMillis) {
        send(to -> {
            to.writeStringField("event", "dtmf");
            to.writeStringField("dtmf", String.valueOf(digit));
            to.writeStringField("duration", Integer.toString(durationMillis * TICKS_PER_MILLI));
        });
    }

    @Override
    public void reached(String mark) {
        if (mark.startsWith(PLAYED)) {
            played(mark);
        } else if (awaited.remove(mark)) {
            told(mark, "playout");
        }
    }

    private void played(String mark) {
        send(to -> {
            to.writeStringField("type", "playDone");
            to.writeObjectFieldStart("data");
            to.writeStringField("id", mark.substring(PLAYED.length()));
            to.writeEndObject();
        });
    }

    private void told(String mark, String event) {
        send(to -> {
            to.writeStringField("type", "mark");
            to.writeObjectFieldStart("data");
            to.writeStringField("name", mark);
            to.writeStringField("event", event);
            to.writeEndObject();
        });
    }

    @Override
    public void purpose(PurposeReport report) {
        send(to -> {
            to.writeStringField("event", CONSENT);
            ConsentMessages.write(to, report);
        });
    }

    @Override
    public void consentEnded(EndOfConsent end) {
        send(to -> {
            to.writeStringField("event", CONSENT);
            ConsentMessages.write(to, end);
        });
    }

    /** The close says it. */
    @Override
    public void bye() {}

    // ---- from the assistant ----

    @Override
    public void binary(ByteBuf message) {
        byte[] sound = new byte[(message.readableBytes() + (half < 0 ? 0 : 1)) / 2];
        for (int i = 0; i < sound.length; i++) {
            int low = half < 0 ? message.readUnsignedByte() : half;
            half = -1;
            sound[i] = G711.PCMA.toOctet((short) (low | message.readByte() << 8));
        }
        if (message.isReadable()) {
            half = message.readUnsignedByte();
        }
        wire.play(sound);
    }

    @Override
    public void text(ByteBuf message) throws IOException {
        var command = new Command();
        JsonText.read(message, command);
        switch (command.type) {
            case "playAudio" -> play(command);
            case "killAudio" -> takenBack();
            case "mark" -> {
                if (command.name.startsWith(PLAYED)) {
                    wire.ignored();
                } else {
                    awaited.add(command.name);
                    wire.mark(command.name);
                }
            }
            case "clearMarks" -> {
                awaited.forEach(mark -> told(mark, "cleared"));
                awaited.clear();
            }
            case "disconnect" -> wire.hangUp();
            case CONSENT -> {
                if (command.request.equals(ConsentMessages.STEP_UP)) {
                    wire.asks(command.purpose);
                } else {
                    wire.ignored();
                }
            }
            default -> wire.ignored();
        }
    }

    private void play(Command command) throws IOException {
        if (command.content.length == 0) {
            wire.ignored();
            return;
        }
        if (!command.queued) {
            takenBack();
        }
        wire.play(command.sound());
        wire.mark(PLAYED + command.id);
    }

    private void takenBack() {
        for (String mark : wire.clear().marks()) {
            if (mark.startsWith(PLAYED)) {
                played(mark);
            } else if (awaited.remove(mark)) {
                told(mark, "cleared");
            }
        }
    }
}
