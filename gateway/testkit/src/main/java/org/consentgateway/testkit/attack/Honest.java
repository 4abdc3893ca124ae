package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A trunk in good faith while others attack: somebody of it calls, acknowledges and hangs up, and
 * it asks by OPTIONS whether the gateway lives, again as RFC 3261 §17.1.2.2 says. Thread-safe.
 */
final class Honest {
    private static final int PATIENCE_MILLIS = 4000;

    /** T1; until T2, the wait for an answer to OPTIONS doubles. */
    private static final int FIRST_WAIT_MILLIS = 500;

    private static final int WAITS = 4;

    private final Target target;
    private final List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> millis = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> optionsMillis = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> calling = new ArrayList<>();

    Honest(Target target) {
        this.target = target.asHonest();
    }

    /** Calls once and asks once, beside whatever else goes on. */
    synchronized void calls() {
        calling.add(Thread.ofVirtual().start(this::call));
        calling.add(Thread.ofVirtual().start(this::ask));
    }

    private void call() {
        try (Connection connection = Connection.open(target)) {
            RawCall call = new RawCall(connection, target);
            long start = System.nanoTime();
            call.invites(target.sdp(40_000));
            int status = call.answer(PATIENCE_MILLIS);
            statuses.add(status);
            millis.add((System.nanoTime() - start) / 1_000_000);
            if (status > 0) {
                call.acknowledges();
            }
            if (status == 200) {
                call.hangsUp();
                statuses.add(call.answer(PATIENCE_MILLIS) == 200 ? 1 : -1);
            }
        } catch (IOException e) {
            statuses.add(0);
        }
    }

    private void ask() {
        try (Connection connection = Connection.open(target)) {
            RawCall options = new RawCall(connection, target);
            long start = System.nanoTime();
            int status = 0;
            int wait = FIRST_WAIT_MILLIS;
            for (int i = 0; i < WAITS && status == 0; i++) {
                if (i == 0 || target.transport().equals("UDP")) {
                    options.asks("OPTIONS", "");
                }
                status = options.answer(wait);
                wait *= 2;
            }
            if (status == 200) {
                optionsMillis.add((System.nanoTime() - start) / 1_000_000);
            }
        } catch (IOException e) {
            // not answered
        }
    }

    synchronized String report() throws InterruptedException {
        for (Thread one : calling) {
            one.join();
        }
        long answered = statuses.stream().filter(status -> status == 200).count();
        long ended = statuses.stream().filter(status -> status == 1).count();
        int each = calling.size() / 2;
        return "honest calls: %d, answered %d, their BYE answered %d; slowest answer %d ms; OPTIONS: %d, answered %d; slowest %d ms"
                .formatted(
                        each,
                        answered,
                        ended,
                        slowest(millis),
                        each,
                        optionsMillis.size(),
                        slowest(optionsMillis));
    }

    private static long slowest(List<Long> all) {
        return all.stream().mapToLong(each -> each).max().orElse(0);
    }
}
