package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers who are not bridged yet and send all the time: all is read, by few wake-ups. */
class BatchedReadsTest {
    private static final int CALLERS = 40;
    private static final int PACKETS = 50;
    private static final int BURST = 60;
    private static final long APART_NANOS = 20_000_000L / CALLERS;

    private final MediaEngine engine =
            TestEngine.on(700, 899, Duration.ofSeconds(1), Duration.ofSeconds(10), 1);
    private final List<Phone> phones = new ArrayList<>();
    private final List<MediaLeg> legs = new ArrayList<>();
    private final CompletableFuture<String> loop = new CompletableFuture<>();

    @AfterEach
    void stop() throws IOException {
        engine.close();
        for (Phone phone : phones) {
            phone.close();
        }
    }

    private void callersCall() throws Exception {
        for (int i = 0; i < CALLERS; i++) {
            Phone phone = new Phone(G711.PCMA, i + 1);
            phones.add(phone);
            legs.add(
                    phone.connected(
                            engine,
                            new MediaListener() {
                                @Override
                                public void mediaArrived(long atNanos) {
                                    loop.complete(Thread.currentThread().getName());
                                }
                            }));
        }
    }

    /** A second of it, each at times of its own. */
    private void callersSend() {
        long start = System.nanoTime();
        byte[] silence = new byte[160];
        for (int i = 0; i < PACKETS * CALLERS; i++) {
            Phone phone = phones.get(i % CALLERS);
            int time = i / CALLERS * 160;
            phone.send(false, 8, time, silence, legs.get(i % CALLERS).local());
            Phone.waitUntil(start + (i + 1) * APART_NANOS);
        }
    }

    /** How often the event loop has waited. */
    private long waits() throws Exception {
        String name = loop.get(10, TimeUnit.SECONDS);
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (Path thread : threads.toList()) {
                if (Files.readString(thread.resolve("comm")).strip().equals(name)) {
                    return Files.readAllLines(thread.resolve("status")).stream()
                            .filter(line -> line.startsWith("voluntary_ctxt_switches"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum();
                }
            }
        }
        throw new AssertionError("no thread " + name);
    }

    @Test
    void whatComesWithinAMillisecondIsReadByOneWakeUp() throws Exception {
        assumeTrue(Epoll.isAvailable(), "datagrams are read by epoll(7) on Linux alone");
        callersCall();
        callersSend();
        long before = waits();
        callersSend();
        long waits = waits() - before;
        for (MediaLeg leg : legs) {
            Phone.await(() -> leg.stats().receivedPackets() == 2 * PACKETS);
        }
        // A thousand for 2,000 packets, and some 200 for turns and looks.
        assertThat(waits).isLessThan(PACKETS * CALLERS * 3 / 4);
    }

    /** A network that stood still gives out what it held at once. */
    @RealTimeTest
    void aKeyBehindABurstIsNotLateByItsLength() throws Exception {
        callersCall();
        Thread others = Thread.ofPlatform().start(this::callersSend);
        Phone.pause(100);
        try (Phone phone = new Phone(G711.PCMA, 999)) {
            var pressed = new CompletableFuture<Long>();
            MediaLeg leg =
                    phone.connected(
                            engine,
                            new MediaListener() {
                                @Override
                                public void keyDown(char digit, long atNanos) {
                                    pressed.complete(atNanos);
                                }
                            });
            phone.send(true, 8, 0, new byte[160], leg.local()); // the first is read like no other
            Phone.pause(100);
            long sent = System.nanoTime();
            for (int i = 1; i <= BURST; i++) {
                phone.send(false, 8, i * 160, new byte[160], leg.local());
            }
            phone.event(1, 160, false, true, leg.local());
            assertThat(pressed.get(10, TimeUnit.SECONDS) - sent).isLessThan(BURST * 1_000_000L / 2);
        }
        others.join();
    }

    @Test
    void whoeverPressesAKeyAmongThemIsHeardAndSoIsWhoComesAlone() throws Exception {
        callersCall();
        Thread others = Thread.ofPlatform().start(this::callersSend);
        Phone.pause(100);
        try (Phone phone = new Phone(G711.PCMA, 999)) {
            RecordingListener among = new RecordingListener();
            MediaLeg leg = phone.connected(engine, among);
            phone.press(1, leg.local());
            Phone.await(() -> among.keys.size() == 2);
            leg.close(); // its descriptor is soon another's
            others.join();
            RecordingListener alone = new RecordingListener();
            MediaLeg next = phone.connected(engine, alone);
            phone.press(2, next.local());
            Phone.await(() -> alone.keys.size() == 2);
            assertThat(among.keys).containsExactly("down 1", "up 1 100");
            assertThat(alone.keys).containsExactly("down 2", "up 2 100");
        }
        for (MediaLeg leg : legs) {
            Phone.await(() -> leg.stats().receivedPackets() == PACKETS);
        }
    }
}
