package org.consentgateway.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.consentgateway.bench.load.LoopbackPorts;
import org.consentgateway.bench.parts.PartNames;
import org.consentgateway.bench.parts.Profile;
import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.TestBed;

/**
 * Confined to the main thread. Measures the gateway from outside, as a process of its own, against
 * the budgets it holds; {@code scripts/bench --help}.
 */
final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        Path home = Path.of(System.getProperty("gateway.home", "."));
        var report = new Report(new PrintStream(System.err, true, StandardCharsets.UTF_8));
        var bed =
                new TestBed(
                        home,
                        options.contains("--quick"),
                        options.contains("--aside") ? LoopbackPorts.ASIDE : LoopbackPorts.USUAL,
                        report);
        long start = System.nanoTime();
        machine(report);
        if (options.contains("--profile")) {
            new Profile().measure(bed);
            return;
        }
        int hold = options.indexOf("--hold");
        if (hold >= 0) {
            int minutes = Integer.parseInt(options.get(hold + 1));
            System.exit(LongCalls.run(home, Duration.ofMinutes(minutes)) ? 0 : 1);
        }
        int soak = options.indexOf("--soak");
        if (soak >= 0) {
            int minutes = Integer.parseInt(options.get(soak + 1));
            System.exit(new Soak(home, Duration.ofMinutes(minutes)).run() ? 0 : 1);
        }
        List<String> words = options.stream().filter(option -> !option.startsWith("--")).toList();
        for (String word : words.isEmpty() ? PartNames.USUAL : words) {
            report.foot("");
            PartNames.part(word).measure(bed);
        }
        report.foot(String.format(Locale.ROOT, "Took %.0f s.", (System.nanoTime() - start) / 1e9));
        if (options.contains("--json")) {
            report.printJson(System.out);
        } else {
            report.print(System.out);
        }
        System.exit(report.notMet() == 0 ? 0 : 1);
    }

    private static void machine(Report report) throws IOException {
        String model =
                Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 2))
                        .findFirst()
                        .orElse("unknown");
        report.head(
                "Machine: %d x %s, %s %s, load before %s"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                model,
                                System.getProperty("os.name"),
                                System.getProperty("os.version"),
                                Files.readString(Path.of("/proc/loadavg")).strip()));
        report.head(
                "JVM: %s %s; gateway started by scripts/run with GATEWAY_JAVA_OPTS='%s'"
                        .formatted(
                                System.getProperty("java.vm.name"),
                                System.getProperty("java.vm.version"),
                                TestBed.options("")));
    }
}
