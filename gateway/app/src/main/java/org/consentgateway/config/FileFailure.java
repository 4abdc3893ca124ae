package org.consentgateway.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What was wrong with a file, in words: the platform says the path alone, or the reason alone. */
public final class FileFailure {
    private FileFailure() {}

    /** Path and reason of what a file system refused; of any other failure what it says. */
    public static String inWords(Throwable failure) {
        if (failure instanceof UncheckedIOException
                && failure.getCause() instanceof IOException io) {
            return inWords(io);
        }
        if (failure instanceof FileSystemException e && e.getFile() != null) {
            return e.getFile() + reason(e, Path.of(e.getFile()));
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /**
     * Where a file is to be read, whose failure would not say which one.
     *
     * @throws FileSystemException where it is a directory
     */
    public static void requireFile(Path file) throws FileSystemException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "is a directory");
        }
    }

    private static String reason(FileSystemException e, Path file) {
        return switch (e) {
            case NoSuchFileException _ -> " is not there";
            case AccessDeniedException _ -> " cannot be " + refused(file) + " by this user";
            case NotDirectoryException _ -> " is no directory";
            case FileAlreadyExistsException _ -> " is there already";
            default ->
                    ": " + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason());
        };
    }

    /** What can be read, or is to be made, was to be written. */
    private static String refused(Path file) {
        return Files.isReadable(file) || Files.notExists(file) ? "written" : "read";
    }
}
