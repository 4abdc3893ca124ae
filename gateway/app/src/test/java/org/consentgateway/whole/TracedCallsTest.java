package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.MediaStreamBot;
import org.consentgateway.testkit.SocketPeer;
import org.consentgateway.testkit.SocketServer;
import org.consentgateway.tracing.Collector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole calls, as a collector of OpenTelemetry and the assistants see them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TracedCallsTest {
    private static final String FOREIGN = "0af7651916cd43dd8448eb211c80319c";
    private static final String BOT_LINE = "+4930123471";

    @TempDir static Path folder;
    private static Collector collector;
    private static SocketServer bots;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        collector = Collector.start();
        bots =
                SocketServer.start(
                        new MediaStreamBot(
                                Law.MU.encode(ShortPrompts.melody("I am the bot", 500))));
        gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL, TracedCallsTest::traced);
    }

    private static String traced(String yaml) {
        return yaml.replace(
                        "humans:\n",
                        "  - {name: bot, url: \"%s\", ring-timeout: 5s, socket: {auth-token: secret}}\nhumans:\n"
                                .formatted(bots.url(MediaStreamBot.GREETS)))
                + AddedLine.to("bot", BOT_LINE)
                + "traces: {endpoint: \"%s\"}\n".formatted(collector.endpoint());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        bots.close();
        collector.close();
    }

    private static Map<String, Span> spansOf(String call) {
        TestWait.until(
                () -> collector.spansOf(call).stream().anyMatch(s -> s.getName().equals("call")));
        return collector.spansOf(call).stream()
                .collect(Collectors.toMap(Span::getName, Function.identity(), (one, _) -> one));
    }

    @Story
    void aCallIsOneTraceWhichTheAssistantIsToldOfWhateverACallerSays() throws Exception {
        String number = "+491710000901";
        String call;
        String told;
        try (Caller caller =
                gateway.caller(TestGateway.ONE_LEVEL, number)
                        .withHeaders(
                                "X-Traceparent: 00-%1$s-b7ad6b7169203331-01\r\ntraceparent: 00-%1$s-b7ad6b7169203331-01\r\n"
                                        .formatted(FOREIGN))) {
            caller.calls();
            // Before the question it is no answer, and behind it nobody waits for another.
            for (int tries = 0; tries < 20 && !agreed(number); tries++) {
                TimeUnit.MILLISECONDS.sleep(500);
                caller.presses('1');
            }
            gateway.tells(number, "Served opening", "Given basis", "AssistantOpened");
            AnsweredCall assistant = gateway.assistantOf(number, 0);
            told = assistant.header("X-Traceparent");
            call = assistant.header("X-Gateway-Call-Id");
            assertThat(assistant.invite()).doesNotContain(FOREIGN);
            TimeUnit.SECONDS.sleep(2); // until its greeting has been played it would count as lost
            assistant.hangUp();
            caller.receives("BYE");
        }

        Map<String, Span> spans = spansOf(call);
        assertThat(spans)
                .containsOnlyKeys(
                        "call", "ring", "opening", "question", "commit", "dial", "bridge");
        Span dial = named(spans, "dial");
        assertThat(told)
                .isEqualTo(
                        "00-%s-%s-01",
                        call.replace("-", ""), Collector.hex(dial.getSpanId().toByteArray()));
        assertThat(dial.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(dial.getEndTimeUnixNano()).isGreaterThan(dial.getStartTimeUnixNano());
        inThisOrder(spans, "ring", "opening", "question", "dial");
        assertThat(named(spans, "bridge").getStartTimeUnixNano())
                .isGreaterThanOrEqualTo(dial.getStartTimeUnixNano());
        assertThat(Collector.values(named(spans, "call").getAttributesList()))
                .containsEntry("consent.outcome", "assisted");
        assertThat(collector.text())
                .doesNotContain(number.substring(1), FOREIGN)
                .doesNotContainPattern("\\b49[0-9]{9,}");
    }

    private static boolean agreed(String number) throws Exception {
        return gateway.story(number).contains("Given basis");
    }

    private static Span named(Map<String, Span> spans, String name) {
        return Objects.requireNonNull(spans.get(name), name);
    }

    private static void inThisOrder(Map<String, Span> spans, String... names) {
        for (int i = 1; i < names.length; i++) {
            assertThat(named(spans, names[i]).getStartTimeUnixNano())
                    .as("%s after %s", names[i], names[i - 1])
                    .isGreaterThanOrEqualTo(named(spans, names[i - 1]).getStartTimeUnixNano());
        }
    }

    @Story
    void anAssistantOnASocketIsToldTwice() throws Exception {
        String number = "+491710000902";
        TestCaller caller = TestCaller.agrees(gateway, BOT_LINE, number).hears("bot");
        String call = gateway.callIds(number).getLast();
        caller.hangsUp();
        Map<String, Span> spans = spansOf(call);
        List<SocketPeer> peers = bots.peers();
        assertThat(peers).hasSize(1);
        String expected =
                "00-%s-%s-01"
                        .formatted(
                                call.replace("-", ""),
                                Collector.hex(named(spans, "dial").getSpanId().toByteArray()));
        assertThat(peers.getFirst().headers()).containsEntry("traceparent", expected);
        assertThat(MediaStreamBot.all(peers.getFirst(), "start").findFirst().orElseThrow().text())
                .contains("\"traceparent\":\"" + expected + "\"");
        assertThat(collector.text()).doesNotContain(number.substring(1));
    }
}
