package org.consentgateway.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.Telephone;
import org.consentgateway.testkit.disk.SmallDisk;
import org.consentgateway.testkit.wire.Capture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A program that finds nothing because it looks at nothing would please everybody. */
@Timeout(300)
class ChaosTest {
    private static final Path HOME = Path.of(System.getProperty("project.root"));

    @TempDir Path folder;

    private static final ChaosGateway.Ports PORTS =
            new ChaosGateway.Ports(FreePort.next(), FreePort.next(), RtpPorts.GATEWAY);

    private static final Words WORDS = words();

    private static Words words() {
        try {
            return Words.in(HOME);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ChaosGateway gateway(Path data, World.Peers peers, ChaosStore store, FakedClock clock)
            throws Exception {
        var command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dgateway.home=" + HOME,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.consentgateway.Main");
        return new ChaosGateway(
                HOME,
                folder,
                new ChaosGateway.Setup(
                        command, clock.environment(), data, store.url(), false, PORTS),
                ChaosGateway.Peers.of(peers));
    }

    /** Called straight, as if a gateway let everybody through. */
    @Test
    void whatGetsThroughIsFoundOut() throws Exception {
        try (var assistant = new ChaosAssistant("assistant", Sounds.ASSISTANT, WORDS);
                var registrar = new ChaosRegistrar();
                var store = ChaosStore.sqlite(folder);
                var gateway =
                        gateway(
                                folder,
                                new World.Peers(assistant, assistant, registrar),
                                store,
                                new FakedClock(folder))) {
            Laws laws = new Laws(gateway, assistant);
            assertThat(laws.ofSound(List.of())).isEmpty();
            var straight =
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(),
                            Integer.parseInt(assistant.uri().replaceAll(".*:", "")));
            CountDownLatch answered = new CountDownLatch(1);
            try (var telephone =
                    Telephone.calls(
                            straight,
                            "assistant",
                            "+491770000001",
                            new Telephone.Listener() {
                                @Override
                                public void answered() {
                                    answered.countDown();
                                }
                            })) {
                assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
                telephone.say(Sounds.BEFORE.octets());
                await().until(() -> assistant.calls().getFirst().before() > 0);
                telephone.say(Sounds.WITHDRAWN.octets());
                await().until(() ->
                        assistant.calls().getFirst().withdrawn() > Laws.MOST_AFTER_WITHDRAWAL);
            }
            assertThat(String.join("\n", laws.ofSound(List.of())))
                    .contains("before any yes", "behind a withdrawal", "without a consent");
        }
    }

    /** Starts two processes, and has them serve: half a minute. */
    @Test
    @EnabledIfSystemProperty(named = "nightly", matches = ".*")
    void aGatewayThatIsKilledAndStoppedKeepsItsPromises() throws Exception {
        keepsItsPromises(
                folder,
                new Fault.Means(false, false, false),
                Fault.KILL,
                Fault.FREEZE,
                Fault.CLOCK_JUMPS);
    }

    /** It says so of itself meanwhile, or the fault fails. */
    @Test
    @EnabledIfSystemProperty(named = "nightly", matches = ".*")
    void aGatewayWithoutRoomOnItsDiskKeepsItsPromises() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Optional<SmallDisk> mounted = SmallDisk.at(disk, 32);
        assumeTrue(mounted.isPresent(), "needs root: a small disk of its own is filled");
        try (SmallDisk _ = mounted.get()) {
            keepsItsPromises(disk, new Fault.Means(true, false, false), Fault.DISK_FULL);
        }
    }

    /**
     * @param data where the gateway and its store write
     */
    private void keepsItsPromises(Path data, Fault.Means means, Fault... faults) throws Exception {
        try (var assistant = new ChaosAssistant("assistant", Sounds.ASSISTANT, WORDS);
                var human = new ChaosAssistant("human", Sounds.HUMAN, WORDS);
                var registrar = new ChaosRegistrar();
                var store = ChaosStore.sqlite(data)) {
            var peers = new World.Peers(assistant, human, registrar);
            FakedClock clock = new FakedClock(folder);
            try (var gateway = gateway(data, peers, store, clock)) {
                World world = World.of(gateway, store, peers, clock);
                Chaos.Result result =
                        new Chaos(world, means, 1, folder, WORDS, null).once(List.of(faults));
                assertThat(result.broken()).isEmpty();
                assertThat(result.calls()).isPositive();
                assertThat(assistant.calls()).isNotEmpty();
            }
        }
    }

    /** A word of a caller to whom nobody listened yet, by a law that is not the caller's. */
    @Test
    void aWordOnTheWireIsFoundOutWhereverItGoes() {
        WireLaws laws = new WireLaws(PORTS, WORDS);
        short[] said = Law.A.decode(WORDS.yes(new Random(1)));
        List<Capture.Packet> packets = new ArrayList<>();
        for (int at = 0; at + 160 <= said.length; at += 160) {
            short[] frame = Arrays.copyOfRange(said, at, at + 160);
            for (Law law : List.of(Law.A, Law.MU)) {
                packets.add(packet(PORTS.media() + 2, law, law.encode(frame)));
            }
        }
        assertThat(laws.of(packets, Set.of()))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("before any yes went to port 9");
        assertThat(laws.of(packets, Set.of(9))).as("a person hears it").isEmpty();
        byte[] agreed = Arrays.copyOf(Sounds.AGREED.octets(), 160);
        assertThat(laws.of(List.of(packet(PORTS.media(), Law.A, agreed)), Set.of())).isEmpty();
        byte[] before = Arrays.copyOf(Sounds.BEFORE.octets(), 160);
        assertThat(laws.of(List.of(packet(PORTS.media(), Law.A, before)), Set.of())).hasSize(1);
        assertThat(laws.of(List.of(packet(PORTS.media() - 1, Law.A, before)), Set.of()))
                .as("from a caller")
                .isEmpty();
    }

    private static Capture.Packet packet(int from, Law law, byte[] audio) {
        var octets = ByteBuffer.allocate(12 + audio.length);
        octets.put((byte) 0x80).put((byte) law.payloadType).position(12).put(audio);
        return new Capture.Packet(Instant.EPOCH, from, 9, octets.array());
    }
}
