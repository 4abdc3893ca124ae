package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A registration over TCP: its connection is kept open, and replaced when it dies. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class FlowTest {
    private ServerSocket registrar;
    private SipEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        registrar = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"));
        Bench.Setup setup = new Bench.Setup();
        setup.listen = List.of(Bench.at(Transport.TCP, "127.0.0.1"));
        setup.trunks = List.of(Bench.provider());
        // A ping comes after 1.9 to 2.4 s, and its pong has 200 ms.
        setup.t1 = Duration.ofMillis(10);
        setup.accounts = List.of(Bench.account(Transport.TCP, registrar.getLocalPort()));
        endpoint = SipEndpoint.start(setup.settings(), new Switchboard(), System::nanoTime);
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
        registrar.close();
    }

    /** Accepts a connection and grants what is asked on it. */
    private Socket registered() throws IOException {
        Socket connection = registrar.accept();
        connection.setSoTimeout(10_000);
        SipMessage register = new SipMessage(until(connection, "\r\n\r\n"));
        assertThat(register.method()).isEqualTo("REGISTER");
        write(
                connection,
                register.response(
                        "200 OK",
                        "r",
                        "Contact: " + register.header("Contact") + ";expires=600\r\n",
                        ""));
        return connection;
    }

    private static String until(Socket connection, String end) throws IOException {
        InputStream in = connection.getInputStream();
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int octet = in.read();
            if (octet < 0) {
                throw new AssertionError("closed after: " + text);
            }
            text.append((char) octet);
        }
        return text.toString();
    }

    private static void write(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @RealTimeTest
    void aPingIsSentAndAPongKeepsTheConnection() throws Exception {
        try (Socket connection = registered()) {
            for (int i = 0; i < 2; i++) {
                assertThat(until(connection, "\r\n\r\n")).isEqualTo("\r\n\r\n");
                write(connection, "\r\n");
            }
            assertThat(endpoint.registrations().getFirst().registered()).isTrue();
        }
    }

    @Test
    void withoutAPongAnotherConnectionIsMade() throws Exception {
        try (Socket dead = registered()) {
            assertThat(until(dead, "\r\n\r\n")).isEqualTo("\r\n\r\n");
            try (Socket other = registered()) {
                assertThat(dead.getInputStream().read()).isEqualTo(-1);
                assertThat(until(other, "\r\n\r\n")).isEqualTo("\r\n\r\n");
            }
        }
    }

    @Test
    void aConnectionThatWasClosedIsMadeAgain() throws Exception {
        registered().close();
        try (Socket other = registered()) {
            assertThat(other.isConnected()).isTrue();
            await().until(() -> endpoint.registrations().getFirst().registered());
        }
    }

    @RealTimeTest
    void aConnectionThatWasOfUseIsMadeAgainAtOnce() throws Exception {
        long closed;
        try (Socket connection = registered()) {
            assertThat(until(connection, "\r\n\r\n")).isEqualTo("\r\n\r\n");
            write(connection, "\r\n");
            closed = System.nanoTime();
        }
        try (Socket other = registered()) {
            // Sooner than the next ping would have found out.
            assertThat(System.nanoTime() - closed).isLessThan(1_500_000_000L);
            assertThat(other.isConnected()).isTrue();
        }
    }

    @Test
    void aConnectionThatWeGiveUpIsMadeAgain() throws Exception {
        try (Socket nonsense = registered()) {
            write(nonsense, "\rX");
            try (Socket other = registered()) {
                await().until(() -> endpoint.registrations().getFirst().registered());
                assertThat(other.isConnected()).isTrue();
            }
        }
    }

    @Test
    void aPingOfTheirsIsAnswered() throws Exception {
        try (Socket connection = registered()) {
            await().until(() -> endpoint.registrations().getFirst().registered());
            write(connection, "\r\n\r\n");
            assertThat(until(connection, "\r\n")).isEqualTo("\r\n");
        }
    }
}
