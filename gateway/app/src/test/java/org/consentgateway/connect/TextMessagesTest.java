package org.consentgateway.connect;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.PhoneNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** An SMS gateway that does not do as it should keeps no caller from a later message. */
@Timeout(30)
class TextMessagesTest {
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final PhoneNumber CALLER = new PhoneNumber("+491710000001");
    private static final Notice NOTICE =
            new Notice(
                    "demo",
                    "1",
                    "de",
                    "a",
                    1,
                    LocalDate.EPOCH,
                    false,
                    new Notice.Controller("", "", Notice.Controller.DEFAULT_COUNTRY),
                    Period.ofMonths(1),
                    Map.of(),
                    Map.of(),
                    "",
                    "");

    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
    private final List<Boolean> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger closed = new AtomicInteger();
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        said.start();
        log().addAppender(said);
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(() -> {
                    while (true) {
                        try {
                            Socket socket = server.accept();
                            Thread.ofVirtual().start(() -> answer(socket));
                        } catch (IOException over) {
                            return;
                        }
                    }
                });
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        log().detachAppender(said);
    }

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger(TextMessages.class);
    }

    /** The head of an answer with five octets, of which none comes. */
    private void answer(Socket socket) {
        try (socket) {
            byte[] asked = new byte[4096];
            int first = socket.getInputStream().read(asked);
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".getBytes(US_ASCII));
            while (first >= 0 && socket.getInputStream().read(asked) >= 0) {
                // until the other side has had enough
            }
        } catch (IOException e) {
            // reset, which is its end as well
        }
        closed.incrementAndGet();
    }

    private TextMessages messages() {
        return new TextMessages(
                URI.create("http://127.0.0.1:" + server.getLocalPort() + "/send"),
                "",
                Map.of("de", "Datenschutz: https://x.example"),
                taken::add,
                nanos::get,
                TIMEOUT);
    }

    private static void sendAll(TextMessages messages) {
        for (int i = 0; i < TextMessages.MOST_AT_ONCE; i++) {
            assertThat(messages.send(CALLER, NOTICE)).isTrue();
        }
    }

    @Test
    void answersThatDoNotEndKeepNobodyFromALaterMessage() {
        try (TextMessages messages = messages()) {
            sendAll(messages);
            assertThat(messages.send(CALLER, NOTICE)).as("all places are taken").isFalse();

            await().until(() -> taken.size() == TextMessages.MOST_AT_ONCE);
            assertThat(taken).containsOnly(false);
            await("their connections are closed")
                    .until(() -> closed.get() == TextMessages.MOST_AT_ONCE);
            sendAll(messages);
        }
    }

    @Test
    void theLogSaysOnceAMinuteThatThereIsNoPlaceAndToNobodyWho() {
        try (TextMessages messages = messages()) {
            sendAll(messages);
            for (int i = 0; i < 3; i++) {
                assertThat(messages.send(CALLER, NOTICE)).isFalse();
            }
            assertThat(noPlace()).hasSize(1);
            nanos.addAndGet(TextMessages.QUIET.toNanos());
            assertThat(messages.send(CALLER, NOTICE)).isFalse();
            assertThat(noPlace()).hasSize(2).noneMatch(line -> line.contains("4917"));
        }
    }

    private List<String> noPlace() {
        return said.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.startsWith("a caller was sent no message"))
                .toList();
    }
}
