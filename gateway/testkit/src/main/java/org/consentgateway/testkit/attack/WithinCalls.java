package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many requests in each of several calls of one attacker, as large as told, and an honest caller
 * each second. Confined to one thread.
 */
final class WithinCalls {
    private static final int PATIENCE_MILLIS = 5000;

    /** As many connections as a source may have beside those of others. */
    private static final int MOST_CONNECTIONS = 40;

    private final Target target;
    private final PrintStream out;
    private final Honest honest;
    private final List<Connection> connections = new ArrayList<>();
    private final List<Attacker> attackers = new ArrayList<>();
    private final Map<String, AtomicLong> answers = new ConcurrentSkipListMap<>();

    /** One call, and whoever seems to speak in it. */
    private record Attacker(RawCall call, Bystander voice) {}

    WithinCalls(Target target, PrintStream out, Honest honest) {
        this.target = target;
        this.out = out;
        this.honest = honest;
    }

    void run() throws IOException, InterruptedException {
        try {
            honest.begins();
            begin();
            out.printf("calls: %d of %d answered%n", attackers.size(), target.calls());
            for (Connection each : connections) {
                Thread.ofVirtual().start(() -> count(each));
            }
            try (Metrics metrics = Metrics.of(target)) {
                long sent = attack();
                out.println(honest.report());
                long answered = answers.values().stream().mapToLong(AtomicLong::get).sum();
                out.printf(
                        "%s within calls: %d of %d octets, answered %d: %s%n",
                        target.method(),
                        sent,
                        attackers.isEmpty() ? 0 : attackers.getFirst().call().lastOctets(),
                        answered,
                        new TreeMap<>(answers));
                metrics.report(out);
            }
        } finally {
            for (Attacker each : attackers) {
                each.voice().close();
            }
            for (Connection each : connections) {
                each.close();
            }
        }
    }

    private void begin() throws IOException {
        for (int i = 0; i < target.calls(); i++) {
            if (connections.size() < MOST_CONNECTIONS) {
                connections.add(Connection.open(target));
            }
            Connection connection = connections.get(i % connections.size());
            RawCall call = new RawCall(connection, target);
            Bystander voice = Bystander.voice(target);
            call.invites(target.sdp(voice.port()));
            int status = call.answer(PATIENCE_MILLIS);
            if (status == 200) {
                call.acknowledges();
                attackers.add(new Attacker(call, voice));
                if (target.state() == Target.State.ENDED) {
                    call.hangsUp();
                    int _ = call.answer(PATIENCE_MILLIS);
                }
            } else {
                out.println("a call was answered " + status);
                voice.close();
            }
        }
    }

    private long attack() throws IOException, InterruptedException {
        long perSecond = (long) target.perSecond() * attackers.size();
        String headers = target.filling().headers();
        boolean described = List.of("INVITE", "UPDATE").contains(target.method());
        String type = described ? "application/sdp" : "text/plain";
        long start = System.nanoTime();
        long sent = 0;
        for (int second = 0; second < target.seconds(); second++) {
            honest.calls();
            speak(second);
            for (int i = 0; i < perSecond; i++) {
                Attacker next = attackers.get((int) (sent % attackers.size()));
                String body =
                        described
                                ? target.sdp(next.voice().port()) + target.filling().description()
                                : target.filling().text();
                next.call().asksWithin(target.method(), headers, type, body);
                if (target.method().equals("INVITE")) {
                    next.call().acknowledges();
                }
                long ahead = start + ++sent * 1_000_000_000L / perSecond - System.nanoTime();
                if (ahead > 1_000_000) {
                    Thread.sleep(ahead / 1_000_000);
                }
            }
        }
        return sent;
    }

    /** Else the calls would end for their silence. */
    private void speak(int second) throws IOException {
        if (target.state() == Target.State.ESTABLISHED) {
            for (Attacker each : attackers) {
                each.voice().speaks(target.gateway().getAddress(), each.call().media(), second);
            }
        }
    }

    private void count(Connection connection) {
        try {
            while (true) {
                String text = connection.receive(60_000);
                String kind =
                        text.startsWith("SIP/2.0 ")
                                ? text.substring(8, 11)
                                : text.substring(0, Math.max(0, text.indexOf(' ')));
                // Sound of an earlier attack's calls may still come to its ports.
                if (kind.matches("[A-Z]+|[0-9]+")) {
                    answers.computeIfAbsent(kind, _ -> new AtomicLong()).incrementAndGet();
                }
            }
        } catch (IOException closed) {
            // that is all
        }
    }
}
