package org.consentgateway.socket.jambonz;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.socket.AssistantTalk;
import org.consentgateway.socket.ConsentMessages;
import org.consentgateway.socket.JsonText;
import org.consentgateway.socket.LinearSound;
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

    /** Before the id of a {@code playAudio}, among the marks: theirs begin with a number. */
    private static final String PLAYED = "\u0001";

    /** Between the number of a mark and its name. */
    private static final String NUMBERED = ":";

    private static final String CONSENT = "consent";

    private final NewCall call;
    private final Wire wire;

    /** What is to be told of marks, as {@link #numbered}, in the order in which they came. */
    private final Set<String> awaited = new LinkedHashSet<>();

    private int marks;

    private final int rate;
    private final LinearSound sound;

    ListenTalk(NewCall call, Wire wire, int rate) {
        this.call = call;
        this.wire = wire;
        this.rate = rate;
        this.sound = new LinearSound(wire.sound(), rate);
    }

    // ---- to the assistant ----

    @Override
    public void opened() {
        send(to -> {
            to.writeStringField("callSid", call.call().toString());
            to.writeStringField("direction", "inbound");
            to.writeStringField("to", call.calledNumber());
            to.writeNumberField("sampleRate", rate);
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
        int length = sound.frameLength();
        short[] heard = sound.heard(samples);
        ByteBuf message = wire.allocator().buffer(2 * length);
        for (int i = 0; i < length; i++) {
            message.writeShortLE(heard[i]);
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

    /**
     * Each mark has a number of its own: several may have one name, and one that is waited for no
     * more still has its place in what is played.
     */
    private String numbered(String name) {
        return ++marks + NUMBERED + name;
    }

    private void told(String mark, String event) {
        String name = mark.substring(mark.indexOf(NUMBERED) + NUMBERED.length());
        send(to -> {
            to.writeStringField("type", "mark");
            to.writeObjectFieldStart("data");
            to.writeStringField("name", name);
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
        wire.play(sound.said(message));
    }

    @Override
    public void text(ByteBuf message) throws IOException {
        var command = new Command(rate);
        JsonText.read(message, command);
        switch (command.type) {
            case "playAudio" -> play(command);
            case "killAudio" -> takenBack();
            case "mark" -> {
                playRest();
                String mark = numbered(command.name);
                if (wire.mark(mark)) {
                    awaited.add(mark);
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
        if (command.queued) {
            playRest();
        } else {
            takenBack();
        }
        wire.play(sound.said(command.sound()));
        boolean _ = wire.mark(PLAYED + command.id);
    }

    /** What it has said is over for now. */
    private void playRest() {
        byte[] rest = sound.rest();
        if (rest.length > 0) {
            wire.play(rest);
        }
    }

    private void takenBack() {
        sound.clear();
        for (String mark : wire.clear().marks()) {
            if (mark.startsWith(PLAYED)) {
                played(mark);
            } else if (awaited.remove(mark)) {
                told(mark, "cleared");
            }
        }
    }
}
