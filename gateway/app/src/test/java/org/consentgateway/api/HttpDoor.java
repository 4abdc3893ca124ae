package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.testkit.fuzz.Door;
import org.consentgateway.testkit.fuzz.Trouble;

/**
 * What one connection says to the API before it ends, by somebody without a key: never a failure of
 * ours (5xx), never anything of a consent.
 */
final class HttpDoor implements Door {
    /** Nobody is too fast, and a minute, after which the log signs a checkpoint, is 600 inputs. */
    private static final Duration STEP = Duration.ofMillis(100);

    private final Trouble trouble = Trouble.watch();
    private final TestApi api;
    private final MemoryConnector connector;
    private final List<byte[]> right = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-28T12:00:00Z");

    HttpDoor() throws Exception {
        api = new TestApi(Files.createTempDirectory("api"), () -> now, 1000);
        api.given(TestApi.NUMBER);
        connector = MemoryConnector.of(api.server.server.jettyServer().server());
        for (ApiRoute route : api.routes.all()) {
            String path =
                    route.path().replaceAll("\\{[^}]*}", "01a21d63-8a5c-7c3f-8930-16c47fb4b418");
            boolean body = route.changes();
            right.add(
                    String.join(
                                    "\r\n",
                                    route.method().name() + " " + path + " HTTP/1.1",
                                    "Host: localhost",
                                    "Authorization: Bearer cgk_0000",
                                    body ? "Content-Type: application/json" : "Accept: */*",
                                    body ? "Content-Length: 2" : "Accept-Language: de",
                                    "",
                                    body ? "{}" : "")
                            .getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Override
    public List<byte[]> seeds() {
        return right;
    }

    @Override
    public List<String> words() {
        return List.of(
                "GET ",
                "POST ",
                "PUT ",
                "DELETE ",
                "OPTIONS ",
                "/v1/consents",
                "/v1/subjects/",
                "/v1/log",
                "/v1/openapi.yaml",
                "?cursor=",
                "?number=%2B4930123456",
                "%00",
                "%2e%2e/",
                "//",
                "HTTP/1.0",
                "HTTP/2.0",
                "Host: ",
                "Content-Length: 5\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Expect: 100-continue\r\n",
                "Upgrade: websocket\r\n",
                "Connection: Upgrade\r\n",
                "Authorization: Bearer ",
                "eyJhbGciOiJub25lIn0.e30.",
                "Idempotency-Key: a\r\n",
                "If-Match: *\r\n",
                "Accept: text/html\r\n",
                "\r\n\r\n",
                "\0");
    }

    @Override
    public int longest() {
        return 16_384;
    }

    @Override
    public void takes(byte[] input) throws InterruptedException {
        now = now.plus(STEP);
        String answer = connector.answerTo(input);
        // 501 and 505 are of the request: a transfer coding, and a version, that nobody has.
        assertThat(answer)
                .doesNotContain("HTTP/1.1 500", "HTTP/1.1 502", "HTTP/1.1 503", "HTTP/1.1 504")
                .doesNotContain(TestApi.NUMBER);
        assertThat(answer).doesNotContain(TestApi.WORDS);
        assertThat(trouble.seen()).isEmpty();
    }

    @Override
    public void close() {
        api.close();
        trouble.close();
    }
}
