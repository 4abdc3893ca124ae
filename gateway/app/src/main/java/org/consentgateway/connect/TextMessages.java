package org.consentgateway.connect;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.request.LinkSender;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Text messages by the web hook of an SMS gateway: one POST each, {@code {"to":
 * "+49…", "text": "…"}}. The number stands there and nowhere else, not in a log either. Sent once:
 * a caller who wants it again asks again. An answer that has not come to its end in time is none,
 * and holds up no other message.
 */
public final class TextMessages implements LinkSender, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TextMessages.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Between two lines of the log that say there is no place. */
    static final Duration QUIET = Duration.ofMinutes(1);

    /** At once; whoever asks while so many are under way is sent none. */
    static final int MOST_AT_ONCE = 8;

    private static final int OK = 200;
    private static final int AFTER_OK = 300;

    private final JsonMapper json = new JsonMapper();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final URI hook;
    private final String token;
    private final Map<String, String> texts;
    private final Consumer<Boolean> done;
    private final LongSupplier nanos;
    private final Duration timeout;

    /** When it was last said that there is no place, by {@code nanos}. */
    private final AtomicLong said;

    /**
     * @param token shown as a bearer token; empty: none
     * @param texts by language; in others nothing is sent
     * @param done told of each whether the SMS gateway has taken it
     */
    public TextMessages(
            URI hook,
            String token,
            Map<String, String> texts,
            Consumer<Boolean> done,
            LongSupplier nanos) {
        this(hook, token, texts, done, nanos, TIMEOUT);
    }

    /**
     * @param timeout of one message, from the connection to the end of the answer
     */
    TextMessages(
            URI hook,
            String token,
            Map<String, String> texts,
            Consumer<Boolean> done,
            LongSupplier nanos,
            Duration timeout) {
        this.hook = hook;
        this.token = token;
        this.texts = Map.copyOf(texts);
        this.done = done;
        this.nanos = nanos;
        this.timeout = timeout;
        this.said = new AtomicLong(nanos.getAsLong() - QUIET.toNanos());
    }

    @Override
    public boolean canSend(Notice notice) {
        return texts.containsKey(notice.language());
    }

    @Override
    public boolean send(PhoneNumber to, Notice notice) {
        String text = texts.get(notice.language());
        if (text == null) {
            return false;
        }
        if (!free.tryAcquire()) {
            tellNoPlace();
            return false;
        }
        ObjectNode body = json.createObjectNode().put("to", to.text()).put("text", text);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(hook)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        CompletableFuture<HttpResponse<Void>> exchange =
                http.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
        // A request's own timeout ends with the head of the answer (JDK-8258397).
        var _ =
                exchange.copy()
                        .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                        .whenComplete((answer, failed) -> {
                            boolean _ = exchange.cancel(true); // whose answer does not end
                            free.release();
                            tell(answer, failed);
                        });
        return true;
    }

    private void tell(@Nullable HttpResponse<Void> answer, @Nullable Throwable failed) {
        boolean taken =
                answer != null && answer.statusCode() >= OK && answer.statusCode() < AFTER_OK;
        if (!taken) {
            LOG.warn(
                    "the SMS gateway did not take a message: {}",
                    answer == null ? reason(failed) : "status " + answer.statusCode());
        }
        done.accept(taken);
    }

    private static String reason(@Nullable Throwable failed) {
        Throwable cause = failed instanceof CompletionException ? failed.getCause() : failed;
        return cause == null ? "" : cause.getClass().getSimpleName();
    }

    private void tellNoPlace() {
        long now = nanos.getAsLong();
        long before = said.get();
        if (now - before >= QUIET.toNanos() && said.compareAndSet(before, now)) {
            LOG.warn(
                    "a caller was sent no message: {} are under way already, since the SMS gateway"
                            + " is slow to answer",
                    MOST_AT_ONCE);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
