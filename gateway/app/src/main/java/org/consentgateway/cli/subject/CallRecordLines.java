package org.consentgateway.cli.subject;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.consentgateway.consent.Subject;
import org.consentgateway.proof.StoredRequests;

/** Call detail records that name a caller: what a person has to know who answers that caller. */
final class CallRecordLines {
    private CallRecordLines() {}

    /** That they exist, and where: for a caller to whom they are to be shown. */
    static void tell(StoredRequests desk, Subject subject, PrintWriter out) throws IOException {
        int lines = desk.callRecords(subject, (_, _) -> {});
        if (lines > 0) {
            out.println(
                    lines
                            + " lines of call detail records here name this caller, too: --to DIR"
                            + " writes them");
        }
        others(desk, out);
    }

    /** Writes them beside the rest of the answer, a file for each format. */
    static void write(StoredRequests desk, Subject subject, Path to, PrintWriter out)
            throws IOException {
        Map<String, StringBuilder> found = new TreeMap<>();
        int lines =
                desk.callRecords(
                        subject,
                        (ending, line) ->
                                found.computeIfAbsent(ending, _ -> new StringBuilder())
                                        .append(line)
                                        .append('\n'));
        for (Map.Entry<String, StringBuilder> each : found.entrySet()) {
            keep(to.resolve("call-detail-records." + each.getKey()), each.getValue());
        }
        if (lines > 0) {
            out.println(lines + " lines of call detail records written to " + to);
        }
        others(desk, out);
    }

    private static void keep(Path file, CharSequence lines) throws IOException {
        Files.deleteIfExists(file);
        try (FileChannel channel =
                        FileChannel.open(
                                file,
                                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rw-------")));
                Writer out = Channels.newWriter(channel, StandardCharsets.UTF_8)) {
            out.append(lines);
        }
    }

    private static void others(StoredRequests desk, PrintWriter out) {
        if (!desk.callRecords().isEmpty()) {
            out.println("call detail records: " + desk.callRecords() + "; ask on the others, too");
        }
    }

    /** What is left of them behind an erasure, and until when. */
    static void left(StoredRequests desk, Subject subject, PrintWriter out) throws IOException {
        int lines = desk.callRecords(subject, (_, _) -> {});
        if (lines > 0) {
            out.println(lines + " lines of call detail records here name this caller");
        }
        if (lines > 0 || !desk.callRecords().isEmpty()) {
            out.println(
                    "call detail records"
                            + (desk.callRecords().isEmpty() ? "" : " (" + desk.callRecords() + ")")
                            + ": each gateway takes the pseudonym out of its own within a minute"
                            + " while it runs, or when it starts; clear copies elsewhere, and files"
                            + " of a node.id that no gateway has any more");
        }
    }
}
