package org.consentgateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatorGuardTest {
    private final HttpClient client = HttpClient.newHttpClient();

    /** As many addresses as anybody wants are one customer's. */
    @Test
    void whatIsSentToOthersHasARateOfEachNetwork() throws Exception {
        OperatorGuard guard = new OperatorGuard(List.of(), InstantSource.fixed(Instant.EPOCH));
        Javalin server =
                HttpListener.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new HttpListener.Limits(8_192, 8_192, 50),
                        true,
                        routes ->
                                routes.post(
                                        "/probe",
                                        guard.beforeSending(context -> context.result("sent"))));
        try {
            for (int i = 0; i < 10; i++) {
                assertThat(probe(server, "2001:db8:0:1::" + i)).isEqualTo(200);
            }
            assertThat(probe(server, "2001:db8:0:1::10")).isEqualTo(429);
            assertThat(probe(server, "2001:db8:0:2::10")).isEqualTo(200);
        } finally {
            server.stop();
        }
    }

    /** By a proxy that is believed: this machine has no network to choose addresses of. */
    private int probe(Javalin server, String visitor) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + server.port() + "/probe"))
                                .header("X-Forwarded-For", visitor)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
