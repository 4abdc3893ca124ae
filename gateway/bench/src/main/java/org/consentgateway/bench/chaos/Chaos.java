package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.wire.Capture;
import org.jspecify.annotations.Nullable;

/**
 * Lets faults befall a gateway that has calls of all kinds, by seed, and checks the laws after
 * each. Confined to the main thread.
 */
final class Chaos {
    /** Also the most that is lost of calls by one kill. */
    private static final int CALLERS = 10;

    private static final Duration CALM = Duration.ofSeconds(4);

    /** In which what waited for a store that was away is recorded. */
    private static final Duration LATE_RECORDS = Duration.ofSeconds(30);

    /**
     * In which calls of telephones that vanished are ended (15 s without a packet), and a registrar
     * that was silent (32 s, RFC 3261 §17.1.2.2) is asked again (up to 30 s).
     */
    private static final Duration SETTLED = Duration.ofSeconds(75);

    private final World world;
    private final Laws laws;
    private final @Nullable WireLaws wire;
    private final Path folder;
    private final Words words;
    private final Random random;
    private final List<Fault> faults;
    private final Map<Fault, Integer> befallen = new EnumMap<>(Fault.class);
    private final List<ChaosCaller> all = new ArrayList<>();
    private final List<ChaosCaller> withdrew = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final long began = System.nanoTime();
    private int packets;

    /**
     * @param folder for captures
     * @param wire null where nothing can be captured
     */
    Chaos(
            World world,
            Fault.Means means,
            long seed,
            Path folder,
            Words words,
            @Nullable WireLaws wire) {
        this.world = world;
        this.laws = new Laws(world.gateway(), world.peers().assistant());
        this.wire = wire;
        this.folder = folder;
        this.words = words;
        this.random = new Random(seed);
        this.faults = List.of(Fault.values()).stream().filter(f -> f.isPossible(means)).toList();
        for (Fault each : Fault.values()) {
            if (!each.isPossible(means)) {
                System.err.println(each + " is left out here (scripts/chaos --help)");
            }
        }
    }

    /**
     * Immutable. What came of it.
     *
     * @param spoke calls whose callers spoke
     * @param done withdrawals that were said to be done
     * @param packets that were captured and looked at
     */
    record Result(
            int calls,
            int spoke,
            long done,
            int packets,
            Map<Fault, Integer> faults,
            List<String> broken) {}

    /** For so long at least; in the middle of a fault there is no end. */
    Result run(Duration time) throws IOException, InterruptedException {
        return run(time, faults);
    }

    /** Each of these once, in this order. */
    Result once(List<Fault> these) throws IOException, InterruptedException {
        return run(Duration.ZERO, these);
    }

    private Result run(Duration time, List<Fault> from) throws IOException, InterruptedException {
        boolean inOrder = time.isZero();
        world.gateway().start();
        long end = System.nanoTime() + time.toNanos();
        int rounds = 0;
        try (Crowd crowd = new Crowd(world.gateway().sip(), world.lines()::get, words)) {
            crowd.gather(CALLERS, random);
            Thread.sleep(CALM);
            while (inOrder ? rounds < from.size() : System.nanoTime() < end) {
                // All of them once, before chance decides.
                Fault next =
                        rounds < from.size()
                                ? from.get(rounds)
                                : from.get(random.nextInt(from.size()));
                rounds++;
                befall(next, crowd);
            }
        }
        return result();
    }

    private void befall(Fault fault, Crowd crowd) throws IOException, InterruptedException {
        count(crowd.finished(), false);
        Set<ChaosCaller> during = new HashSet<>(crowd.calling());
        System.err.printf(Locale.ROOT, "%-20s %d calls under way …%n", fault, during.size());
        try (Capture capture = capture()) {
            fault.befalls(world, random);
            befallen.merge(fault, 1, Integer::sum);
            if (!world.gateway().isAlive()) {
                broken.add(fault + ": the gateway has ended by itself");
                world.gateway().start();
            }
            Thread.sleep(CALM);
            if (capture != null) {
                List<String> ofWire = ofWire(capture.packets());
                tell(fault, ofWire);
                if (ofWire.isEmpty()) {
                    Files.delete(capture.file());
                }
            }
        }
        List<ChaosCaller> finished = crowd.finished();
        count(finished, fault.hitsTheGateway());
        tell(fault, laws.ofSound(all));
        if (fault.isBesideTheCalls()) {
            tell(fault, laws.ofTalks(finished));
        }
        tell(fault, laws.ofProof());
    }

    private @Nullable Capture capture() throws IOException {
        return wire == null
                ? null
                : Capture.start(
                        folder,
                        wire.gateway().media(),
                        wire.gateway().media() + ChaosGateway.MEDIA_PORTS);
    }

    private List<String> ofWire(List<Capture.Packet> seen) {
        if (wire == null) {
            return List.of();
        }
        packets += seen.size();
        Set<Integer> humans =
                world.peers().human().calls().stream()
                        .map(ChaosAssistant.Call::port)
                        .collect(Collectors.toSet());
        return wire.of(seen, humans);
    }

    /**
     * @param disturbed whether the gateway itself was away, so that a withdrawal may never have
     *     come to it, or a call have stood still
     */
    private void count(List<ChaosCaller> finished, boolean disturbed) {
        all.addAll(finished);
        finished.stream()
                .filter(ChaosCaller::withdrew)
                .filter(c -> c.heardDone() || (!disturbed && c.endedWell()))
                .forEach(withdrew::add);
        if (!disturbed) {
            broken.addAll(laws.ofSilence(finished));
        }
    }

    private void tell(Fault after, List<String> found) {
        for (String each : found) {
            String line = after + ": " + each;
            if (!broken.contains(line)) {
                System.err.println("BROKEN after " + line);
                broken.add(line);
            }
        }
    }

    private interface Question {
        List<String> broken() throws IOException, InterruptedException;
    }

    private Result result() throws IOException, InterruptedException {
        broken.addAll(within(LATE_RECORDS, () -> laws.ofRecord(withdrew)));
        broken.addAll(within(SETTLED, laws::ofEnds));
        Duration time = Duration.ofNanos(System.nanoTime() - began);
        broken.addAll(within(SETTLED, () -> Laws.ofRegistration(world.peers().registrar(), time)));
        int spoke = (int) all.stream().filter(ChaosCaller::speaks).count();
        long done = withdrew.stream().filter(ChaosCaller::heardDone).count();
        return new Result(
                all.size(), spoke, done, packets, Map.copyOf(befallen), List.copyOf(broken));
    }

    private static List<String> within(Duration time, Question law)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        List<String> found = law.broken();
        while (!found.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(CALM);
            found = law.broken();
        }
        return found;
    }

    /** See {@link ChaosOptions}. */
    public static void main(String[] args) throws Exception {
        ChaosOptions options = ChaosOptions.of(args);
        // PostgreSQL runs as somebody else.
        var passable =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));
        Path folder = Files.createTempDirectory("chaos", passable);
        Path data =
                options.disk() == null
                        ? Files.createDirectories(folder.resolve("data"))
                        : options.disk();
        Words words = Words.in(options.home());
        Result result;
        try (ChaosStore store =
                        options.postgresql()
                                ? new PostgresStore(folder, FreePort.next())
                                : ChaosStore.sqlite(data);
                var assistant = new ChaosAssistant("assistant", Sounds.ASSISTANT, words);
                var human = new ChaosAssistant("human", Sounds.HUMAN, words);
                var registrar = new ChaosRegistrar()) {
            var peers = new World.Peers(assistant, human, registrar);
            result = run(options, new Place(folder, data), store, peers, words);
        }
        result.broken().forEach(each -> System.out.println("BROKEN: " + each));
        System.out.println(result.broken().isEmpty() ? "every law held" : "logs: " + folder);
        System.exit(result.broken().isEmpty() ? 0 : 1);
    }

    /** Immutable. Where what is written lies. */
    private record Place(Path folder, Path data) {}

    private static Result run(
            ChaosOptions options, Place place, ChaosStore store, World.Peers peers, Words words)
            throws IOException, InterruptedException {
        FakedClock clock = new FakedClock(place.folder());
        var ports = new ChaosGateway.Ports(FreePort.next(), FreePort.next(), RtpPorts.GATEWAY);
        var setup =
                new ChaosGateway.Setup(
                        options.command(),
                        clock.environment(),
                        place.data(),
                        store.url(),
                        true,
                        ports);
        WireLaws wire = Capture.isPermitted() ? new WireLaws(ports, words) : null;
        if (wire == null) {
            System.err.println("nothing is captured here: that takes root, and dumpcap");
        }
        try (var gateway =
                new ChaosGateway(
                        options.home(), place.folder(), setup, ChaosGateway.Peers.of(peers))) {
            World world = World.of(gateway, store, peers, clock);
            Chaos chaos =
                    new Chaos(world, options.means(), options.seed(), place.folder(), words, wire);
            Result result =
                    options.kills() > 0
                            ? chaos.once(Collections.nCopies(options.kills(), Fault.KILL))
                            : chaos.run(options.time());
            System.out.printf(
                    Locale.ROOT,
                    "seed %d: %d calls, %d of them aloud, %d with an assistant, %d told that their"
                            + " withdrawal is done; %d packets captured; befallen: %s%n",
                    options.seed(),
                    result.calls(),
                    result.spoke(),
                    peers.assistant().calls().size(),
                    result.done(),
                    result.packets(),
                    result.faults());
            return result;
        }
    }
}
