package org.consentgateway.whole;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Confined to one test class. Of the classes that listen to many calls at once one runs at a time,
 * also over the JVMs that test side by side: two cores understand about twelve calls in time, and
 * whoever is understood late is asked again.
 */
public final class ListensAlone implements BeforeAllCallback, AfterAllCallback {
    private static final Path FILE =
            Path.of(System.getProperty("java.io.tmpdir"), "consent-gateway-listens-alone");

    /** Longer than the longest of them; then it goes on beside the other. */
    private static final int MOST_TRIES = 1800;

    private static final long TRY_EVERY_MILLIS = 100;

    private @Nullable FileChannel channel;
    private @Nullable FileLock lock;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        channel = FileChannel.open(FILE, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        for (int i = 0; i < MOST_TRIES && lock == null; i++) {
            lock = channel.tryLock();
            if (lock == null) {
                Thread.sleep(TRY_EVERY_MILLIS);
            }
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (channel != null) {
            channel.close();
        }
        lock = null;
    }
}
