package org.consentgateway.console.account;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Thread-safe. Passwords are hashed one after the other, on a platform thread that is there while
 * there is something to hash. Requests and the starts of calls run on virtual threads, which share
 * as many carriers as the machine has cores: a hash on one of them would keep a carrier to its end,
 * and callers would wait for it.
 */
final class HashingThread {
    /** Half a second of hashes: who would wait for longer is told to come back. */
    static final int MAY_WAIT = 10;

    /** Places that strangers leave to those who are known. */
    static final int RESERVED = 10;

    private static final long IDLE_SECONDS = 10;

    private final LinkedBlockingQueue<Runnable> waiting =
            new LinkedBlockingQueue<>(MAY_WAIT + RESERVED);
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(
                    1,
                    1,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    waiting,
                    Thread.ofPlatform().name("password-hash").daemon().factory());

    HashingThread() {
        thread.allowCoreThreadTimeOut(true);
    }

    int waiting() {
        return waiting.size();
    }

    /**
     * Waits for the answer.
     *
     * @param known whether a reserved place may be taken
     * @return empty, at once, where too many wait already
     */
    Optional<Boolean> answer(BooleanSupplier hash, boolean known) {
        if (!known && waiting() >= MAY_WAIT) {
            return Optional.empty();
        }
        try {
            return Optional.of(CompletableFuture.supplyAsync(hash::getAsBoolean, thread).join());
        } catch (RejectedExecutionException full) {
            return Optional.empty();
        }
    }
}
