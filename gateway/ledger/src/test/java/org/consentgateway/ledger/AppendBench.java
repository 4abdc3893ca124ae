package org.consentgateway.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.Announcing;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.Prepared;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tree.Frontier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * JMH: what an entry costs stage by stage, in microseconds and in bytes allocated, and the whole of
 * it with its commit to SQLite on the temporary directory's disk, fsync included. Run its main().
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class AppendBench {
    private static final String LOG = "bench.example/node";

    private final Frontier frontier = new Frontier();
    private final Path directory;
    private final Ledger ledger;
    private final Sealer sealer;
    private final NewEntry entry = given();
    private final Prepared prepared = Prepared.of(entry, "node", "key", Announcing.NOBODY);
    private final Sealer.Opened content =
            new Sealer.Opened(new byte[Sealer.SALT_BYTES], prepared.payload());
    private final Header header =
            new Header(
                    LOG,
                    1,
                    entry.id(),
                    entry.type(),
                    Instant.EPOCH,
                    content.commitment(),
                    Header.noLeaf());
    private long index;

    public AppendBench() {
        try {
            directory = Files.createTempDirectory("append-bench");
            LedgerSettings settings = TestSettings.inDirectory(directory);
            ledger = Ledger.open(settings, Clock.systemUTC());
            sealer =
                    new Sealer(
                            KeyFiles.open(settings.keys(), settings.node(), settings.logOrigin())
                                    .payload());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NewEntry given() {
        return Records.given("call", "subject");
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        ledger.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A record made canonical, its lookup values taken out: on the call's own thread. */
    @Benchmark
    public Object prepare() {
        return Prepared.of(entry, "node", "key", Announcing.NOBODY);
    }

    /** Commitment, header and its hash. */
    @Benchmark
    public byte[] leaf() {
        content.commitment();
        return header.leaf();
    }

    @Benchmark
    public long tree() {
        frontier.append(Header.noLeaf(), Frontier.Tiles.NONE);
        return frontier.size();
    }

    @Benchmark
    public Object seal() {
        return sealer.seal(LOG, ++index, content);
    }

    /** From the entry to the answer of the store; one at a time, so that no commit is shared. */
    @Benchmark
    public Object append() throws Exception {
        return ledger.append(given()).toCompletableFuture().get();
    }

    public static void main(String[] args) throws Exception {
        var _ =
                new Runner(
                                new OptionsBuilder()
                                        .include(AppendBench.class.getName())
                                        .addProfiler(GCProfiler.class)
                                        .build())
                        .run();
    }
}
