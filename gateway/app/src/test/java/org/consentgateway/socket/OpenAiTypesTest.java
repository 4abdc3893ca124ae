package org.consentgateway.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Purpose;
import org.consentgateway.socket.openai.GptLive;
import org.consentgateway.socket.openai.ModelSettings;
import org.consentgateway.socket.openai.Realtime;
import org.consentgateway.target.PurposeReport;
import org.consentgateway.testkit.Npm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of message that we send to OpenAI's models, against the types that OpenAI publishes
 * (npm openai, as locked), by their compiler: a field of another name is an error as well.
 */
class OpenAiTypesTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root", "../.."));
    private static final String BASE64 = "AAAA";

    @TempDir private Path scratch;

    private final RecordingWire wire = new RecordingWire();

    private AssistantTalk opened(Dialect dialect) {
        var call = new NewCall(UUID.randomUUID(), "+4930123456", Map.of());
        AssistantTalk talk = dialect.talk(call, wire);
        talk.opened();
        return talk;
    }

    private static ByteBuf text(String json) {
        return Unpooled.copiedBuffer(json, UTF_8);
    }

    private static ModelSettings model(int rate) {
        return new ModelSettings(
                "gpt-live-1",
                "verse",
                "Greet.",
                rate,
                List.of(new Purpose("transcript")),
                "gpt-6.2-sol");
    }

    private static final EndOfConsent WITHDRAWN =
            new EndOfConsent(UUID.randomUUID(), EndOfConsent.How.WITHDRAWN, Instant.EPOCH);

    private static final PurposeReport DECLINED =
            new PurposeReport("declined", "transcript", "refused", Optional.empty());

    private List<String> sentToRealtime(int rate) throws IOException {
        AssistantTalk talk = opened(new Realtime(model(rate)));
        talk.text(text("{\"type\":\"session.created\"}"));
        talk.text(text("{\"type\":\"session.updated\"}"));
        talk.frame(new short[160]);
        talk.key('5', 100);
        talk.text(text("{\"type\":\"response.created\",\"response\":{\"id\":\"r1\"}}"));
        talk.text(
                text(
                        "{\"type\":\"response.output_audio.delta\",\"response_id\":\"r1\","
                                + "\"item_id\":\"i1\",\"content_index\":0,\"delta\":\"%s\"}"
                                        .formatted(BASE64)));
        talk.text(text("{\"type\":\"input_audio_buffer.speech_started\",\"item_id\":\"i2\"}"));
        talk.text(
                text(
                        "{\"type\":\"response.output_item.done\",\"response_id\":\"r\",\"item\":"
                                + "{\"id\":\"i\",\"type\":\"function_call\",\"name\":"
                                + "\"request_consent\",\"call_id\":\"c1\",\"arguments\":"
                                + "\"{\\\"purpose\\\":\\\"transcript\\\"}\"}}"));
        talk.purpose(DECLINED);
        talk.consentEnded(WITHDRAWN);
        talk.bye();
        return messages();
    }

    private List<String> sentToGptLive(int rate) throws IOException {
        AssistantTalk talk = opened(new GptLive(model(rate)));
        talk.text(text("{\"type\":\"session.started\",\"session\":{\"id\":\"s\"}}"));
        talk.frame(new short[160]);
        talk.key('5', 100);
        talk.text(
                text(
                        "{\"type\":\"response.event\",\"event\":{\"type\":"
                                + "\"response.output_item.done\",\"item\":{\"type\":"
                                + "\"function_call\",\"name\":\"request_consent\",\"call_id\":"
                                + "\"c1\",\"arguments\":"
                                + "\"{\\\"purpose\\\":\\\"transcript\\\"}\"}}}"));
        talk.purpose(DECLINED);
        talk.purpose(DECLINED);
        talk.consentEnded(WITHDRAWN);
        talk.bye();
        return messages();
    }

    private List<String> messages() {
        List<String> sent =
                wire.sent().stream().filter(message -> message.startsWith("{")).toList();
        wire.sent().clear();
        return sent;
    }

    private String compiled(String type, String from, List<String> messages) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("import type { %s } from 'openai/resources/%s';".formatted(type, from));
        for (int i = 0; i < messages.size(); i++) {
            lines.add("export const m%d: %s = %s;".formatted(i, type, messages.get(i)));
        }
        Path folder = Files.createDirectories(scratch.resolve("made"));
        Path program = Files.write(folder.resolve("sent.ts"), lines);
        Path copy = Npm.installed(PROJECT).beside(scratch, program);
        return Npm.run(
                        scratch,
                        "node",
                        "node_modules/typescript/bin/tsc",
                        "--noEmit",
                        "--strict",
                        "--skipLibCheck",
                        "--module",
                        "nodenext",
                        "--moduleResolution",
                        "nodenext",
                        copy.getFileName().toString())
                .output();
    }

    private static Stream<String> types(List<String> messages) {
        return messages.stream()
                .map(each -> each.replaceFirst("^\\{\"type\":\"([^\"]*)\".*", "$1"));
    }

    @Test
    void whatARealtimeModelIsSentHasOpenAisTypes() throws Exception {
        List<String> sent = new ArrayList<>(sentToRealtime(8000));
        sent.addAll(sentToRealtime(24_000));
        assertThat(types(sent))
                .contains(
                        "session.update",
                        "response.create",
                        "input_audio_buffer.append",
                        "conversation.item.create",
                        "response.cancel",
                        "conversation.item.truncate",
                        "input_audio_buffer.clear");
        assertThat(compiled("RealtimeClientEvent", "realtime/realtime", sent)).isEmpty();
    }

    @Test
    void whatGptLiveIsSentHasOpenAisTypes() throws Exception {
        List<String> sent = new ArrayList<>(sentToGptLive(8000));
        sent.addAll(sentToGptLive(24_000));
        assertThat(types(sent))
                .contains(
                        "session.start",
                        "session.input_audio.append",
                        "session.instructions.append",
                        "session.input_audio.mute",
                        "session.close");
        assertThat(compiled("ClientEvent", "live/live", sent)).isEmpty();
    }

    @Test
    void whatHasNotOpenAisTypesIsFound() throws Exception {
        List<String> wrong =
                List.of(
                        "{\"type\":\"session.close\",\"because\":\"over\"}",
                        "{\"type\":\"session.input_audio.append\"}");
        assertThat(compiled("ClientEvent", "live/live", wrong)).contains("because", "(3,");
    }
}
