package org.consentgateway.ledger.tree;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Immutable. What a log says of a log of the same store whose first entries stand in the files of
 * an archive, as the text of a signed note: rows of these whose payload was erased may be missing.
 *
 * <pre>
 * consent-gateway/archival/1
 * example.com/log/node-1.cli
 * archives example.com/log/node-1
 * size 25600 BASE64
 * time 2026-11-28T20:00:00Z
 * </pre>
 *
 * @param origin of the log that says so
 * @param archived how many entries, and the root over them
 */
public record ArchivalStatement(String origin, Checkpoint archived, Instant time) {
    private static final String FORMAT = "consent-gateway/archival/1";
    private static final int LINES = 5;

    public String text() {
        return String.join(
                        "\n",
                        FORMAT,
                        origin,
                        "archives " + archived.origin(),
                        "size "
                                + archived.size()
                                + " "
                                + Base64.getEncoder().encodeToString(archived.root()),
                        "time " + time)
                + "\n";
    }

    /** Empty where it is none: nothing is passed over in it. */
    public static Optional<ArchivalStatement> parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() != LINES
                || !lines.get(0).equals(FORMAT)
                || !lines.get(2).startsWith("archives ")
                || !lines.get(3).startsWith("size ")
                || !lines.get(4).startsWith("time ")) {
            return Optional.empty();
        }
        String of = lines.get(2).substring("archives ".length());
        String head = lines.get(3).substring("size ".length());
        try {
            Instant time = Instant.parse(lines.get(4).substring("time ".length()));
            return Checkpoint.parse(of + "\n" + head.replace(' ', '\n') + "\n")
                    .map(archived -> new ArchivalStatement(lines.get(1), archived, time))
                    .filter(statement -> statement.text().equals(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
