package org.consentgateway.socket.openai;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.G711;
import org.consentgateway.socket.JsonText;
import org.consentgateway.socket.Wire;
import org.consentgateway.target.PurposeReport;

/** Confined to the event loop of one call. What is sent to a model. */
final class ModelMessages {
    private static final byte[] END = "\"}".getBytes(StandardCharsets.US_ASCII);

    private final Wire wire;
    private final byte[] begin;
    private final byte[] octets = new byte[PcmFrame.SAMPLES];
    private final byte[] payload = new byte[(PcmFrame.SAMPLES + 2) / 3 * 4];

    /**
     * @param append type of the message that takes sound to it
     */
    ModelMessages(Wire wire, String append) {
        this.wire = wire;
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

    /** 20 ms of the caller. */
    void frame(short[] samples) {
        for (int i = 0; i < PcmFrame.SAMPLES; i++) {
            octets[i] = G711.PCMA.toOctet(samples[i]);
        }
        int length = Base64.getEncoder().encode(octets, payload);
        ByteBuf message = wire.allocator().buffer(begin.length + length + END.length);
        wire.text(message.writeBytes(begin).writeBytes(payload, 0, length).writeBytes(END));
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
