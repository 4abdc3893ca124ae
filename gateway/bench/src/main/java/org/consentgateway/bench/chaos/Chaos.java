package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

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

    private final ChaosGateway gateway;
    private final ChaosAssistant assistant;
    private final Laws laws;
    private final Random random;
    private final List<Fault> faults;
    private final Map<Fault, Integer> befallen = new EnumMap<>(Fault.class);
    private final List<ChaosCaller> all = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private int withdrawals;

    Chaos(ChaosGateway gateway, ChaosAssistant assistant, long seed, Fault.Means means) {
        this.gateway = gateway;
        this.assistant = assistant;
        this.laws = new Laws(gateway, assistant);
        this.random = new Random(seed);
        this.faults = List.of(Fault.values()).stream().filter(f -> f.isPossible(means)).toList();
        for (Fault each : Fault.values()) {
            if (!each.isPossible(means)) {
                System.err.println(each + " is left out on this machine (scripts/chaos --help)");
            }
        }
    }

    /** Immutable. What came of it. */
    record Result(int calls, Map<Fault, Integer> faults, List<String> broken) {}

    /** For so long at least; in the middle of a fault there is no end. */
    Result run(Duration time) throws IOException, InterruptedException {
        return run(time, faults);
    }

    /** Each of these once, in this order. */
    Result once(List<Fault> these) throws IOException, InterruptedException {
        return run(Duration.ZERO, these);
    }

    private Result run(Duration time, List<Fault> from) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        boolean inOrder = time.isZero();
        gateway.start();
        int rounds = 0;
        try (Crowd crowd = new Crowd(gateway.sip())) {
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
        fault.befalls(gateway, assistant, random);
        during.addAll(crowd.calling());
        befallen.merge(fault, 1, Integer::sum);
        if (!gateway.isAlive()) {
            broken.add(fault + ": the gateway has ended by itself");
            gateway.start();
        }
        Thread.sleep(CALM);
        during.addAll(crowd.calling());
        List<ChaosCaller> finished = crowd.finished();
        count(finished, !fault.equals(Fault.ASSISTANT_MISBEHAVES));
        tell(fault, laws.ofSound(all));
    }

    /**
     * @param disturbed whether the gateway itself was away, so that a withdrawal may never have
     *     come to it, or a call have stood still
     */
    private void count(List<ChaosCaller> finished, boolean disturbed) {
        all.addAll(finished);
        if (!disturbed) {
            withdrawals +=
                    (int) finished.stream().filter(c -> c.withdrew() && c.endedWell()).count();
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

    private Result result() throws IOException, InterruptedException {
        long end = System.nanoTime() + LATE_RECORDS.toNanos();
        List<String> ofRecord = laws.ofRecord(withdrawals);
        while (!ofRecord.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(CALM);
            ofRecord = laws.ofRecord(withdrawals);
        }
        broken.addAll(ofRecord);
        return new Result(all.size(), Map.copyOf(befallen), List.copyOf(broken));
    }

    /**
     * {@code HOME DATA OWN-NETWORK MINUTES SEED COMMAND…}: DATA is a small disk, or {@code -};
     * COMMAND the gateway's command line.
     */
    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[0]);
        Path folder = Files.createTempDirectory("chaos");
        boolean smallDisk = !args[1].equals("-");
        Path data = smallDisk ? Path.of(args[1]) : Files.createDirectories(folder.resolve("data"));
        var means = new Fault.Means(smallDisk, args[2].equals("yes"));
        Duration time = Duration.ofMinutes(Long.parseLong(args[3]));
        long seed = Long.parseLong(args[4]);
        List<String> command = List.of(args).subList(5, args.length);
        Result result;
        try (var assistant = new ChaosAssistant("assistant", Sounds.ASSISTANT);
                var human = new ChaosAssistant("human", Sounds.HUMAN);
                var gateway =
                        new ChaosGateway(
                                home,
                                folder,
                                data,
                                command,
                                new ChaosGateway.Ports(16_060, 16_080, 16_100),
                                new ChaosGateway.Peers(assistant.uri(), human.uri()))) {
            result = new Chaos(gateway, assistant, seed, means).run(time);
            System.out.printf(
                    Locale.ROOT,
                    "seed %d: %d calls, %d of them with an assistant; befallen: %s%n",
                    seed,
                    result.calls(),
                    assistant.calls().size(),
                    result.faults());
        }
        result.broken().forEach(each -> System.out.println("BROKEN: " + each));
        System.out.println(result.broken().isEmpty() ? "every law held" : "logs: " + folder);
        System.exit(result.broken().isEmpty() ? 0 : 1);
    }
}
