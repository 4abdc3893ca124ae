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
import java.util.function.Supplier;
import org.consentgateway.testkit.wire.LossyRelay;
import org.jspecify.annotations.Nullable;

/** Callers with all kinds of wishes, so many at a time, one after the other. Thread-safe. */
final class Crowd implements AutoCloseable {
    private static final long BETWEEN_CALLS_MILLIS = 400;

    private final InetSocketAddress gateway;
    private final Supplier<LossyRelay.Quality> lines;
    private final @Nullable Words words;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<ChaosCaller> finished = new CopyOnWriteArrayList<>();
    private final List<ChaosCaller> calling = new CopyOnWriteArrayList<>();
    private final AtomicInteger number = new AtomicInteger();
    private volatile boolean closed;

    /**
     * @param lines how bad they are of every third caller
     * @param words what every second caller says; null where all press keys
     */
    Crowd(InetSocketAddress gateway, Supplier<LossyRelay.Quality> lines, @Nullable Words words) {
        this.gateway = gateway;
        this.lines = lines;
        this.words = words;
    }

    /** Lets so many call from now on. */
    void gather(int callers, Random random) {
        for (int i = 0; i < callers; i++) {
            Random own = new Random(random.nextLong());
            boolean onBadLine = i % 3 == 0;
            Words said = i % 2 == 0 ? words : null;
            threads.execute(() -> call(own, onBadLine, said));
        }
    }

    private void call(Random random, boolean onBadLine, @Nullable Words said) {
        ChaosCaller.Wish[] wishes = ChaosCaller.Wish.values();
        try {
            while (!closed) {
                Thread.sleep(random.nextLong(BETWEEN_CALLS_MILLIS));
                ChaosCaller caller =
                        new ChaosCaller(
                                wishes[random.nextInt(wishes.length)],
                                said == null ? null : ChaosCaller.Speech.of(said, random));
                calling.add(caller);
                try {
                    call(caller, onBadLine, random.nextLong());
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

    private void call(ChaosCaller caller, boolean onBadLine, long seed)
            throws IOException, InterruptedException {
        String from = String.format(Locale.ROOT, "+49177%07d", number.incrementAndGet());
        if (!onBadLine) {
            caller.call(gateway, ChaosGateway.LINE, from);
            return;
        }
        try (LossyRelay line = new LossyRelay(gateway, lines, seed)) {
            var begin = new InetSocketAddress(gateway.getAddress(), line.port());
            caller.call(begin, ChaosGateway.LINE, from);
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
