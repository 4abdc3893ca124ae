package org.consentgateway.ledger.tree;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What a log says of another one that it continues, since an old backup was restored or
 * logs are named otherwise, as the text of a signed note: how far that one goes now, and how far it
 * went as far as is known.
 *
 * <pre>
 * consent-gateway/successor/1
 * example.com/log/node-1~2
 * continues example.com/log/node-1
 * restored 240 BASE64
 * known 276 BASE64
 * time 2026-11-27T20:00:00Z
 * </pre>
 *
 * @param origin of the log that says so
 * @param restored how far the other one goes now, and its root
 * @param known the largest of its checkpoints that anybody here has; null where there is none
 * @param time when that was; where entries are missing, later than all that other logs held then
 */
public record SuccessorStatement(
        String origin, Checkpoint restored, @Nullable Checkpoint known, Instant time) {
    private static final String FORMAT = "consent-gateway/successor/1";

    /** Whether a checkpoint of the log that is continued covers what was lost. */
    public boolean isLost(long size) {
        return size > restored.size() && known != null && size <= known.size();
    }

    /** Whether entries of the log that is continued are missing, or may be. */
    public boolean isIncomplete() {
        return known == null || known.size() > restored.size();
    }

    /** The same with another time. */
    public SuccessorStatement since(Instant other) {
        return new SuccessorStatement(origin, restored, known, other);
    }

    public String text() {
        return String.join(
                        "\n",
                        FORMAT,
                        origin,
                        "continues " + restored.origin(),
                        "restored " + head(restored),
                        "known " + (known == null ? "none" : head(known)),
                        "time " + time)
                + "\n";
    }

    private static String head(Checkpoint checkpoint) {
        return checkpoint.size() + " " + Base64.getEncoder().encodeToString(checkpoint.root());
    }

    /** Empty where it is none: nothing is passed over in it. */
    public static Optional<SuccessorStatement> parse(String text) {
        List<String> lines = text.lines().toList();
        try {
            if (lines.size() != 6 || !lines.getFirst().equals(FORMAT)) {
                return Optional.empty();
            }
            String of = after("continues ", lines.get(2));
            String known = after("known ", lines.get(4));
            SuccessorStatement statement =
                    new SuccessorStatement(
                            lines.get(1),
                            checkpoint(of, after("restored ", lines.get(3))),
                            known.equals("none") ? null : checkpoint(of, known),
                            Instant.parse(after("time ", lines.get(5))));
            return statement.text().equals(text) ? Optional.of(statement) : Optional.empty();
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Checkpoint checkpoint(String origin, String head) {
        return Checkpoint.parse(origin + "\n" + head.replace(' ', '\n') + "\n")
                .orElseThrow(() -> new IllegalArgumentException("no head: " + head));
    }

    private static String after(String name, String line) {
        if (!line.startsWith(name)) {
            throw new IllegalArgumentException("no " + name + ": " + line);
        }
        return line.substring(name.length());
    }
}
