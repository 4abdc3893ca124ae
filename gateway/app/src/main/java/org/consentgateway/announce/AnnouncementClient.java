package org.consentgateway.announce;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Thread-safe. The way to one other node. */
public final class AnnouncementClient implements AutoCloseable {
    private static final Duration CONNECTED = Duration.ofSeconds(2);
    private static final Duration ANSWERED = Duration.ofSeconds(3);

    /** Octets of an answer: a word, sealed. */
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
     * @throws IOException where it cannot be reached in time, or refuses
     */
    public byte[] send(byte[] message) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(at)
                        .timeout(ANSWERED)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(message))
                        .build();
        try {
            HttpResponse<InputStream> answer =
                    http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() != 200) {
                    throw new IOException("it answers " + answer.statusCode());
                }
                return body.readNBytes(LONGEST);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
