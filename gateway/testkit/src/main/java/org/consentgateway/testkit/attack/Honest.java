package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Somebody who calls, acknowledges and hangs up while others attack. Thread-safe. */
final class Honest {
    private static final int PATIENCE_MILLIS = 4000;

    private final Target target;
    private final List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> millis = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> calling = new ArrayList<>();

    Honest(Target target) {
        this.target = target;
    }

    /** Calls once, beside whatever else goes on. */
    synchronized void calls() {
        calling.add(Thread.ofVirtual().start(this::call));
    }

    private void call() {
        try (Connection connection = Connection.datagrams(target)) {
            RawCall call = new RawCall(connection, target);
            long start = System.nanoTime();
            call.invites(RawCall.sdp(target.from(), 40_000));
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

    synchronized String report() throws InterruptedException {
        for (Thread one : calling) {
            one.join();
        }
        long answered = statuses.stream().filter(status -> status == 200).count();
        long ended = statuses.stream().filter(status -> status == 1).count();
        return "honest calls: %d, answered %d, their BYE answered %d; slowest answer %d ms"
                .formatted(
                        calling.size(),
                        answered,
                        ended,
                        millis.stream().mapToLong(each -> each).max().orElse(0));
    }
}
