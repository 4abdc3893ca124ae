package org.consentgateway.tracing;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.consent.CallFacts;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. One trace per call, sent when the call has ended. Calls never wait for a collector:
 * a thread of its own makes the spans and sends them, and calls whose trace it cannot take or send
 * are counted.
 */
public final class CallTraces implements CallListener, AutoCloseable {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(CallTraces.class);

    /** What it says goes past our log, and tells the same again; kept here, or it would be lost. */
    private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

    /** Calls that wait to be sent: a minute of a busy node. */
    static final int MOST_WAITING = 2_000;

    /** Far above the calls that can be under way. */
    private static final int MOST_UNDER_WAY = 50_000;

    /** Of one call; it has some twenty. */
    static final int MOST_MOMENTS = 200;

    private static final int CALLS_AT_ONCE = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final long IDLE_MILLIS = 200;
    private static final long CLOSE_MILLIS = 3_000;

    /**
     * Immutable. Where to, and who says it.
     *
     * @param endpoint takes OTLP over HTTP: http://collector:4318/v1/traces
     */
    public record Settings(URI endpoint, String node, String version) {}

    private final InstantSource clock;
    private final LongConsumer lost;
    private final CallSpans spans;
    private final Duration timeout;
    private final SpanExporter exporter;

    /** A thread for each sending, one at a time; the library's own five would be used up. */
    private final ExecutorService exports = Executors.newThreadPerTaskExecutor(this::export);

    private volatile @Nullable Thread export;
    private final Map<UUID, List<TracedCall.Moment>> underWay = new ConcurrentHashMap<>();
    private final BlockingQueue<TracedCall> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread sender;
    private volatile boolean closing;
    private boolean failing;

    private CallTraces(
            Settings settings, Duration timeout, InstantSource clock, LongConsumer lost) {
        this.timeout = timeout;
        this.clock = clock;
        this.lost = lost;
        this.spans = new CallSpans(settings.node(), settings.version());
        this.exporter =
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(settings.endpoint().toString())
                        .setCompression("gzip")
                        .setTimeout(timeout)
                        .setExecutorService(exports)
                        .build();
        this.sender = Thread.ofPlatform().daemon().name("trace-sender").unstarted(this::send);
        LIBRARY.setLevel(Level.OFF);
    }

    /**
     * @param lost told of how many calls more the trace is lost
     */
    public static CallTraces open(Settings settings, InstantSource clock, LongConsumer lost) {
        return open(settings, TIMEOUT, clock, lost);
    }

    static CallTraces open(
            Settings settings, Duration timeout, InstantSource clock, LongConsumer lost) {
        var traces = new CallTraces(settings, timeout, clock, lost);
        traces.sender.start();
        return traces;
    }

    @Override
    public void told(CallEvent event) {
        switch (event) {
            case CallEvent.FirstAudio(CallFacts facts, _) -> note(facts, event);
            case CallEvent.QuestionServed served -> note(served.facts(), event);
            case CallEvent.OpeningUnheard(CallFacts facts) -> note(facts, event);
            case CallEvent.Decided decided -> note(decided.facts(), event);
            case CallEvent.Reaffirmed reaffirmed -> note(reaffirmed.facts(), event);
            case CallEvent.Used used -> note(used.facts(), event);
            case CallEvent.Abandoned abandoned -> note(abandoned.facts(), event);
            case CallEvent.Committed committed -> note(committed.facts(), event);
            case CallEvent.Withdrawn withdrawn -> note(withdrawn.facts(), event);
            case CallEvent.AssistantDialled dialled -> note(dialled.facts(), event);
            case CallEvent.GateRefused(CallFacts facts) -> note(facts, event);
            case CallEvent.Joined joined -> note(joined.facts(), event);
            case CallEvent.AssistantGone(CallFacts facts) -> note(facts, event);
            case CallEvent.PurposeDecided decided -> note(decided.facts(), event);
            case CallEvent.ConsentEnded ended -> note(ended.facts(), event);
            case CallEvent.Cut cut -> note(cut.facts(), event);
            case CallEvent.Ended(CallOutcome outcome, _) -> ended(outcome);
            case CallEvent.DisclosureServed _,
                    CallEvent.HolderNotified _,
                    CallEvent.WithdrawalFailed _,
                    CallEvent.Rejected _,
                    CallEvent.Satisfaction _,
                    CallEvent.Helped _,
                    CallEvent.TaskOpened _,
                    CallEvent.LinkAsked _ -> {
                // of no call, after it, or nothing that a trace has
            }
        }
    }

    private void note(CallFacts facts, CallEvent event) {
        UUID call = facts.callId();
        if (!underWay.containsKey(call) && underWay.size() >= MOST_UNDER_WAY) {
            return;
        }
        List<TracedCall.Moment> moments = underWay.computeIfAbsent(call, _ -> new ArrayList<>());
        synchronized (moments) {
            if (moments.size() < MOST_MOMENTS) {
                moments.add(new TracedCall.Moment(clock.instant(), event));
            }
        }
    }

    private void ended(CallOutcome outcome) {
        List<TracedCall.Moment> moments = underWay.remove(outcome.trail().facts().callId());
        TracedCall call;
        if (moments == null) {
            call = new TracedCall(List.of(), outcome, clock.instant());
        } else {
            synchronized (moments) {
                call = new TracedCall(moments, outcome, clock.instant());
            }
        }
        if (closing || !waiting.offer(call)) {
            lost.accept(1);
        }
    }

    // ---- the sender's thread ----

    private void send() {
        try {
            while (!closing || !waiting.isEmpty()) {
                TracedCall first = waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    List<TracedCall> calls = new ArrayList<>();
                    calls.add(first);
                    waiting.drainTo(calls, CALLS_AT_ONCE - 1);
                    send(calls);
                }
            }
        } catch (InterruptedException e) {
            lost.accept(waiting.size());
        }
    }

    private void send(List<TracedCall> calls) {
        List<SpanData> made = new ArrayList<>();
        for (TracedCall call : calls) {
            made.addAll(spans.of(call));
        }
        CompletableResultCode sent =
                exporter.export(made).join(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
        boolean failed = !sent.isSuccess();
        if (!sent.isDone()) {
            giveUp();
        }
        if (failed) {
            lost.accept(calls.size());
        }
        if (failed != failing) {
            failing = failed;
            if (failed) {
                LOG.warn(
                        "traces are not taken by the collector; calls go on, and"
                                + " consent_traces_lost_total counts: {}",
                        String.valueOf(sent.getFailureThrowable()));
            } else {
                LOG.info("traces are taken by the collector again");
            }
        }
    }

    private Thread export(Runnable task) {
        Thread thread = Thread.ofPlatform().daemon().name("trace-export").unstarted(task);
        export = thread;
        return thread;
    }

    /** The library's time-out ends with the head of an answer, and its body may never come. */
    private void giveUp() {
        Thread thread = export;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Waits a moment for what waits to be sent. */
    @Override
    public void close() {
        closing = true;
        try {
            sender.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.interrupt();
        exporter.shutdown();
        exports.shutdownNow();
    }
}
