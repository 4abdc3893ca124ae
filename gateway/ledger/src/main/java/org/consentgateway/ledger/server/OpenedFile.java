package org.consentgateway.ledger.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. Which file stood at a path when it was opened. The system lets a process read and
 * write an open file on that somebody has deleted or replaced, and all of it is gone with the
 * process.
 *
 * @param key null where the file system does not tell files apart
 */
public record OpenedFile(Path path, @Nullable Object key) {
    /**
     * What stands there now.
     *
     * @throws SQLException where nothing does
     */
    public static OpenedFile at(Path path) throws SQLException {
        try {
            return new OpenedFile(
                    path, Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            throw gone(path, "is not there any more", e);
        }
    }

    /** Fails where another file stands there now, or none. */
    public void requireThere() throws SQLException {
        if (!equals(at(path))) {
            throw gone(path, "is another file than the one that was opened", null);
        }
    }

    private static SQLException gone(Path path, String how, @Nullable Exception cause) {
        return new SQLException(
                path
                        + " "
                        + how
                        + ": what was written to it would be lost. Put the file back that was"
                        + " there, or end the gateway, restore the newest backup and start it"
                        + " again",
                cause);
    }
}
