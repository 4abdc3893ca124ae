package org.consentgateway.media.bench;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * What the engine costs: CPU of a process of its own per 100 calls, against a bare relay of the
 * same traffic in alternating runs. Arguments: {@code [--json] [--calls N] [--seconds N] [--runs N]
 * [work...]} where work is any of bridge, transcode, prompt, prompt-heard, bare; and bare-c, a
 * relay in C, where there is a compiler for it.
 */
final class MediaBench {
    private static final int WARM_UP_SECONDS = Integer.getInteger("bench.warmup", 10);

    private record Row(
            double cpuPer100,
            double loopsPer100,
            double bytesPerPacket,
            double lossPercent,
            long kib,
            LoadSource load) {}

    private MediaBench() {}

    public static void main(String[] args) throws Exception {
        List<String> works = new ArrayList<>();
        int calls = 100;
        int seconds = 8;
        int runs = 3;
        boolean json = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--json" -> json = true;
                case "--calls" -> calls = Integer.parseInt(args[++i]);
                case "--seconds" -> seconds = Integer.parseInt(args[++i]);
                case "--runs" -> runs = Integer.parseInt(args[++i]);
                default -> works.add(args[i]);
            }
        }
        if (works.isEmpty()) {
            works = List.of("bare", "bridge", "transcode", "prompt", "prompt-heard");
        }
        Map<String, List<Row>> rows = new LinkedHashMap<>();
        for (int run = 0; run < runs; run++) {
            for (String work : works) {
                rows.computeIfAbsent(work, w -> new ArrayList<>())
                        .add(measure(work, calls, seconds));
            }
        }
        rows.forEach(json ? MediaBench::printJson : MediaBench::print);
    }

    private static Row measure(String work, int calls, int seconds) throws Exception {
        LoadSource load = new LoadSource();
        List<String> command =
                work.equals(CRelay.WORK)
                        ? CRelay.command(calls, load.port())
                        : ofJvm(work, calls, load.port());
        Process server =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (load;
                BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
                PrintWriter in = new PrintWriter(server.outputWriter(StandardCharsets.UTF_8))) {
            List<Integer> ports =
                    Arrays.stream(out.readLine().split(" ", -1)).map(Integer::valueOf).toList();
            load.start(ports);
            pause(WARM_UP_SECONDS);
            long[] before = ask(in, out);
            long sentBefore = load.sent();
            long receivedBefore = load.received();
            load.record(true);
            long start = System.nanoTime();
            pause(seconds);
            long[] after = ask(in, out);
            double elapsed = System.nanoTime() - start;
            load.record(false);
            long packets = load.received() - receivedBefore;
            double loss = 100.0 * (1 - packets / (double) (load.sent() - sentBefore));
            return new Row(
                    (after[0] - before[0]) / elapsed * 100 * 100 / calls,
                    (after[3] - before[3]) / elapsed * 100 * 100 / calls,
                    (after[1] - before[1]) / (double) packets,
                    loss,
                    after[2],
                    load);
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private static List<String> ofJvm(String work, int calls, int port) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xmx128m",
                        "-XX:+UseSerialGC"));
        command.addAll(Arrays.asList(System.getProperty("bench.jvm", "").trim().split(" +", -1)));
        command.removeIf(String::isEmpty);
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        BenchServer.class.getName(),
                        work,
                        String.valueOf(calls),
                        String.valueOf(port)));
        return command;
    }

    private static long[] ask(PrintWriter in, BufferedReader out) throws Exception {
        in.println();
        in.flush();
        return Arrays.stream(out.readLine().split(" ", -1)).mapToLong(Long::parseLong).toArray();
    }

    private static void pause(int seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static String median(List<Row> rows, java.util.function.ToDoubleFunction<Row> of) {
        double[] values = rows.stream().mapToDouble(of).sorted().toArray();
        return "%.1f (%.1f to %.1f)"
                .formatted(values[values.length / 2], values[0], values[values.length - 1]);
    }

    private static void print(String work, List<Row> rows) {
        System.out.printf(
                Locale.ROOT,
                "%-13s CPU %% per 100 calls %s, its event loops %s | bytes/packet %s | loss %% %s |"
                        + " RSS KiB %s%n",
                work,
                median(rows, Row::cpuPer100),
                median(rows, Row::loopsPer100),
                median(rows, Row::bytesPerPacket),
                median(rows, Row::lossPercent),
                median(rows, Row::kib));
        if (work.startsWith("prompt")) {
            System.out.printf(
                    Locale.ROOT,
                    "%-13s pacing error µs p50 %s | p99 %s | p99.9 %s%n",
                    "",
                    median(rows, r -> r.load().pacingError(0.5)),
                    median(rows, r -> r.load().pacingError(0.99)),
                    median(rows, r -> r.load().pacingError(0.999)));
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "%-13s one way µs p50 %s | p99 %s%n",
                    "",
                    median(rows, r -> r.load().latency(0.5)),
                    median(rows, r -> r.load().latency(0.99)));
        }
    }

    private static void printJson(String work, List<Row> rows) {
        for (Row row : rows) {
            System.out.printf(
                    Locale.ROOT,
                    "{\"work\":\"%s\",\"cpu_percent_per_100_calls\":%.3f,\"bytes_per_packet\":%.2f,"
                        + "\"loss_percent\":%.4f,\"rss_kib\":%d,\"p50_us\":%.1f,\"p99_us\":%.1f}%n",
                    work,
                    row.cpuPer100(),
                    row.bytesPerPacket(),
                    row.lossPercent(),
                    row.kib(),
                    work.startsWith("prompt")
                            ? row.load().pacingError(0.5)
                            : row.load().latency(0.5),
                    work.startsWith("prompt")
                            ? row.load().pacingError(0.99)
                            : row.load().latency(0.99));
        }
    }
}
