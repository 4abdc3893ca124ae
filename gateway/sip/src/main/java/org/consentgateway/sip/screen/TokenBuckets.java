package org.consentgateway.sip.screen;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * One bucket for each of many; where there are too many to tell apart, those who come late share
 * one. Thread-safe.
 */
public final class TokenBuckets<K> {
    /** Buckets kept. */
    static final int MAX = 10_000;

    private final int perSecond;
    private final ConcurrentMap<K, SplitBucket> buckets = new ConcurrentHashMap<>();
    private final SplitBucket shared;

    public TokenBuckets(int perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.shared = new SplitBucket(perSecond, nowNanos);
    }

    /**
     * @param proven whether it came over one
     */
    public boolean take(K whose, boolean proven, long nowNanos) {
        return take(whose, 1, proven, nowNanos);
    }

    /** More than all there can ever be are taken for all. */
    boolean take(K whose, int tokens, boolean proven, long nowNanos) {
        SplitBucket bucket = buckets.get(whose);
        if (bucket == null) {
            if (buckets.size() >= MAX) {
                buckets.values().removeIf(one -> one.isFull(nowNanos));
            }
            bucket =
                    buckets.size() >= MAX
                            ? shared
                            : buckets.computeIfAbsent(
                                    whose, _ -> new SplitBucket(perSecond, nowNanos));
        }
        return bucket.take(Math.min(tokens, perSecond), proven, nowNanos);
    }
}
