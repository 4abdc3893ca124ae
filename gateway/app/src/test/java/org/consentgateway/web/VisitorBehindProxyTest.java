package org.consentgateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.javalin.Javalin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** By whom tries are counted where a proxy says who it is. */
@Timeout(60)
class VisitorBehindProxyTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final HttpListener.Limits LIMITS = new HttpListener.Limits(1_000, 8_192, 100);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger web = (Logger) LoggerFactory.getLogger("org.consentgateway.web");
    private Javalin server;

    @BeforeEach
    void start() throws Exception {
        log.start();
        web.addAppender(log);
        server =
                HttpListener.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        LIMITS,
                        true,
                        routes -> routes.get("/", context -> context.result(context.ip())));
    }

    @AfterEach
    void stop() {
        server.stop();
        web.detachAppender(log);
    }

    private String seen(String forwarded) throws Exception {
        return CLIENT.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port()))
                                .header("X-Forwarded-For", forwarded)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** A port is another with each connection: it tells nobody apart, and hides nobody. */
    @ParameterizedTest
    @CsvSource({
        "198.51.100.7:50123, 198.51.100.7",
        "'203.0.113.1, 198.51.100.7:4', 198.51.100.7",
        "[2001:db8:1:2::7]:50123, 2001:db8:1:2::9",
        "[2001:db8:1:2::7], 2001:db8:1:2::9",
        "[::ffff:198.51.100.7]:50123, 198.51.100.7"
    })
    void thePortThatSomeProxiesAddIsNoPartOfTheAddress(String withPort, String without)
            throws Exception {
        assertThat(seen(withPort)).isNotEmpty().isEqualTo(seen(without));
        assertThat(warnings()).isZero();
    }

    /** Else one visitor stops all others, and whoever operates it does not know why. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "198.51.100.7:",
                "198.51.100.7:123456",
                "198.51.100.777",
                "[198.51.100.7",
                "[2001:db8::7]x",
                "198.51.100.7, somebody"
            })
    void whatIsNoAddressLeavesThatOfTheProxyAndIsToldOfOnce(String forwarded) throws Exception {
        assertThat(seen(forwarded)).isEqualTo("127.0.0.1");
        assertThat(seen(forwarded)).isEqualTo("127.0.0.1");

        assertThat(warnings()).isOne();
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(said -> said.contains("198.51") || said.contains("somebody"))
                .anyMatch(said -> said.contains("X-Forwarded-For"));
    }

    @Test
    void whatStandsBeforeTheProxysWordIsNobodys() throws Exception {
        assertThat(seen("198.51.100.7, 192.0.2.1")).isEqualTo("192.0.2.1");
    }

    private long warnings() {
        return log.list.stream().filter(event -> event.getLevel() == Level.WARN).count();
    }
}
