package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers with all kinds of wishes, so many at a time, one after the other. Thread-safe. */
final class Crowd implements AutoCloseable {
    private static final long BETWEEN_CALLS_MILLIS = 400;

    private final InetSocketAddress gateway;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<ChaosCaller> finished = new CopyOnWriteArrayList<>();
    private final List<ChaosCaller> calling = new CopyOnWriteArrayList<>();
    private final AtomicInteger number = new AtomicInteger();
    private volatile boolean closed;

    Crowd(InetSocketAddress gateway) {
        this.gateway = gateway;
    }

    /** Lets so many call from now on. */
    void gather(int callers, Random random) {
        for (int i = 0; i < callers; i++) {
            Random own = new Random(random.nextLong());
            threads.execute(() -> call(own));
        }
    }

    private void call(Random random) {
        ChaosCaller.Wish[] wishes = ChaosCaller.Wish.values();
        try {
            while (!closed) {
                Thread.sleep(random.nextLong(BETWEEN_CALLS_MILLIS));
                ChaosCaller caller = new ChaosCaller(wishes[random.nextInt(wishes.length)]);
                calling.add(caller);
                try {
                    caller.call(
                            gateway,
                            ChaosGateway.LINE,
                            String.format(Locale.ROOT, "+49177%07d", number.incrementAndGet()));
                } catch (IOException noSocket) {
                    // The next one has one again.
                }
                calling.remove(caller);
                finished.add(caller);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** Those under way. */
    List<ChaosCaller> calling() {
        return List.copyOf(calling);
    }

    /** Those that are over since this was asked last. */
    List<ChaosCaller> finished() {
        List<ChaosCaller> now = new ArrayList<>(finished);
        finished.removeAll(now);
        return now;
    }

    /** Lets no more calls begin, and waits for those under way. */
    @Override
    public void close() {
        closed = true;
        threads.close();
    }
}
