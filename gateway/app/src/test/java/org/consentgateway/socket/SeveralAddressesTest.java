package org.consentgateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.consentgateway.connect.ClientTls;
import org.consentgateway.sip.registration.TargetState.Health;
import org.consentgateway.socket.twilio.MediaStreams;
import org.consentgateway.target.CallerShown;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.SocketServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A name with two addresses, of which only the second is there. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SeveralAddressesTest {
    private static final InetAddress THERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress GONE = InetAddress.ofLiteral("127.0.0.2");
    private static final Duration RING = Duration.ofSeconds(20);
    private static final SocketServer.Behaviour TAKES = new SocketServer.Behaviour() {};

    @TempDir private Path folder;

    private final SocketLoops loops = new SocketLoops();
    private final List<Socket> waiting = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // by JUnit
    private SocketServer bot;

    @SuppressWarnings("NullAway.Init") // by JUnit
    private SocketTarget target;

    @BeforeEach
    void start() throws IOException {
        bot = SocketServer.start(TAKES);
        target = target(List.of());
    }

    private SocketTarget target(List<Path> roots) throws IOException {
        return new SocketTarget(
                "bot",
                URI.create(bot.url("/media")),
                MediaStreams.twilio("AC" + "0".repeat(32)),
                Map::of,
                ClientTls.of(roots, Optional.empty(), Optional.empty()),
                new SocketTarget.Patience(RING, RING, RING),
                new CallerShown.Never(),
                false);
    }

    @AfterEach
    void stop() throws IOException {
        loops.close();
        bot.close();
        for (Socket each : waiting) {
            each.close();
        }
    }

    /** Its queue is full, so it answers no SYN any more: as a machine without power. */
    private ServerSocket silent() throws IOException {
        ServerSocket silent = new ServerSocket(bot.port(), 1, GONE);
        while (true) {
            Socket one = new Socket();
            waiting.add(one);
            try {
                one.connect(new InetSocketAddress(GONE, bot.port()), 300);
            } catch (SocketTimeoutException e) {
                return silent;
            }
        }
    }

    private String connected() throws Exception {
        var how = new CompletableFuture<String>();
        EventLoop loop = loops.next();
        var link = new SocketLink(target, Map.of(), loop, new Told(how));
        loop.execute(() -> link.connect(loops, List.of(GONE, THERE)));
        return how.get(RING.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void anAddressThatRefusesIsPassedOver() throws Exception {
        assertThat(connected()).isEqualTo("opened");
    }

    @Test
    void anAddressThatRefusesIsPassedOverWithTls() throws Exception {
        Certificates certificates = Certificates.in(folder);
        bot.close();
        bot = SocketServer.secure(certificates.context(Certificates.GATEWAY), false, TAKES);
        target = target(List.of(certificates.root()));

        assertThat(connected()).isEqualTo("opened");
    }

    @Test
    void anAddressThatDoesNotAnswerIsPassedOver() throws Exception {
        try (ServerSocket _ = silent()) {
            assertThat(connected()).isEqualTo("opened");
        }
    }

    /** Nobody would be sent to it. */
    @Test
    void whoLooksWhetherItAnswersPassesItOverAsWell() throws Exception {
        var standing = new SocketStanding(target, () -> Instant.EPOCH, System::nanoTime);
        var watch = new SocketWatch(loops, System::nanoTime, _ -> List.of(GONE, THERE));
        try (ServerSocket _ = silent()) {
            watch.once(target, standing).get(RING.toMillis(), TimeUnit.MILLISECONDS);
        }

        assertThat(standing.state().health()).isEqualTo(Health.UP);
    }

    /** How it went. */
    private record Told(CompletableFuture<String> how) implements SocketLink.Events {
        @Override
        public void opened() {
            how.complete("opened");
        }

        @Override
        public void text(ByteBuf message) {}

        @Override
        public void binary(ByteBuf message) {}

        @Override
        public void closed(int code) {
            how.complete("closed " + code);
        }

        @Override
        public void failed(Failure why, int status, String detail) {
            how.complete(why + " " + detail);
        }
    }
}
