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
        assertThat(nonces.use(first, 1)).isTrue();
        for (int i = 0; i < Nonces.MAX_USED; i++) {
            now.incrementAndGet();
            assertThat(nonces.use(nonces.next("pbx"), 1)).isTrue();
        }
        assertThat(nonces.worth(first, "pbx")).isEqualTo(Nonces.Worth.STALE);
        now.incrementAndGet();
        assertThat(nonces.worth(nonces.next("pbx"), "pbx")).isEqualTo(Nonces.Worth.GOOD);
    }
}
