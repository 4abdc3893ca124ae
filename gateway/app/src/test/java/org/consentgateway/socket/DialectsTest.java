package org.consentgateway.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Purpose;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.codec.L16;
import org.consentgateway.socket.jambonz.ListenVerb;
import org.consentgateway.socket.openai.GptLive;
import org.consentgateway.socket.openai.ModelSettings;
import org.consentgateway.socket.openai.Realtime;
import org.consentgateway.socket.twilio.MediaStreams;
import org.consentgateway.target.PurposeReport;
import org.junit.jupiter.api.Test;

/** What each dialect makes of what happens, message by message, without a socket. */
class DialectsTest {
    private static final UUID CALL = UUID.fromString("01a21d63-8a5c-7c3f-8930-16c47fb4b418");
    private static final String HEX = "01a21d638a5c7c3f893016c47fb4b418";
    private static final NewCall NEW =
            new NewCall(CALL, "+4930123456", Map.of("consent_level", "basis"));
    private static final EndOfConsent WITHDRAWN =
            new EndOfConsent(
                    new UUID(0, 7),
                    EndOfConsent.How.WITHDRAWN,
                    Instant.parse("2026-11-27T12:00:00Z"));
    private static final ModelSettings MODEL =
            new ModelSettings("gpt-live-1", "verse", "Greet.", 8000, List.of(), "");

    private final RecordingWire wire = new RecordingWire();

    private AssistantTalk opened(Dialect dialect) {
        AssistantTalk talk = dialect.talk(NEW, wire);
        talk.opened();
        return talk;
    }

    private static ByteBuf text(String message) {
        return Unpooled.copiedBuffer(message, StandardCharsets.UTF_8);
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    private String last() {
        return wire.sent().getLast();
    }

    // ------------------------------------------------------------------ Twilio and Telnyx

    @Test
    void twilioIsToldTheCallAndThenEachFrame() {
        AssistantTalk talk = opened(MediaStreams.twilio("AC1"));
        assertThat(wire.sent())
                .startsWith(
                        "{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}");
        assertThat(wire.sent().get(1))
                .startsWith(
                        "{\"event\":\"start\",\"sequenceNumber\":\"1\",\"streamSid\":\"MZ" + HEX)
                .contains(
                        "\"accountSid\":\"AC1\"",
                        "\"callSid\":\"CA" + HEX + "\"",
                        "\"tracks\":[\"inbound\"]",
                        "\"consent_level\":\"basis\"",
                        "\"to_number\":\"+4930123456\"");
        assertThat(last()).isEqualTo("answered");
        talk.frame(new short[160]);
        talk.frameLost();
        talk.frame(new short[160]);
        byte[] silence = new byte[160];
        java.util.Arrays.fill(silence, (byte) 0xFF);
        assertThat(last())
                .isEqualTo(
                        "{\"event\":\"media\",\"sequenceNumber\":\"3\",\"streamSid\":\"MZ"
                                + HEX
                                + "\",\"media\":{\"track\":\"inbound\",\"chunk\":\"3\","
                                + "\"timestamp\":\"40\",\"payload\":\""
                                + base64(silence)
                                + "\"}}");
    }

    @Test
    void telnyxIsSpokenToInItsOwnWordsAndInALaw() throws Exception {
        AssistantTalk talk = opened(MediaStreams.telnyx("AC1"));
        assertThat(wire.sent().get(1))
                .contains(
                        "\"sequence_number\":\"1\"",
                        "\"stream_id\":\"MZ",
                        "\"call_control_id\":\"CA",
                        "\"encoding\":\"PCMA\"");
        short[] tone = Tone.sine(1000, 20, 8000);
        talk.frame(tone);
        assertThat(last()).contains("\"stream_id\":\"MZ", base64(G711.PCMA.encode(tone)));
        talk.key('5', 100);
        assertThat(last()).endsWith("\"dtmf\":{\"digit\":\"5\"}}");
        talk.text(text("{\"event\":\"clear\"}"));
        talk.text(text("{\"event\":\"media\",\"media\":{\"payload\":\"AAEC\"}}"));
        assertThat(wire.played()).containsExactly(new byte[] {0, 1, 2});
    }

    @Test
    void theOrderOfFieldsMeansNothingAndUnknownEventsAreCounted() throws Exception {
        AssistantTalk talk = opened(MediaStreams.twilio("AC1"));
        talk.text(
                text(
                        "{\"media\":{\"x\":{\"payload\":1},\"payload\":\"AAEC\"},\"event\":\"media\"}"));
        assertThat(wire.played()).containsExactly(new byte[] {0, 1, 2});
        talk.text(text("{\"event\":\"sing\",\"list\":[1,{\"event\":\"media\"}]}"));
        assertThat(last()).isEqualTo("ignored");
        talk.text(text("{\"event\":\"media\"}"));
        assertThat(last()).isEqualTo("ignored");
    }

    @Test
    void whatIsNoMessageIsSaidWithoutItsWords() {
        AssistantTalk talk = opened(MediaStreams.twilio("AC1"));
        for (String wrong :
                new String[] {
                    "Frau Meier",
                    "[1]",
                    "",
                    "{\"event\":",
                    "{\"event\":\"media\",\"media\":{\"payload\":\"Frau Meier\"}}"
                }) {
            assertThatThrownBy(() -> talk.text(text(wrong)))
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("Meier");
        }
    }

    @Test
    void marksComeBackByNameAndTheEndIsTold() throws Exception {
        AssistantTalk talk = opened(MediaStreams.twilio("AC1"));
        talk.text(text("{\"event\":\"mark\",\"mark\":{\"name\":\"a \\\"b\\\"\"}}"));
        assertThat(wire.marks()).containsExactly("a \"b\"");
        talk.reached("a \"b\"");
        assertThat(last()).endsWith("\"mark\":{\"name\":\"a \\\"b\\\"\"}}");
        talk.consentEnded(WITHDRAWN);
        assertThat(last())
                .endsWith(
                        "\"consent\":{\"id\":\"00000000-0000-0000-0000-000000000007\","
                                + "\"state\":\"withdrawn\",\"at\":\"2026-11-27T12:00:00Z\"}}");
        talk.bye();
        assertThat(last()).startsWith("{\"event\":\"stop\"").contains("\"callSid\":\"CA" + HEX);
    }

    // ------------------------------------------------------------------ one purpose more or less

    private static final PurposeReport GRANTED =
            new PurposeReport(
                    "granted",
                    "transcript",
                    "",
                    Optional.of(new PurposeReport.Holds("7", "assistant transcript", "ey.x.y")));

    private static final PurposeReport REFUSED =
            new PurposeReport("declined", "transcript", "refused", Optional.empty());

    @Test
    void onePurposeMoreIsAskedForAndToldInEachDialect() throws Exception {
        AssistantTalk twilio = opened(MediaStreams.twilio("AC1"));
        twilio.text(
                text(
                        "{\"event\":\"consent\",\"streamSid\":\"MZ\",\"consent\":{\"request\":\"step-up\",\"purpose\":\"transcript\"}}"));
        assertThat(last()).isEqualTo("asks for transcript");
        twilio.text(text("{\"event\":\"consent\",\"consent\":{\"state\":\"granted\"}}"));
        assertThat(last()).as("its own word counts for nothing").isEqualTo("ignored");
        twilio.purpose(GRANTED);
        assertThat(last())
                .startsWith("{\"event\":\"consent\",\"sequenceNumber\":\"2\",\"streamSid\":\"MZ")
                .endsWith(
                        "\"consent\":{\"state\":\"granted\",\"purpose\":\"transcript\",\"id\":\"7\",\"purposes\":\"assistant"
                            + " transcript\",\"token\":\"ey.x.y\"}}");
        twilio.purpose(REFUSED);
        assertThat(last())
                .endsWith(
                        "\"consent\":{\"state\":\"declined\",\"purpose\":\"transcript\",\"reason\":\"refused\"}}");

        AssistantTalk jambonz = opened(new ListenVerb(8000));
        jambonz.text(
                text(
                        "{\"type\":\"consent\",\"data\":{\"request\":\"step-up\",\"purpose\":\"transcript\"}}"));
        assertThat(last()).isEqualTo("asks for transcript");
        jambonz.purpose(REFUSED);
        assertThat(last())
                .isEqualTo(
                        "{\"event\":\"consent\",\"consent\":{\"state\":\"declined\",\"purpose\":\"transcript\",\"reason\":\"refused\"}}");
    }

    private static String called(String call, String arguments) {
        return "{\"type\":\"response.output_item.done\",\"response_id\":\"r\",\"item\":{\"id\":\"i\",\"type\":\"function_call\",\"name\":\"request_consent\",\"call_id\":\"%s\",\"arguments\":\"%s\"}}"
                .formatted(call, arguments);
    }

    @Test
    void aModelCallsAFunctionAndEachCallIsAnsweredOnce() throws Exception {
        var settings =
                new ModelSettings("", "", "Greet.", 8000, List.of(new Purpose("transcript")), "");
        AssistantTalk talk = opened(new Realtime(settings));
        talk.text(text("{\"type\":\"session.created\"}"));
        assertThat(last())
                .contains(
                        "\"tools\":[{\"type\":\"function\",\"name\":\"request_consent\",\"description\":",
                        "\"enum\":[\"transcript\"]}},\"required\":[\"purpose\"]}}]");
        talk.text(text("{\"type\":\"session.updated\"}"));
        talk.text(text(called("c1", "{\\\"purpose\\\":\\\"transcript\\\"}")));
        assertThat(last()).isEqualTo("asks for transcript");
        talk.text(text(called("c2", "{\\\"purpose\\\":\\\"transcript\\\"}")));
        assertThat(wire.sent().get(wire.sent().size() - 2))
                .contains("\"call_id\":\"c2\"", "has not consented", "request-pending");
        talk.purpose(GRANTED);
        assertThat(wire.sent().get(wire.sent().size() - 2))
                .isEqualTo(
                        "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"The"
                            + " caller has consented to the purpose \\\"transcript\\\".\"}}");
        assertThat(last()).isEqualTo("{\"type\":\"response.create\"}");
        talk.text(text(called("c3", "{\\\"purpose\\\":\\\"transcript\\\"}")));
        assertThat(last()).as("the first one waits no more").isEqualTo("asks for transcript");
    }

    /** Another system may ask meanwhile; its answer is news to the model. */
    @Test
    void aModelsCallIsAnsweredByWhatTheCallerSaidToThatPurpose() throws Exception {
        var both = List.of(new Purpose("transcript"), new Purpose("recording"));
        AssistantTalk talk =
                opened(new Realtime(new ModelSettings("", "", "Greet.", 8000, both, "")));
        talk.text(text(called("c1", "{\\\"purpose\\\":\\\"recording\\\"}")));
        for (PurposeReport ofTranscript : List.of(GRANTED, REFUSED)) {
            talk.purpose(ofTranscript);
            assertThat(last()).contains("\"role\":\"system\"", "the purpose \\\"transcript\\\"");
        }
        talk.purpose(new PurposeReport("declined", "recording", "refused", Optional.empty()));
        assertThat(wire.sent().get(wire.sent().size() - 2))
                .contains("\"call_id\":\"c1\"", "\\\"recording\\\" (refused)");
        assertThat(last()).isEqualTo("{\"type\":\"response.create\"}");
    }

    /** The caller is asked for nothing that the operator has left out, whatever the line offers. */
    @Test
    void aModelIsAnsweredAtOnceForWhatItMayNotHaveAsked() throws Exception {
        var settings =
                new ModelSettings("", "", "Greet.", 8000, List.of(new Purpose("transcript")), "");
        AssistantTalk realtime = opened(new Realtime(settings));
        realtime.text(text(called("c1", "{\\\"purpose\\\":\\\"recording\\\"}")));
        assertThat(wire.sent().get(wire.sent().size() - 2))
                .contains("\"call_id\":\"c1\"", "\\\"recording\\\" (not-offered)");
        assertThat(last()).isEqualTo("{\"type\":\"response.create\"}");
        realtime.text(text(called("c2", "no JSON")));
        assertThat(wire.sent().get(wire.sent().size() - 2)).contains("\"call_id\":\"c2\"");
        AssistantTalk live = opened(new GptLive(settings));
        live.text(text(ofBackend(called("c3", "{\\\"purpose\\\":\\\"recording\\\"}"))));
        assertThat(wire.sent().get(wire.sent().size() - 2)).contains("\"call_id\":\"c3\"");
        assertThat(wire.sent()).noneMatch(each -> each.startsWith("asks for"));
        realtime.text(text(called("c4", "{\\\"purpose\\\":\\\"transcript\\\"}")));
        assertThat(last()).as("none of these waits").isEqualTo("asks for transcript");
    }

    private static String ofBackend(String event) {
        return "{\"type\":\"response.event\",\"event_id\":\"e\",\"delegation_id\":\"d\",\"event\":%s}"
                .formatted(event);
    }

    @Test
    void gptLiveHasItsBackendCallTheFunction() throws Exception {
        var settings =
                new ModelSettings(
                        "gpt-live-1",
                        "",
                        "Greet.",
                        8000,
                        List.of(new Purpose("transcript")),
                        "gpt-6.2-sol");
        AssistantTalk talk = opened(new GptLive(settings));
        assertThat(last())
                .contains(
                        "\"delegation\":{\"type\":\"responses\",\"responses\":{\"model\":\"gpt-6.2-sol\"",
                        "\"tools\":[{\"type\":\"function\",\"name\":\"request_consent\"",
                        "without the caller's consent: transcript. To get it, delegate");
        talk.text(text("{\"type\":\"session.started\",\"session\":{\"id\":\"s\"}}"));
        talk.text(text(ofBackend("{\"type\":\"response.created\",\"response\":{\"id\":\"r\"}}")));
        talk.text(text(called("c0", "{\\\"purpose\\\":\\\"transcript\\\"}")));
        assertThat(last()).as("only its backend's calls count").isEqualTo("answered");
        talk.text(text(ofBackend(called("c1", "{\\\"purpose\\\":\\\"transcript\\\"}"))));
        assertThat(last()).isEqualTo("asks for transcript");
        talk.purpose(GRANTED);
        assertThat(wire.sent().get(wire.sent().size() - 2))
                .isEqualTo(
                        "{\"type\":\"response.item.create\",\"item\":{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"The"
                            + " caller has consented to the purpose \\\"transcript\\\".\"}}");
        assertThat(last()).isEqualTo("{\"type\":\"response.create\"}");
        assertThatThrownBy(() -> talk.text(text("{\"event\":{\"type\":3")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aNameOfOursIsNoMarkOfTheirs() throws Exception {
        AssistantTalk talk = opened(new ListenVerb(8000));
        talk.text(text("{\"type\":\"mark\",\"data\":{\"name\":\"\\u0001forged\"}}"));
        talk.reached(wire.marks().getFirst());
        assertThat(last())
                .as("not that a sound was played")
                .isEqualTo(told("\\u0001forged", "playout"));
    }

    // ------------------------------------------------------------------ jambonz

    @Test
    void jambonzGetsLinearSoundAndMayEndAMessageInTheMiddleOfASample() throws Exception {
        AssistantTalk talk = opened(new ListenVerb(8000));
        assertThat(wire.sent().getFirst())
                .contains("\"callSid\":\"" + CALL, "\"sampleRate\":8000", "\"mixType\":\"mono\"");
        short[] tone = Tone.sine(1000, 20, 8000);
        talk.frame(tone);
        byte[] sent = wire.binarySent().getFirst();
        assertThat(sent).hasSize(320);
        assertThat((short) ((sent[2] & 0xFF) | (sent[3] << 8))).isEqualTo(tone[1]);
        talk.binary(Unpooled.wrappedBuffer(sent, 0, 101));
        talk.binary(Unpooled.wrappedBuffer(sent, 101, 219));
        assertThat(Unpooled.wrappedBuffer(wire.played().toArray(byte[][]::new)))
                .isEqualTo(Unpooled.wrappedBuffer(G711.PCMA.encode(tone)));
        talk.key('9', 200);
        assertThat(last()).isEqualTo("{\"event\":\"dtmf\",\"dtmf\":\"9\",\"duration\":\"1600\"}");
    }

    @Test
    void jambonzPlaysFilesMarksAndTakesThemBack() throws Exception {
        AssistantTalk talk = opened(new ListenVerb(8000));
        byte[] file = new Wav(Tone.sine(1000, 100, 8000), 8000).octets();
        talk.text(
                text(
                        "{\"type\":\"playAudio\",\"data\":{\"audioContent\":\"%s\","
                                        .formatted(base64(file))
                                + "\"audioContentType\":\"wave\",\"id\":\"7\",\"queuePlay\":true}}"));
        assertThat(wire.played().getFirst()).hasSize(800);
        talk.reached(wire.marks().getFirst());
        assertThat(last()).isEqualTo("{\"type\":\"playDone\",\"data\":{\"id\":\"7\"}}");
        talk.text(text("{\"type\":\"mark\",\"data\":{\"name\":\"greeting\"}}"));
        talk.reached(wire.marks().getLast());
        assertThat(last())
                .isEqualTo(
                        "{\"type\":\"mark\",\"data\":{\"name\":\"greeting\",\"event\":\"playout\"}}");
        talk.text(text("{\"type\":\"mark\",\"data\":{\"name\":\"more\"}}"));
        talk.text(text("{\"type\":\"clearMarks\"}"));
        assertThat(last()).endsWith("\"name\":\"more\",\"event\":\"cleared\"}}");
        int told = wire.sent().size();
        talk.reached(wire.marks().getLast());
        assertThat(wire.sent()).as("once").hasSize(told);
        talk.text(text("{\"type\":\"disconnect\"}"));
        assertThat(last()).isEqualTo("hangs up");
    }

    /** Many bots call the mark behind each sentence the same. */
    @Test
    void jambonzIsToldOfEachMarkOfOneNameAtItsOwnPlace() throws Exception {
        AssistantTalk talk = opened(new ListenVerb(8000));
        ByteBuf mark = text("{\"type\":\"mark\",\"data\":{\"name\":\"sentence\"}}");
        for (int i = 0; i < 3; i++) {
            talk.text(mark.duplicate());
        }
        wire.sent().clear();
        for (String place : wire.marks()) {
            talk.reached(place);
        }
        assertThat(wire.sent()).hasSize(3).containsOnly(told("sentence", "playout"));

        wire.sent().clear();
        wire.marks().clear();
        talk.text(mark.duplicate());
        talk.text(mark.duplicate());
        talk.text(text("{\"type\":\"killAudio\"}"));
        assertThat(wire.sent()).hasSize(2).containsOnly(told("sentence", "cleared"));
    }

    @Test
    void whereAMarkOfJambonzWasForgottenTheNextOfItsNameIsNotReached() throws Exception {
        AssistantTalk talk = opened(new ListenVerb(8000));
        ByteBuf mark = text("{\"type\":\"mark\",\"data\":{\"name\":\"x\"}}");
        talk.text(mark.duplicate());
        talk.text(text("{\"type\":\"clearMarks\"}"));
        talk.text(mark.duplicate());
        assertThat(last()).isEqualTo(told("x", "cleared"));
        int told = wire.sent().size();
        talk.reached(wire.marks().getFirst());
        assertThat(wire.sent()).as("the place of the one that was forgotten").hasSize(told);
        talk.reached(wire.marks().getLast());
        assertThat(wire.sent()).hasSize(told + 1).endsWith(told("x", "playout"));
    }

    private static String told(String mark, String event) {
        return "{\"type\":\"mark\",\"data\":{\"name\":\"%s\",\"event\":\"%s\"}}"
                .formatted(mark, event);
    }

    private static ByteBuf played(int rate, byte[] sound) {
        return text(
                "{\"type\":\"playAudio\",\"data\":{\"audioContent\":\"%s\",\"sampleRate\":%d}}"
                        .formatted(base64(sound), rate));
    }

    @Test
    void jambonzPlaysManySecondsInOneMessage() throws Exception {
        var wideband = new RecordingWire(L16.WIDEBAND);
        AssistantTalk talk = new ListenVerb(16_000).talk(NEW, wideband);
        talk.opened();
        int seconds = 10;
        talk.text(played(16_000, new byte[2 * 16_000 * seconds]));
        assertThat(wideband.played().getFirst()).hasSize(L16.WIDEBAND.frameOctets() * 50 * seconds);
    }

    /** What it takes to change it costs more than the sound. */
    @Test
    void jambonzPlaysNothingOfAnOddRate() throws Exception {
        AssistantTalk talk = opened(new ListenVerb(8000));
        talk.text(played(44_100, new byte[882]));
        assertThat(wire.played().getFirst()).hasSize(80);
        for (int rate : new int[] {47_999, 8001, 7999, 96_000, 0}) {
            assertThatThrownBy(() -> talk.text(played(rate, new byte[2])))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(rate + " Hz; wanted is one of [8000, ");
        }
    }

    @Test
    void jambonzIsNotToldOfMarksThatWereTooMany() throws Exception {
        AssistantTalk talk = opened(new ListenVerb(8000));
        wire.full = true;
        talk.text(text("{\"type\":\"mark\",\"data\":{\"name\":\"many\"}}"));
        int told = wire.sent().size();
        talk.text(text("{\"type\":\"clearMarks\"}"));
        assertThat(wire.sent()).as("it was kept nowhere").hasSize(told);
    }

    private static short[] linear(byte[] octets) {
        short[] samples = new short[octets.length / 2];
        ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }

    private static byte[] linear(short[] samples) {
        ByteBuffer octets = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        octets.asShortBuffer().put(samples);
        return octets.array();
    }

    private byte[] allPlayed() {
        ByteBuf all = Unpooled.wrappedBuffer(wire.played().toArray(byte[][]::new));
        byte[] octets = new byte[all.readableBytes()];
        all.readBytes(octets);
        return octets;
    }

    /** {@link Tone} has 8 kHz, so 1 kHz at 24 kHz is a third of what it is told. */
    private static short[] kilohertzAt24(int millis) {
        return Tone.sine(1000 / 3.0, 3 * millis, 8000);
    }

    @Test
    void jambonzAt24KilohertzHearsAndSaysTheSameToneAsTheTelephone() throws Exception {
        AssistantTalk talk = opened(new ListenVerb(24_000));
        assertThat(wire.sent().getFirst()).contains("\"sampleRate\":24000");
        short[] tone = Tone.sine(1000, 200, 8000);
        for (int at = 0; at < tone.length; at += 160) {
            talk.frame(Arrays.copyOfRange(tone, at, at + 160));
        }
        assertThat(wire.binarySent()).hasSize(10).allMatch(message -> message.length == 960);
        assertThat(Tone.share(linear(wire.binarySent().get(5)), 1000 / 3.0)).isGreaterThan(0.99);
        talk.binary(Unpooled.wrappedBuffer(linear(kilohertzAt24(200))));
        talk.text(text("{\"type\":\"mark\",\"data\":{\"name\":\"said\"}}"));
        short[] played = G711.PCMA.decode(allPlayed());
        assertThat(played).as("with the end of it before the mark").hasSizeBetween(1600, 1640);
        assertThat(Tone.share(Arrays.copyOfRange(played, 80, 1600), 1000)).isGreaterThan(0.99);
    }

    /** Research: audio from before a clear leaks out of a resampler that remembers. */
    @Test
    void nothingOfWhatWasTakenBackIsHeardBehindIt() throws Exception {
        AssistantTalk talk = opened(new ListenVerb(24_000));
        talk.binary(Unpooled.wrappedBuffer(linear(kilohertzAt24(200)), 0, 9599));
        talk.text(text("{\"type\":\"killAudio\"}"));
        wire.played().clear();
        talk.binary(Unpooled.wrappedBuffer(new byte[960]));
        assertThat(G711.PCMA.decode(allPlayed())).hasSize(160).containsOnly((short) 8);
    }

    @Test
    void aWidebandCallerIsHeardAndSpokenToWithAllThereIs() throws Exception {
        var wide = new RecordingWire(L16.WIDEBAND);
        Dialect jambonz = new ListenVerb(24_000);
        assertThat(jambonz.sound(true)).isEqualTo(L16.WIDEBAND);
        assertThat(jambonz.sound(false)).isEqualTo(G711.PCMA);
        assertThat(new ListenVerb(8000).sound(true)).as("has none").isEqualTo(G711.PCMA);
        AssistantTalk talk = jambonz.talk(NEW, wide);
        short[] sixKilohertz = Tone.sine(3000, 400, 8000);
        for (int at = 0; at < sixKilohertz.length; at += 320) {
            talk.frame(Arrays.copyOfRange(sixKilohertz, at, at + 320));
        }
        assertThat(Tone.share(linear(wide.binarySent().get(5)), 2000)).isGreaterThan(0.99);
        talk.binary(Unpooled.wrappedBuffer(linear(Tone.sine(2000, 600, 8000))));
        short[] played = new short[3200];
        ByteBuffer.wrap(wide.played().getFirst()).asShortBuffer().get(played);
        assertThat(Tone.share(Arrays.copyOfRange(played, 160, 3200), 3000)).isGreaterThan(0.99);
    }

    // ------------------------------------------------------------------ models

    private AssistantTalk realtime() throws IOException {
        AssistantTalk talk = opened(new Realtime(MODEL));
        talk.text(text("{\"type\":\"session.created\"}"));
        talk.text(text("{\"type\":\"session.updated\"}"));
        return talk;
    }

    private static String delta(String response, String item, byte[] sound) {
        return "{\"type\":\"response.output_audio.delta\",\"response_id\":\"%s\",\"item_id\":\"%s\",\"content_index\":0,\"delta\":\"%s\"}"
                .formatted(response, item, base64(sound));
    }

    @Test
    void aModelIsConfiguredAndGreets() throws Exception {
        realtime();
        assertThat(wire.sent())
                .containsExactly(
                        "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\","
                                + "\"instructions\":\"Greet.\",\"output_modalities\":[\"audio\"],"
                                + "\"audio\":{\"input\":{\"format\":{\"type\":\"audio/pcma\"},"
                                + "\"turn_detection\":{\"type\":\"server_vad\"}},"
                                + "\"output\":{\"format\":{\"type\":\"audio/pcma\"},"
                                + "\"voice\":\"verse\"}}}}",
                        "answered",
                        "{\"type\":\"response.create\"}");
    }

    @Test
    void aModelThatIsInterruptedIsToldWhatWasReallyHeard() throws Exception {
        AssistantTalk talk = realtime();
        talk.text(
                text("{\"type\":\"response.created\",\"response\":{\"id\":\"r1\",\"output\":[]}}"));
        talk.text(text(delta("r1", "i1", new byte[8000])));
        talk.text(text(delta("r1", "i2", new byte[16_000])));
        wire.hear(8000 + 1600);
        talk.text(text("{\"type\":\"input_audio_buffer.speech_started\",\"item_id\":\"i3\"}"));
        assertThat(wire.sent())
                .endsWith(
                        "{\"type\":\"response.cancel\"}",
                        "{\"type\":\"conversation.item.truncate\",\"item_id\":\"i2\","
                                + "\"content_index\":0,\"audio_end_ms\":200}");
        talk.text(text(delta("r1", "i2", new byte[8000])));
        assertThat(wire.played()).as("what comes late of a cancelled answer").hasSize(2);
        talk.text(text(delta("r2", "i4", new byte[800])));
        assertThat(wire.played()).hasSize(3);
    }

    @Test
    void aModelAt24KilohertzIsToldWhatWasHeardInItsOwnTime() throws Exception {
        AssistantTalk talk =
                opened(new Realtime(new ModelSettings("", "", "Greet.", 24_000, List.of(), "")));
        talk.text(text("{\"type\":\"session.created\"}"));
        talk.text(text("{\"type\":\"session.updated\"}"));
        assertThat(wire.sent().getFirst())
                .contains(
                        "\"input\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":24000}",
                        "\"output\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":24000}");
        talk.frame(Tone.sine(1000, 20, 8000));
        assertThat(Base64.getDecoder().decode(last().replaceAll(".*\"audio\":\"|\"}", "")))
                .hasSize(960);
        talk.text(
                text("{\"type\":\"response.created\",\"response\":{\"id\":\"r1\",\"output\":[]}}"));
        talk.text(text(delta("r1", "i1", linear(kilohertzAt24(1000)))));
        wire.hear(8 * 400);
        talk.text(text("{\"type\":\"input_audio_buffer.speech_started\",\"item_id\":\"i3\"}"));
        assertThat(last()).endsWith("\"content_index\":0,\"audio_end_ms\":400}");
        wire.played().clear();
        talk.text(text("{\"type\":\"response.output_audio.done\",\"response_id\":\"r1\"}"));
        assertThat(wire.played()).as("the end of what was taken back").isEmpty();
        talk.text(text(delta("r2", "i2", new byte[960])));
        assertThat(G711.PCMA.decode(allPlayed())).hasSize(160).containsOnly((short) 8);
        talk.text(text("{\"type\":\"response.output_audio.done\",\"response_id\":\"r2\"}"));
        assertThat(allPlayed()).as("the end of what was said").hasSize(186);
    }

    @Test
    void anInterruptionAfterAllWasHeardTakesNothingBack() throws Exception {
        AssistantTalk talk = realtime();
        talk.text(text("{\"type\":\"response.created\",\"response\":{\"id\":\"r1\"}}"));
        talk.text(text(delta("r1", "i1", new byte[8000])));
        talk.text(text("{\"type\":\"response.done\",\"response\":{\"id\":\"r1\"}}"));
        wire.hear(8000);
        int sent = wire.sent().size();
        talk.text(text("{\"type\":\"input_audio_buffer.speech_started\"}"));
        assertThat(wire.sent()).hasSize(sent);
    }

    @Test
    void anErrorBeforeTheTalkEndsItAndOneInItDoesNot() throws Exception {
        String error =
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                        + "\"code\":\"invalid_api_key\",\"message\":\"Frau Meier\"}}";
        AssistantTalk early = opened(new Realtime(MODEL));
        assertThatThrownBy(() -> early.text(text(error)))
                .hasMessage("the model refused: invalid_api_key");
        AssistantTalk talk = realtime();
        talk.text(text(error));
        assertThat(last()).isEqualTo("ignored");
    }

    private static ByteBuf ended(String status) {
        return text(
                "{\"type\":\"response.done\",\"response\":{\"id\":\"r\",\"status\":\"%s\",\"status_details\":{\"error\":{\"code\":\"insufficient_quota\"}},\"output\":[]}}"
                        .formatted(status));
    }

    /** Its caller would be in silence until one of them hangs up. */
    @Test
    void aModelWhoseAnswersFailIsLost() throws Exception {
        AssistantTalk talk = realtime();
        talk.text(ended("failed"));
        assertThat(last()).as("one that fails").isEqualTo("ignored");
        talk.text(text(delta("r2", "i2", new byte[160])));
        talk.text(ended("completed"));
        talk.text(ended("failed"));
        talk.text(ended("cancelled"));
        assertThatThrownBy(() -> talk.text(ended("failed")))
                .isInstanceOf(IOException.class)
                .hasMessage("the model's answers fail");
    }

    @Test
    void gptLiveStartsHearsAndIsMutedBeforeItIsClosed() throws Exception {
        AssistantTalk talk = opened(new GptLive(MODEL));
        assertThat(wire.sent())
                .containsExactly(
                        "{\"type\":\"session.start\",\"session\":{\"model\":\"gpt-live-1\","
                                + "\"instructions\":\"Greet.\",\"audio\":{\"format\":"
                                + "{\"type\":\"audio/pcma\",\"rate\":8000},"
                                + "\"output\":{\"voice\":\"verse\"}}}}");
        talk.text(text("{\"type\":\"session.started\",\"session\":{\"id\":\"s\"}}"));
        assertThat(last()).isEqualTo("answered");
        talk.text(text("{\"type\":\"session.output_audio.delta\",\"delta\":\"AAEC\"}"));
        talk.text(text("{\"type\":\"session.output_transcript.delta\",\"delta\":\"Frau Meier\"}"));
        assertThat(wire.played()).containsExactly(new byte[] {0, 1, 2});
        talk.frame(new short[160]);
        assertThat(last()).startsWith("{\"type\":\"session.input_audio.append\",\"audio\":\"1dXV");
        talk.consentEnded(WITHDRAWN);
        talk.bye();
        assertThat(wire.sent())
                .endsWith(
                        "{\"type\":\"session.input_audio.mute\"}", "{\"type\":\"session.close\"}");
        talk.text(closed("close_requested"));
        assertThat(last()).isEqualTo("hangs up");
    }

    private static ByteBuf closed(String reason) {
        return text(
                "{\"type\":\"session.closed\",\"event_id\":\"e\",\"reason\":\"%s\",\"session\":{\"id\":\"s\"}}"
                        .formatted(reason));
    }

    /** Its caller has not been helped, and is to get a human. */
    @Test
    void aGptLiveSessionThatNobodyHasEndedIsLost() throws Exception {
        for (String reason : List.of("expired", "content", "connection_lost")) {
            AssistantTalk talk = opened(new GptLive(MODEL));
            talk.text(text("{\"type\":\"session.started\",\"session\":{\"id\":\"s\"}}"));
            assertThatThrownBy(() -> talk.text(closed(reason)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the model's session has ended: " + reason);
        }
        AssistantTalk talk = opened(new GptLive(MODEL));
        assertThatThrownBy(() -> talk.text(text("{\"type\":\"session.closed\"}")))
                .hasMessage("the model's session has ended");
        assertThatThrownBy(() -> talk.text(closed("Frau Meier")))
                .hasMessage("the model's session has ended");
        assertThat(wire.sent()).doesNotContain("hangs up");
        talk.text(closed("remote_hangup"));
        assertThat(last()).isEqualTo("hangs up");
    }
}
