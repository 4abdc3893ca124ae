package org.consentgateway.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.consentgateway.bench.Report.Limit;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the main thread. Measures the gateway from outside, as a process of its own, against
 * the budgets it holds; {@code scripts/bench --help}.
 */
final class Bench {
    private static final String BARE_RELAY = "org.consentgateway.media.bench.BenchServer";
    private static final int CALLS = 100;
    static final double SETUPS = 50;
    static final Duration PATIENCE = Duration.ofSeconds(40);

    /** CPU in half a second of a process that has nothing to do. */
    private static final double QUIET_MILLIS = 25;

    /** 64*T1, for which a set-up is remembered (RFC 3261 §17), and a second. */
    private static final double TRANSACTION = 33;

    /** Of practice, until the compilers take less than {@link #COMPILED}. */
    private static final int MOST_ROUNDS = 12;

    /**
     * Of the compilers, in milliseconds of the processor a call of practice. A method that a call
     * enters once is compiled for good in its 5,000th call, so that the first thousands are none to
     * go by.
     */
    private static final double COMPILED = 0.8;

    /** CPU in a second of a process whose log is verified and whose calls are forgotten. */
    private static final double RESTING_MILLIS = 15;

    /** The verification of what was practised goes on beside calls, for about so long. */
    private static final int MOST_REST = 150;

    /**
     * What 100 calls took of a core in rtpengine, in percent, on the machine that the budgets in
     * processor time are for: 10.1 to 11.5. Such figures do not carry over from one machine to
     * another, but their ratios do.
     */
    private static final double RTPENGINE_THERE = 10.8;

    /** The prompt that the budget of the whole job was measured with. */
    private static final Duration BUDGET_PROMPT = Duration.ofMillis(3200);

    /** Of the disclosure while prompts are measured: as long as that takes. */
    private static final Duration LISTENING = Duration.ofSeconds(9);

    /**
     * Until the last of 100 callers has heard the opening, and that is written: the question after
     * it is a prompt and nothing else.
     */
    private static final Duration OPENING = Duration.ofSeconds(6);

    /** Heap of {@code scripts/run}, all of it touched: then memory that grows is not the heap. */
    private static final String TOUCHED = "-Xms512m -Xmx512m -XX:+AlwaysPreTouch";

    private final Path home;
    private final boolean quick;
    private final GatewayProcess.Ports ports;
    private final Report report;
    private final int runs;

    /** How many times as long this machine takes; NaN: not yet known. */
    private double slower = Double.NaN;

    private Bench(Path home, boolean quick, GatewayProcess.Ports ports, Report report) {
        this.ports = ports;
        this.home = home;
        this.quick = quick;
        this.report = report;
        this.runs = quick ? 1 : 3;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        Path home = Path.of(System.getProperty("gateway.home", "."));
        var report = new Report(new PrintStream(System.err, true, StandardCharsets.UTF_8));
        var bench =
                new Bench(
                        home,
                        options.contains("--quick"),
                        options.contains("--aside")
                                ? GatewayProcess.Ports.ASIDE
                                : GatewayProcess.Ports.USUAL,
                        report);
        long start = System.nanoTime();
        bench.machine();
        if (options.contains("--profile")) {
            bench.profile();
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
        List<String> parts = options.stream().filter(option -> !option.startsWith("--")).toList();
        for (String part : parts.isEmpty() ? PARTS : parts) {
            bench.measure(part);
        }
        report.foot(String.format(Locale.ROOT, "Took %.0f s.", (System.nanoTime() - start) / 1e9));
        if (options.contains("--json")) {
            report.printJson(System.out);
        } else {
            report.print(System.out);
        }
        System.exit(report.notMet() == 0 ? 0 : 1);
    }

    private static final List<String> PARTS =
            List.of(
                    "start",
                    "calls",
                    "job",
                    "signalling",
                    "setups",
                    "overload",
                    "scale",
                    "memory",
                    "secure",
                    "sockets");

    private void measure(String part) throws Exception {
        report.foot("");
        switch (part) {
            case "start" -> start();
            case "calls" -> calls();
            case "signalling" -> signalling();
            case "job" -> job();
            case "setups" -> setups();
            case "overload" -> overload();
            case "scale" -> scale();
            case "tenfold" -> tenfold();
            case "speech" -> speech();
            case "sockets" -> sockets();
            case "memory" -> memory();
            case "secure" -> new SecureCalls(report, home, options(""), runs).measure(ports);
            default -> throw new IllegalArgumentException("no such part: " + part);
        }
    }

    private void machine() throws IOException {
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
                                options("")));
    }

    private static String options(String more) {
        String own = System.getenv("GATEWAY_JAVA_OPTS");
        return ((own == null ? "" : own) + " " + more).strip();
    }

    private GatewayProcess gateway(int maxCalls, String more)
            throws IOException, InterruptedException {
        return gateway(maxCalls, more, null);
    }

    private GatewayProcess gateway(int maxCalls, String more, @Nullable Duration prompts)
            throws IOException, InterruptedException {
        return gateway(maxCalls, more, prompts, 0);
    }

    private GatewayProcess gateway(
            int maxCalls, String more, @Nullable Duration prompts, int sockets)
            throws IOException, InterruptedException {
        var setup = new GatewayProcess.Setup(maxCalls, false, ports, null, prompts, sockets);
        return new GatewayProcess(home, options(more), setup);
    }

    private Phones phones(Voices voices) throws IOException {
        return new Phones(ports, voices);
    }

    static void pause(double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    // ------------------------------------------------------------------ start and first call

    private void start() throws Exception {
        double ready = here(2000);
        gateway(10, "").close(); // the first start after a build makes what later ones use
        for (int run = 0; run < runs; run++) {
            try (var voices = new Voices();
                    var phones = phones(voices);
                    var gateway = gateway(3000, "")) {
                report.add("start to ready", "ms", ready, Limit.AT_MOST, gateway.readyMillis());
                firstWithAudio("first call, when ready", phones);
            }
            try (var voices = new Voices();
                    var phones = phones(voices);
                    var gateway = gateway(3000, "")) {
                settle(gateway.kernel());
                One first = one(gateway, phones);
                report.add("first call: INVITE to 200", "ms", first.setup());
                report.add("first call: CPU", "ms", first.cpu());
                report.add("first call: the compilers beside it", "ms", first.compilers());
                phones.call(
                                new Phones.Plan(
                                        quick ? 300 : 1000,
                                        200,
                                        null,
                                        Duration.ofMillis(20),
                                        false))
                        .await(PATIENCE);
                settle(gateway.kernel());
                var setup = new Samples();
                var cpu = new Samples();
                for (int i = 0; i < 9; i++) {
                    One later = one(gateway, phones);
                    setup.add(later.setup());
                    cpu.add(later.cpu());
                }
                report.add("thousandth call: INVITE to 200", "ms", setup.quantile(0.5));
                report.add("thousandth call: CPU", "ms", cpu.quantile(0.5));
            }
        }
    }

    private void firstWithAudio(String name, Phones phones) throws Exception {
        var batch = phones.call(new Phones.Plan(1, 1, null, null, true));
        pause(1.5); // what was heard is looked at a second after the answer
        report.add(name + ": INVITE to 200", "ms", batch.setupMillis.quantile(0.5));
        report.add(
                name + ": ACK to first audio",
                "ms",
                20,
                Limit.AT_MOST,
                batch.firstAudioMillis.quantile(0.5));
        phones.hangUp(batch, 1);
        batch.await(PATIENCE);
    }

    /**
     * One call, in milliseconds.
     *
     * @param setup INVITE to 200
     * @param cpu without the compilers
     * @param compilers what they took meanwhile
     */
    private record One(double setup, double cpu, double compilers) {}

    private static One one(GatewayProcess gateway, Phones phones) throws Exception {
        double before = gateway.kernel().preciseCpuMillis(name -> !isCompiler(name));
        double compilers = gateway.kernel().preciseCpuMillis(Bench::isCompiler);
        var batch = phones.call(new Phones.Plan(1, 1, null, Duration.ofMillis(20), false));
        batch.await(PATIENCE);
        pause(0.3);
        return new One(
                batch.setupMillis.quantile(0.5),
                gateway.kernel().preciseCpuMillis(name -> !isCompiler(name)) - before,
                gateway.kernel().preciseCpuMillis(Bench::isCompiler) - compilers);
    }

    private static boolean isCompiler(String thread) {
        return thread.startsWith("C1 Compiler") || thread.startsWith("C2 Compiler");
    }

    /** What threads that have one task took by now, in milliseconds, by what they do. */
    private static Map<String, Double> parts(ChildProcess process) throws IOException {
        var parts = new LinkedHashMap<String, Double>();
        parts.put("the voice", process.preciseCpuMillis(name -> name.startsWith("media-")));
        parts.put("the compilers", process.preciseCpuMillis(Bench::isCompiler));
        parts.put("the recognition", process.preciseCpuMillis(name -> name.startsWith("speech")));
        parts.put(
                "the verification of the log",
                process.preciseCpuMillis(name -> name.startsWith("periodic-verifi")));
        return parts;
    }

    // ------------------------------------------------------------------ prompts and bridges

    private void calls() throws Exception {
        double seconds = quick ? 3 : 5;
        try (var voices = new Voices();
                var gateway = gateway(3000, "", LISTENING);
                var phones = phones(voices)) {
            if (!RtpEngine.isInstalled()) {
                report.foot("Not compared with rtpengine: Debian's rtpengine-daemon is missing.");
            }
            practise(gateway, phones, 5 * CALLS);
            for (int run = 0; run < runs; run++) {
                rest(gateway.kernel());
                double relay = bareRelay(seconds);
                double engine = RtpEngine.isInstalled() ? rtpEngine(seconds) : Double.NaN;
                try (var late = new Lateness()) {
                    bridged(gateway, phones, voices, seconds, relay, engine);
                    report.add("a waiting thread was woken late by p99", "µs", late.quantile(0.99));
                    report.add(
                            "a waiting thread was woken late by p99.9", "µs", late.quantile(0.999));
                }
            }
        }
    }

    private double bareRelay(double seconds) throws Exception {
        try (var voices = new Voices();
                var relay =
                        new JavaChild(
                                BARE_RELAY,
                                "bare",
                                Integer.toString(CALLS),
                                Integer.toString(voices.port()))) {
            for (String port : relay.firstLine().split(" ", -1)) {
                voices.open(Integer.parseInt(port));
            }
            return relayed("bare relay", relay.kernel(), voices, seconds);
        }
    }

    private double rtpEngine(double seconds) throws Exception {
        try (var voices = new Voices();
                var relay = new RtpEngine()) {
            for (int call = 0; call < CALLS; call++) {
                relay.call(call, voices.port()).forEach(voices::open);
            }
            return relayed("rtpengine", relay.kernel(), voices, seconds);
        }
    }

    /** A budget in processor time, on this machine. To be asked before anything else runs. */
    private double here(double budget) throws Exception {
        if (Double.isNaN(slower) && !RtpEngine.isInstalled()) {
            slower = 1;
            report.foot(
                    "Budgets in processor time are for another machine: rtpengine, which tells this"
                            + " one's speed, is missing.");
        }
        if (Double.isNaN(slower)) {
            var engine = new Samples();
            for (int run = 0; run < runs; run++) {
                engine.add(rtpEngine(quick ? 3 : 5));
            }
            slower = engine.quantile(0.5) / RTPENGINE_THERE;
            report.foot(
                    String.format(
                            Locale.ROOT,
                            "Budgets in processor time are for a machine on which rtpengine takes"
                                + " %.1f %% of a core for 100 calls; it took %.2f times that here,"
                                + " and so may we.",
                            RTPENGINE_THERE,
                            slower));
        }
        return budget * slower;
    }

    private double relayed(String name, ChildProcess relay, Voices voices, double seconds)
            throws IOException {
        pause(quick ? 4 : 6);
        Voices.Window window = voices.begin();
        double per100 = cpuPercent(relay, seconds) * 100 / CALLS;
        voices.end();
        report.add(name + ", 100 calls", "% core", per100);
        report.add(name + ", one way p50", "µs", window.latencyMicros.quantile(0.5));
        report.add(name + ", one way p99", "µs", window.latencyMicros.quantile(0.99));
        report.add(name + ", packets lost", "%", window.lossPercent());
        return per100;
    }

    static double cpuPercent(ChildProcess process, double seconds) throws IOException {
        double before = process.preciseCpuMillis();
        long start = System.nanoTime();
        pause(seconds);
        return (process.preciseCpuMillis() - before) / ((System.nanoTime() - start) / 1e6) * 100;
    }

    private void bridged(
            GatewayProcess gateway,
            Phones phones,
            Voices voices,
            double seconds,
            double bare,
            double engine)
            throws Exception {
        long dropped = ChildProcess.datagramsDropped();
        var batch = phones.call(new Phones.Plan(CALLS, SETUPS, null, null, true));
        pause(OPENING.toMillis() / 1e3);
        Voices.Window prompts = voices.begin();
        double prompted = cpuPercent(gateway.kernel(), seconds) * 100 / CALLS;
        voices.end();
        Samples pacing = prompts.pacingMicros();
        report.add("100 calls hearing a prompt, sending audio", "% core", prompted);
        report.add("prompt pacing error p50", "µs", 15, Limit.AT_MOST, pacing.quantile(0.5));
        report.add("prompt pacing error p99", "µs", 1000, Limit.AT_MOST, pacing.quantile(0.99));
        report.add("prompt pacing error p99.9", "µs", pacing.quantile(0.999));
        report.add("prompt packets lost", "%", 0, Limit.AT_MOST, prompts.lossPercent());
        report.add("ACK to first audio p50", "ms", batch.firstAudioMillis.quantile(0.5));
        report.add(
                "ACK to first audio p95",
                "ms",
                20,
                Limit.AT_MOST,
                batch.firstAudioMillis.quantile(0.95));
        answer(phones, batch);
        report.add(
                "key to INVITE with fsync p50",
                "ms",
                4,
                Limit.AT_MOST,
                batch.keyToInviteMillis.quantile(0.5));
        report.add(
                "key to INVITE with fsync p99",
                "ms",
                6,
                Limit.AT_MOST,
                batch.keyToInviteMillis.quantile(0.99));
        pause(3);
        Voices.Window relayed = voices.begin();
        double relaying = cpuPercent(gateway.kernel(), seconds) * 100 / CALLS;
        voices.end();
        report.add("100 bridged calls", "% core", relaying);
        report.add(
                "100 bridged calls to the bare relay",
                "times",
                1.1,
                Limit.AT_MOST,
                relaying / bare);
        report.add(
                "100 calls hearing a prompt to 100 bridged",
                "times",
                0.75,
                Limit.AT_MOST,
                prompted / relaying);
        if (!Double.isNaN(engine)) {
            report.add(
                    "100 bridged calls to rtpengine",
                    "times",
                    0.6,
                    Limit.AT_MOST,
                    relaying / engine);
        }
        report.add(
                "relay, one way p50", "µs", 60, Limit.AT_MOST, relayed.latencyMicros.quantile(0.5));
        report.add(
                "relay, one way p99",
                "µs",
                300,
                Limit.AT_MOST,
                relayed.latencyMicros.quantile(0.99));
        report.add("relayed packets lost", "%", 0, Limit.AT_MOST, relayed.lossPercent());
        report.add(
                "bridged calls of 100",
                "calls",
                CALLS,
                Limit.AT_LEAST,
                (double) batch.bridged.sum());
        report.add(
                "datagrams the machine had no room for",
                "",
                (double) (ChildProcess.datagramsDropped() - dropped));
        phones.hangUp(batch, 200);
        batch.await(PATIENCE);
    }

    /**
     * All press 1 until all are bridged, as many a second as came: nobody knows here when the
     * question begins.
     */
    static void answer(Phones phones, Phones.Batch batch) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (batch.bridged.sum() + batch.lost.sum() + batch.refused.sum() < batch.answered.sum()
                && System.nanoTime() < end) {
            phones.press(batch, '1', SETUPS);
            pause(0.5);
        }
    }

    // ------------------------------------------------------------------ the whole job

    private void job() throws Exception {
        job("whole job", false, here(15));
        job("whole job with speech", true, here(20));
    }

    private void job(String name, boolean speech, double budget) throws Exception {
        Duration prompts = BUDGET_PROMPT.dividedBy(2);
        var setup = new GatewayProcess.Setup(3000, speech, ports, null, prompts, 0);
        try (var voices = new Voices();
                var gateway = new GatewayProcess(home, options(""), setup);
                var phones = phones(voices)) {
            Duration opening = practise(gateway, phones, 10 * CALLS);
            report.foot(
                    "Whole job: disclosure and question (%d ms until the key), record, dial, 10 s of bridge, record."
                            .formatted(opening.toMillis()));
            for (int run = 0; run < runs; run++) {
                report.add(
                        name + ", CPU per call",
                        "ms",
                        budget,
                        Limit.AT_MOST,
                        job(name, gateway, phones, voices, opening));
            }
        }
    }

    /** In milliseconds of CPU per call. */
    private double job(
            String name, GatewayProcess gateway, Phones phones, Voices voices, Duration opening)
            throws Exception {
        int calls = quick ? 40 : CALLS;
        rest(gateway.kernel());
        double before = gateway.kernel().cpuMillis();
        Map<String, Double> parts = parts(gateway.kernel());
        Voices.Window window = voices.begin();
        var batch =
                phones.call(new Phones.Plan(calls, SETUPS, opening, Duration.ofSeconds(10), true));
        boolean ended = batch.await(PATIENCE);
        double cpu = gateway.kernel().cpuMillis() - before;
        parts(gateway.kernel())
                .forEach((part, millis) ->
                        report.add(
                                name + ", of it " + part,
                                "ms",
                                (millis - parts.getOrDefault(part, 0.0)) / calls));
        voices.end();
        report.add(name + ", INVITE to 200 p50", "ms", batch.setupMillis.quantile(0.5));
        report.add(name + ", INVITE to 200 p99", "ms", batch.setupMillis.quantile(0.99));
        report.add(name + ", key to INVITE p50", "ms", batch.keyToInviteMillis.quantile(0.5));
        report.add(name + ", key to INVITE p99", "ms", batch.keyToInviteMillis.quantile(0.99));
        report.add(name + ", packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
        report.add(
                name + ", calls that went as asked",
                "%",
                100,
                Limit.AT_LEAST,
                ended ? 100.0 * batch.bridged.sum() / calls : 0);
        return cpu / calls;
    }

    /** Warm for every kind of work; then, how long after the answer the question takes a key. */
    private Duration practise(GatewayProcess gateway, Phones phones, int calls) throws Exception {
        warm(phones);
        Duration opening = opening(gateway, phones);
        double compilers = Double.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && compilers > COMPILED * calls; round++) {
            compilers = gateway.kernel().preciseCpuMillis(Bench::isCompiler);
            phones.call(new Phones.Plan(calls, 2 * SETUPS, opening, Duration.ofSeconds(1), true))
                    .await(PATIENCE);
            settle(gateway.kernel());
            compilers = gateway.kernel().preciseCpuMillis(Bench::isCompiler) - compilers;
        }
        return opening;
    }

    /** How long after the answer the question takes a key. */
    static Duration opening(GatewayProcess gateway, Phones phones) throws Exception {
        long start = System.nanoTime();
        var batch = phones.call(new Phones.Plan(1, 1, null, Duration.ofMillis(500), true));
        while (batch.bridged.sum() == 0) {
            phones.press(batch, '1', 100);
            pause(0.3);
            if (System.nanoTime() - start > 2 * PATIENCE.toNanos()) {
                throw new IOException("a call was not bridged:\n" + gateway.log());
            }
        }
        Duration found = Duration.ofNanos(System.nanoTime() - start).plusMillis(700);
        batch.await(PATIENCE);
        return found;
    }

    // ------------------------------------------------------------------ signalling

    private void signalling() throws Exception {
        Duration talk = Duration.ofMillis(20);
        double fast = here(0.6);
        double slow = here(1.0);
        try (var voices = new Voices();
                var server = new JavaChild(SignallingServer.class.getName());
                var phones = phones(voices)) {
            // The compilers are not done before some ten thousand calls, and wake up again.
            for (int calls = quick ? 2000 : 8000; calls >= 1000; calls /= 2) {
                phones.call(new Phones.Plan(calls, 800, null, talk, false)).await(PATIENCE);
                settle(server.kernel());
            }
            for (int run = 0; run < runs; run++) {
                settle(server.kernel());
                report.add(
                        "signalling alone, CPU per call, warm",
                        "ms",
                        fast,
                        Limit.AT_MOST,
                        signallingMillis(server.kernel(), phones, 800, talk));
                report.add(
                        "signalling alone at 200/s, CPU per call, warm",
                        "ms",
                        slow,
                        Limit.AT_MOST,
                        signallingMillis(server.kernel(), phones, 200, talk));
            }
            // After those: what is tried here lives on for 32 s, and is copied by each collection.
            for (int run = 0; run < runs; run++) {
                report.add(
                        "signalling alone, setups/s without a repetition",
                        "1/s",
                        1500,
                        Limit.AT_LEAST,
                        ramp(phones, talk));
            }
        }
    }

    private double signallingMillis(ChildProcess server, Phones phones, double rate, Duration talk)
            throws Exception {
        double before = server.cpuMillis();
        int calls = quick ? 600 : 1500;
        phones.call(new Phones.Plan(calls, rate, null, talk, false)).await(PATIENCE);
        return (server.cpuMillis() - before) / calls;
    }

    /** The most calls a second, of those tried, that need no message to be said twice. */
    private double ramp(Phones phones, Duration talk) throws Exception {
        double best = 0;
        for (double rate : new double[] {500, 1000, 1500, 2000}) {
            var batch = phones.call(new Phones.Plan((int) rate, rate, null, talk, false));
            boolean all = batch.await(PATIENCE);
            if (!all || batch.repeats.sum() > 0 || batch.lost.sum() > 0) {
                report.foot(
                        "Signalling alone: at %.0f setups/s %d repetitions."
                                .formatted(rate, batch.repeats.sum()));
                break;
            }
            best = rate;
        }
        return best;
    }

    /** Until the compilers have nothing left to do: warm is what comes after them. */
    static void settle(ChildProcess process) throws IOException {
        for (int i = 0; i < 20; i++) {
            double before = process.cpuMillis(); // with that of threads that end meanwhile
            pause(0.5);
            if (process.cpuMillis() - before <= QUIET_MILLIS) {
                return;
            }
        }
    }

    /** Until nothing of what was practised is left to do: what is measured then is its own. */
    private static void rest(ChildProcess process) throws IOException {
        for (int i = 0; i < MOST_REST; i++) {
            double before = process.cpuMillis();
            pause(1);
            if (process.cpuMillis() - before <= RESTING_MILLIS) {
                return;
            }
        }
    }

    /** Through the whole gateway: leg, story, disclosure begun, record of the hang-up. */
    private void setups() throws Exception {
        Duration talk = Duration.ofMillis(20);
        try (var voices = new Voices();
                var gateway = gateway(3000, "");
                var phones = phones(voices)) {
            phones.call(new Phones.Plan(quick ? 400 : 1500, 150, null, talk, false))
                    .await(PATIENCE);
            settle(gateway.kernel());
            double seconds = quick ? 2 : 3;
            for (int run = 0; run < runs; run++) {
                for (double rate : new double[] {10, 50, 100, 400}) {
                    int calls = (int) (rate * seconds);
                    double before = gateway.kernel().cpuMillis();
                    var batch = phones.call(new Phones.Plan(calls, rate, null, talk, false));
                    batch.await(PATIENCE);
                    double cpu = gateway.kernel().cpuMillis() - before;
                    String name = "setup and hang-up at %.0f/s".formatted(rate);
                    report.add(name + ", CPU per call", "ms", cpu / calls);
                    report.add(
                            name + ", INVITE to 200 p99", "ms", batch.setupMillis.quantile(0.99));
                    report.add(name + ", repetitions", "", (double) batch.repeats.sum());
                }
            }
        }
    }

    private void overload() throws Exception {
        Duration talk = Duration.ofMillis(20);
        double refusing = here(0.1);
        try (var voices = new Voices();
                var gateway = gateway(20, "");
                var phones = phones(voices)) {
            phones.call(new Phones.Plan(300, 30, null, talk, false)).await(PATIENCE);
            var filling = phones.call(new Phones.Plan(20, SETUPS, null, null, false));
            pause(0.5);
            phones.call(new Phones.Plan(quick ? 2000 : 10_000, 2000, null, talk, false))
                    .await(PATIENCE);
            phones.hangUp(filling, 200);
            filling.await(PATIENCE);
            settle(gateway.kernel());
            for (int run = 0; run < runs; run++) {
                var full = phones.call(new Phones.Plan(20, SETUPS, null, null, false));
                pause(1);
                double idle = gateway.kernel().cpuMillis();
                pause(1);
                idle = gateway.kernel().cpuMillis() - idle;
                int calls = quick ? 2000 : 3000;
                double before = gateway.kernel().cpuMillis();
                var batch = phones.call(new Phones.Plan(calls, 1000, null, talk, false));
                batch.await(PATIENCE);
                // What the calls under way cost, who hear their prompts meanwhile, is not theirs.
                double cpu = gateway.kernel().cpuMillis() - before - idle * calls / 1000;
                report.add(
                        "overload at 1000/s, CPU per INVITE refused",
                        "ms",
                        refusing,
                        Limit.AT_MOST,
                        cpu / calls);
                report.add("overload at 1000/s, refused", "%", 100.0 * batch.refused.sum() / calls);
                report.add("overload at 1000/s, repetitions", "", (double) batch.repeats.sum());
                phones.hangUp(full, 200);
                full.await(PATIENCE);
                pause(0.2);
                var after = phones.call(new Phones.Plan(20, 20, null, talk, false));
                after.await(PATIENCE);
                report.add(
                        "right after the overload, calls taken",
                        "%",
                        100,
                        Limit.AT_LEAST,
                        100.0 * after.answered.sum() / 20);
                report.add(
                        "right after the overload, INVITE to 200 p99",
                        "ms",
                        after.setupMillis.quantile(0.99));
            }
        }
    }

    // ------------------------------------------------------------------ more than can be listened
    // to

    /** A jitter buffer of one packet takes a packet that is so late. */
    private static final double PACED_BESIDE_SPEECH_MICROS = 5000;

    /** All callers of a full gateway make a sound while they are asked. */
    private void speech() throws Exception {
        int bridged = quick ? 200 : 800;
        int asked = bridged / 2;
        try (var voices = new Voices();
                var gateway = new GatewayProcess(home, 3000, true, options(""), ports, null);
                var phones = phones(voices)) {
            warm(phones);
            Duration opening = opening(gateway, phones);
            answer(phones, phones.call(new Phones.Plan(bridged, SETUPS, null, null, true)));
            pause(2);
            var dialogs = phones.call(new Phones.Plan(asked, SETUPS, null, null, true));
            pause(opening.toMillis() / 1000.0);
            Voices.Window window = voices.begin();
            double cpu = cpuPercent(gateway.kernel(), 5);
            voices.end();
            String name = "%d bridged, %d asked".formatted(bridged, asked);
            double listening = gateway.metric("consent_speech_listening", "");
            double keysOnly = gateway.metric("consent_speech_rejected_total", "");
            report.add(
                    name + ", answered",
                    "calls",
                    asked,
                    Limit.AT_LEAST,
                    (double) dialogs.answered.sum());
            report.add(name + ", listened to", "calls", listening);
            report.add(name + ", asked for keys only", "calls", keysOnly);
            report.add(name + ", CPU", "% core", cpu);
            report.add(name + ", packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
            Samples pacing = window.pacingMicros();
            report.add(name + ", pacing error p50", "µs", pacing.quantile(0.5));
            report.add(
                    name + ", pacing error p99",
                    "µs",
                    PACED_BESIDE_SPEECH_MICROS,
                    Limit.AT_MOST,
                    pacing.quantile(0.99));
        }
    }

    // ------------------------------------------------------------------ ten times the limit

    private void tenfold() throws Exception {
        int limit = 50;
        Duration talk = Duration.ofSeconds(2);
        try (var voices = new Voices();
                var gateway = gateway(limit, TOUCHED);
                var phones = phones(voices)) {
            Duration opening = opening(gateway, phones);
            double seconds = quick ? 10 : 60;
            // So many a second that ten times the limit would be under way.
            double rate = limit * 10 * 1000.0 / opening.plus(talk).toMillis();
            int calls = (int) (rate * seconds);
            report.foot(
                    "Tenfold: %d calls at once are the limit; %.0f/s for %.0f s are offered, each of %d ms."
                            .formatted(limit, rate, seconds, opening.plus(talk).toMillis()));
            ChildProcess kernel = gateway.kernel();
            // Full all the time from the first third on; compilers still work a while.
            CompletableFuture<Long> third = later(seconds / 3, kernel::residentKib);
            CompletableFuture<Long> second = later(seconds * 2 / 3, kernel::residentKib);
            Voices.Window window = voices.begin();
            var batch = phones.call(new Phones.Plan(calls, rate, opening, talk, true));
            long end = kernel.residentKib();
            boolean ended = batch.await(PATIENCE);
            voices.end();
            double accepted = batch.answered.sum();
            report.add("tenfold, calls served", "calls", accepted);
            report.add(
                    "tenfold, of these bridged",
                    "%",
                    100,
                    Limit.AT_LEAST,
                    100.0 * batch.bridged.sum() / accepted);
            report.add("tenfold, packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
            report.add("tenfold, INVITE to 200 p99", "ms", batch.setupMillis.quantile(0.99));
            report.add(
                    "tenfold, INVITE to 503 p99",
                    "ms",
                    50,
                    Limit.AT_MOST,
                    batch.refusedMillis.quantile(0.99));
            report.add(
                    "tenfold, neither served nor refused",
                    "calls",
                    0,
                    Limit.AT_MOST,
                    ended ? calls - accepted - batch.refused.sum() : calls);
            report.add(
                    "tenfold, memory it grew by in the second third",
                    "MiB",
                    (second.join() - third.join()) / 1024.0);
            report.add(
                    "tenfold, memory it grew by in the last third",
                    "MiB",
                    8,
                    Limit.AT_MOST,
                    (end - second.join()) / 1024.0);
            var after = phones.call(new Phones.Plan(20, 20, null, Duration.ofMillis(20), false));
            after.await(PATIENCE);
            report.add(
                    "right after tenfold, calls taken",
                    "%",
                    100,
                    Limit.AT_LEAST,
                    100.0 * after.answered.sum() / 20);
        }
    }

    private static CompletableFuture<Long> later(double seconds, Supplier<Long> what) {
        return CompletableFuture.supplyAsync(
                what,
                CompletableFuture.delayedExecutor((long) (seconds * 1000), TimeUnit.MILLISECONDS));
    }

    // ------------------------------------------------------------------ as work grows

    /** From the most to the least, so that the disclosures are waited for once. */
    private void scale() throws Exception {
        int most = quick ? 200 : 800;
        try (var voices = new Voices();
                var gateway = gateway(3000, TOUCHED);
                var phones = phones(voices)) {
            // What the process itself takes for calls, such as compiled code, is no call's.
            practise(gateway, phones, 5 * CALLS);
            rest(gateway.kernel());
            double heap = gateway.liveHeapKib();
            long resident = gateway.kernel().residentKib();
            report.add("resident, heap of 512 MB touched", "MiB", resident / 1024.0);
            report.add("live heap, idle", "MiB", heap / 1024);
            var batches = new ArrayDeque<Phones.Batch>();
            int last = 0;
            for (int calls = 50; calls <= most; calls *= 2) {
                batches.push(phones.call(new Phones.Plan(calls - last, SETUPS, null, null, true)));
                last = calls;
            }
            batches.reversed().forEach(batch -> answer(phones, batch));
            pause(1.5);
            bridges(gateway, voices, most);
            report.add(
                    "memory per bridged call, set up just now",
                    "KiB",
                    (gateway.liveHeapKib() - heap) / most);
            pause(TRANSACTION);
            double grown = gateway.liveHeapKib() - heap + gateway.kernel().residentKib() - resident;
            report.add("memory per bridged call", "KiB", 64, Limit.AT_MOST, grown / most);
            dialogs(gateway, phones, voices, most);
            for (int calls = most / 2; calls >= 50; calls /= 2) {
                var leaving = batches.pop();
                phones.hangUp(leaving, 200);
                leaving.await(PATIENCE);
                pause(1);
                bridges(gateway, voices, calls);
            }
            report.add("load program, times it fell behind by 5 ms", "", voices.late());
        }
    }

    private void bridges(GatewayProcess gateway, Voices voices, int calls) throws IOException {
        long dropped = ChildProcess.datagramsDropped();
        Voices.Window window = voices.begin();
        double cpu = cpuPercent(gateway.kernel(), quick ? 2 : 4);
        voices.end();
        String name = "%d bridged calls".formatted(calls);
        report.add(name + ", CPU per 100", "% core", cpu * 100 / calls);
        report.add(name + ", one way p99", "µs", window.latencyMicros.quantile(0.99));
        report.add(name + ", packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
        report.add(
                name + ", datagrams without room",
                "",
                (double) (ChildProcess.datagramsDropped() - dropped));
    }

    private void dialogs(GatewayProcess gateway, Phones phones, Voices voices, int bridged)
            throws Exception {
        int calls = bridged / 2;
        var dialogs = phones.call(new Phones.Plan(calls, SETUPS, null, null, true));
        var load = new ChildProcess(ProcessHandle.current().pid());
        double seconds = quick ? 2 : 4;
        Voices.Window window = voices.begin();
        double loaded = load.cpuMillis();
        double cpu = cpuPercent(gateway.kernel(), seconds);
        loaded = (load.cpuMillis() - loaded) / (seconds * 10);
        voices.end();
        String name = "%d bridged and %d in dialog".formatted(bridged, calls);
        report.add(
                name + ", answered",
                "calls",
                calls,
                Limit.AT_LEAST,
                (double) dialogs.answered.sum());
        report.add(name + ", packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
        Samples pacing = window.pacingMicros();
        report.add(name + ", pacing error p50", "µs", pacing.quantile(0.5));
        report.add(name + ", pacing error p99", "µs", pacing.quantile(0.99));
        report.add(name + ", gateway", "% core", cpu);
        report.add(name + ", load program beside it", "% core", loaded);
        phones.hangUp(dialogs, 200);
        dialogs.await(PATIENCE);
    }

    static void warm(Phones phones) throws Exception {
        phones.call(new Phones.Plan(200, 100, null, Duration.ofMillis(20), false)).await(PATIENCE);
    }

    // ------------------------------------------------------------------ behind a burst

    private void memory() throws Exception {
        try (var voices = new Voices();
                var gateway = gateway(3000, "");
                var phones = phones(voices)) {
            new FullHeap(report, gateway, phones, voices)
                    .measure(quick ? 4000 : 16_000, quick ? 200 : 800);
        }
    }

    // ------------------------------------------------------------------ assistants on sockets

    private void sockets() throws Exception {
        try (var voices = new Voices();
                var bots = new SocketBots();
                var gateway = gateway(3000, "", BUDGET_PROMPT.dividedBy(2), bots.port());
                var phones = phones(voices)) {
            practise(gateway, phones, 2 * CALLS);
            var calls = new SocketCalls(report, gateway, phones, voices, bots);
            calls.practise(CALLS);
            for (int run = 0; run < runs; run++) {
                calls.measure(quick ? CALLS : 400, quick ? 3 : 10);
            }
            report.add("load program, times it fell behind by 5 ms", "", voices.late());
        }
    }

    // ------------------------------------------------------------------ where the time goes

    /** Records setups, dialogs and 100 bridged calls; what is on top of the stacks, by share. */
    private void profile() throws Exception {
        Path file = home.resolve("gateway/bench/target/bench/profile.jfr");
        Files.createDirectories(file.getParent());
        try (var voices = new Voices();
                var gateway = gateway(3000, "");
                var phones = phones(voices)) {
            warm(phones);
            gateway.jcmd(
                    "JFR.start",
                    "name=bench",
                    "settings=profile",
                    "jdk.CPUTimeSample#enabled=true",
                    "jdk.CPUTimeSample#throttle=5ms");
            Map<String, Double> idle = gateway.kernel().cpuMillisByThread();
            phones.call(new Phones.Plan(1000, 100, null, Duration.ofMillis(20), false))
                    .await(PATIENCE);
            Map<String, Double> setUp = gateway.kernel().cpuMillisByThread();
            var batch = phones.call(new Phones.Plan(CALLS, SETUPS, null, null, true));
            answer(phones, batch);
            pause(quick ? 5 : 15);
            threads("1000 setups and hang-ups", idle, setUp);
            threads(CALLS + " dialogs, bridged", setUp, gateway.kernel().cpuMillisByThread());
            gateway.jcmd("JFR.dump", "name=bench", "filename=" + file);
            phones.hangUp(batch, 200);
            batch.await(PATIENCE);
        }
        System.out.println(Frames.of(file));
        System.out.println("The recording is in " + home.relativize(file) + ".");
    }

    private static void threads(
            String work, Map<String, Double> before, Map<String, Double> after) {
        System.out.println("CPU of " + work + ", by thread, in ms");
        after.forEach((name, millis) -> {
            double used = millis - before.getOrDefault(name, 0.0);
            if (used >= 20) {
                System.out.printf(Locale.ROOT, "%8.0f  %s%n", used, name);
            }
        });
    }
}
