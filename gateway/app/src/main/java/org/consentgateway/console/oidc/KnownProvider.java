package org.consentgateway.console.oidc;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.consentgateway.api.oidc.ProviderDocuments;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. The addresses of an identity provider, as it published them a while ago; one that
 * does not answer is asked again after ten seconds, and told meanwhile.
 */
final class KnownProvider {
    private static final Logger LOG = LoggerFactory.getLogger(KnownProvider.class);

    static final Duration FRESH = Duration.ofMinutes(5);
    static final Duration BETWEEN_TWO = Duration.ofSeconds(10);

    private final ProviderDocuments documents;
    private final InstantSource clock;
    private @Nullable ProviderAddresses last;
    private Instant asked = Instant.EPOCH;
    private volatile boolean failing;

    KnownProvider(ProviderDocuments documents, InstantSource clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /** Whether it did not answer when it was asked last. */
    boolean failing() {
        return failing;
    }

    /**
     * @throws IOException where it does not answer, or did not a moment ago
     */
    synchronized ProviderAddresses addresses() throws IOException {
        Instant now = clock.instant();
        Duration since = Duration.between(asked, now);
        ProviderAddresses known = last;
        if (known != null && !failing && since.compareTo(FRESH) < 0 && !since.isNegative()) {
            return known;
        }
        if (failing && since.compareTo(BETWEEN_TWO) < 0 && !since.isNegative()) {
            throw new IOException("it did not answer a moment ago");
        }
        asked = now;
        try {
            known = ProviderAddresses.read(documents);
            failing = false;
            last = known;
            return known;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn(
                        "nobody can sign in by the identity provider, accounts of the gateway still"
                                + " count: {}",
                        e.getMessage());
            }
            failing = true;
            throw e;
        }
    }
}
