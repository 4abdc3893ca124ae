package org.consentgateway.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.CallOutcome.Trail;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class CallTracesTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final NoticeRef NOTICE =
            new NoticeRef(
                    "demo",
                    "2026-11",
                    "de",
                    "a",
                    "00",
                    "00",
                    new Notice.Controller("Musterfirma", "", "DE"));

    private final AtomicLong lost = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger whole = new AtomicInteger();

    /** Of the body that an answer says it has; none has any. */
    private volatile int length = 9;

    private volatile Instant now = NOON;

    private CallTraces open(URI endpoint) {
        return CallTraces.open(
                new CallTraces.Settings(endpoint, "gw1", "1.2.3"), () -> now, lost::addAndGet);
    }

    private static CallFacts facts(@Nullable Instant answered) {
        return new CallFacts(
                UUID.randomUUID(),
                "5ec2e7",
                "local",
                "demo",
                answered,
                new Subject("c0ffee"),
                true,
                false,
                true);
    }

    private static CallEvent leftInTheQuestion(CallFacts facts, Duration took) {
        return new CallEvent.Ended(
                new CallOutcome.Unanswered(
                        new Trail(facts, "de", "2026-11", "a", took, CallEnded.How.CALLER_HUNG_UP),
                        Unclear.HANGUP_DURING_QUESTION,
                        CallOutcome.Path.HUNG_UP),
                MediaQuality.NONE);
    }

    private static Duration length(Span span) {
        return Duration.ofNanos(span.getEndTimeUnixNano() - span.getStartTimeUnixNano());
    }

    @Test
    void aCallThatWasLeftInItsQuestionHasTheSpansItCameTo() throws IOException {
        CallFacts facts = facts(NOON.plusSeconds(2));
        try (Collector collector = Collector.start()) {
            try (CallTraces traces = open(collector.endpoint())) {
                now = NOON.plusMillis(2_040);
                traces.told(new CallEvent.FirstAudio(facts, Duration.ofMillis(40)));
                now = NOON.plusSeconds(9);
                traces.told(
                        new CallEvent.QuestionServed(facts, NOTICE, false, NOON.plusMillis(6_040)));
                traces.told(
                        new CallEvent.Abandoned(
                                facts, NOTICE, false, Unclear.HANGUP_DURING_QUESTION));
                now = NOON.plusSeconds(10);
                traces.told(leftInTheQuestion(facts, Duration.ofSeconds(10)));
            }

            List<Span> spans = collector.spansOf(facts.callId().toString());
            assertThat(spans)
                    .extracting(Span::getName)
                    .containsExactly("ring", "opening", "question", "call");
            assertThat(spans)
                    .extracting(CallTracesTest::length)
                    .containsExactly(
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(4),
                            Duration.ofMillis(2_960),
                            Duration.ofSeconds(10));
            Span root = spans.getLast();
            assertThat(root.getParentSpanId().isEmpty()).isTrue();
            assertThat(spans.subList(0, 3))
                    .allMatch(span -> span.getParentSpanId().equals(root.getSpanId()));
            assertThat(Collector.values(root.getAttributesList()))
                    .containsEntry("consent.outcome", "unanswered")
                    .containsEntry("consent.reason", "hangup-during-question")
                    .containsEntry("consent.line", "demo")
                    .containsEntry("consent.trunk", "local");
            assertThat(collector.resource())
                    .containsEntry("service.name", "consent-gateway")
                    .containsEntry("service.instance.id", "gw1")
                    .containsEntry("service.version", "1.2.3");
            assertThat(collector.text())
                    .as("neither pseudonym nor the hash of the Call-ID")
                    .doesNotContain("c0ffee", "5ec2e7");
            assertThat(lost).hasValue(0);
        }
    }

    /** The assistant was lost, and the caller withdrew while talking to a person. */
    @Test
    void theBridgeEndsWithTheAssistantAlsoWhereAHumanComesBehindIt() throws IOException {
        CallFacts facts = facts(NOON.plusSeconds(2));
        var trail =
                new Trail(
                        facts,
                        "de",
                        "2026-11",
                        "a",
                        Duration.ofSeconds(1_340),
                        CallEnded.How.CALLER_HUNG_UP);
        var withdrew = new CallOutcome.Withdrew(trail, "basis", CallOutcome.Path.HUMAN);
        try (Collector collector = Collector.start()) {
            try (CallTraces traces = open(collector.endpoint())) {
                now = NOON.plusSeconds(20);
                traces.told(
                        new CallEvent.Joined(
                                facts, NOTICE, CallEvent.Whom.ASSISTANT, Duration.ofSeconds(18)));
                now = NOON.plusSeconds(140);
                traces.told(new CallEvent.AssistantGone(facts));
                now = NOON.plusSeconds(1_340);
                traces.told(new CallEvent.Ended(withdrew, MediaQuality.NONE));
            }

            assertThat(collector.spansOf(facts.callId().toString()))
                    .filteredOn(span -> span.getName().equals("bridge"))
                    .extracting(CallTracesTest::length)
                    .containsExactly(Duration.ofMinutes(2));
        }
    }

    @Test
    void nothingOfACallIsBeforeItAlsoWhereItsEndWasToldLate() throws IOException {
        CallFacts facts = facts(NOON.plusSeconds(2));
        try (Collector collector = Collector.start()) {
            try (CallTraces traces = open(collector.endpoint())) {
                now = NOON.plusMillis(2_040);
                traces.told(new CallEvent.FirstAudio(facts, Duration.ofMillis(40)));
                now = NOON.plusSeconds(13);
                traces.told(leftInTheQuestion(facts, Duration.ofSeconds(10)));
            }

            List<Span> spans = collector.spansOf(facts.callId().toString());
            long begun = spans.getLast().getStartTimeUnixNano();
            assertThat(spans).hasSize(3).allMatch(span -> span.getStartTimeUnixNano() >= begun);
        }
    }

    @Test
    void aCollectorThatRefusesIsCountedAndTriedAgainWithTheNextCalls() throws IOException {
        CallFacts refused = facts(null);
        CallFacts later = facts(null);
        try (Collector collector = Collector.start();
                CallTraces traces = open(collector.endpoint())) {
            collector.answers(400);
            traces.told(leftInTheQuestion(refused, Duration.ofSeconds(1)));
            await().until(() -> lost.get() == 1);
            collector.answers(200);
            traces.told(leftInTheQuestion(later, Duration.ofSeconds(1)));
            await().until(() -> !collector.spansOf(later.callId().toString()).isEmpty());
            assertThat(collector.spansOf(refused.callId().toString())).isEmpty();
            assertThat(lost).hasValue(1);
        }
    }

    /** It takes connections and never answers. */
    @Test
    void noCallWaitsForACollectorThatHangs() throws IOException {
        int more = 500;
        try (ServerSocket hangs = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
                CallTraces traces =
                        open(URI.create("http://127.0.0.1:" + hangs.getLocalPort() + "/v1/x"))) {
            long begun = System.nanoTime();
            for (int i = 0; i < CallTraces.MOST_WAITING + 100 + more; i++) {
                traces.told(leftInTheQuestion(facts(null), Duration.ofSeconds(1)));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(2));
            assertThat(lost.get()).isBetween((long) more, more + 100L);
        }
    }

    /** More often than the library has threads for it. */
    @Test
    void aCollectorWhoseAnswersNeverEndIsTriedAgainWithTheNextCalls() throws IOException {
        int most = Math.max(5, Runtime.getRuntime().availableProcessors());
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
                CallTraces traces =
                        CallTraces.open(
                                new CallTraces.Settings(
                                        URI.create(
                                                "http://127.0.0.1:%d/v1/x"
                                                        .formatted(server.getLocalPort())),
                                        "gw1",
                                        "1.2.3"),
                                Duration.ofMillis(300),
                                () -> now,
                                lost::addAndGet)) {
            Thread.ofVirtual().name("collector").start(() -> answer(server));
            for (int i = 1; i <= most + 3; i++) {
                traces.told(leftInTheQuestion(facts(null), Duration.ofSeconds(1)));
                int calls = i;
                await("it is asked again").until(() -> asked.get() >= calls);
            }
            await("none waits for the rest of an answer")
                    .until(() ->
                            Thread.getAllStackTraces().keySet().stream()
                                    .noneMatch(each -> each.getName().equals("trace-export")));
            assertThat(lost.get()).isPositive();
            length = 0;
            traces.told(leftInTheQuestion(facts(null), Duration.ofSeconds(1)));
            await().untilAsserted(() -> assertThat(whole).hasValue(1));
        }
    }

    private void answer(ServerSocket server) {
        List<Socket> held = new ArrayList<>();
        try {
            while (true) {
                Socket socket = server.accept();
                held.add(socket);
                asked.incrementAndGet();
                String head = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n".formatted(length);
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                whole.addAndGet(length == 0 ? 1 : 0);
            }
        } catch (IOException e) {
            held.forEach(CallTracesTest::close); // the test is over
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is over anyway
        }
    }

    @Test
    void aCallWithMoreThanCanBeKeptHasItsTraceAllTheSame() throws IOException {
        CallFacts facts = facts(NOON);
        try (Collector collector = Collector.start()) {
            try (CallTraces traces = open(collector.endpoint())) {
                for (int i = 0; i < CallTraces.MOST_MOMENTS + 50; i++) {
                    traces.told(new CallEvent.Committed(facts, true, Duration.ofMillis(1)));
                }
                traces.told(leftInTheQuestion(facts, Duration.ofSeconds(1)));
            }
            assertThat(collector.spansOf(facts.callId().toString()))
                    .filteredOn(span -> span.getName().equals("commit"))
                    .hasSize(CallTraces.MOST_MOMENTS);
        }
    }
}
