package org.consentgateway.api.oidc;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. The keys of an identity provider, as it published them last. A token with the id of
 * a key that is not among them has them read anew, but not more often than every ten seconds: ids
 * are made up easily.
 *
 * <pre>
 *   age of the keys   0 ───────── 5 min ──────────────── 1 h ──────►
 *   a known id        taken      taken, read anew        503 until they are read
 *                                beside it
 * </pre>
 */
public final class ProviderKeys implements JWKSource<SecurityContext> {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderKeys.class);

    /** A key that the provider has taken back opens nothing after that. */
    static final Duration FRESH = Duration.ofMinutes(5);

    /** While the provider does not answer. It issues nothing meanwhile, and tokens are short. */
    static final Duration IN_AN_OUTAGE = Duration.ofHours(1);

    static final Duration BETWEEN_TWO = Duration.ofSeconds(10);

    private final ProviderDocuments documents;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final String meanwhile;
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile @Nullable Published last;
    private @Nullable Moment asked;
    private boolean failing;

    /**
     * By the clock, which somebody may set ahead and back again, and by {@code nanoTime}, which
     * stands still while the machine is asleep: it is as long ago as the one or the other says.
     */
    private record Moment(Instant time, long nanos) {
        boolean isAgo(Duration age, Moment now) {
            return now.nanos - nanos >= age.toNanos() || !now.time.isBefore(time.plus(age));
        }
    }

    private record Published(JWKSet keys, Moment at) {}

    /**
     * @param nanos as {@link System#nanoTime}
     * @param meanwhile what counts while they cannot be read, for the log
     */
    public ProviderKeys(
            ProviderDocuments documents,
            InstantSource clock,
            LongSupplier nanos,
            String meanwhile) {
        this.documents = documents;
        this.clock = clock;
        this.nanos = nanos;
        this.meanwhile = meanwhile;
    }

    @Override
    public List<JWK> get(JWKSelector wanted, @Nullable SecurityContext context)
            throws KeySourceException {
        Moment now = now();
        Published known = known(now);
        List<JWK> found = wanted.select(known.keys());
        if (!found.isEmpty()) {
            return found;
        }
        Published anew = anew(known, now);
        return anew == null ? List.of() : wanted.select(anew.keys());
    }

    private Moment now() {
        return new Moment(clock.instant(), nanos.getAsLong());
    }

    private Published known(Moment now) throws KeySourceException {
        Published known = last;
        if (known == null || known.at().isAgo(IN_AN_OUTAGE, now)) {
            known = anew(known, now);
            if (known == null) {
                throw new KeySourceException("they were read a moment ago");
            }
        } else if (known.at().isAgo(FRESH, now)) {
            readBeside(now);
        }
        return known;
    }

    /** Whoever asks is not kept waiting by it. */
    private void readBeside(Moment now) {
        if (!reading.compareAndSet(false, true)) {
            return;
        }
        Thread.ofVirtual()
                .name("identity-provider")
                .start(() -> {
                    try {
                        var _ = anew(last, now);
                    } catch (KeySourceException e) {
                        LOG.debug("the keys before count on", e);
                    } finally {
                        reading.set(false);
                    }
                });
    }

    /** So that whoever starts the gateway reads in its log whether tokens can be checked. */
    public void readFirst() {
        readBeside(now());
    }

    /**
     * Reads them, once for all who wait for it.
     *
     * @param before what was of no use
     * @return null where that was too short a while ago
     */
    private synchronized @Nullable Published anew(@Nullable Published before, Moment now)
            throws KeySourceException {
        if (!Objects.equals(last, before)) {
            return last;
        }
        if (asked != null && !asked.isAgo(BETWEEN_TWO, now)) {
            if (failing) {
                throw new KeySourceException("they could not be read a moment ago");
            }
            return null;
        }
        asked = now;
        try {
            var read = new Published(documents.keys(), now);
            if (before == null || failing) {
                LOG.info("tokens can be checked, keys published: {}", read.keys().size());
            }
            failing = false;
            last = read;
            return read;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn(
                        "the identity provider's keys cannot be read, {} still count: {}",
                        meanwhile,
                        e.getMessage());
            }
            failing = true;
            throw new KeySourceException(String.valueOf(e.getMessage()), e);
        }
    }
}
