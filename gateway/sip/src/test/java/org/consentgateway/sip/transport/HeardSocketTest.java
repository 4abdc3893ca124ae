package org.consentgateway.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.consentgateway.sip.transport.channel.StalledWrites;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeardSocketTest {
    @Test
    void aConnectionEndsForItsReaderWhoeverClosesIt() throws Exception {
        HeardSocket socket = new HeardSocket((_, in) -> in, new StalledWrites(System::nanoTime));
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            socket.connect(server.getLocalSocketAddress());
            try (Socket _ = server.accept()) {
                Thread reader =
                        Thread.ofPlatform()
                                .start(() -> {
                                    try {
                                        int _ = socket.getInputStream().read();
                                    } catch (IOException closed) {
                                        // as it should be
                                    }
                                });
                await().until(() -> reader.getState() != Thread.State.NEW);
                socket.close();
                assertThat(socket.ended()).succeedsWithin(Duration.ofSeconds(10));
            }
        }
    }
}
