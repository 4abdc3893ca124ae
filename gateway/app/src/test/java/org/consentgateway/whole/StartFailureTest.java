package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.consentgateway.Gateway;
import org.consentgateway.testkit.FreePort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A gateway that cannot start leaves nothing open. */
class StartFailureTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final Logger log = (Logger) LoggerFactory.getLogger("org.consentgateway.OpenParts");
    private final ListAppender<ILoggingEvent> closed = new ListAppender<>();

    @TempDir private Path folder;

    @BeforeEach
    void listen() {
        log.setLevel(Level.DEBUG);
        closed.start();
        log.addAppender(closed);
    }

    @AfterEach
    void listenNoMore() {
        log.detachAppender(closed);
        log.setLevel(null);
    }

    @Test
    void withTheSipPortTakenWhatWasOpenedBeforeIsClosedInTheOppositeOrder() throws Exception {
        var taken = new DatagramSocket(FreePort.next(), HERE);
        var wishes = TestGateway.Wishes.USUAL.withSipPort(taken.getLocalPort());
        try (var all = new TestGateway(folder, wishes)) {
            assertThatThrownBy(() -> Gateway.start(all.config()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("udp:127.0.0.1:" + taken.getLocalPort());

            assertThat(closings())
                    .containsExactly(
                            "closing Audio",
                            "closing MediaEngine",
                            "closing KeysOnly",
                            "closing Counting",
                            "closing Webhooks",
                            "closing Proof",
                            "closing Ledger",
                            "closing CallListeners",
                            "closing Meters");

            taken.close();
            Gateway.start(all.config()).close();
        } finally {
            taken.close();
        }
    }

    @Test
    void withTheWebPortTakenCallsAreNoLongerTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, HERE);
                var all = new TestGateway(folder, TestGateway.Wishes.USUAL)) {
            String web = "web: {listen: \"127.0.0.1:%d\"}";
            Files.writeString(
                    all.configuration(),
                    Files.readString(all.configuration())
                            .replace(web.formatted(0), web.formatted(taken.getLocalPort())));

            assertThatThrownBy(() -> Gateway.start(all.config())).isInstanceOf(IOException.class);

            assertThat(closings())
                    .startsWith("closing Monitoring")
                    .containsSubsequence(
                            "closing Monitoring",
                            "closing Telephony",
                            "closing SipEndpoint",
                            "closing Audio",
                            "closing Proof",
                            "closing CallListeners");
        }
    }

    private List<String> closings() {
        return closed.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
