package org.consentgateway.browser;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.consentgateway.demo.DemoCall;
import org.consentgateway.demo.DemoCaller;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.media.StreamLeg;
import org.consentgateway.web.BrowserCalls;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. One call of a browser: its sound goes both ways, and what happens in it is told in
 * order by a thread of its own.
 */
final class BrowserCall implements BrowserCalls.Call {
    /** A demonstration is no conference. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** The log is looked at so often. */
    private static final Duration LOOK = Duration.ofMillis(250);

    /**
     * What is recorded behind the end of a call, such as who was told of it, comes in this time.
     */
    private static final Duration LAST_ENTRIES = Duration.ofSeconds(2);

    /** What is told and waits; a call has some hundred. */
    private static final int MOST_WAITING = 2_000;

    private final BrowserCalls.Page page;
    private final LongSupplier nanos;
    private final long placedNanos;
    private final BlockingQueue<Map<String, Object>> news = new LinkedBlockingQueue<>(MOST_WAITING);
    private volatile @Nullable DemoCall placed;
    private volatile boolean over;

    BrowserCall(BrowserCalls.Page page, LongSupplier nanos) {
        this.page = page;
        this.nanos = nanos;
        this.placedNanos = nanos.getAsLong();
    }

    /** Returns its SIP Call-ID. */
    String dial(DemoCaller caller, String target, String from) throws PortsExhaustedException {
        DemoCall call = caller.callByStream(target, from, new Dialog(), new Sound());
        placed = call;
        return call.sipCallId();
    }

    /** On any thread. */
    void add(CallNews one) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("kind", one.kind());
        message.put("at", TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - placedNanos));
        message.putAll(one.fields());
        news.offer(message);
    }

    /** Tells all there is to be told, until the call is over and its last entry was seen. */
    void tellAll(RecordedEntries entries) {
        try {
            long endNanos = placedNanos + LONGEST.toNanos();
            long overNanos = Long.MAX_VALUE;
            while (nanos.getAsLong() < overNanos) {
                Map<String, Object> message = news.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                while (message != null) {
                    page.told(message);
                    message = news.poll();
                }
                entries.fresh().forEach(this::add);
                if (over && overNanos == Long.MAX_VALUE) {
                    overNanos = nanos.getAsLong() + LAST_ENTRIES.toNanos();
                }
                if (nanos.getAsLong() > endNanos) {
                    hangUp();
                }
            }
            for (Map<String, Object> last : news) {
                page.told(last);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            hangUp();
            page.over();
        }
    }

    @Override
    public void says(short[] samples) {
        DemoCall call = placed;
        if (call != null && !over) {
            call.says(samples);
        }
    }

    @Override
    public void press(char key) {
        DemoCall call = placed;
        if (call != null && !over) {
            call.press(key);
        }
    }

    @Override
    public void hangUp() {
        DemoCall call = placed;
        if (call != null) {
            call.hangUp();
        }
    }

    /** Hangs up, and waits for no answer to that. */
    void close() {
        hangUp();
        over = true;
    }

    /** On SIP threads. */
    private final class Dialog implements DemoCall.Listener {
        @Override
        public void ringing() {
            add(new CallNews("stage", Map.of("stage", "ringing")));
        }

        @Override
        public void answered() {
            add(new CallNews("stage", Map.of("stage", "answered")));
        }

        @Override
        public void over(DemoCall.Outcome outcome) {
            Map<String, Object> how =
                    switch (outcome) {
                        case DemoCall.Outcome.Refused(int status, _) ->
                                Map.of("how", "refused", "status", status);
                        case DemoCall.Outcome.Ended _ -> Map.of("how", "ended");
                    };
            add(new CallNews("over", how));
            over = true;
        }
    }

    /** On the event loop. */
    private final class Sound implements StreamLeg.Receiver {
        @Override
        public void frame(short[] samples) {
            page.hears(samples);
        }

        @Override
        public void key(char digit, int durationMillis) {
            // the gateway presses none
        }

        @Override
        public void reached(String mark) {
            // none is set
        }

        @Override
        public void cut() {
            // the call is over, which is told by SIP
        }
    }
}
