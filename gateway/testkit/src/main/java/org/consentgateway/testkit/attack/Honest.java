package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

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
    private final boolean stands;
    private Optional<RunningCall> running = Optional.empty();
    private Optional<RunningFate> fate = Optional.empty();

    /**
     * @param stands whether one of them has called before, and talks meanwhile
     */
    Honest(Target target, boolean stands) {
        this.target = target.asHonest();
        this.stands = stands;
    }

    /** Before an attack: returns when the call that stands does. */
    synchronized void begins() throws IOException, InterruptedException {
        if (stands) {
            running = Optional.of(RunningCall.begins(target));
        }
    }

    /** Calls once and asks once, beside whatever else goes on; in the last second one hangs up. */
    synchronized void calls() {
        if (calling.size() / 2 == target.seconds() - 1) {
            running.ifPresent(RunningCall::hangsUp);
        }
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

    /** In one line, and in another one of the call that stood. */
    synchronized String report() throws IOException, InterruptedException {
        if (running.isPresent()) {
            try (RunningCall ended = running.get()) {
                fate = Optional.of(ended.fate());
            }
        }
        return ofCallers() + fate.map(each -> "\n" + each).orElse("");
    }

    /** Of the call that stood, once it was reported; empty where none did. */
    synchronized Optional<RunningFate> fate() {
        return fate;
    }

    private String ofCallers() throws InterruptedException {
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
