package org.consentgateway.announce;

import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What listens at the address of another node, and does not behave as one. */
class AnnouncementClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ServerSocket server = listening();

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Answers the first connection so, and holds it. */
    private void answers(String text) {
        Thread.ofVirtual()
                .name("answers")
                .start(() -> {
                    try (Socket socket = server.accept()) {
                        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                        while (socket.getInputStream().read() >= 0) {
                            // until it is let go of
                        }
                    } catch (IOException e) {
                        // the test is over
                    }
                });
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private void isGivenUp(String why) {
        URI at = URI.create("http://127.0.0.1:" + server.getLocalPort());
        assertTimeoutPreemptively(
                PATIENCE,
                () -> {
                    try (var client = new AnnouncementClient(at)) {
                        assertThatIOException()
                                .isThrownBy(() -> client.send(new byte[] {1}))
                                .withMessageContaining(why);
                    }
                });
    }

    @Test
    void anAnswerWhoseBodyNeverComesIsGivenUpInTime() {
        answers("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        isGivenUp("does not answer in time");
    }

    @Test
    void noAnswerAtAllIsGivenUpInTime() {
        answers("");
        isGivenUp("does not answer in time");
    }

    @Test
    void whoRefusesIsNotTold() {
        answers("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        isGivenUp("it answers 403");
    }

    /** The status, and not that its page is longer than any answer of a node. */
    @Test
    void whatAProxyRefusesWithAPageIsTold() {
        answers(
                "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 1000\r\n\r\n"
                        + "<p>no</p>\n".repeat(100));
        isGivenUp("it answers 502");
    }
}
