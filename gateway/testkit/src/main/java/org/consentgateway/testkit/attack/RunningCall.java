package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A call that was there before an attack and goes on beside it, with somebody who echoes: the demo
 * human of {@code scripts/run}, who is reached by key 0. Where nobody echoes, what the line says is
 * heard alone. Thread-safe.
 */
final class RunningCall implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5000;

    /** For a key, a refusal that is recorded, and what a human says first. */
    private static final int MOST_UNTIL_ECHO_MILLIS = 30_000;

    /** The key counts from the first word on, and is not heard before it. */
    private static final int BETWEEN_KEYS_MILLIS = 4000;

    private static final int LOOK_MILLIS = 20;
    private static final char TO_A_HUMAN = '0';

    /** Behind a packet, before it counts as one that never comes back. */
    private static final int ECHO_MILLIS = 300;

    /** T1 and T2 of RFC 3261 §17.1.2.2. */
    private static final int FIRST_WAIT_MILLIS = 500;

    private static final int LONGEST_WAIT_MILLIS = 4000;

    private final Connection connection;
    private final RawCall call;
    private final StandingVoice voice;
    private final boolean repeats;
    private final int invited;
    private int firstMark;
    private Moment begun = Moment.now();
    private Optional<Thread> ending = Optional.empty();
    private Optional<RunningFate> fate = Optional.empty();

    private RunningCall(Target target) throws IOException {
        connection = Connection.open(target);
        call = new RawCall(connection, target);
        voice = StandingVoice.at(target.from());
        repeats = target.transport().equals("UDP");
        String events = "a=rtpmap:%1$d telephone-event/8000\r\n".formatted(StandingVoice.EVENTS);
        call.invites(
                Description.RTP
                                .at(target.from(), voice.port())
                                .replaceFirst("(m=audio .*) 8\r\n", "$1 8 101\r\n")
                        + events);
        invited = call.answer(PATIENCE_MILLIS);
        if (invited > 0) {
            call.acknowledges();
        }
        if (invited == 200) {
            voice.talks(new InetSocketAddress(target.gateway().getAddress(), call.media()));
        }
    }

    /** Returns as soon as it is echoed, or it is certain that nobody does. */
    static RunningCall begins(Target target) throws IOException, InterruptedException {
        RunningCall running = new RunningCall(target);
        if (running.invited == 200) {
            running.becomesEchoed();
        }
        return running;
    }

    private void becomesEchoed() throws InterruptedException {
        for (int waited = 0; waited < MOST_UNTIL_ECHO_MILLIS; waited += LOOK_MILLIS) {
            if (voice.isEchoed()) {
                break;
            }
            if (waited % BETWEEN_KEYS_MILLIS == BETWEEN_KEYS_MILLIS / 4) {
                voice.presses(TO_A_HUMAN);
            }
            Thread.sleep(LOOK_MILLIS);
        }
        Thread.sleep(ECHO_MILLIS);
        synchronized (this) {
            firstMark = voice.nextMark();
            begun = Moment.now();
        }
    }

    /** In the middle of whatever goes on. Does not wait; more than once is once. */
    synchronized void hangsUp() {
        if (ending.isEmpty()) {
            ending = Optional.of(Thread.ofPlatform().start(this::end));
        }
    }

    private void end() {
        try {
            int last = voice.nextMark() - 1;
            Thread.sleep(ECHO_MILLIS);
            Moment ended = Moment.now();
            int bye = invited == 200 ? bye() : 0;
            long took = (System.nanoTime() - ended.nanos()) / 1_000_000;
            Heard heard = voice.heard();
            synchronized (this) {
                fate =
                        Optional.of(
                                new RunningFate(
                                        invited,
                                        heard.between(firstMark, last, begun, ended),
                                        heard.byKernel(),
                                        bye,
                                        took));
            }
        } catch (IOException gone) {
            // so it has no fate
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private int bye() throws IOException {
        call.hangsUp();
        int status = 0;
        for (int wait = FIRST_WAIT_MILLIS; status == 0 && wait <= LONGEST_WAIT_MILLIS; wait *= 2) {
            status = call.answer(wait);
            if (status == 0 && repeats) {
                call.repeats();
            }
        }
        return status;
    }

    /** Hangs up where it has not yet, and waits until that is answered. */
    RunningFate fate() throws IOException, InterruptedException {
        hangsUp();
        Thread last;
        synchronized (this) {
            last = ending.orElseThrow();
        }
        last.join();
        synchronized (this) {
            return fate.orElseThrow(() -> new IOException("the running call was lost"));
        }
    }

    @Override
    public void close() throws IOException {
        voice.close();
        connection.close();
    }
}
