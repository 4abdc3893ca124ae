package org.consentgateway.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. One page's WebSocket. To the page: 20 ms of sound in each binary message (16-bit
 * linear PCM at 8 kHz, little-endian), news as JSON in text. From it: sound in the same form, a key
 * as a text of one character, {@code bye} to hang up, {@code here} as a sign of life.
 */
final class PageSocket implements BrowserCalls.Page {
    static final int FRAME_OCTETS = 320;
    static final int MOST_TEXT_OCTETS = 16;

    private static final String KEYS = "0123456789*#";
    private static final String BYE = "bye";

    private static final int NORMAL = 1000;
    private static final int UNACCEPTABLE = 1003;

    /** Sound that waits to be sent; more than half a second is too late to be heard. */
    private static final int MOST_SOUNDS = 25;

    /** News and sound that wait; a page that takes none for so long is gone. */
    private static final int MOST_WAITING = 2_000;

    /** Keys in one call: RTP takes 150 ms for each, and nobody presses more. */
    private static final int MOST_KEYS = 300;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Session session;
    private final Runnable left;
    private final BlockingQueue<ToPage> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private volatile BrowserCalls.@Nullable Call call;
    private volatile boolean closed;
    private int keys;

    /** What is to be sent. */
    private sealed interface ToPage {}

    private record Sound(byte[] octets) implements ToPage {}

    private record News(String json) implements ToPage {}

    private record End() implements ToPage {}

    /**
     * @param left told once, when nothing goes to the page any more
     */
    PageSocket(Session session, Runnable left) {
        this.session = session;
        this.left = left;
        Thread.ofVirtual().name("page").start(this::send);
    }

    /** From now on the page's sound and keys go to this call; one that is closed hangs up. */
    void calls(BrowserCalls.Call placed) {
        call = placed;
        if (closed) {
            placed.hangUp();
        }
    }

    /** A binary message of the page. */
    void sound(ByteBuffer message) {
        BrowserCalls.Call here = call;
        if (message.remaining() != FRAME_OCTETS) {
            refuse();
        } else if (here != null) {
            short[] samples = new short[FRAME_OCTETS / 2];
            message.order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
            here.says(samples);
        }
    }

    /** A text message of the page. */
    void text(String message) {
        BrowserCalls.Call here = call;
        if (message.equals("here")) {
            return;
        }
        if (message.equals(BYE)) {
            hangUp();
        } else if (message.length() == 1 && KEYS.contains(message) && ++keys <= MOST_KEYS) {
            if (here != null) {
                here.press(message.charAt(0));
            }
        } else {
            refuse();
        }
    }

    private void refuse() {
        session.close(UNACCEPTABLE, "20 ms of sound, a key, here or bye", Callback.NOOP);
        hangUp();
    }

    private void hangUp() {
        BrowserCalls.Call here = call;
        if (here != null) {
            here.hangUp();
        }
    }

    /** The page is gone. */
    void gone() {
        closed = true;
        hangUp();
        waiting.clear();
        waiting.offer(new End());
    }

    @Override
    public void hears(short[] samples) {
        if (closed || waiting.size() > MOST_SOUNDS) {
            return;
        }
        ByteBuffer octets = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        octets.asShortBuffer().put(samples);
        waiting.offer(new Sound(octets.array()));
    }

    @Override
    public void told(Map<String, Object> news) {
        try {
            if (!closed && !waiting.offer(new News(JSON.writeValueAsString(news)))) {
                gone();
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and records of texts and numbers are JSON", e);
        }
    }

    @Override
    public void over() {
        waiting.offer(new End());
    }

    /** In order, each when the one before is out: what is slow fills our queue, not Jetty's. */
    private void send() {
        try {
            boolean more = true;
            while (more) {
                more =
                        switch (waiting.take()) {
                            case Sound(byte[] octets) -> {
                                var sent = new Callback.Completable();
                                session.sendBinary(ByteBuffer.wrap(octets), sent);
                                yield await(sent);
                            }
                            case News(String json) -> {
                                var sent = new Callback.Completable();
                                session.sendText(json, sent);
                                yield await(sent);
                            }
                            case End() -> {
                                session.close(NORMAL, "", Callback.NOOP);
                                yield false;
                            }
                        };
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed = true;
            hangUp();
            left.run();
        }
    }

    private static boolean await(Callback.Completable sent) throws InterruptedException {
        try {
            sent.get(5, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException gone) {
            return false;
        }
    }
}
