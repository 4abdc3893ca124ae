package org.consentgateway.socket.twilio;

import com.fasterxml.jackson.core.JsonParser;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.G711;
import org.consentgateway.socket.AssistantTalk;
import org.consentgateway.socket.ConsentMessages;
import org.consentgateway.socket.JsonText;
import org.consentgateway.socket.Wire;
import org.consentgateway.target.PurposeReport;
import org.jspecify.annotations.Nullable;

/**
 * One call. Confined to the socket's event loop.
 *
 * <pre>
 *   we                                     assistant
 *    │ connected ──────────────────────────► │
 *    │ start, with customParameters ───────► │
 *    │ media, every 20 ms ─────────────────► │
 *    │ ◄───────────── media, mark, clear, consent
 *    │ mark, when all before it was heard ─► │
 *    │ dtmf ───────────────────────────────► │
 *    │ consent: of one purpose, or its end ► │
 *    │ stop, close 1000 ───────────────────► │
 * </pre>
 */
final class MediaStreamsTalk implements AssistantTalk {
    private static final int FRAME_MILLIS = 20;
    private static final int MOST_DIGITS = 19;
    private static final String CONSENT = "consent";

    private final StreamSpelling spelling;
    private final StreamSpelling.Ids ids;
    private final Map<String, String> parameters;
    private final Wire wire;
    private final G711 sound;

    /** The parts of a media message between which its numbers and its sound are put. */
    private final byte[] beforeSequence;

    private final byte[] beforeChunk;
    private final byte[] beforeTimestamp;
    private final byte[] beforePayload;
    private final byte[] afterPayload;

    private final byte[] octets = new byte[PcmFrame.SAMPLES];
    private final byte[] payload = new byte[(PcmFrame.SAMPLES + 2) / 3 * 4];
    private final byte[] digits = new byte[MOST_DIGITS];
    private long sequence;
    private long frames;

    MediaStreamsTalk(
            StreamSpelling spelling,
            StreamSpelling.Ids ids,
            Map<String, String> parameters,
            Wire wire) {
        this.spelling = spelling;
        this.ids = ids;
        this.parameters = parameters;
        this.wire = wire;
        this.sound = spelling.sound();
        beforeSequence = ascii(spelling.mediaHead());
        beforeChunk =
                ascii(
                        "\",\"%s\":\"%s\",\"media\":{\"track\":\"inbound\",\"chunk\":\""
                                .formatted(spelling.stream(), ids.stream()));
        beforeTimestamp = ascii("\",\"timestamp\":\"");
        beforePayload = ascii("\",\"payload\":\"");
        afterPayload = ascii("\"}}");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    // ---- to the assistant ----

    @Override
    public void opened() {
        wire.text(
                JsonText.write(
                        wire.allocator(),
                        to -> {
                            to.writeStringField("event", "connected");
                            spelling.connected(to);
                        }));
        send(
                "start",
                to -> {
                    to.writeObjectFieldStart("start");
                    spelling.start(to, ids, parameters);
                    to.writeEndObject();
                });
        wire.answered();
    }

    /** A message with its number and the name of the stream. */
    private void send(String event, JsonText.Writing fields) {
        sequence++;
        wire.text(
                JsonText.write(
                        wire.allocator(),
                        to -> {
                            to.writeStringField("event", event);
                            to.writeStringField(spelling.sequence(), Long.toString(sequence));
                            to.writeStringField(spelling.stream(), ids.stream());
                            fields.write(to);
                        }));
    }

    @Override
    public void frame(short[] samples) {
        for (int i = 0; i < PcmFrame.SAMPLES; i++) {
            octets[i] = sound.toOctet(samples[i]);
        }
        int length = Base64.getEncoder().encode(octets, payload);
        ByteBuf message = wire.allocator().buffer(512);
        message.writeBytes(beforeSequence);
        number(message, ++sequence);
        message.writeBytes(beforeChunk);
        number(message, frames + 1);
        message.writeBytes(beforeTimestamp);
        number(message, frames * FRAME_MILLIS);
        message.writeBytes(beforePayload);
        message.writeBytes(payload, 0, length);
        message.writeBytes(afterPayload);
        frames++;
        wire.text(message);
    }

    /** In decimal, without a String. */
    private void number(ByteBuf to, long value) {
        int at = digits.length;
        long left = value;
        do {
            digits[--at] = (byte) ('0' + left % 10);
            left /= 10;
        } while (left > 0);
        to.writeBytes(digits, at, digits.length - at);
    }

    /** Its time goes by all the same. */
    @Override
    public void frameLost() {
        frames++;
    }

    @Override
    public void key(char digit, int durationMillis) {
        send(
                "dtmf",
                to -> {
                    to.writeObjectFieldStart("dtmf");
                    if (!spelling.keyTrack().isEmpty()) {
                        to.writeStringField("track", spelling.keyTrack());
                    }
                    to.writeStringField("digit", String.valueOf(digit));
                    to.writeEndObject();
                });
    }

    @Override
    public void reached(String mark) {
        send(
                "mark",
                to -> {
                    to.writeObjectFieldStart("mark");
                    to.writeStringField("name", mark);
                    to.writeEndObject();
                });
    }

    @Override
    public void purpose(PurposeReport report) {
        send(CONSENT, to -> ConsentMessages.write(to, report));
    }

    @Override
    public void consentEnded(EndOfConsent end) {
        send(CONSENT, to -> ConsentMessages.write(to, end));
    }

    @Override
    public void bye() {
        send(
                "stop",
                to -> {
                    to.writeObjectFieldStart("stop");
                    spelling.stop(to, ids);
                    to.writeEndObject();
                });
    }

    // ---- from the assistant ----

    @Override
    public void text(ByteBuf message) throws IOException {
        var read = new FromAssistant();
        JsonText.read(message, read);
        switch (read.event) {
            case "media" -> {
                byte[] said = read.payload;
                if (said != null) {
                    wire.play(said);
                } else {
                    wire.ignored();
                }
            }
            case "mark" -> {
                boolean _ = wire.mark(read.mark);
            }
            case "clear" -> wire.clear().marks().forEach(this::reached);
            case CONSENT -> {
                if (read.request.equals(ConsentMessages.STEP_UP)) {
                    wire.asks(read.purpose);
                } else {
                    wire.ignored();
                }
            }
            default -> wire.ignored();
        }
    }

    @Override
    public void binary(ByteBuf message) {
        wire.ignored();
    }

    /** One message. */
    private static final class FromAssistant implements JsonText.Fields {
        private String event = "";
        private String mark = "";
        private String request = "";
        private String purpose = "";
        private byte @Nullable [] payload;

        @Override
        public void field(String in, String name, JsonParser at) throws IOException {
            if (in.isEmpty() && name.equals("event")) {
                event = at.getText();
            } else if (in.equals("media") && name.equals("payload")) {
                payload = at.getBinaryValue();
            } else if (in.equals("mark") && name.equals("name")) {
                mark = at.getText();
            } else if (in.equals(CONSENT) && name.equals("request")) {
                request = at.getText();
            } else if (in.equals(CONSENT) && name.equals("purpose")) {
                purpose = at.getText();
            }
        }
    }
}
