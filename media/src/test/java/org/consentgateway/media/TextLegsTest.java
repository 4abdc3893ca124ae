package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Text over real sockets: who reads it, and who does not. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class TextLegsTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final TextFormat FORMAT = new TextFormat(98, 100, 2, 30);

    private MediaEngine engine;
    private final List<AutoCloseable> open = new ArrayList<>();

    /** A party that types plain T.140, and keeps every packet it gets. */
    private final class Party implements AutoCloseable {
        final DatagramChannel socket;
        final MediaLeg leg;
        final List<String> read = new CopyOnWriteArrayList<>();
        private final List<String> packets = new ArrayList<>();
        private DatagramChannel from;
        private int ssrc = 4711;
        private int sequence = 7;

        Party(MediaLeg leg) throws Exception {
            this.leg = leg;
            socket = DatagramChannel.open().bind(new InetSocketAddress(HERE, 0));
            from = socket;
            socket.configureBlocking(false);
            socket.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 16);
            leg.withoutAudio();
            leg.text().connect(FORMAT, peer(MediaPeer.Direction.SENDRECV));
            open.add(this);
            settles();
        }

        /** What it types is read from now on. */
        Party isRead() throws Exception {
            leg.text().listen((text, _) -> read.add(text));
            settles();
            return this;
        }

        void typesAndIsRead(String text) throws Exception {
            types(text);
            await().until(() -> read.contains(text));
        }

        MediaPeer peer(MediaPeer.Direction direction) throws IOException {
            InetSocketAddress at = (InetSocketAddress) socket.getLocalAddress();
            return new MediaPeer(at, at, direction, Set.of());
        }

        void types(String text) throws Exception {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            ByteBuffer packet = ByteBuffer.allocate(12 + octets.length);
            packet.putInt(0x8000_0000 | (98 << 16) | sequence++).putInt(0).putInt(ssrc).put(octets);
            from.send(packet.flip(), leg.text().local());
        }

        /** From now on; it still receives where it says. */
        void sendsFromAnotherPort() throws IOException {
            from = DatagramChannel.open().bind(new InetSocketAddress(HERE, 0));
            open.add(from);
        }

        /** These, each with the two before it, and then nothing, as a telephone does (RFC 4103). */
        void typesOnce(String... texts) throws Exception {
            List<String> blocks = new ArrayList<>(List.of("", ""));
            blocks.addAll(List.of(texts));
            blocks.addAll(List.of("", ""));
            for (int at = 2; at < blocks.size(); at++) {
                typesBehind(blocks.subList(at - 2, at), blocks.get(at));
            }
        }

        private void typesBehind(List<String> older, String newest) throws Exception {
            ByteBuffer packet = ByteBuffer.allocate(200);
            packet.putInt(0x8000_0000 | (100 << 16) | sequence++).putInt(0).putInt(ssrc);
            older.forEach(each -> packet.putInt(0xE204_B000 | each.length()));
            packet.put((byte) 98);
            older.forEach(each -> packet.put(each.getBytes(StandardCharsets.UTF_8)));
            packet.put(newest.getBytes(StandardCharsets.UTF_8));
            from.send(packet.flip(), leg.text().local());
        }

        /** The newest block behind two that are sent again (RFC 4103 §4). */
        void typesBehind(String older, String newest) throws Exception {
            typesBehind(List.of(older.substring(0, 1), older.substring(1)), newest);
        }

        /** All packets so far, each as text with whatever is in it. */
        List<String> packets() throws IOException {
            ByteBuffer packet = ByteBuffer.allocate(2048);
            while (socket.receive(packet.clear()) != null) {
                packets.add(
                        new String(
                                packet.array(),
                                12,
                                packet.position() - 12,
                                StandardCharsets.UTF_8));
            }
            return packets;
        }

        void reads(String text) {
            await().until(() -> packets().stream().anyMatch(each -> each.contains(text)));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @BeforeEach
    void start() {
        engine = TestEngine.on(0, 99, Duration.ofMillis(100), SILENCE, 1);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        engine.close();
    }

    /** What was asked for is done on the event loop, a little later. */
    private static void settles() {
        pass(50);
    }

    private static void pass(long millis) {
        await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
    }

    @RealTimeTest
    void nothingOfBeforeTheBridgeGetsToTheOtherSideButAGreetingToTheCaller() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        Party assistant = new Party(engine.open(caller.leg));
        caller.types("vorher");
        assistant.types("Guten Tag");
        await().until(() -> caller.read.contains("vorher"));
        pass(400);
        assertThat(assistant.packets()).isEmpty();
        assertThat(caller.packets()).isEmpty();

        try (MediaBridge _ = engine.bridge(caller.leg, assistant.leg)) {
            settles();
            caller.reads("Guten Tag");
            caller.types("nachher");
            assistant.reads("nachher");
            pass(400);
            assertThat(String.join("", assistant.packets())).doesNotContain("vorher");
        }
    }

    @RealTimeTest
    void afterTheCutNothingGoesOutNeitherWhatWaitedNorWhatWasSentAgain() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        Party assistant = new Party(engine.open(caller.leg));
        try (MediaBridge bridge = engine.bridge(caller.leg, assistant.leg)) {
            settles();
            caller.types("eins");
            assistant.reads("eins");
            caller.types("zwei");
            pass(50);
            bridge.cutFirstToSecond().toCompletableFuture().get(10, TimeUnit.SECONDS);
            int sent = assistant.packets().size();
            caller.types("drei");
            pass(1500);
            assertThat(assistant.packets()).hasSize(sent);
            assistant.types("noch da?");
            caller.reads("noch da?");
        }
        caller.types("vier");
        pass(700);
        assertThat(String.join("", assistant.packets())).doesNotContain("drei", "vier");
    }

    @RealTimeTest
    void whoIsMutedNeitherWritesNorIsRead() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        Party assistant = new Party(engine.open(caller.leg));
        try (MediaBridge _ = engine.bridge(caller.leg, assistant.leg)) {
            settles();
            caller.types("eins");
            assistant.reads("eins");
            assistant.leg.mute();
            pass(100);
            int sent = assistant.packets().size();
            caller.types("zwei");
            assistant.types("drei");
            pass(900);
            assertThat(assistant.packets()).hasSize(sent);
            assertThat(String.join("", caller.packets())).doesNotContain("drei");
        }
    }

    @RealTimeTest
    void onHoldItWaitsAndFromStrangersItIsNotTaken() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        caller.typesAndIsRead("a");
        caller.leg.text().connect(FORMAT, caller.peer(MediaPeer.Direction.RECVONLY));
        var shown = caller.leg.text().send("später").toCompletableFuture();
        try (DatagramChannel stranger = DatagramChannel.open().bind(null)) {
            ByteBuffer packet = ByteBuffer.allocate(14);
            packet.putInt(0x8000_0000 | (98 << 16) | 9).putInt(0).putInt(4711).put((byte) 'x');
            stranger.send(packet.flip(), caller.leg.text().local());
        }
        pass(400);
        assertThat(shown).isNotDone();
        assertThat(caller.packets()).isEmpty();
        assertThat(caller.read).doesNotContain("x");
        caller.leg.text().connect(FORMAT, caller.peer(MediaPeer.Direction.SENDRECV));
        caller.reads("später");
        assertThat(shown).isDone();
    }

    @RealTimeTest
    void aFloodIsBoundedAndSaysSo() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        for (int i = 0; i < 100; i++) {
            caller.types("x".repeat(1000));
        }
        await().until(() -> engine.totals().dropped().getOrDefault(MediaDrop.TEXT_FLOOD, 0L) > 0);
        pass(300);
        assertThat(String.join("", caller.read)).hasSizeLessThan(1600);
        assertThat(String.join("", caller.read)).contains("\uFFFD");
    }

    @RealTimeTest
    void whereNobodyListensItSaysSo() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        caller.typesAndIsRead("a");
        assertThat(caller.leg.text().reachable()).isTrue();
        caller.socket.close();
        caller.leg.text().send("eins");
        caller.leg.text().send("zwei");
        await().until(() -> !caller.leg.text().reachable());
    }

    @RealTimeTest
    void whoCountsAnewIsReadOnce() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        caller.typesAndIsRead("a");
        caller.sequence = 40_000;
        caller.typesBehind("?a", "b");
        caller.typesBehind("ab", "c");
        await().until(() -> String.join("", caller.read).endsWith("c"));
        assertThat(String.join("", caller.read)).isEqualTo("abc");
    }

    @RealTimeTest
    void whoCountsAnewIsReadFromTheFirstNumberThatHadToBeConfirmed() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        caller.typesAndIsRead("a");
        caller.sequence = 40_000;
        caller.types("nicht");
        caller.types(" einverstanden");
        await().until(() -> String.join("", caller.read).endsWith("einverstanden"));
        assertThat(String.join("", caller.read)).isEqualTo("anicht einverstanden");
    }

    @RealTimeTest
    void whoTypesFromAnotherPortIsReadFromTheFirstWord() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        caller.sendsFromAnotherPort();
        caller.types("nicht");
        caller.types(" einverstanden");
        await().until(() -> String.join("", caller.read).endsWith("einverstanden"));
        assertThat(String.join("", caller.read)).isEqualTo("nicht einverstanden");
    }

    @RealTimeTest
    void whoTypesFromAnotherPortOnlyOnceIsRead() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        caller.sendsFromAnotherPort();
        caller.typesOnce("widerruf");
        await().until(() -> String.join("", caller.read).equals("widerruf"));
    }

    @RealTimeTest
    void aNewSourceThatTypesOnlyOnceIsReadOnce() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        caller.typesAndIsRead("a");
        pass(300); // else it is an intruder
        caller.ssrc = 4712;
        caller.sequence = 900;
        caller.typesOnce("widerruf");
        await().until(() -> String.join("", caller.read).endsWith("widerruf"));
        pass(300);
        assertThat(String.join("", caller.read)).isEqualTo("awiderruf");
    }

    @RealTimeTest
    void aNewSourceIsReadFromTheFirstWord() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        caller.typesAndIsRead("a");
        pass(300);
        caller.ssrc = 4712;
        caller.types("nicht");
        caller.types(" einverstanden");
        await().until(() -> String.join("", caller.read).endsWith("einverstanden"));
        assertThat(String.join("", caller.read)).isEqualTo("anicht einverstanden");
    }

    @RealTimeTest
    void aNewSourceAtAnotherPortIsReadFromTheFirstWord() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        caller.typesAndIsRead("a");
        pass(600); // else the one before is still there
        caller.leg.text().connect(FORMAT, caller.peer(MediaPeer.Direction.SENDRECV));
        settles();
        caller.sendsFromAnotherPort();
        caller.ssrc = 4712;
        caller.types("nicht");
        caller.types(" einverstanden");
        await().until(() -> String.join("", caller.read).equals("anicht einverstanden"));
    }

    @RealTimeTest
    void whatWaitedTooLongForItsSourceToBeBelievedIsMarkedAsLost() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        caller.sendsFromAnotherPort();
        caller.types("nicht");
        pass(2200);
        caller.types("einverstanden");
        await().until(() -> String.join("", caller.read).endsWith("einverstanden"));
        assertThat(String.join("", caller.read)).isEqualTo("\uFFFDeinverstanden");
    }

    @RealTimeTest
    void moreThanCanWaitIsMarkedAsLost() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        caller.sendsFromAnotherPort();
        for (int i = 0; i < 20; i++) {
            caller.types("nicht");
            caller.sequence++;
        }
        caller.types("einverstanden");
        caller.types("!");
        await().until(() -> String.join("", caller.read).endsWith("!"));
        assertThat(String.join("", caller.read)).startsWith("\uFFFD");
    }

    @RealTimeTest
    void whoWasAwayForAMomentIsReachedAgainByWhatItIsSentAfterThat() throws Exception {
        Party caller = new Party(engine.open()).isRead();
        caller.typesAndIsRead("a");
        InetSocketAddress there = (InetSocketAddress) caller.socket.getLocalAddress();
        caller.socket.close();
        caller.leg.text().send("eins");
        await().until(() -> !caller.leg.text().reachable());
        pass(1000); // all of it has been sent, and sent again
        assertThat(caller.leg.text().reachable()).isFalse();
        try (DatagramChannel back = DatagramChannel.open().bind(there)) {
            assertThat(back.isOpen()).isTrue();
            pass(2500);
            assertThat(caller.leg.text().reachable()).as("nobody knows yet").isFalse();
            caller.leg.text().send("zwei");
            await().until(() -> caller.leg.text().reachable());
        }
    }

    @RealTimeTest
    void whoeverReadsAloneAndIsGoneIsLostMediaAndNobodyElse() throws Exception {
        Party caller = new Party(engine.open());
        var lost = new AtomicInteger();
        caller.leg.listen(
                new MediaListener() {
                    @Override
                    public void mediaLost(long atNanos) {
                        lost.incrementAndGet();
                    }
                });
        caller.types("a"); // only where it has been heard does the kernel tell what becomes of it
        pass(SILENCE.toMillis() + 1000);
        assertThat(lost).as("reading").hasValue(0);
        caller.socket.close();
        caller.leg.text().send("eins");
        caller.leg.text().send("zwei");
        await().atMost(SILENCE.plusSeconds(10)).until(() -> lost.get() == 1);
        assertThat(caller.leg.text().reachable()).isFalse();
        try (DatagramChannel moved = DatagramChannel.open().bind(new InetSocketAddress(HERE, 0))) {
            var there = (InetSocketAddress) moved.getLocalAddress();
            caller.leg
                    .text()
                    .connect(
                            FORMAT,
                            new MediaPeer(there, there, MediaPeer.Direction.SENDRECV, Set.of()));
            await().until(() -> caller.leg.text().reachable());
        }
    }

    @RealTimeTest
    void aLegGivesBackItsPortsWithItsText() throws Exception {
        Party caller = new Party(engine.open());
        await().until(() -> engine.totals().portPairsInUse() == 2);
        caller.leg.close();
        await().until(() -> engine.totals().portPairsInUse() == 0);
    }
}
