package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The database of a gateway, and what may befall it. Confined to the main thread. */
interface ChaosStore extends AutoCloseable {
    /** As the gateway's configuration has it. */
    String url();

    /** Nothing can be written for so long, and nobody is told so. */
    void freeze(Duration time) throws IOException, InterruptedException;

    /**
     * Gone for so long, and then there again.
     *
     * @param killed without any order (SIGKILL)
     */
    void restart(Duration gone, boolean killed) throws IOException, InterruptedException;

    /** Whether {@link #restart} is something that may befall it. */
    boolean isServer();

    @Override
    void close();

    /** A file in the gateway's process. */
    static ChaosStore sqlite(Path data) {
        return new SqliteStore(data.resolve("ledger.db"));
    }

    /** Immutable. Frozen by another program that holds the file's one lock for writing. */
    record SqliteStore(Path file) implements ChaosStore {
        private static final String HOLDING =
                "import sqlite3,sys,time;"
                        + "c=sqlite3.connect(sys.argv[1],timeout=30,isolation_level=None);"
                        + "c.execute('BEGIN IMMEDIATE');time.sleep(float(sys.argv[2]))";

        @Override
        public String url() {
            return "jdbc:sqlite:" + file;
        }

        @Override
        public void freeze(Duration time) throws IOException, InterruptedException {
            String seconds = Double.toString(time.toMillis() / 1000.0);
            Tool.run(List.of("python3", "-c", HOLDING, file.toString(), seconds));
        }

        @Override
        public void restart(Duration gone, boolean killed) {
            throw new UnsupportedOperationException("a file does not restart");
        }

        @Override
        public boolean isServer() {
            return false;
        }

        @Override
        public void close() {}
    }
}
