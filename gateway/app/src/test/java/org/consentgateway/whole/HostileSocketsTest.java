package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.testkit.SocketPeer;
import org.consentgateway.testkit.SocketServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Assistants on WebSockets that send what fills memory: it stays bounded, and the caller reaches a
 * human in words.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
@EnabledIfSystemProperty(
        named = "nightly",
        matches = ".*",
        disabledReason = "keeps both cores busy, beside which other calls miss their times")
class HostileSocketsTest {
    private static final String PINGS = "/pings";
    private static final String FRAGMENTS = "/fragments";
    private static final String HUGE = "/huge";
    private static final String COMPRESSED = "/compressed";
    private static final String GOODBYES = "/goodbyes";
    private static final String TRICKLES = "/trickles";
    private static final String ASKS = "/asks";
    private static final List<String> PATHS =
            List.of(PINGS, FRAGMENTS, HUGE, COMPRESSED, GOODBYES, TRICKLES, ASKS);

    /** Each has an answer. */
    private static final byte[] NO_PURPOSE =
            "{\"event\":\"consent\",\"consent\":{\"request\":\"step-up\",\"purpose\":\"!\"}}"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final long MEGABYTE = 1 << 20;

    @TempDir static Path folder;
    private static SocketServer bots;
    private static ServerSocket trickling;
    private static TestGateway gateway;
    private static final AtomicLong SENT = new AtomicLong();

    @BeforeAll
    static void start() throws Exception {
        bots = SocketServer.start(new Hostile());
        trickling = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(HostileSocketsTest::trickle);
        gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL, HostileSocketsTest::withBots);
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        bots.close();
        trickling.close();
    }

    private static String withBots(String yaml) {
        StringBuilder assistants = new StringBuilder();
        StringBuilder lines = new StringBuilder();
        for (String path : PATHS) {
            String name = path.substring(1);
            String url =
                    path.equals(TRICKLES)
                            ? "ws://127.0.0.1:" + trickling.getLocalPort() + "/"
                            : bots.url(path);
            assistants.append(
                    "  - {name: "
                            + name
                            + ", url: \""
                            + url
                            + "\", dialect: twilio,"
                            + " socket: {auth-token: secret}}\n");
            lines.append(AddedLine.to(name, line(path)));
        }
        return yaml.replace("humans:\n", assistants + "humans:\n") + lines;
    }

    private static String line(String path) {
        return "+493012348" + PATHS.indexOf(path) + "0";
    }

    /** Never reads what it is sent, since all is done on the connection's own thread. */
    private static final class Hostile implements SocketServer.Behaviour {
        @Override
        public void opened(SocketPeer peer) throws IOException {
            switch (peer.path()) {
                case PINGS -> forEver(peer, frame(0x89, new byte[125]));
                case FRAGMENTS -> {
                    peer.raw(frame(0x01, new byte[] {'a'}));
                    forEver(peer, frame(0x00, new byte[100]));
                }
                case HUGE -> {
                    ByteBuffer head = ByteBuffer.allocate(10).put((byte) 0x81).put((byte) 127);
                    peer.raw(head.putLong(100 * MEGABYTE).array());
                    forEver(peer, new byte[1000]);
                }
                case ASKS -> forEver(peer, frame(0x81, NO_PURPOSE));
                case COMPRESSED -> forEver(peer, frame(0xC1, new byte[100]));
                default -> {
                    peer.raw(frame(0x88, new byte[] {3, (byte) 0xE8}));
                    forEver(peer, frame(0x89, new byte[125]));
                }
            }
        }
    }

    private static void forEver(SocketPeer peer, byte[] frame) throws IOException {
        byte[] many = new byte[400 * frame.length];
        for (int i = 0; i < 400; i++) {
            System.arraycopy(frame, 0, many, i * frame.length, frame.length);
        }
        while (true) {
            peer.raw(many);
            SENT.addAndGet(many.length);
        }
    }

    private static byte[] frame(int first, byte[] content) {
        return ByteBuffer.allocate(content.length + 2)
                .put((byte) first)
                .put((byte) content.length)
                .put(content)
                .array();
    }

    private static void trickle() {
        while (!trickling.isClosed()) {
            try (Socket one = trickling.accept()) {
                byte[] head =
                        "HTTP/1.1 101 Switching Protocols\r\nX-A: "
                                .getBytes(StandardCharsets.US_ASCII);
                for (int i = 0; i < 10_000; i++) {
                    one.getOutputStream().write(i < head.length ? head[i] : 'a');
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            } catch (IOException closed) {
                // the next
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void reachesTheHuman(String path) throws Exception {
        String number = "+49171000091" + PATHS.indexOf(path);
        TestCaller caller = TestCaller.agrees(gateway, line(path), number);
        caller.hears("human").hangsUp();
    }

    @Story
    void aFloodOfPingsThatReadsNothingFillsNoMemory() throws Exception {
        String number = "+491710000919";
        long before = PlatformDependent.usedDirectMemory();
        TestCaller caller = TestCaller.agrees(gateway, line(PINGS), number);
        await().atMost(20, TimeUnit.SECONDS).until(() -> SENT.get() > 100 * MEGABYTE);
        long grown = PlatformDependent.usedDirectMemory() - before;
        caller.hears("human").hangsUp();
        assertThat(grown / MEGABYTE).isLessThan(50);
    }

    @Story
    void aMessageInFragmentsWithoutEndIsAnEnd() throws Exception {
        reachesTheHuman(FRAGMENTS);
    }

    @Story
    void aFrameOfAHundredMegabytesIsAnEnd() throws Exception {
        reachesTheHuman(HUGE);
    }

    @Story
    void aCompressedFrameThatNobodyAgreedToIsAnEnd() throws Exception {
        reachesTheHuman(COMPRESSED);
    }

    @Story
    void whoSaysGoodbyeAndGoesOnIsCutOff() throws Exception {
        reachesTheHuman(GOODBYES);
    }

    @Story
    void whoHasUsSayMoreThanItReadsIsAnEnd() throws Exception {
        reachesTheHuman(ASKS);
    }

    @Story
    void anUpgradeThatTricklesIsAnEnd() throws Exception {
        reachesTheHuman(TRICKLES);
    }
}
