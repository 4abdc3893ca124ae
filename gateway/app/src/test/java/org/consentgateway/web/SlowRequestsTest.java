package org.consentgateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.LoggerFactory;

/**
 * Requests that come octet by octet (Slowloris), or never, hold no connection; others take their
 * time.
 */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class SlowRequestsTest {
    private static final int HEAD_SECONDS = 2;
    private static final int EACH_MILLIS = 100;

    private final AtomicInteger reading = new AtomicInteger();
    private final Javalin server;

    SlowRequestsTest() throws IOException {
        server =
                HttpListener.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new HttpListener.Limits(100_000, 8_192, 50, HEAD_SECONDS),
                        routes -> {
                            routes.get("/", context -> context.result("here"));
                            routes.post("/", this::count);
                        });
    }

    private void count(Context context) {
        reading.incrementAndGet();
        try {
            context.result("" + context.body().length());
        } finally {
            reading.decrementAndGet();
        }
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(EACH_MILLIS);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends one octet after the other until it is answered or cut; what was said, and when. */
    private static Cut trickles(Socket socket, String text) throws IOException {
        long begun = System.nanoTime();
        StringBuilder said = new StringBuilder();
        byte[] some = new byte[4096];
        for (byte octet : text.getBytes(StandardCharsets.US_ASCII)) {
            try {
                socket.getOutputStream().write(octet);
                int count = socket.getInputStream().read(some);
                if (count < 0) {
                    break;
                }
                said.append(new String(some, 0, count, StandardCharsets.US_ASCII));
            } catch (SocketTimeoutException silent) {
                // the next octet
            } catch (IOException cut) {
                break;
            }
        }
        return new Cut(said.toString(), Duration.ofNanos(System.nanoTime() - begun));
    }

    private record Cut(String said, Duration after) {}

    @Test
    void aHeadHasToBeWholeInTime() throws Exception {
        try (Socket socket = connect()) {
            Cut cut = trickles(socket, "GET / HTTP/1.1\r\nX-Filling: " + "x".repeat(400));
            assertThat(cut.said()).startsWith("HTTP/1.1 408 ");
            assertThat(cut.after()).isLessThan(Duration.ofSeconds(HEAD_SECONDS + 10));
        }
    }

    /** Also the second one of a connection. */
    @Test
    void aHeadBehindAnAnswerHasToBeWholeInTime() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Cut cut = trickles(socket, "GET / HTTP/1.1\r\nX-Filling: " + "x".repeat(400));
            assertThat(cut.said()).contains("HTTP/1.1 200 ").contains("HTTP/1.1 408 ");
        }
    }

    @Test
    void aBodyHasToComeFasterThanOctetByOctet() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400\r\n\r\n");
            Cut cut = trickles(socket, "x".repeat(400));
            assertThat(cut.said()).doesNotContain(" 200 ");
            assertThat(cut.after()).isLessThan(Duration.ofSeconds(HEAD_SECONDS + 10));
        }
    }

    @Test
    void aConnectionBetweenTwoRequestsMayBeSilent() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Thread.sleep(8_000);
            send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            socket.setSoTimeout(10_000);
            String all =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(all.split("here", -1)).hasSize(3);
        }
    }

    /** Without a word: it has asked nothing. */
    @Test
    void aConnectionOnWhichNothingEverComesIsClosedAfterFiveSeconds() throws Exception {
        try (Socket socket = connect()) {
            socket.setSoTimeout(20_000);
            long begun = System.nanoTime();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(15));
        }
    }

    @Test
    void whoGoesInTheMiddleOfABodyLeavesNoExceptionInTheLog() throws Exception {
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(said);
        try {
            try (Socket socket = connect()) {
                send(socket, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400\r\n\r\nx");
                await().until(() -> reading.get() == 1);
            }
            await().during(Duration.ofMillis(500))
                    .until(() ->
                            reading.get() == 0
                                    && said.list.stream().allMatch(SlowRequestsTest::isShort));
        } finally {
            root.detachAppender(said);
        }
    }

    private static boolean isShort(ILoggingEvent event) {
        return event.getThrowableProxy() == null;
    }
}
