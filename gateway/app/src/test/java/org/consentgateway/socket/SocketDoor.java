package org.consentgateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.consent.Purpose;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.socket.jambonz.ListenVerb;
import org.consentgateway.socket.openai.GptLive;
import org.consentgateway.socket.openai.ModelSettings;
import org.consentgateway.socket.openai.Realtime;
import org.consentgateway.socket.twilio.MediaStreams;
import org.consentgateway.testkit.fuzz.Datagrams;
import org.consentgateway.testkit.fuzz.Door;

/**
 * Messages of an assistant behind a WebSocket. The first octet says the dialect, the time of each
 * message whether it is text; a second octet of time lets the caller hear.
 */
final class SocketDoor implements Door {
    private static final NewCall CALL =
            new NewCall(
                    UUID.fromString("01a21d63-8a5c-7c3f-8930-16c47fb4b418"),
                    "+4930123456",
                    Map.of("consent_level", "basis"));
    private static final ModelSettings MODEL =
            new ModelSettings(
                    "gpt-live-1", "verse", "Greet.", 8000, List.of(new Purpose("transcript")), "");
    private static final List<Dialect> DIALECTS =
            List.of(
                    MediaStreams.twilio("AC1"),
                    MediaStreams.telnyx("AC1"),
                    new ListenVerb(8000),
                    new ListenVerb(24_000),
                    new Realtime(MODEL),
                    new GptLive(MODEL));
    private static final int TEXT = 5;
    private static final int BINARY = 10;

    @Override
    public List<byte[]> seeds() {
        String sound = Base64.getEncoder().encodeToString(new byte[160]);
        String wav =
                Base64.getEncoder()
                        .encodeToString(new Wav(Tone.sine(1000, 20, 8000), 8000).octets());
        List<byte[]> seeds = new ArrayList<>();
        for (int dialect = 0; dialect < DIALECTS.size(); dialect++) {
            for (String message :
                    List.of(
                            "{\"event\":\"media\",\"media\":{\"payload\":\"" + sound + "\"}}",
                            "{\"event\":\"mark\",\"mark\":{\"name\":\"a\"}}",
                            "{\"event\":\"clear\"}",
                            "{\"type\":\"playAudio\",\"data\":{\"audioContent\":\""
                                    + wav
                                    + "\",\"audioContentType\":\"wav\"}}",
                            "{\"type\":\"killAudio\"}",
                            "{\"type\":\"disconnect\"}",
                            "{\"type\":\"mark\",\"data\":{\"name\":\"a\"}}",
                            "{\"type\":\"session.updated\",\"session\":{}}",
                            "{\"type\":\"response.output_audio.delta\",\"response_id\":\"r\",\"item_id\":\"i\",\"content_index\":0,\"delta\":\""
                                    + sound
                                    + "\"}",
                            "{\"type\":\"input_audio_buffer.speech_started\"}",
                            "{\"type\":\"response.function_call_arguments.done\",\"call_id\":\"c\",\"name\":\"end_call\",\"arguments\":\"{}\"}",
                            "{\"type\":\"error\",\"error\":{\"code\":\"x\"}}")) {
                seeds.add(
                        input(
                                dialect,
                                Datagrams.joined(TEXT, message.getBytes(StandardCharsets.UTF_8))));
            }
            seeds.add(input(dialect, Datagrams.joined(BINARY, new byte[960])));
        }
        return seeds;
    }

    private static byte[] input(int dialect, byte[] messages) {
        byte[] all = new byte[messages.length + 1];
        all[0] = (byte) dialect;
        System.arraycopy(messages, 0, all, 1, messages.length);
        return all;
    }

    @Override
    public List<String> words() {
        return List.of(
                "\"event\":",
                "\"type\":",
                "\"payload\":",
                "\"delta\":",
                "\"name\":",
                "\"data\":",
                "\"item_id\":",
                "\"request_consent\"",
                "\"end_call\"",
                "null",
                "{}",
                "[]",
                "1e999",
                "\\u0000",
                "\\ud800",
                "\"\"",
                "====");
    }

    @Override
    public void takes(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        RecordingWire wire = new RecordingWire();
        AssistantTalk talk = DIALECTS.get((input[0] & 0xFF) % DIALECTS.size()).talk(CALL, wire);
        talk.opened();
        byte[] messages = java.util.Arrays.copyOfRange(input, 1, input.length);
        Datagrams.each(
                messages,
                (octets, kind) -> {
                    ByteBuf message = Unpooled.wrappedBuffer(octets);
                    try {
                        if (kind % BINARY == 0) {
                            talk.binary(message);
                        } else {
                            talk.text(message);
                        }
                    } catch (IOException wrong) {
                        // It says what of it, and not its words.
                        assertThat(wrong.getMessage()).doesNotContain("+4930123456");
                    }
                    talk.frame(new short[160]);
                    wire.hear(octets.length);
                });
        talk.bye();
    }
}
