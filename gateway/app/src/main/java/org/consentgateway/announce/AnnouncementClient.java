package org.consentgateway.announce;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Thread-safe. The way to one other node. */
public final class AnnouncementClient implements AutoCloseable {
    private static final Duration CONNECTED = Duration.ofSeconds(2);
    private static final Duration ANSWERED = Duration.ofSeconds(3);

    /** Octets of an answer, sealed. */
    private static final int LONGEST = 256;

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECTED).build();
    private final URI at;

    /**
     * @param node its address, without a path
     */
    public AnnouncementClient(URI node) {
        this.at = node.resolve(AnnouncementServer.PATH);
    }

    /**
     * @return the whole of its answer
     * @throws IOException where it cannot be reached, does not answer in time, or refuses
     */
    public byte[] send(byte[] message) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(at)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(message))
                        .build();
        CompletableFuture<HttpResponse<byte[]>> asked =
                http.sendAsync(request, AnnouncementClient::body);
        try {
            // A time-out of the request would end with the head of the answer.
            HttpResponse<byte[]> answer = asked.get(ANSWERED.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != 200) {
                throw new IOException("it answers " + answer.statusCode());
            }
            return answer.body();
        } catch (TimeoutException e) {
            throw new IOException("it does not answer in time", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            asked.cancel(true);
        }
    }

    /** Of a refusal its status is told, however long the page is that a proxy puts below it. */
    private static BodySubscriber<byte[]> body(HttpResponse.ResponseInfo head) {
        return head.statusCode() == 200
                ? BodySubscribers.limiting(BodySubscribers.ofByteArray(), LONGEST)
                : BodySubscribers.replacing(new byte[0]);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
