package org.consentgateway.socket.openai;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.G711;
import org.consentgateway.socket.JsonText;
import org.consentgateway.socket.LinearSound;
import org.consentgateway.socket.Wire;
import org.consentgateway.target.PurposeReport;
import org.jspecify.annotations.Nullable;

/** Confined to the event loop of one call. What is sent to a model. */
final class ModelMessages {
    private static final byte[] END = "\"}".getBytes(StandardCharsets.US_ASCII);

    private final Wire wire;
    private final byte[] begin;

    /** Null where it is A-law. */
    private final @Nullable LinearSound linear;

    private final byte[] octets;
    private final byte[] payload;

    /**
     * @param append type of the message that takes sound to it
     */
    ModelMessages(ModelSettings settings, Wire wire, String append) {
        this.wire = wire;
        LinearSound sound =
                settings.isLinear() ? new LinearSound(wire.sound(), settings.rate()) : null;
        linear = sound;
        octets = new byte[sound == null ? PcmFrame.SAMPLES : 2 * sound.frameLength()];
        payload = new byte[(octets.length + 2) / 3 * 4];
        begin = ("{\"type\":\"" + append + "\",\"audio\":\"").getBytes(StandardCharsets.US_ASCII);
    }

    void send(String type) {
        send(type, _ -> {});
    }

    void send(String type, JsonText.Writing fields) {
        wire.text(
                JsonText.write(
                        wire.allocator(),
                        to -> {
                            to.writeStringField("type", type);
                            fields.write(to);
                        }));
    }

    /**
     * The answer to a function that the model has called.
     *
     * @param type of the message that bears it
     */
    void functionOutput(String type, String call, String words) {
        send(
                type,
                to -> {
                    to.writeObjectFieldStart("item");
                    to.writeStringField("type", "function_call_output");
                    to.writeStringField("call_id", call);
                    to.writeStringField("output", words);
                    to.writeEndObject();
                });
    }

    /** 20 ms of the caller. */
    void frame(short[] samples) {
        LinearSound sound = linear;
        if (sound == null) {
            for (int i = 0; i < octets.length; i++) {
                octets[i] = G711.PCMA.toOctet(samples[i]);
            }
        } else {
            short[] heard = sound.heard(samples);
            for (int i = 0; i < octets.length / 2; i++) {
                octets[2 * i] = (byte) heard[i];
                octets[2 * i + 1] = (byte) (heard[i] >> 8);
            }
        }
        int length = Base64.getEncoder().encode(octets, payload);
        ByteBuf message = wire.allocator().buffer(begin.length + length + END.length);
        wire.text(message.writeBytes(begin).writeBytes(payload, 0, length).writeBytes(END));
    }

    /** What it has said, for {@link Wire#play}. */
    byte[] said(byte[] sound) {
        return linear == null ? sound : linear.said(Unpooled.wrappedBuffer(sound));
    }

    /** The end of that, once it says no more for now. */
    byte[] rest() {
        return linear == null ? new byte[0] : linear.rest();
    }

    /** It was interrupted: what is on its way is not to be heard. */
    void clear() {
        if (linear != null) {
            linear.clear();
        }
    }

    /** What a model is told that is no answer to it. */
    static String inWords(PurposeReport report) {
        String purpose = "\"" + report.purpose() + "\"";
        return switch (report.state()) {
            case "asking" ->
                    "The telephone system now asks the caller for consent to the purpose "
                            + purpose
                            + ". Nobody hears you meanwhile; wait for the answer.";
            case "granted" -> "The caller has consented to the purpose " + purpose + ".";
            case "ended" ->
                    "The caller has withdrawn the consent to the purpose "
                            + purpose
                            + ". From now on nothing may be done for it; the talk goes on.";
            default ->
                    "The caller has not consented to the purpose "
                            + purpose
                            + " ("
                            + report.reason()
                            + "). Do not ask for it again.";
        };
    }

    static String pressed(char digit) {
        return "The caller has pressed the key " + digit + " of the telephone.";
    }
}
