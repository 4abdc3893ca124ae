package org.consentgateway.sip.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NoncesTest {
    @Test
    void whatIsTooMuchToRememberIsNoLongerTaken() {
        AtomicLong now = new AtomicLong(1);
        Nonces nonces = new Nonces(now::get);
        String first = nonces.next("pbx");
        assertThat(nonces.worth(first, "other")).isEqualTo(Nonces.Worth.NONE);
        assertThat(nonces.use(first, 1, "a")).isTrue();
        for (int i = 0; i < Nonces.MAX_USED; i++) {
            now.incrementAndGet();
            assertThat(nonces.use(nonces.next("pbx"), 1, "b")).isTrue();
        }
        assertThat(nonces.worth(first, "pbx")).isEqualTo(Nonces.Worth.STALE);
        now.incrementAndGet();
        assertThat(nonces.worth(nonces.next("pbx"), "pbx")).isEqualTo(Nonces.Worth.GOOD);
    }

    @Test
    void theSameRequestAgainIsNoSecondUseAsLongAsOneIsRepeated() {
        AtomicLong now = new AtomicLong(1);
        Nonces nonces = new Nonces(now::get);
        String nonce = nonces.next("pbx");
        assertThat(nonces.use(nonce, 1, "a")).isTrue();
        now.addAndGet(Nonces.REPEATED.toNanos());
        assertThat(nonces.use(nonce, 1, "a")).isTrue();
        assertThat(nonces.use(nonce, 1, "b")).as("another").isFalse();
        assertThat(nonces.use(nonce, 2, "b")).isTrue();
        assertThat(nonces.use(nonce, 1, "a")).as("before another").isFalse();
        assertThat(nonces.use(nonce, 2, "b")).isTrue();
        now.addAndGet(Nonces.REPEATED.toNanos() + 1);
        assertThat(nonces.use(nonce, 2, "b")).as("kept by somebody").isFalse();
    }
}
