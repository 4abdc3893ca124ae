package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Attacks a gateway that runs, and prints what came of it: {@code scripts/attack}. */
public final class Attack {
    private static final int PATIENCE_MILLIS = 5000;

    /** What three calls filled a heap of 1 GB with. */
    private static final List<String> HEAVY =
            List.of("--method", "INFO", "--octets", "14400", "--values", "3500");

    /** Not on SIP. */
    private static final String HTTP = "silent";

    private static final String HANDSHAKES = "handshakes";

    private static final List<String> BESIDE_A_BYSTANDER =
            List.of("reflection", "move", "called", "amplification", HTTP);

    private final Target target;
    private final PrintStream out;
    private final Honest honest;

    private Attack(Target target, PrintStream out, boolean besideACall) {
        this.target = target;
        this.out = out;
        this.honest = new Honest(target, besideACall);
    }

    /**
     * The name of an attack, and options with their values; exit code 1 where it harmed the call
     * that ran beside it.
     */
    public static void main(String[] args) throws Exception {
        Optional<RunningFate> fate = Optional.empty();
        try {
            fate = besideACall(args);
        } catch (IllegalArgumentException wrong) {
            System.err.println("scripts/attack: " + wrong.getMessage());
            System.exit(2);
        }
        if (fate.isPresent() && !fate.get().isUnharmed()) {
            System.exit(1);
        }
    }

    /** The same, and what became of that call; empty where there is none with this attack. */
    public static Optional<RunningFate> besideACall(String... args) throws Exception {
        return run(Arrays.asList(args), true);
    }

    /** The same without such a call. */
    public static void alone(String... args) throws Exception {
        run(Arrays.asList(args), false);
    }

    private static Optional<RunningFate> run(List<String> words, boolean besideACall)
            throws Exception {
        Attack attack = new Attack(meant(words), System.out, besideACall);
        attack.run(words.getFirst());
        return attack.honest.fate();
    }

    private static Target meant(List<String> words) {
        List<String> options = new ArrayList<>();
        switch (words.getFirst()) {
            case "heavy" -> options.addAll(HEAVY);
            case "called" -> options.addAll(List.of("--method", "200"));
            case HANDSHAKES -> {
                options.addAll(List.of("--calls", "300"));
                int by = words.indexOf("--by");
                if (by > 0 && by + 1 < words.size()) {
                    options.addAll(List.of("--honest", words.get(by + 1)));
                }
            }
            case "amplification" -> options.addAll(List.of("--seconds", "70"));
            default -> {}
        }
        options.addAll(words.subList(1, words.size()));
        Target target = Target.of(options);
        if (BESIDE_A_BYSTANDER.contains(words.getFirst()) && target.bystander().isEmpty()) {
            throw new IllegalArgumentException(
                    "an IPv6 address of this machine that is no trunk's is wanted: --bystander"
                            + " fd00::9, after: ip -6 addr add fd00::9/128 dev lo");
        }
        if (!HTTP.equals(words.getFirst())) {
            Welcome.over(target.asHonest());
        }
        if (!HANDSHAKES.equals(words.getFirst())) {
            Welcome.over(target);
        }
        return target;
    }

    private void run(String name) throws Exception {
        switch (name) {
            case "reflection" -> reflection();
            case "move" -> move();
            case "unacknowledged" -> calls(false);
            case "cancelled" -> calls(true);
            case "flood" -> flood();
            case "repeated" -> repeated();
            case "heavy" -> new WithinCalls(target, out, honest).run();
            case "called" -> new CalledPeer(target, out, honest).run();
            case "trickle" -> new Trickle(target, out, honest).run();
            case "deaf" -> new DeafConnections(target, out, honest).run();
            case HANDSHAKES -> new BegunConnections(target, out, honest).run();
            case HTTP -> new SilentHttp(target, out).run();
            case "poison" -> new Poison(target, out, honest).run();
            case "amplification" -> amplification();
            default -> throw new IllegalArgumentException(name + ": no attack; see --help");
        }
    }

    /** One INVITE with somebody else's address in its description. */
    private void reflection() throws IOException, InterruptedException {
        try (Connection connection = Connection.open(target);
                Bystander bystander = Bystander.at(target.bystander())) {
            RawCall call = new RawCall(connection, target);
            call.invites(target.media().at(target.bystander(), bystander.port()));
            int status = call.answer(PATIENCE_MILLIS);
            if (target.acknowledge() || status >= 300) {
                call.acknowledges();
            }
            Thread.sleep(target.seconds() * 1000L);
            report("INVITE", status, call, bystander);
            if (target.acknowledge() && status < 300) {
                call.hangsUp();
            }
        }
    }

    /** A call that moves its media to somebody else (re-INVITE). */
    private void move() throws IOException, InterruptedException {
        try (Connection connection = Connection.open(target);
                Bystander own = Bystander.at(target.from());
                Bystander bystander = Bystander.at(target.bystander())) {
            RawCall call = new RawCall(connection, target);
            call.invites(target.sdp(own.port()));
            out.println("INVITE: " + call.answer(PATIENCE_MILLIS));
            call.acknowledges();
            call.invitesAgain(target.media().at(target.bystander(), bystander.port()));
            int status = call.answer(PATIENCE_MILLIS);
            call.acknowledges();
            Thread.sleep(target.seconds() * 1000L);
            report("re-INVITE", status, call, bystander);
            call.hangsUp();
        }
    }

    /** INVITEs that nobody acknowledges, and an honest caller each second. */
    private void calls(boolean cancelled) throws IOException, InterruptedException {
        honest.begins();
        String sdp = target.sdp(40_000) + target.filling().description();
        long octets = 0;
        try (Connection connection = Connection.open(target);
                Metrics metrics = Metrics.of(target)) {
            connection.ignore();
            for (int i = 0; i < target.seconds() * target.perSecond(); i++) {
                if (i % target.perSecond() == target.perSecond() / 2) {
                    honest.calls();
                }
                RawCall call = new RawCall(connection, target.attacked());
                call.invites(sdp, target.filling().headers());
                if (cancelled) {
                    call.cancels();
                }
                octets += call.sent();
                Thread.sleep(1000 / target.perSecond());
            }
            out.printf(
                    "INVITEs not acknowledged: %d, %d octets; %s%n",
                    target.seconds() * target.perSecond(), octets, connection.came());
            out.println(honest.report());
            metrics.report(out);
        }
    }

    /** Requests that belong to no call, and an honest caller each second. */
    private void flood() throws IOException, InterruptedException {
        String filling = target.filling().headers();
        honest.begins();
        try (Connection connection = Connection.open(target)) {
            beside(
                    connection,
                    () ->
                            new RawCall(connection, target.attacked())
                                    .asks(target.method(), filling));
        }
    }

    /** One INVITE, or its CANCEL, again and again, and an honest caller each second. */
    private void repeated() throws IOException, InterruptedException {
        String filling = "a=x:" + "x".repeat(Math.max(0, target.filling().octets() - 400)) + "\r\n";
        honest.begins();
        try (Connection connection = Connection.open(target)) {
            RawCall call = new RawCall(connection, target);
            String sdp = target.sdp(40_000) + filling;
            call.invites(sdp);
            boolean cancels = target.method().equals("CANCEL");
            beside(
                    connection,
                    () -> {
                        if (cancels) {
                            call.cancels();
                        } else {
                            call.invites(sdp);
                        }
                    });
        }
    }

    /** One message of an attack. */
    @FunctionalInterface
    private interface Sending {
        void send() throws IOException;
    }

    private void beside(Connection connection, Sending sending)
            throws IOException, InterruptedException {
        connection.ignore();
        long sent = 0;
        try (Metrics metrics = Metrics.of(target)) {
            long start = System.nanoTime();
            for (int second = 0; second < target.seconds(); second++) {
                honest.calls();
                for (int i = 0; i < target.perSecond(); i++) {
                    sending.send();
                    long due = start + ++sent * 1_000_000_000L / target.perSecond();
                    if (due - System.nanoTime() > 1_000_000) {
                        Thread.sleep((due - System.nanoTime()) / 1_000_000);
                    }
                }
            }
            out.printf(
                    "%s sent: %d, of some %d octets%n",
                    target.method(), sent, target.filling().octets());
            out.println(honest.report());
            metrics.report(out);
        }
    }

    /** What comes back for each thing that can be sent; exit code 1 where it is too much. */
    private void amplification() throws Exception {
        List<Amplification.Row> rows = new ArrayList<>(amplifying(PATIENCE_MILLIS).rows());
        rows.addAll(amplifying(target.seconds() * 1000).calls());
        out.println(Amplification.head());
        rows.forEach(out::println);
        if (rows.stream().anyMatch(Amplification.Row::isTooMuch)) {
            System.exit(1);
        }
    }

    private Amplification amplifying(int millis) {
        return new Amplification(
                target.gateway(), target.from(), target.bystander(), target.line(), millis);
    }

    private void report(String what, int status, RawCall call, Bystander bystander) {
        out.printf(
                "%s: %d; sent %d octets; the bystander got %d packets, %d octets in %d s: factor"
                        + " %.2f%n",
                what,
                status,
                call.sent(),
                bystander.packets(),
                bystander.octets(),
                target.seconds(),
                (double) bystander.octets() / call.sent());
    }
}
