package org.consentgateway.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.consentgateway.bench.load.LoopbackPorts;
import org.consentgateway.bench.load.SecurePhones;
import org.consentgateway.bench.load.SecureVoice;
import org.consentgateway.bench.testbed.GatewayProcess;
import org.consentgateway.testkit.Certificates;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the main thread. Two calls over TLS and SRTP for as long as asked, one refreshed by
 * the caller (UPDATE and INVITE in turn), one by the gateway (by INVITE towards the caller, by
 * UPDATE towards the assistant).
 */
final class LongCalls {
    private static final Duration REPORT = Duration.ofMinutes(5);
    private static final Duration STEP = Duration.ofSeconds(1);

    /** Longer than opening and question. */
    private static final Duration QUESTION = Duration.ofSeconds(21);

    /** A used port rests for 10 s. */
    private static final Duration CALM = Duration.ofSeconds(45);

    private static final String HEADER =
            "  minutes  leg                               sent  received  relayed  lost  turned"
                    + "  not authentic  rolls out/in  longest gap ms  UPDATE  INVITE  refreshed";

    private final SecurePhones phones;
    private final Duration time;

    LongCalls(SecurePhones phones, Duration time) {
        this.phones = phones;
        this.time = time;
    }

    /** Through a gateway of their own, beside whatever else is running. */
    static boolean run(Path home, Duration time) throws Exception {
        var ports = LoopbackPorts.ASIDE;
        Certificates certificates = GatewayProcess.certificates(home);
        try (var gateway = new GatewayProcess(home, 20, false, "", ports, certificates);
                var phones = new SecurePhones(certificates, ports)) {
            boolean held = new LongCalls(phones, time).hold(REPORT);
            boolean clean = over(gateway);
            return held && clean;
        }
    }

    /**
     * True where both calls held and nothing was lost.
     *
     * @param every how often it says how they are
     */
    boolean hold(Duration every) throws Exception {
        try (var byCaller = phones.call(SecurePhones.Refresher.CALLER);
                var byGateway = phones.call(SecurePhones.Refresher.GATEWAY)) {
            List<SecurePhones.Call> calls = List.of(byCaller, byGateway);
            boolean well = agree(calls);
            long start = System.nanoTime();
            long reported = start;
            while (well && System.nanoTime() - start < time.toNanos()) {
                SecurePhones.pause(STEP);
                for (SecurePhones.Call call : calls) {
                    call.refresh();
                    well &= isAlive(call);
                }
                if (System.nanoTime() - reported >= every.toNanos()) {
                    reported = System.nanoTime();
                    print(calls, start);
                }
            }
            print(calls, start);
            for (SecurePhones.Call call : calls) {
                well &= checked(call);
                boolean ended = isAlive(call) && call.hangUp();
                System.out.println("BYE answered with 200, and the assistant heard it: " + ended);
                well &= ended;
            }
            return well;
        }
    }

    private static boolean agree(List<SecurePhones.Call> calls) {
        SecurePhones.pause(QUESTION);
        boolean all = true;
        for (SecurePhones.Call call : calls) {
            all &= call.agree(Duration.ZERO);
        }
        System.out.println("Bridged over SRTP on both legs: " + (all ? "both calls" : "NOT ALL"));
        return all;
    }

    private static boolean isAlive(SecurePhones.Call call) {
        SecurePhones.Side far = call.assistant();
        boolean alive = !call.caller().isOver() && far != null && !far.isOver();
        if (!alive) {
            System.out.println("A CALL ENDED.");
        }
        return alive;
    }

    private static void print(List<SecurePhones.Call> calls, long start) {
        System.out.println(HEADER);
        double minutes = (System.nanoTime() - start) / 60e9;
        for (SecurePhones.Call call : calls) {
            String who = call.refresher().name().toLowerCase(Locale.ROOT);
            row(minutes, "caller, refreshed by " + who, call.caller());
            row(minutes, "assistant of that call", call.assistant());
        }
    }

    private static void row(double minutes, String leg, SecurePhones.@Nullable Side side) {
        if (side == null) {
            return;
        }
        SecureVoice.Figures of = side.voice.figures();
        System.out.printf(
                Locale.ROOT,
                "%9.1f  %-28s %9d %9d %8d %5d %7d %14d %13s %15d %7d %7d %10d%n",
                minutes,
                leg,
                of.sent(),
                of.received(),
                of.relayed(),
                of.lost(),
                of.turned(),
                of.unauthentic(),
                of.sentRolls() + "/" + of.receivedRolls(),
                of.longestGapMillis(),
                side.updates.get(),
                side.reinvites.get(),
                side.refreshed.get());
    }

    /** Nothing lost or forged on either leg; a refresh about every 45 s. */
    private boolean checked(SecurePhones.Call call) {
        boolean well = true;
        List<SecurePhones.Side> sides = new ArrayList<>(List.of(call.caller()));
        SecurePhones.Side far = call.assistant();
        if (far != null) {
            sides.add(far);
        }
        for (SecurePhones.Side side : sides) {
            SecureVoice.Figures of = side.voice.figures();
            int refreshes = side.updates.get() + side.reinvites.get() + side.refreshed.get();
            well &= of.lost() == 0 && of.unauthentic() == 0;
            well &= refreshes >= time.toSeconds() / 45 - 1;
        }
        return well && far != null;
    }

    /** What the gateway says when all is over. */
    private static boolean over(GatewayProcess gateway) throws IOException, InterruptedException {
        SecurePhones.pause(CALM);
        System.out.printf(
                Locale.ROOT,
                "The gateway: %.0f packets in, %.0f out; not used: %.0f forged, %.0f replayed,"
                        + " %.0f not protected; left: %.0f dialogs, %.0f ports%n",
                gateway.metric("consent_rtp_packets_total", "direction=\"received\""),
                gateway.metric("consent_rtp_packets_total", "direction=\"sent\""),
                gateway.metric("consent_rtp_packets_dropped_total", "reason=\"forged\""),
                gateway.metric("consent_rtp_packets_dropped_total", "reason=\"replayed\""),
                gateway.metric("consent_rtp_packets_dropped_total", "reason=\"not_protected\""),
                gateway.metric("consent_sip_dialogs", ""),
                gateway.metric("consent_media_ports_used", ""));
        gateway.log()
                .lines()
                .filter(line -> line.contains("call ended") || line.contains("WARN"))
                .forEach(System.out::println);
        return gateway.metric("consent_sip_dialogs", "") == 0
                && gateway.metric("consent_media_ports_used", "") == 0;
    }
}
