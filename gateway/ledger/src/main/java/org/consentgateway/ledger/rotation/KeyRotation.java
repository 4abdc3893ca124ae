package org.consentgateway.ledger.rotation;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tree.VerifierKey;

/** What is done to the keys of a node by commands beside it. */
public final class KeyRotation {
    /** A person waits, beside a gateway that may write without a break. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private KeyRotation() {}

    /**
     * New signing, payload and pseudonym keys for all that is written from now on; what is old
     * stays verifiable, readable and findable. A running gateway takes them up with its next
     * checkpoint.
     *
     * @return the verifier keys to hand to auditors, one a line
     */
    public static String rotate(LedgerSettings configured, Instant now) throws IOException {
        LedgerSettings settings = configured.newestLog();
        RequiredKeys.check(settings);
        return lines(KeyFiles.rotate(settings.keys(), settings.node(), settings.logOrigin(), now));
    }

    /** The same after {@link #reseal}, which has rotated the payload key. */
    public static String rotateOthers(LedgerSettings configured, Instant now) throws IOException {
        LedgerSettings settings = configured.newestLog();
        return lines(
                KeyFiles.rotateOthers(settings.keys(), settings.node(), settings.logOrigin(), now));
    }

    /**
     * Has nobody believe any more what this key alone has signed: a thief may have it. The log says
     * so with its next checkpoint.
     *
     * @param hash of the key
     * @return the verifier keys to hand to auditors, one a line
     */
    public static String revoke(LedgerSettings configured, String hash, Instant now)
            throws IOException {
        LedgerSettings settings = configured.newestLog();
        RequiredKeys.check(settings);
        return lines(
                KeyFiles.revoke(settings.keys(), settings.node(), settings.logOrigin(), hash, now));
    }

    private static String lines(KeyFiles keys) {
        return keys.verifiers().stream().map(VerifierKey::line).collect(Collectors.joining("\n"));
    }

    /**
     * Seals every payload anew, beside running gateways, and destroys the old payload keys. Whoever
     * was stopped in it goes on where it ended.
     *
     * @param everywhere whether the other nodes have the newest payload.keys
     * @param progress told how many entries are done
     */
    public static Resealing.Outcome reseal(
            LedgerSettings settings, boolean everywhere, LongConsumer progress) throws IOException {
        LedgerSettings newest = settings.newestLog();
        RequiredKeys.check(newest);
        return new Resealing(newest.withPatience(PATIENCE), progress).run(everywhere);
    }
}
