package org.consentgateway.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import org.consentgateway.bench.load.LoopbackPorts;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.SecurePhones;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.ChildProcess;
import org.consentgateway.bench.testbed.GatewayProcess;
import org.consentgateway.testkit.Certificates;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the main thread. All kinds of calls mixed, for as long as asked; then whether
 * anything was left behind: what the process holds is looked at every half minute, at the same
 * load, and at the end when no call is left.
 */
final class Soak {
    /** Calls a second that hang up at once: most of the number of calls. */
    private static final double SHORT_CALLS = 110;

    /** Calls a second through the whole story. */
    private static final double WHOLE_CALLS = 3;

    /** Calls a second that send nothing and leave in the opening. */
    private static final double MUTE_CALLS = 2;

    /** Calls a second through the whole story, over TLS and SRTP. */
    private static final double SECURE_CALLS = 0.5;

    private static final Duration ROUND = Duration.ofSeconds(30);
    private static final Duration KEY = Duration.ofMillis(21_500);
    private static final Duration MUTE_TIME = Duration.ofSeconds(10);
    private static final Duration TALK = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Finished INVITE transactions stay for 32 s (RFC 3261 §17), ports rest for 5 s after that. */
    private static final Duration CALM = Duration.ofSeconds(45);

    private static final String NATIVE = "-XX:NativeMemoryTracking=summary";
    private static final double GROWTH = 1.10;

    /** Threads and descriptors that the JVM opens when it likes. */
    private static final double SLACK = 8;

    private static final String HEADER =
            "    calls  threads  descriptors  ports  heap MiB   RSS MiB native MiB  dialogs"
                    + "  transactions";

    private final Path home;
    private final Duration time;
    private final List<Held> rounds = new ArrayList<>();
    private long answered;
    private long bridged;
    private long failed;
    private int unended;
    private final AtomicInteger secure = new AtomicInteger();
    private final AtomicInteger secureFailed = new AtomicInteger();

    Soak(Path home, Duration time) {
        this.home = home;
        this.time = time;
    }

    /** What the process holds at one moment. */
    private record Held(
            double calls,
            double threads,
            double descriptors,
            double ports,
            double heapMib,
            double residentMib,
            double nativeMib,
            double dialogs,
            double transactions) {
        static Held by(GatewayProcess gateway) throws IOException, InterruptedException {
            ChildProcess kernel = gateway.kernel();
            return new Held(
                    gateway.metric("consent_calls_total", ""),
                    kernel.threads(),
                    kernel.descriptors(),
                    gateway.metric("consent_media_ports_used", ""),
                    gateway.liveHeapKib() / 1024,
                    kernel.residentKib() / 1024.0,
                    committedMib(gateway.jcmd("VM.native_memory", "summary", "scale=KB")),
                    gateway.metric("consent_sip_dialogs", ""),
                    gateway.metric("consent_sip_transactions", ""));
        }

        private static double committedMib(String summary) {
            return summary.lines()
                            .filter(line -> line.startsWith("Total:"))
                            .mapToDouble(line ->
                                    Double.parseDouble(
                                            line.replaceAll(".*committed=(\\d+)KB.*", "$1")))
                            .sum()
                    / 1024;
        }

        String row() {
            return String.format(
                    Locale.ROOT,
                    "%9.0f %8.0f %12.0f %6.0f %9.1f %9.0f %10.0f %8.0f %13.0f",
                    calls,
                    threads,
                    descriptors,
                    ports,
                    heapMib,
                    residentMib,
                    nativeMib,
                    dialogs,
                    transactions);
        }
    }

    /**
     * True where everything is flat, two calls over TLS and SRTP lasted as long as all this, and
     * nothing is held when all is over.
     */
    boolean run() throws Exception {
        var ports = LoopbackPorts.USUAL;
        Certificates certificates = GatewayProcess.certificates(home);
        try (var voices = new Voices();
                var gateway = new GatewayProcess(home, 3000, false, NATIVE, ports, certificates);
                var phones = new Phones(ports, voices);
                var securePhones = new SecurePhones(certificates, ports);
                var callers = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            System.out.println(HEADER);
            Held idle = look(gateway);
            Future<Boolean> held =
                    callers.submit(() -> new LongCalls(securePhones, time).hold(time));
            long end = System.nanoTime() + time.toNanos();
            List<Phones.Batch> before = List.of();
            while (System.nanoTime() < end) {
                callers.execute(() -> secureRound(securePhones));
                List<Phones.Batch> now = round(phones, callers);
                rounds.add(look(gateway));
                count(before);
                before = now;
            }
            count(before);
            boolean lasted = held.get();
            LockSupport.parkNanos(CALM.toNanos());
            boolean flat = verdict(idle, look(gateway));
            return flat && lasted;
        }
    }

    private static Held look(GatewayProcess gateway) throws IOException, InterruptedException {
        Held held = Held.by(gateway);
        System.out.println(held.row());
        return held;
    }

    /** Places all kinds of calls side by side; they go on when it returns. */
    private static List<Phones.Batch> round(Phones phones, ExecutorService callers)
            throws InterruptedException, ExecutionException {
        List<Future<Phones.Batch>> kinds = new ArrayList<>();
        for (Phones.Plan plan :
                List.of(
                        plan(SHORT_CALLS, null, Duration.ofMillis(20), false),
                        plan(WHOLE_CALLS, KEY, TALK, true),
                        plan(MUTE_CALLS, null, MUTE_TIME, false))) {
            kinds.add(callers.submit(() -> phones.call(plan)));
        }
        List<Phones.Batch> batches = new ArrayList<>();
        for (Future<Phones.Batch> kind : kinds) {
            batches.add(kind.get());
        }
        return batches;
    }

    /** Returns when the calls of this round are over. */
    private void secureRound(SecurePhones phones) {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < SECURE_CALLS * ROUND.toSeconds(); i++) {
                callers.execute(() -> secureCall(phones));
                SecurePhones.pause(Duration.ofMillis((long) (1000 / SECURE_CALLS)));
            }
        }
    }

    private void secureCall(SecurePhones phones) {
        try (var call = phones.call(SecurePhones.Refresher.GATEWAY)) {
            boolean well = call.agree(KEY);
            SecurePhones.pause(TALK);
            well &= call.caller().voice.figures().unauthentic() == 0;
            (call.hangUp() && well ? secure : secureFailed).incrementAndGet();
        } catch (Exception e) {
            System.out.println("A call over SRTP: " + e.getMessage());
            secureFailed.incrementAndGet();
        }
    }

    private static Phones.Plan plan(
            double perSecond, @Nullable Duration key, Duration talk, boolean media) {
        return new Phones.Plan((int) (perSecond * ROUND.toSeconds()), perSecond, key, talk, media);
    }

    private void count(List<Phones.Batch> batches) throws InterruptedException {
        for (Phones.Batch batch : batches) {
            unended += batch.await(PATIENCE) ? 0 : 1;
            answered += batch.answered.sum();
            bridged += batch.bridged.sum();
            failed += batch.refused.sum() + batch.lost.sum();
        }
    }

    /** The first fifth warms up; after it nothing may grow. */
    private boolean verdict(Held idle, Held over) {
        List<Held> steady = rounds.subList(Math.max(1, rounds.size() / 5), rounds.size());
        boolean flat = true;
        if (steady.size() >= 6) {
            List<Held> early = steady.subList(0, steady.size() / 3);
            List<Held> late = steady.subList(steady.size() - steady.size() / 3, steady.size());
            flat &= flat("threads", early, late, Held::threads);
            flat &= flat("descriptors", early, late, Held::descriptors);
            flat &= flat("ports", early, late, Held::ports);
            flat &= flat("heap after a collection", early, late, Held::heapMib);
            flat &= flat("resident memory", early, late, Held::residentMib);
            flat &= flat("native memory", early, late, Held::nativeMib);
            flat &= flat("SIP transactions", early, late, Held::transactions);
        } else {
            System.out.println(
                    "Too short to say what grows: six rounds after the warm-up are needed.");
        }
        flat &= none("dialogs", over.dialogs());
        // The OPTIONS that ask after the assistant go on.
        flat &= none("transactions more than before", over.transactions() - idle.transactions());
        flat &= none("ports", over.ports());
        flat &=
                none(
                        "descriptors more than before",
                        over.descriptors() - idle.descriptors() - SLACK);
        System.out.printf(
                Locale.ROOT,
                "%d calls answered, %d of them bridged, %d not, %d batches without an end.%n",
                answered,
                bridged,
                failed,
                unended);
        System.out.printf(
                Locale.ROOT, "Over SRTP: %s calls bridged, %s not.%n", secure, secureFailed);
        return flat && failed == 0 && unended == 0 && secureFailed.get() == 0;
    }

    private static boolean flat(
            String what, List<Held> early, List<Held> late, ToDoubleFunction<Held> held) {
        double from = median(early, held);
        double to = median(late, held);
        boolean flat = to <= from * GROWTH + SLACK;
        System.out.printf(
                Locale.ROOT, "%-26s %9.1f to %9.1f  %s%n", what, from, to, flat ? "flat" : "GROWS");
        return flat;
    }

    private static double median(List<Held> of, ToDoubleFunction<Held> held) {
        return of.stream().mapToDouble(held).sorted().skip(of.size() / 2).findFirst().orElse(0);
    }

    private static boolean none(String what, double left) {
        boolean none = left <= 0;
        System.out.printf(
                Locale.ROOT,
                "left when all is over: %s %s%n",
                what,
                none ? "none" : Double.toString(left));
        return none;
    }
}
