package org.consentgateway.console;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.console.account.ConsoleUser;

/** Thread-safe. Somebody who has signed in, until they sign out or are away for too long. */
public final class Session {
    private final Identification identification;
    private final String formToken;
    private final String apiToken;
    private final Instant begun;
    private final AtomicLong streams = new AtomicLong();
    private volatile Instant used;
    private volatile Instant confirmed = Instant.EPOCH;
    private final CountDownLatch over = new CountDownLatch(1);

    /**
     * @param formToken stands in each form, so that no other site can send one
     * @param apiToken shown to the API
     */
    Session(Identification identification, String formToken, String apiToken, Instant begun) {
        this.identification = identification;
        this.formToken = formToken;
        this.apiToken = apiToken;
        this.begun = begun;
        this.used = begun;
    }

    public ConsoleUser user() {
        return identification.user();
    }

    Identification identification() {
        return identification;
    }

    public String formToken() {
        return formToken;
    }

    String apiToken() {
        return apiToken;
    }

    Instant begun() {
        return begun;
    }

    Instant used() {
        return used;
    }

    void use(Instant now) {
        used = now;
    }

    /** Whoever is there has just shown again who they are. */
    void confirm(Instant now) {
        confirmed = now;
    }

    boolean isConfirmed(Instant now) {
        return now.isBefore(confirmed.plus(AccountView.CONFIRMED));
    }

    boolean ended() {
        return over.getCount() == 0;
    }

    void end() {
        over.countDown();
    }

    /** Returns after this time, or as soon as somebody signs out. */
    void awaitEnd(Duration longest) throws InterruptedException {
        boolean _ = over.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * One more page is kept up to date.
     *
     * @return its number
     */
    long stream() {
        return streams.incrementAndGet();
    }

    /** Whether a page is among the newest ones; older ones are no longer kept up to date. */
    boolean isAmongNewest(long stream, int most) {
        return stream > streams.get() - most;
    }

    @Override
    public String toString() {
        return "Session[" + user().name() + "]";
    }
}
