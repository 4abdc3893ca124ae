package org.consentgateway.settings.certificate;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.consentgateway.settings.reload.FileStamps;

/**
 * Immutable. Until when something signed in a file holds.
 *
 * @param setting that names the file, without the place in a list: "assistants.socket.roots"
 * @param subject whose certificate it is; of a list of revoked ones, who signed it (X.500)
 * @param kind what it is to us
 */
public record CertificateEnd(String setting, Path file, String subject, Kind kind, Instant ends) {
    /** So long before, somebody should think of a new one. */
    public static final Duration SOON = Duration.ofDays(30);

    /** What a certificate is to us. */
    public enum Kind {
        /** We show it. */
        OURS,
        /** We believe it. */
        BELIEVED,
        /** A list of revoked certificates (CRL). */
        LIST
    }

    public boolean hasEnded(Instant now) {
        return !ends.isAfter(now);
    }

    public boolean endsSoon(Instant now) {
        return !hasEnded(now) && ends.isBefore(now.plus(SOON));
    }

    /** Whether nothing works any more that needs it; of those we believe there may be others. */
    public boolean isWrong(Instant now) {
        return hasEnded(now) && kind != Kind.BELIEVED;
    }

    /** Whether a new one in its place counts only after a restart. */
    public boolean isReadAtStart() {
        return FileStamps.isReadAtStart(setting);
    }

    /** For people. */
    public String told(Instant now) {
        String what = kind == Kind.LIST ? "the list of " : "";
        String day = ends.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        String how =
                hasEnded(now)
                        ? "has ended on " + day + ": " + consequence()
                        : "ends on %s, in %d days: put a new one in its place and %s"
                                .formatted(day, Duration.between(now, ends).toDays(), again());
        return "%s: %s%s in %s %s.".formatted(setting, what, subject, file, how);
    }

    private String again() {
        return isReadAtStart() ? "restart" : "reload";
    }

    private String consequence() {
        return switch (kind) {
            case OURS -> "peers refuse it; put a new one in its place and reload";
            case BELIEVED ->
                    "whoever it vouches for is no longer believed; renew or remove it and "
                            + again();
            case LIST -> "nobody is let in whom it should tell of; fetch the newest and reload";
        };
    }
}
