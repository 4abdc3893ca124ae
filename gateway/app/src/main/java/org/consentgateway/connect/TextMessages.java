package org.consentgateway.connect;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.request.LinkSender;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Text messages by the web hook of an SMS gateway: one POST each, {@code {"to":
 * "+49…", "text": "…"}}. The number stands there and nowhere else, not in a log either. Sent once:
 * a caller who wants it again asks again.
 */
public final class TextMessages implements LinkSender, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TextMessages.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

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

    /**
     * @param token shown as a bearer token; empty: none
     * @param texts by language; in others nothing is sent
     * @param done told of each whether the SMS gateway has taken it
     */
    public TextMessages(URI hook, String token, Map<String, String> texts, Consumer<Boolean> done) {
        this.hook = hook;
        this.token = token;
        this.texts = Map.copyOf(texts);
        this.done = done;
    }

    @Override
    public boolean canSend(Notice notice) {
        return texts.containsKey(notice.language());
    }

    @Override
    public boolean send(PhoneNumber to, Notice notice) {
        String text = texts.get(notice.language());
        if (text == null || !free.tryAcquire()) {
            return false;
        }
        ObjectNode body = json.createObjectNode().put("to", to.text()).put("text", text);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(hook)
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        var _ =
                http.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
                        .whenComplete((answer, failed) -> {
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
                    answer == null
                            ? String.valueOf(
                                    failed == null ? "" : failed.getClass().getSimpleName())
                            : "status " + answer.statusCode());
        }
        done.accept(taken);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
